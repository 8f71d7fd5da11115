"""What a net says when it reads its own answers: forecasts that run free, and text that it writes."""

from math import isfinite

import numpy as np

from rnn_tui.engine.models import Model
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import ForwardTimeline
from rnn_tui.tasks import Task

WRITTEN = 60  # symbols
MOST_FREE = 200  # time steps


class Reader:
    """A net that reads a sequence bit by bit, and remembers what it has read."""

    def __init__(self, model: Model, parameters: Parameters) -> None:
        self._model, self._parameters = model, parameters
        self._one = model.trace(1, 1, str(parameters.dtype))
        self._memory: Array | None = None

    def read(self, x: Array) -> Array:
        """x (T, I) -> y (T, O)."""
        trace = self._one if len(x) == 1 else self._model.trace(len(x), 1, str(self._parameters.dtype))
        y = self._model.forward(self._parameters, x[..., None], trace, self._memory)[..., 0].copy()
        self._memory = trace.end()
        return y


def starts_at(task: Task, length: int) -> int:
    """The first time step whose input a forecast that runs free makes itself, after half the sequence or more."""
    return max(length // 2, length - MOST_FREE, min(task.ahead, length))


def forecast(task: Task, reader: Reader, x: Array) -> Array:
    """(T,) answers over x (T, I), where the first input is the net's own answer from ``starts_at`` on.

    An answer is the first input ``task.ahead`` time steps later; other inputs, if there are any, stay what they are.
    """
    start, answers = starts_at(task, len(x)), np.empty(len(x))
    answers[:start] = reader.read(x[:start])[:, 0]
    for t in range(start, len(x)):
        own = x[t : t + 1].copy()
        own[0, 0] = answers[t - task.ahead]
        answers[t] = reader.read(own)[0, 0]
    return answers


def written(experiment: Experiment, lane: int, timeline: ForwardTimeline) -> str:
    """The text that a lane writes as it is now, after the probe's first symbol; empty where the task is no prediction
    of the next symbol.
    """
    task, preset = experiment.task, experiment.preset
    if not task.writes:
        return ""
    reader, first = Reader(timeline.learner.model, timeline.state.parameters), experiment.held_out.x[0, :, 0].argmax()
    with np.errstate(over="ignore", invalid="ignore"):
        return write(task, reader, int(first), preset.temperature, lane)


def write(task: Task, reader: Reader, first: int, temperature: float, seed: int = 0) -> str:
    """WRITTEN symbols after the ``first`` one, each drawn from softmax(y / temperature) and then read; at temperature 0
    each is the likeliest.

    Drawn as argmax(y + temperature g), the g_o from the standard Gumbel distribution (Gumbel 1954).  They are the same
    at every call with the same ``seed``, so that the text changes only as the net does.
    """
    gumbel = np.random.default_rng(seed).gumbel(size=(WRITTEN, task.output_size))
    one_of, codes = np.eye(task.input_size), [first]
    for noise in gumbel:
        y = reader.read(one_of[codes[-1:]])[0]
        if not isfinite(y.sum()):
            return ""
        codes.append(int((y + temperature * noise).argmax()))
    return task.spelled(codes)
