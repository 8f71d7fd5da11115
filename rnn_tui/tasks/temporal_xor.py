"""Temporal XOR (Elman 1990): bits in triples a, b, a⊕b; predict the next bit."""

from functools import cache
from math import log
from typing import Literal

import numpy as np

from rnn_tui.engine.losses import binary_cross_entropy
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference, Task, binary_entropy, bits

LONGEST_WINDOW = 15  # 2^15 windows × 3 phases are enumerated in some milliseconds


class TemporalXor(Task):
    """Two random bits, then their exclusive or, again and again; the target is the bit that comes next.

    Only every third bit can be foretold, and only by who remembers two bits *and* where in the triple it is.
    """

    loss = binary_cross_entropy
    phases = 3

    kind: Literal["temporal-xor"] = "temporal-xor"

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        triples = bits(rng, length // 3 + 1, 3, size)
        triples[:, 2] = np.abs(triples[:, 0] - triples[:, 1])
        stream = triples.reshape(-1, 1, size)[: length + 1]
        return Batch(stream[:-1].copy(), stream[1:].copy(), np.ones((length, size)))

    def floor(self, window: int | None, length: int) -> Floor:
        """For all inputs derived: ln 2 but where the next bit is the third of its triple, 0 there.

        For a window the place in the triple is not known: H(next bit | window) of the stationary sequence, over all
        windows and the three phases; .6931 for one input, .6365 for two, as derived by hand.  Windows too long to be
        enumerated get the floor of all inputs, which is below theirs.
        """
        if window is None or window > LONGEST_WINDOW:
            third = sum(t % 3 == 1 for t in range(length))
            return Floor(log(2) * (length - third) / length)
        return Floor(_window_floor(window))

    def references(self, length: int) -> list[Reference]:  # noqa: ARG002
        return [Reference("chance", log(2))]


@cache
def _window_floor(k: int) -> float:
    """H(x_{t+1} | x_{t-k+1} … x_t) in nats, the phase of t being one of three, equally likely."""
    words = np.arange(2 ** (k + 1))
    window = (words[:, None] >> np.arange(k, -1, -1)) & 1  # (words, k + 1): each window with a next bit
    probability = np.zeros(len(words))
    for phase in range(3):  # the place in the triple of the first bit of the window
        possible = np.full(len(words), 1.0)
        for i in range(k + 1):
            if (phase + i) % 3 < 2 or i < 2:  # a free bit, or a third one whose triple began before the window
                possible *= 0.5
            else:
                possible *= window[:, i] == window[:, i - 1] ^ window[:, i - 2]
        probability += possible / 3
    pairs = probability.reshape(-1, 2)  # (window, next bit)
    seen = pairs.sum(axis=1)
    one = np.divide(pairs[:, 1], seen, out=np.zeros_like(seen), where=seen > 0)
    return float((seen * binary_entropy(one)).sum())
