"""Parity: is the number of ones so far odd?"""

from math import log
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from rnn_tui.engine.losses import binary_cross_entropy
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference, Task, binary_entropy, bits


class Parity(Task):
    """Compute the exclusive or of all random bits so far, scored at every time step or only at the last one."""

    loss = binary_cross_entropy

    kind: Literal["parity"] = "parity"
    scored: Annotated[Literal["all", "last"], Field(description="the time steps that count: all, or the last one")] = (
        "all"
    )

    @property
    def last_only(self) -> bool:
        return self.scored == "last"

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        x = bits(rng, length, 1, size)
        return Batch(x, *self.target_of(x))

    def target_of(self, x: Array) -> tuple[Array, Array]:
        mask = np.ones((len(x), x.shape[2]))
        if self.last_only:
            mask[:-1] = 0
        return np.cumsum(x, axis=0) % 2, mask

    def floor(self, window: int | None, length: int) -> Floor:
        """Return the derived floor: a bit outside the window makes the parity a coin flip (ln 2).

        If all time steps are scored, the window contains all bits at the first k of T time steps.  But such a window,
        with zeros before its t bits, cannot be distinguished from an equal later one.  There are 2^{k-z-1} windows that
        begin with exactly z zeros (one for z = k).  Each occurs with probability 2^-t at the time steps k - z ≤ t ≤ k,
        at which its own parity is the answer, and with 2^-k at each of the T - k later ones, at which the answer is a
        coin flip.  For one bit the floor is the entropy of 1/2 + 1/(2T).
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
