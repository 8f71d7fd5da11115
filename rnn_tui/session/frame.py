"""Everything that one screen needs, immutable.  Arrays are (time, features) and read-only from here on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Flag
from math import isfinite
from typing import TypeVar

import numpy as np

from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.engine.architecture import State
from rnn_tui.engine.evaluation import Score
from rnn_tui.engine.held_out_history import HeldOutHistory
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.training import Batch, Buffers
from rnn_tui.presets.lane_settings import LaneSettings
from rnn_tui.presets.preset import Preset
from rnn_tui.session.divergence import divergence
from rnn_tui.session.evaluation import label
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.generation import Reader, forecast, starts_at, written
from rnn_tui.session.lane_histories import LaneHistories
from rnn_tui.session.lane_record import LaneRecord, lane_record
from rnn_tui.session.own_sequence import OwnSequence
from rnn_tui.session.probe_reading import ProbeReading, frozen, read_only, reading
from rnn_tui.session.timeline import Timeline
from rnn_tui.session.trained_net import TrainedNet, trained_net
from rnn_tui.session.what_if import AlteredLane, WhatIf, altered_lane
from rnn_tui.tasks import Floor, Reference, Task
from rnn_tui.tasks.metrics import evaluated

T = TypeVar("T")

MOST_PAST = 24  # steps of the history whose parameters a frame contains


class Demand(Flag):
    """What a frame contains besides settings, weights and histories; each costs computation.

    PROBE: states and answers over the probe.  SCORE: the score on all held-out sequences.  FORECAST: a free-running
    forecast, if the task predicts numbers.  TEXT: text that the net generates, if the task predicts symbols.  NETS: the
    nets themselves, for diagnostics.  GRADIENT: what the next update sends back through the first training sequence.
    WHAT_IF: the lanes with the interventions of the lens.
    """

    NOTHING = 0
    PROBE = 1
    SCORE = 2
    FORECAST = 4
    TEXT = 8
    NETS = 16
    GRADIENT = 32
    WHAT_IF = 64
    FIRST_PAGE = PROBE | SCORE | FORECAST | TEXT
    EVERYTHING = PROBE | SCORE | FORECAST | TEXT | NETS | GRADIENT | WHAT_IF


class NotDemanded(LookupError):
    """A frame does not contain what is read: the reader has not declared the demand."""


@dataclass(frozen=True, eq=False, slots=True)
class Lane:
    """One model of the session.

    Attributes:
        weights: the parameters by name, W_hh (H, H), W_xh (H, I), b_h (H,), …, W_hy (O, H), b_y (O,).
        losses: on each step's training batch.
        norms: of each step's gradient, before clipping.
        held_out_losses: on all held-out sequences, at fixed steps.
        probe: states and answers over the probe; None without Demand.PROBE.
        held_out: the score on all held-out sequences; None without Demand.SCORE.
        forecast: (T,) free-running, see generation.py; None without Demand.FORECAST, or for other tasks.
        writing: generated text, see generation.py; None without Demand.TEXT, or for other tasks.
        trained: the net, with what diagnostics need; None without Demand.NETS.
        sent_back: (T, H) ∂L/∂h_t of the first sequence of the next update's batch; None without Demand.GRADIENT.
        altered: the lane with the interventions of the lens that act on it; None if none does, or without
            Demand.WHAT_IF.
        past: the parameters at some steps of the history, by step; empty without Demand.NETS.
        before: (n, features) states, or inputs x, before the first time step, by name, the latest last; zero for names
            that are missing.
        record: what rules read to find what is wrong; None for a lane that is not of a session.
    """

    name: str
    settings: LaneSettings
    parameters: int
    weights: Mapping[str, Array]
    floor: Floor | None
    losses: MetricHistory
    norms: MetricHistory
    held_out_losses: HeldOutHistory = field(default_factory=HeldOutHistory)
    probe: ProbeReading | None = None
    held_out: Score | None = None
    forecast: Array | None = None
    writing: str | None = None
    trained: TrainedNet | None = None
    sent_back: Array | None = None
    altered: AlteredLane | None = None
    past: Mapping[int, Parameters] = field(default_factory=dict)
    before: Mapping[str, Array] = field(default_factory=dict)
    record: LaneRecord | None = None

    # Shortcuts for readers that have declared the demand; each raises NotDemanded if the frame was made without it.

    @property
    def states(self) -> Mapping[str, Array]:
        return _demanded(self.probe, Demand.PROBE).states

    @property
    def logits(self) -> Array:
        return _demanded(self.probe, Demand.PROBE).logits

    @property
    def answers(self) -> Array:
        return _demanded(self.probe, Demand.PROBE).answers

    @property
    def verdicts(self) -> Array:
        return _demanded(self.probe, Demand.PROBE).verdicts

    @property
    def score(self) -> Score:
        return _demanded(self.held_out, Demand.SCORE)

    @property
    def net(self) -> TrainedNet:
        return _demanded(self.trained, Demand.NETS)

    @property
    def hidden(self) -> Array:
        """(T, H) h_t over the probe."""
        return self.states["h"]

    @property
    def label(self) -> str:
        """The name, with the window unless the name contains it: RNN, FNN(1), FNN7."""
        return label(self.name, self.settings)

    @property
    def to_floor(self) -> float | None:
        """The held-out loss minus the floor; None without a floor."""
        return None if self.floor is None else self.score.loss - self.floor.loss

    @property
    def is_finite(self) -> bool:
        """False if the held-out loss or the outputs, as far as they were computed, are not finite."""
        if self.held_out is not None:
            return isfinite(self.held_out.loss)
        return self.probe is None or bool(np.isfinite(self.probe.logits).all())


def _demanded(value: T | None, demand: Demand) -> T:
    if value is None:
        raise NotDemanded(f"this frame was made without {demand}")
    return value


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    """An immutable snapshot of a session for the screen.

    Attributes:
        demands: what it contains besides settings, weights and histories.
        preset: the settings at ``step``; the history ends at ``last_step``.
        inputs: (T, I), target: (T,), mask: (T,) of the probe; targets that are classes are given by number.
        edits: steps at which settings were changed without a restart.
        settings: (step, the settings from that step on) of the whole history, the first at step 0.
        keyframes: (…,) steps that can be reached without replaying.
        pinned_runs: runs saved for comparison. undecided: later steps that a change removed, and that may become one.
        notice: a message to the user, or empty.
        what_if: the interventions of the lens.
        own: the sequence of the user's own, which is the probe, as text; empty: the probe is a held-out sequence.
    """

    demands: Demand
    preset: Preset
    step: int
    last_step: int
    inputs: Array
    target: Array
    mask: Array
    lanes: tuple[Lane, ...]
    references: tuple[Reference, ...]
    edits: tuple[int, ...] = ()
    settings: tuple[tuple[int, Preset], ...] = ()
    keyframes: Array = field(default_factory=lambda: np.zeros(1, int))
    pinned_runs: tuple[PinnedRun, ...] = ()
    undecided: PinnedRun | None = None
    notice: str = ""
    what_if: WhatIf = ()
    own: str = ""

    @property
    def task(self) -> Task:
        task: Task = self.preset.task
        return task

    @property
    def length(self) -> int:
        return len(self.inputs)

    @property
    def free_from(self) -> int:
        """The first time step whose input is the free-running forecast's own answer."""
        return starts_at(self.task, self.length)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the update from ``step``, with the schedule applied."""
        return self.preset.training.learning_rate_at(self.step)


def frame_of(
    histories: LaneHistories,
    demands: Demand,
    shown: Iterable[int],
    scoring: Sequence[Buffers],
    notice: str,
    what_if: WhatIf = (),
    own: OwnSequence | None = None,
    diverged: int | None = None,
) -> Frame:
    """Return a frame of the present step with the lanes ``shown`` and what is demanded of them.

    Args:
        scoring: buffers for each lane of the session.
        what_if: the interventions of the lens.
        own: a sequence of the user's own, which is the probe.
        diverged: the lane whose next update is not finite.
    """
    experiment = histories.experiment
    batch = own.batch if own else None
    probe = batch or experiment.held_out.first()
    lanes = tuple(
        show_lane(experiment, i, histories.timelines[i], demands, scoring[i], what_if, batch, i == diverged)
        for i in shown
    )
    broken = [lane.name for lane in lanes if not lane.is_finite]
    return Frame(
        demands=demands,
        preset=experiment.preset,
        step=histories.step,
        last_step=histories.last_step,
        inputs=frozen(probe.x[..., 0]),
        target=frozen(probe.target.reshape(len(probe.x), -1)[:, 0]),
        mask=frozen(probe.mask[:, 0]),
        lanes=lanes,
        references=tuple(experiment.references),
        edits=tuple(step for step, _ in histories.experiments[1:]),
        settings=tuple((step, past.preset) for step, past in histories.experiments),
        keyframes=frozen(np.array(histories.keyframes)),
        pinned_runs=histories.pinned_runs,
        undecided=histories.undecided,
        notice=notice or (divergence(experiment.preset, histories.step, broken[0]) if broken else ""),
        what_if=what_if,
        own=own.text if own else "",
    )


def state_of(lane: Lane, name: str) -> State:
    """Return the declaration of a state; a function f is replaced by the lane's activation."""
    state = lane.settings.architecture.states[name]
    return state._replace(function=lane.settings.options["activation"]) if state.function == "f" else state


