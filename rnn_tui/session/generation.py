"""Let a net read its own answers: free-running forecasts, and generated text."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from rnn_tui.engine.models import Model
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import ForwardTimeline
from rnn_tui.tasks import Task

WRITTEN = 60  # symbols, unless more are wanted
MOST_FREE = 200  # time steps


class Reader:
    """A net that reads a sequence in parts and keeps its state in between."""

    def __init__(self, model: Model, parameters: Parameters) -> None:
        self._model, self._parameters = model, parameters
        self._one = model.trace(1, 1, str(parameters.dtype))
        self._memory: Array | None = None

    def read(self, x: Array) -> Array:
        """Read x (T, I) and return y (T, O)."""
        trace = self._one if len(x) == 1 else self._model.trace(len(x), 1, str(self._parameters.dtype))
        y = self._model.forward(self._parameters, x[..., None], trace, self._memory)[..., 0].copy()
        self._memory = trace.end()
        return y


def starts_at(task: Task, length: int) -> int:
    """Return the first time step whose input is the free-running forecast's own answer: after half or more."""
    return max(length // 2, length - MOST_FREE, min(task.ahead, length))


def forecast(task: Task, reader: Reader, x: Array) -> Array:
    """Return the answers (T,) over x (T, I), with the net's own answer as first input from ``starts_at`` on.

    An answer is the first input ``task.ahead`` time steps later; other inputs do not change.
    """
    start, answers = starts_at(task, len(x)), np.empty(len(x))
    answers[:start] = reader.read(x[:start])[:, 0]
    for t in range(start, len(x)):
        own = x[t : t + 1].copy()
        own[0, 0] = answers[t - task.ahead]
        answers[t] = reader.read(own)[0, 0]
    return answers


@dataclass(frozen=True)
class Writing:
    """A text that is wanted of the nets.

    Attributes:
        prompt: the numbers of the symbols that the nets read first; empty: the probe's first symbol.
        temperature: None: that of the preset.
        draw: number of the random draw; another one gives another text.
        count: number of symbols after the prompt.  A longer text begins with the shorter one.
    """

    prompt: tuple[int, ...] = ()
    temperature: float | None = None
    draw: int = 0
    count: int = WRITTEN


def written(experiment: Experiment, lane: int, timeline: ForwardTimeline, wanted: Writing | None = None) -> str:
    """Return text that a lane in its present state generates, with the prompt.

    It is empty if the task does not predict symbols, or if the answers of the net are not finite.
    """
    task, wanted = experiment.task, wanted or Writing()
    if not task.predicts_symbols:
        return ""
    reader = Reader(timeline.learner.model, timeline.state.parameters)
    temperature = experiment.preset.temperature if wanted.temperature is None else wanted.temperature
    prompt = wanted.prompt or (first_symbol(experiment),)
    with np.errstate(over="ignore", invalid="ignore"):
        return write(task, reader, prompt, temperature, (lane, wanted.draw), wanted.count)


def first_symbol(experiment: Experiment) -> int:
    """Return the number of the probe's first symbol."""
    return int(experiment.held_out.x[0, :, 0].argmax())


def write(
    task: Task,
    reader: Reader,
    prompt: Sequence[int],
    temperature: float,
    seed: Sequence[int] = (0,),
    count: int = WRITTEN,
) -> str:
    """Return the prompt and ``count`` symbols, each drawn from softmax(y / temperature), then read by the net.

    At temperature 0 each symbol is the likeliest.  A symbol is drawn as argmax(y + temperature g), with the g_o from
    the standard Gumbel distribution (Gumbel 1954).  The g_o are the same at every call with the same ``seed``, so that
    the text changes only if the net does.
    """
    gumbel = np.random.default_rng(seed).gumbel(size=(count, task.output_size))
    one_of, codes, unread = np.eye(task.input_size), list(prompt), len(prompt)
    for noise in gumbel:
        y = reader.read(one_of[codes[-unread:]])[-1]
        if not isfinite(y.sum()):
            return ""
        codes.append(int((y + temperature * noise).argmax()))
        unread = 1
    return task.spelled(codes)
