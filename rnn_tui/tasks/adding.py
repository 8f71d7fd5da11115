"""Adding (Hochreiter and Schmidhuber 1997, in the form of Le et al. 2015): the sum of the two marked values."""

from typing import Literal

import numpy as np

from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference
from rnn_tui.tasks.marked_positions import MarkedPositionsTask, last_step, marked, unseen

VARIANCE = 1 / 12  # of a value drawn uniformly from [0, 1]


class Adding(MarkedPositionsTask):
    """Add two marked values.

    Inputs are a value drawn uniformly from [0, 1] and a mark, which is 1 at one time step of each half and 0 elsewhere.
    The target at the last time step, the only scored one, is the sum of the two marked values.
    """

    loss = mean_squared_error

    kind: Literal["adding"] = "adding"

    @property
    def channels(self) -> tuple[str, ...]:
        return "value", "mark"

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        value, mark = rng.random((length, size)), np.zeros((length, size))
        for places in marked(rng, size, length):
            mark[places, np.arange(size)] = 1
        x = np.stack([value, mark], axis=1)
        return Batch(x, *self.target_of(x))

    def target_of(self, x: Array) -> tuple[Array, Array]:
        length, _, size = x.shape
        target = np.zeros((length, 1, size))
        target[-1, 0] = (x[:, 0] * x[:, 1]).sum(axis=0)
        return target, last_step(size, length)

    def floor(self, window: int | None, length: int) -> Floor:
        """Return the derived floor: each marked value outside the window adds its variance, 1/12.

        For k ≤ T/2 this is 1/12 + (1 - 2k/T)/12.
        """
        return Floor(VARIANCE * sum(unseen(window, length)))

    def references(self, length: int) -> list[Reference]:  # noqa: ARG002
        """Return the loss of always answering 1, the sum's mean: its variance, 1/6."""
        return [Reference("always 1", 2 * VARIANCE)]