def show_lane(
    experiment: Experiment,
    index: int,
    timeline: Timeline,
    demands: Demand,
    buffers: Buffers,
    what_if: WhatIf = (),
    own: Batch | None = None,
    diverged: bool = False,
) -> Lane:
    """Return one lane at the present step.

    A score takes a forward pass over all held-out sequences, the first of which is the probe; without it, the net reads
    only the probe.  ``own``: a sequence of the user's own, which is the probe.
    """
    task, batch = experiment.task, experiment.held_out
    model, parameters, target = timeline.learner.model, timeline.state.parameters, experiment.targets[index]
    probe, score, forecasted = None, None, None
    if demands & (Demand.PROBE | Demand.SCORE):
        passed = batch if Demand.SCORE in demands else batch.first()
        trace = buffers.trace(model, len(passed.mask), passed.mask.shape[1], parameters.dtype)
        if Demand.SCORE in demands:
            y, score = evaluated(task, model, parameters, passed, trace)
        else:
            with np.errstate(over="ignore", invalid="ignore"):
                y = model.forward(parameters, passed.x, trace)
        if Demand.PROBE in demands and own is None:
            probe = reading(task, target.read(trace.states), y, batch)
    if Demand.PROBE in demands and own is not None:
        trace = model.trace(len(own.mask), 1, str(parameters.dtype))
        with np.errstate(over="ignore", invalid="ignore"):
            y = model.forward(parameters, own.x, trace)
        probe = reading(task, target.read(trace.states), y, own)
    if Demand.FORECAST in demands and task.predicts_numbers:
        with np.errstate(over="ignore", invalid="ignore"):
            forecasted = frozen(forecast(task, Reader(model, parameters), (own or batch).x[..., 0]))
    return Lane(
        name=experiment.preset.names[index],
        settings=experiment.preset.lanes[index],
        parameters=parameters.count,
        weights={name: read_only(view) for name, view in parameters.views.items()},
        floor=experiment.floor(index),
        losses=timeline.losses,
        norms=timeline.norms,
        held_out_losses=timeline.held_out,
        probe=probe,
        held_out=score,
        forecast=forecasted,
        writing=written(experiment, index, timeline) if Demand.TEXT in demands and task.predicts_symbols else None,
        trained=trained_net(experiment, index, timeline, own) if Demand.NETS in demands else None,
        sent_back=_sent_back(timeline) if Demand.GRADIENT in demands else None,
        altered=altered_lane(experiment, index, timeline, what_if, own, Demand.NETS in demands)
        if what_if and Demand.WHAT_IF in demands
        else None,
        past=_past(timeline) if Demand.NETS in demands else {},
        record=lane_record(experiment, index, timeline, diverged, score),
    )


def _sent_back(timeline: Timeline) -> Array:
    """Return ∂L/∂h_t (T, H) of the first sequence in the next update, as slow motion shows it."""
    learner, state, batch = timeline.learner, timeline.state, timeline.batch
    trace = learner.trace(batch, state.parameters)
    with np.errstate(all="ignore"):
        learner.gradient(state, batch, trace)
    return frozen(trace.dh[..., 0])


def _past(timeline: Timeline) -> dict[int, Parameters]:
    """Return the parameters at up to MOST_PAST of the saved steps, evenly chosen, with the first and the last."""
    states = sorted({state.step: state for state in timeline.kept}.items())
    chosen = np.unique(np.linspace(0, len(states) - 1, MOST_PAST).round().astype(int))
    return {states[i][0]: states[i][1].parameters for i in chosen}
