"""Score nets on a task: with the task's roles, and in its units."""

import numpy as np

from rnn_tui.engine.evaluation import Score, evaluate, score
from rnn_tui.engine.models import Model, Trace
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Reference, Task


def evaluated(
    task: Task, model: Model, parameters: Parameters, batch: Batch, trace: Trace | None = None
) -> tuple[Array, Score]:
    """Return y (T, O, B) and its score with the task's roles; see :func:`~rnn_tui.engine.evaluation.evaluate`."""
    return evaluate(model, parameters, task.loss, batch, trace, *_roles(task, batch))


def task_score(task: Task, y: Array, batch: Batch) -> Score:
    """Score y (T, O, B) with the task's roles."""
    return score(task.loss, y, batch, *_roles(task, batch))


def in_units(task: Task, score: Score) -> tuple[float, float] | None:
    """Return RMSE and MAE in the user's unit; None if the task has no such unit."""
    if not task.has_units or score.mae is None or score.mse is None:
        return None
    return float(np.sqrt(score.mse)) * task.unit, score.mae * task.unit


def rmse_without_net(task: Task, reference: Reference) -> float | None:
    """Return the RMSE of a predictor without a net in the user's unit; None if the task has no such unit.

    Tasks with units are scored by the mean squared error of one number.
    """
    return float(np.sqrt(reference.loss)) * task.unit if task.has_units else None


def by_role(task: Task, score: Score) -> dict[str, float]:
    """Return the loss for each of the task's roles that has scored positions."""
    losses = zip(task.roles, score.loss_by_role.tolist(), strict=True)
    return {role: loss for role, loss in losses if not np.isnan(loss)}


def _roles(task: Task, batch: Batch) -> tuple[Array | None, int]:
    return task.role(batch) if task.roles else None, len(task.roles)
