"""XOR over time: does this bit differ from the last one?"""

from math import log
from typing import Literal

import numpy as np

from rnn_tui.engine.losses import binary_cross_entropy
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference, Task, bits


class Xor(Task):
    """Random bits; the target is x_t ⊕ x_{t-1}.  The first time step is not scored."""

    loss = binary_cross_entropy

    kind: Literal["xor"] = "xor"

    @property
    def least_length(self) -> int:
        return 2

    @property
    def steps_back(self) -> int:
        return 1

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        x = bits(rng, length, 1, size)
        return Batch(x, *self.target_of(x))

    def target_of(self, x: Array) -> tuple[Array, Array]:
        target, mask = np.zeros_like(x), np.zeros((len(x), x.shape[2]))
        target[1:], mask[1:] = np.abs(x[1:] - x[:-1]), 1
        return target, mask

    def floor(self, window: int | None, length: int) -> Floor:  # noqa: ARG002
        """Return the derived floor: x_t alone is independent of x_t ⊕ x_{t-1} (ln 2); two inputs determine it (0)."""
        return Floor(log(2) if window == 1 else 0.0)

    def references(self, length: int) -> list[Reference]:  # noqa: ARG002
        return [Reference("chance", log(2))]
