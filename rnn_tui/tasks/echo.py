"""Echo: repeat the bit that was the input a few time steps ago."""

from math import log
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from rnn_tui.engine.losses import binary_cross_entropy
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference, Task, bits


class Echo(Task):
    """Random bits; the target is the bit ``delay`` steps ago.  Time steps before the first echo are not scored."""

    loss = binary_cross_entropy

    kind: Literal["echo"] = "echo"
    delay: Annotated[int, Field(ge=0, le=1000, description="time steps between a bit and its echo")] = 3

    @property
    def least_length(self) -> int:
        return self.delay + 1

    @property
    def steps_back(self) -> int:
        return self.delay

    def problems(self, length: int) -> list[str]:
        if self.delay < length:
            return []
        return [f"task.delay = {self.delay}: must be less than training.sequence_length = {length}"]

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        x = bits(rng, length, 1, size)
        return Batch(x, *self.target_of(x))

    def target_of(self, x: Array) -> tuple[Array, Array]:
        d, (length, _, size) = self.delay, x.shape
        target, mask = np.zeros_like(x), np.zeros((length, size))
        target[d:], mask[d:] = x[: max(0, length - d)], 1
        return target, mask

    def floor(self, window: int | None, length: int) -> Floor:  # noqa: ARG002
        """Return the derived floor: the target is either inside the window (0) or independent of it (ln 2)."""
        return Floor(log(2) if window is not None and window <= self.delay else 0.0)

    def references(self, length: int) -> list[Reference]:  # noqa: ARG002
        return [Reference("chance", log(2))]
