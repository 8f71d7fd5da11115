"""Temporal XOR (Elman 1990): bits in triples a, b, a⊕b; predict the next bit."""

from functools import cache
from math import log
from typing import Literal

import numpy as np

from rnn_tui.engine.losses import binary_cross_entropy
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference, Task, binary_entropy, bits

LONGEST_WINDOW = 15  # enumerating 2^15 windows × 17 positions takes some milliseconds


class TemporalXor(Task):
    """Predict the next bit of repeated triples: two random bits, then their exclusive or.

    Only every third bit can be predicted, and only by a net that remembers two bits *and* the position in the triple.
    """

    loss = binary_cross_entropy
    split_by = "phase"

    kind: Literal["temporal-xor"] = "temporal-xor"

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        triples = bits(rng, length // 3 + 1, 3, size)
        triples[:, 2] = np.abs(triples[:, 0] - triples[:, 1])
        stream = triples.reshape(-1, 1, size)[: length + 1]
        return Batch(stream[:-1].copy(), stream[1:].copy(), np.ones((length, size)))

    def target_of(self, x: Array) -> tuple[Array, Array]:
        mask = np.ones((len(x), x.shape[2]))
        mask[-1] = 0
        return np.concatenate([x[1:], np.zeros_like(x[:1])]), mask

    @property
    def roles(self) -> tuple[str, ...]:
        """The next bit; only the middle one can be predicted."""
        return "b", "a⊕b", "a"

    def role(self, batch: Batch) -> Array:
        return np.broadcast_to(np.arange(len(batch.mask))[:, None] % 3, batch.mask.shape)

    def floor(self, window: int | None, length: int) -> Floor:
        """Return the floor; for all inputs it is derived: 0 if the next bit is the third of its triple, otherwise ln 2.

        A window does not contain the position in the triple: the floor is H(next bit | window) over all windows and
        time steps.  In a long sequence it is .6931 for one input and .6365 for two, as derived by hand.  Windows too
        long to enumerate get the floor of all inputs, which is lower than theirs.
        """
        if window is None or window > LONGEST_WINDOW:
            third = sum(t % 3 == 1 for t in range(length))
            return Floor(log(2) * (length - third) / length)
        return Floor(_window_floor(window, length))

    def references(self, length: int) -> list[Reference]:  # noqa: ARG002
        return [Reference("chance", log(2))]


@cache
def _window_floor(k: int, length: int) -> float:
    """Return H(x_{t+1} | x_{t-k+1} … x_t) in nats over all ``length`` time steps t, with zeros before the first."""
    probability = np.zeros(2 ** (k + 1))
    for t in range(min(k - 1, length)):  # the window is not yet full
        probability += _words(k, 0, zeros=k - 1 - t) / length
    for phase in range(3):  # the position in the triple of the first bit of a full window
        probability += _words(k, phase) * len(range(phase, length - k + 1, 3)) / length
    pairs = probability.reshape(-1, 2)  # (window, next bit)
    seen = pairs.sum(axis=1)
    one = np.divide(pairs[:, 1], seen, out=np.zeros_like(seen), where=seen > 0)
    return float((seen * binary_entropy(one)).sum())


def _words(k: int, phase: int, zeros: int = 0) -> Array:
    """Return the probability (2^(k+1),) of each window with its next bit: ``zeros``, then bits from ``phase`` on."""
    bit = (np.arange(2 ** (k + 1))[:, None] >> np.arange(k, -1, -1)) & 1  # (words, k + 1)
    possible = np.ones(len(bit))
    for i in range(k + 1):
        place = i - zeros
        if place < 0:
            possible *= bit[:, i] == 0
        elif (phase + place) % 3 < 2 or place < 2:  # a random bit, or a third one whose triple began before the window
            possible *= 0.5
        else:
            possible *= bit[:, i] == bit[:, i - 1] ^ bit[:, i - 2]
    return possible
