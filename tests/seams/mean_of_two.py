"""The mean of two bits."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference, Task, bits


class MeanOfTwo(Task):
    """Random bits; the target is the mean of the present one and the one ``apart`` time steps ago."""

    loss = mean_squared_error

    kind: Literal["mean-of-two"] = "mean-of-two"
    apart: Annotated[int, Field(ge=1, le=100)] = 1

    @property
    def least_length(self) -> int:
        return self.apart + 1

    @property
    def steps_back(self) -> int:
        return self.apart

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        x, mask = bits(rng, length, 1, size), np.ones((length, size))
        target = x.copy()
        target[self.apart :] = (x[self.apart :] + x[: -self.apart]) / 2
        mask[: self.apart] = 0
        return Batch(x, target, mask)

    def floor(self, window: int | None, length: int) -> Floor:  # noqa: ARG002
        """Derived: without the earlier bit the error is 1/4 in either direction."""
        return Floor(1 / 16 if window is not None and window <= self.apart else 0.0)

    def references(self, length: int) -> list[Reference]:  # noqa: ARG002
        return [Reference("always 1/2", 1 / 8)]
