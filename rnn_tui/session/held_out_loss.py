"""Measure the held-out loss of a lane's states while it trains."""

import numpy as np

from rnn_tui.engine.evaluation import held_out_loss
from rnn_tui.engine.training import Batch, Buffers, Learner, TrainState


class HeldOutLoss:
    """The loss of states on one set of held-out sequences, the same number as in a lane's score."""

    def __init__(self, batch: Batch, buffers: Buffers) -> None:
        self._batch, self._buffers = batch, buffers

    def __call__(self, learner: Learner, state: TrainState) -> float:
        """Return the held-out loss of a state by one forward pass."""
        mask, parameters = self._batch.mask, state.parameters
        trace = self._buffers.trace(learner.model, len(mask), mask.shape[1], parameters.dtype)
        return held_out_loss(learner.model, parameters, learner.loss, self._batch, trace)

    def agrees_with(self, other: "HeldOutLoss | None") -> bool:
        """Return whether both measure on the same sequences."""
        if other is None:
            return False
        one, two = self._batch, other._batch
        return one is two or (np.array_equal(one.x, two.x) and np.array_equal(one.target, two.target))
