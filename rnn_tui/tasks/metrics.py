"""How good the answers are: over all scored positions, by time step and by the parts they play."""

from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.losses import Loss, binary_cross_entropy, mean_squared_error
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Task


@dataclass(frozen=True, eq=False, slots=True)
class Score:
    """Attributes:
    loss: mean over the scored positions.
    accuracy: share of right answers, for cross-entropies; else None (also where nothing is scored).
    r2: 1 − MSE / variance of the scored targets, for squared errors; else None (also where they never vary).
    loss_by_time: (T,), NaN where nothing is scored, and only there; infinite where it is not a number.
    loss_by_role: (R,) for each of the task's roles, NaN for one that no scored position plays; likewise.
    mae: mean absolute error, where ``loss`` is the mean squared error; else None.
    """

    loss: float
    accuracy: float | None
    r2: float | None
    loss_by_time: Array
    loss_by_role: Array
    mae: float | None = None

    @property
    def nrmse(self) -> float | None:
        """The root of the mean squared error, over the targets' standard deviation."""
        return None if self.r2 is None else float(np.sqrt(1 - self.r2))


def right(loss: Loss, y: Array, target: Array) -> Array:
    """(T, B) booleans: is the likeliest class the target?  For cross-entropies."""
    binary = loss is binary_cross_entropy
    good = ((y > 0) == (target > 0.5)).all(axis=1) if binary else y.argmax(axis=1) == target
    return np.asarray(good & np.isfinite(y).all(axis=1))  # NaN is no answer


def score(loss: Loss, y: Array, batch: Batch, role: Array | None = None, roles: int = 0) -> Score:
    """Score logits or predictions y (T, O, B); ``role`` (T, B) says which of so many roles each position plays."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        each, _ = loss.each(y, batch.target)
        scored = batch.mask > 0
        each = np.where(scored, each, 0)
        counts = scored.sum(axis=1)
        by_time = _mean(each.sum(axis=1), counts)
        plays = np.zeros(0, int) if role is None else role[scored]
        sums = np.bincount(plays, None if role is None else each[scored], roles)
        by_role = _mean(sums, np.bincount(plays, minlength=roles))
        mean = float(each.sum() / max(1, counts.sum()))
        if not scored.any():
            return Score(mean, None, None, by_time, by_role)
        if loss is not mean_squared_error:
            return Score(mean, float(right(loss, y, batch.target)[scored].mean()), None, by_time, by_role)
        variance = batch.target.transpose(0, 2, 1)[scored].var(axis=0).mean()
        r2 = float(1 - mean / variance) if variance > 0 else None
        mae = float(np.abs(y - batch.target).transpose(0, 2, 1)[scored].mean())
        return Score(mean, None, r2, by_time, by_role, mae)


def task_score(task: Task, y: Array, batch: Batch) -> Score:
    """Score y (T, O, B) as the task has it, with its roles."""
    return score(task.loss, y, batch, task.role(batch) if task.roles else None, len(task.roles))


def in_units(task: Task, score: Score) -> tuple[float, float] | None:
    """RMSE and MAE in the unit of what is predicted, where that is the user's own; else None."""
    if not task.has_units or score.mae is None:
        return None
    return float(np.sqrt(score.loss)) * task.unit, score.mae * task.unit


def by_role(task: Task, score: Score) -> dict[str, float]:
    """The loss for each of the task's roles that a scored position plays."""
    losses = zip(task.roles, score.loss_by_role.tolist(), strict=True)
    return {role: loss for role, loss in losses if not np.isnan(loss)}


def _mean(sums: Array, counts: Array) -> Array:
    """sums / counts, read-only; NaN where there is nothing, and infinite where the sum is not a number."""
    mean: Array = np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)
    mean[np.isnan(mean) & (counts > 0)] = np.inf
    mean.flags.writeable = False
    return mean
