"""Evaluate the lanes on held-out sequences, without building a frame."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rnn_tui.engine.evaluation import Score
from rnn_tui.engine.training import Buffers
from rnn_tui.presets.lane_settings import LaneSettings
from rnn_tui.presets.preset import Preset
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import ForwardTimeline
from rnn_tui.tasks import Floor, Reference, Task
from rnn_tui.tasks.metrics import evaluated


class Trained(Protocol):
    """The common interface of a session and a training run without a history."""

    @property
    def experiment(self) -> Experiment: ...

    @property
    def preset(self) -> Preset: ...

    @property
    def step(self) -> int: ...

    @property
    def timelines(self) -> Sequence[ForwardTimeline]: ...


@dataclass(frozen=True, eq=False, slots=True)
class LaneEvaluation:
    """One lane on the held-out sequences.

    Attributes:
        parameters: number of parameters.
        floor: for the lane's window, or for all inputs; None if there is none.
    """

    name: str
    settings: LaneSettings
    parameters: int
    score: Score
    floor: Floor | None

    @property
    def label(self) -> str:
        return label(self.name, self.settings)


@dataclass(frozen=True, eq=False, slots=True)
class Evaluation:
    """All lanes at a step, and references without a network."""

    preset: Preset
    step: int
    lanes: tuple[LaneEvaluation, ...]
    references: tuple[Reference, ...]

    @property
    def task(self) -> Task:
        task: Task = self.preset.task
        return task


def label(name: str, settings: LaneSettings) -> str:
    """Return a lane's name, with its window unless the name contains it: RNN, FNN(1), FNN7."""
    window = getattr(settings, "window", None)
    if window is None or re.search(rf"(?<!\d){window}(?!\d)", settings.name):
        return name
    return f"{name}({window})"


def evaluate(trained: Trained, buffers: Sequence[Buffers]) -> Evaluation:
    """Evaluate every lane in its present state, each with its own buffers."""
    preset, experiment = trained.preset, trained.experiment
    lanes = tuple(
        LaneEvaluation(
            name=preset.names[lane],
            settings=preset.lanes[lane],
            parameters=timeline.state.parameters.count,
            score=score_lane(experiment, timeline, buffers[lane]),
            floor=experiment.floor(lane),
        )
        for lane, timeline in enumerate(trained.timelines)
    )
    return Evaluation(preset, trained.step, lanes, tuple(experiment.references))


def score_lane(experiment: Experiment, timeline: ForwardTimeline, buffers: Buffers) -> Score:
    """Score a lane in its present state by one forward pass over all held-out sequences."""
    batch, parameters, model = experiment.held_out, timeline.state.parameters, timeline.learner.model
    trace = buffers.trace(model, len(batch.mask), batch.mask.shape[1], parameters.dtype)
    _, score = evaluated(experiment.task, model, parameters, batch, trace)
    return score
