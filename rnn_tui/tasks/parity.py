"""Parity: is the number of ones so far odd?"""

from math import log
from typing import Literal

import numpy as np

from rnn_tui.engine.losses import binary_cross_entropy
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference, Task, binary_entropy, bits


class Parity(Task):
    """Random bits; the target is the exclusive or of all bits so far, at every time step or at the last one only."""

    loss = binary_cross_entropy

    kind: Literal["parity"] = "parity"
    scored: Literal["all", "last"] = "all"

    @property
    def last_only(self) -> bool:
        return self.scored == "last"

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        x = bits(rng, length, 1, size)
        mask = np.ones((length, size))
        if self.last_only:
            mask[:-1] = 0
        return Batch(x, np.cumsum(x, axis=0) % 2, mask)

    def floor(self, window: int | None, length: int) -> Floor:
        """Derived.  A bit that is not in the window makes the parity a coin flip (ln 2).

        Where all time steps are scored, the first k of T are seen whole.  But nothing tells a window of them, with
        zeros before its t bits, from a later one of the same looks: of the windows that begin with exactly z zeros,
        there are 2^{k-z-1} (one for z = k), and each is seen with probability 2^-t at the time steps k - z ≤ t ≤ k,
        when its own parity is the answer, and with 2^-k at each of the T - k later ones, when it is a coin flip.  For
        one bit that is the entropy of 1/2 + 1/(2T).
        """
        if window is None or window >= length:
            return Floor(0.0)
        if self.last_only:
            return Floor(log(2))
        loss, k = 0.0, window
        for zeros in range(k + 1):
            known = sum(2.0**-t for t in range(max(1, k - zeros), k + 1))
            flips = (length - k) * 2.0**-k
            seen = 2.0 ** max(0, k - zeros - 1) * (known + flips)
            loss += seen * float(binary_entropy(flips / 2 / (known + flips)))
        return Floor(loss / length)

    def references(self, length: int) -> list[Reference]:  # noqa: ARG002
        return [Reference("chance", log(2))]
