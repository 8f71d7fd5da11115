"""Evaluate a net's answers on a batch: over all scored positions, by time step, and by role."""

from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.losses import Loss
from rnn_tui.engine.models import Model, Trace
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.training import Batch


@dataclass(frozen=True, eq=False, slots=True)
class Score:
    """Loss, accuracy and errors on a batch.

    Attributes:
        loss: mean over the scored positions.
        accuracy: share of right answers; None for numbers, and if nothing is scored.
        r2: 1 − MSE / variance of the scored targets, for numbers; otherwise None (also if the targets never vary).
        loss_by_time: (T,), NaN only where nothing is scored; infinite where the loss is not a number.
        loss_by_role: (R,), likewise: NaN for a role without scored positions.
        mae, mse: mean absolute and mean squared error, for numbers; otherwise None.
    """

    loss: float
    accuracy: float | None
    r2: float | None
    loss_by_time: Array
    loss_by_role: Array
    mae: float | None = None
    mse: float | None = None

    @property
    def nrmse(self) -> float | None:
        """The root of the mean squared error divided by the targets' standard deviation."""
        return None if self.r2 is None else float(np.sqrt(1 - self.r2))


def evaluate(
    model: Model,
    parameters: Parameters,
    loss: Loss,
    batch: Batch,
    trace: Trace | None = None,
    role: Array | None = None,
    roles: int = 0,
) -> tuple[Array, Score]:
    """Return y (T, O, B) and its score by one forward pass over the batch.

    ``trace``: existing buffers for the batch's (T, B); y is a view of them.  Roles: see ``score``.
    """
    trace = trace or model.trace(len(batch.mask), batch.mask.shape[1], str(parameters.dtype))
    with np.errstate(over="ignore", invalid="ignore"):
        y = model.forward(parameters, batch.x, trace)
    return y, score(loss, y, batch, role, roles)


def held_out_loss(model: Model, parameters: Parameters, loss: Loss, batch: Batch, trace: Trace) -> float:
    """Return the loss of :func:`evaluate` alone, with the same bits."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        each, _ = loss.each(model.forward(parameters, batch.x, trace), batch.target)
        scored = batch.mask > 0
        return _mean_loss(np.where(scored, each, 0), int(scored.sum()))


def score(loss: Loss, y: Array, batch: Batch, role: Array | None = None, roles: int = 0) -> Score:
    """Score outputs y (T, O, B); ``role`` (T, B) is the number of each position's role, below ``roles``."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        each, _ = loss.each(y, batch.target)
        scored = batch.mask > 0
        each = np.where(scored, each, 0)
        counts = scored.sum(axis=1)
        by_time = _mean(each.sum(axis=1), counts)
        plays = np.zeros(0, int) if role is None else role[scored]
        sums = np.bincount(plays, None if role is None else each[scored], roles)
        by_role = _mean(sums, np.bincount(plays, minlength=roles))
        mean = _mean_loss(each, int(counts.sum()))
        if not scored.any():
            return Score(mean, None, None, by_time, by_role)
        fit = loss.fit(y, batch.target, scored, each)
        return Score(mean, fit.accuracy, fit.r2, by_time, by_role, fit.mae, fit.mse)


def _mean_loss(each: Array, count: int) -> float:
    """Return the mean of ``count`` losses (T, B), which are 0 where nothing is scored."""
    return float(each.sum() / max(1, count))


def _mean(sums: Array, counts: Array) -> Array:
    """Return sums / counts, read-only: NaN where the count is 0, infinite where the sum is not a number."""
    mean: Array = np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)
    mean[np.isnan(mean) & (counts > 0)] = np.inf
    mean.flags.writeable = False
    return mean
