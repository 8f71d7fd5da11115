"""Everything one screenful needs, frozen.  Arrays leave the engine here: (time, features), and read-only."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from rnn_tui.checkpoints.pinned_run import Pin
from rnn_tui.engine.architecture import State
from rnn_tui.engine.evaluation import Score
from rnn_tui.engine.losses import Answer
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch, Buffers
from rnn_tui.presets.lane_settings import LaneSettings
from rnn_tui.presets.preset import Preset
from rnn_tui.session.divergence import divergence
from rnn_tui.session.experiment import Run
from rnn_tui.session.generation import Reader, forecast, starts_at, write
from rnn_tui.session.lane_histories import Bench
from rnn_tui.session.timeline import Timeline
from rnn_tui.tasks import Floor, Reference, Task
from rnn_tui.tasks.metrics import evaluated

RIGHT, UNSCORED, WRONG = 1, 0, -1
CLOSE = 0.25  # a number counts as right within this part of the targets' standard deviation


@dataclass(frozen=True, eq=False, slots=True)
class Lane:
    """One model on the bench.

    Attributes:
        weights: the parameters by name, W_hh (H, H), W_xh (H, I), b_h (H,), …, W_hy (O, H), b_y (O,).
        states: (T, H) what the net holds over the probe, by the field's names: h, an LSTM's c, and the gates.
        logits: (T, O) y_t over the probe.
        answers: (T,) what it says: the probability of a 1, the likeliest class's number, or the value.
        verdicts: (T,) RIGHT, WRONG or UNSCORED.
        score: on all held-out sequences.
        losses: on each step's training batch.
        norms: of each step's gradient, before it was clipped.
        free: (T,) a forecast that runs free, see ``freerun``; empty where the task is no forecast of numbers.
        text: what it writes, see ``freerun``; empty where the task is no prediction of the next symbol.
        before: (n, features) what was there before the first time step, the latest last, by the names of states, or x;
            what is not named was zero.
    """

    name: str
    settings: LaneSettings
    parameters: int
    weights: Mapping[str, Array]
    states: Mapping[str, Array]
    logits: Array
    answers: Array
    verdicts: Array
    score: Score
    floor: Floor | None
    losses: MetricHistory
    norms: MetricHistory
    free: Array
    text: str
    before: Mapping[str, Array] = field(default_factory=dict)

    @property
    def hidden(self) -> Array:
        """(T, H) h_t over the probe."""
        return self.states["h"]

    @property
    def label(self) -> str:
        """The name, and the window where the lane has one and the name does not say it: RNN, FNN(1), FNN7."""
        window = getattr(self.settings, "window", None)
        if window is None or re.search(rf"(?<!\d){window}(?!\d)", self.settings.name):
            return self.name
        return f"{self.name}({window})"

    @property
    def to_floor(self) -> float | None:
        return None if self.floor is None else self.score.loss - self.floor.loss


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    """Attributes:
    preset: the settings in force at ``step``; the history reaches to ``last_step``.
    inputs: (T, I), target: (T,), mask: (T,) of the probe; for classes, targets are their numbers.
    edits: steps at which something was changed that needs no restart.
    keyframes: (…,) steps that cost nothing to go to.
    pins: runs kept for comparison. undecided: a future that a change has cut off, and that may become one.
    notice: what happened that the user must know, or empty.
    """

    preset: Preset
    step: int
    last_step: int
    inputs: Array
    target: Array
    mask: Array
    lanes: tuple[Lane, ...]
    references: tuple[Reference, ...]
    edits: tuple[int, ...] = ()
    keyframes: Array = field(default_factory=lambda: np.zeros(1, int))
    pins: tuple[Pin, ...] = ()
    undecided: Pin | None = None
    notice: str = ""

    @property
    def task(self) -> Task:
        task: Task = self.preset.task
        return task

    @property
    def length(self) -> int:
        return len(self.inputs)

    @property
    def free_from(self) -> int:
        """The first time step whose input a forecast that runs free makes itself."""
        return starts_at(self.task, self.length)

    @property
    def learning_rate(self) -> float:
        """Of the update from ``step`` on: what the schedule makes of the preset's."""
        return self.preset.training.learning_rate_at(self.step)


