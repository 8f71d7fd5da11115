"""The states and answers of a net over the probe, and whether they are right."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.losses import Answer
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks import Task

RIGHT, UNSCORED, WRONG = 1, 0, -1
CLOSE = 0.25  # a number is right if its error is at most this fraction of the targets' standard deviation


@dataclass(frozen=True, eq=False, slots=True)
class ProbeReading:
    """The states and answers of a net over the probe.

    Attributes:
        states: (T, H) by the field's names: h, an LSTM's c, and the gates.
        logits: (T, O) y_t.
        answers: (T,) the probability of a 1, the likeliest class's number, or the value.
        verdicts: (T,) RIGHT, WRONG or UNSCORED.
    """

    states: Mapping[str, Array]
    logits: Array
    answers: Array
    verdicts: Array


def reading(task: Task, states: Mapping[str, Array], y: Array, batch: Batch) -> ProbeReading:
    """Return states (T, H, B), outputs y (T, O, B) and answers for the first sequence of a batch."""
    with np.errstate(over="ignore", invalid="ignore"):
        return ProbeReading(
            states={name: frozen(values[..., 0]) for name, values in states.items()},
            logits=frozen(y[..., 0]),
            answers=frozen(answers(task, y[..., :1])),
            verdicts=frozen(verdicts(task, y[..., :1], batch)),
        )


def answers(task: Task, y: Array) -> Array:
    """Return the answers (T,) from the outputs y (T, O, 1)."""
    return task.loss.answers(y)[:, 0]


def verdicts(task: Task, y: Array, batch: Batch) -> Array:
    """Return RIGHT, WRONG or UNSCORED (T,) from the outputs y (T, O, 1) for the first sequence of a batch."""
    probe, tolerance = batch.first(), 0.0
    if task.loss.answer is Answer.NUMBER:
        targets = batch.target.transpose(0, 2, 1)[batch.mask > 0]
        tolerance = CLOSE * float(targets.std() if len(targets) else 0.0)
    good = task.loss.right(y, probe.target, tolerance)
    return np.where(probe.mask[:, 0] > 0, np.where(good[:, 0], RIGHT, WRONG), UNSCORED)


def read_only(array: Array) -> Array:
    """Return a read-only view of an array that is never changed in place."""
    view = array.view()
    view.flags.writeable = False
    return view


def frozen(array: Array) -> Array:
    """Return a read-only copy."""
    copy = np.array(array)
    copy.flags.writeable = False
    return copy
