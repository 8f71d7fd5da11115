"""Temporal order (Hochreiter and Schmidhuber 1997, experiment 6a): which two symbols came, and which one first?"""

from math import log
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from rnn_tui.engine.losses import cross_entropy
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference, one_hot
from rnn_tui.tasks.marked_positions import MarkedPositionsTask, last_step, marked, unseen

NOISE = "cdefghij"


class TemporalOrder(MarkedPositionsTask):
    """Recognize which of AA, AB, BA and BB occurred.

    Inputs are A or B at one time step of each half, and noise symbols elsewhere.  Only the last time step is scored.
    """

    loss = cross_entropy

    kind: Literal["temporal-order"] = "temporal-order"
    noise: Annotated[int, Field(ge=1, le=len(NOISE), description="number of noise symbols")] = 4

    @property
    def alphabet(self) -> tuple[str, ...]:
        return ("A", "B", *NOISE[: self.noise])

    @property
    def classes(self) -> tuple[str, ...]:
        return "AA", "AB", "BA", "BB"

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        symbols = rng.integers(2, 2 + self.noise, (length, size))
        which = rng.integers(0, 2, (2, size))
        for places, symbol in zip(marked(rng, size, length), which, strict=True):
            symbols[places, np.arange(size)] = symbol
        target = np.zeros((length, size), int)
        target[-1] = 2 * which[0] + which[1]
        return Batch(one_hot(symbols, self.input_size), target, last_step(size, length))

    def floor(self, window: int | None, length: int) -> Floor:
        """Return the derived floor: each of the two symbols outside the window is a coin flip, ln 2."""
        return Floor(log(2) * sum(unseen(window, length)))

    def references(self, length: int) -> list[Reference]:  # noqa: ARG002
        return [Reference("chance", log(4))]