def frame_of(bench: Bench, shown: Iterable[int], scoring: Sequence[Buffers], notice: str) -> Frame:
    """The bench as it stands, with the lanes that are ``shown``; ``scoring``: the buffers of each."""
    run = bench.run
    probe = run.held_out.first()
    lanes = tuple(show_lane(run, i, bench.timelines[i], scoring[i]) for i in shown)
    broken = [lane.name for lane in lanes if not isfinite(lane.score.loss)]
    return Frame(
        preset=run.preset,
        step=bench.step,
        last_step=bench.last_step,
        inputs=frozen(probe.x[..., 0]),
        target=frozen(probe.target.reshape(len(probe.x), -1)[:, 0]),
        mask=frozen(probe.mask[:, 0]),
        lanes=lanes,
        references=tuple(run.references),
        edits=tuple(step for step, _ in bench.runs[1:]),
        keyframes=frozen(np.array(bench.keyframes)),
        pins=bench.pins,
        undecided=bench.undecided,
        notice=notice or (divergence(run.preset, bench.step, broken[0]) if broken else ""),
    )


def state_of(lane: Lane, name: str) -> State:
    """What a state is called, and the function that its sum goes through; that of an f is the lane's activation."""
    state = lane.settings.architecture.states[name]
    return state._replace(function=lane.settings.options["activation"]) if state.function == "f" else state


def show_lane(run: Run, index: int, timeline: Timeline, buffers: Buffers) -> Lane:
    """One lane as it stands: a forward pass over all held-out sequences, the first of which is the probe."""
    task, batch, settings = run.task, run.held_out, run.preset.lanes[index]
    model, parameters = timeline.learner.model, timeline.state.parameters
    x, reader = batch.x[..., 0], Reader(model, parameters)
    trace = buffers.trace(model, len(batch.mask), batch.mask.shape[1], parameters.dtype)
    y, score = evaluated(task, model, parameters, batch, trace)
    with np.errstate(over="ignore", invalid="ignore"):
        return Lane(
            name=run.preset.names[index],
            settings=settings,
            parameters=parameters.count,
            weights={name: read_only(view) for name, view in parameters.views.items()},
            states={name: frozen(values[..., 0]) for name, values in trace.states.items()},
            logits=frozen(y[..., 0]),
            answers=frozen(answers(task, y[..., :1])),
            verdicts=frozen(verdicts(task, y[..., :1], batch)),
            score=score,
            floor=run.floor(index),
            losses=timeline.losses,
            norms=timeline.norms,
            free=frozen(forecast(task, reader, x) if task.foretells else np.zeros(0)),
            text=write(task, reader, int(x[0].argmax()), run.preset.temperature, index) if task.writes else "",
        )


def answers(task: Task, y: Array) -> Array:
    """y (T, O, 1) -> (T,) what a lane says."""
    return task.loss.answers(y)[:, 0]


def verdicts(task: Task, y: Array, batch: Batch) -> Array:
    """y (T, O, 1), of the first sequence of a batch -> (T,)"""
    probe, tolerance = batch.first(), 0.0
    if task.loss.answer is Answer.NUMBER:
        targets = batch.target.transpose(0, 2, 1)[batch.mask > 0]
        tolerance = CLOSE * float(targets.std() if len(targets) else 0.0)
    good = task.loss.right(y, probe.target, tolerance)
    return np.where(probe.mask[:, 0] > 0, np.where(good[:, 0], RIGHT, WRONG), UNSCORED)


def read_only(array: Array) -> Array:
    """A view that cannot be written through; enough for what is never changed in place."""
    view = array.view()
    view.flags.writeable = False
    return view


def frozen(array: Array) -> Array:
    """A read-only copy."""
    copy = np.array(array)
    copy.flags.writeable = False
    return copy
