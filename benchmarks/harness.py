"""Shared parts of the benchmarks: bundled presets, training to a step, and the spread of a number over seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from rnn_tui.experiments.train import Diverged, train
from rnn_tui.experiments.training_run import TrainingRun
from rnn_tui.presets import store
from rnn_tui.presets.preset import Preset
from rnn_tui.session.evaluation import Evaluation, LaneEvaluation
from rnn_tui.session.session import Session
from rnn_tui.session.trained_net import TrainedNet, trained_net

SEEDS = (0, 1, 2)
NEVER = float("inf")  # number of updates if something did not happen


@dataclass(frozen=True)
class Outcome:
    """The end of a run.

    Attributes:
        diverged: the name of the lane whose next update is not finite, or empty.
        nets: the lanes by name, for diagnostics.
    """

    evaluation: Evaluation
    diverged: str = ""
    nets: Mapping[str, TrainedNet] = field(default_factory=dict)

    @property
    def step(self) -> int:
        return self.evaluation.step

    def lane(self, name: str) -> LaneEvaluation:
        (found,) = (lane for lane in self.evaluation.lanes if lane.name == name)
        return found


def bundled_names(names: Sequence[str] = ()) -> list[str]:
    """Return the names given, or those of all bundled presets."""
    return list(names) or [entry.name for entry in store.entries() if not entry.own]


def bundled_preset(name: str, changes: Mapping[str, Any] | None = None) -> Preset:
    """Return a bundled preset, with changed values of some dotted keys."""
    return store.load(store.bundled_folder() / f"{name}.toml", changes).preset


def trained(run: TrainingRun | Session, step: int) -> Outcome:
    """Train a run up to a step, or until a lane diverges, and evaluate it there."""
    *_, last = train(run, step, every=max(1, step))
    names = run.preset.names
    nets = {name: trained_net(run.experiment, lane, run.timelines[lane]) for lane, name in enumerate(names)}
    return Outcome(run.evaluate(), names[last.lane] if isinstance(last, Diverged) else "", nets)


def spread(values: Sequence[float | None]) -> str:
    """Return the median and the range of the values that are not None, as text."""
    numbers = [value for value in values if value is not None]
    if not numbers:
        return "–"
    low, middle, high = map(_number, (min(numbers), median(numbers), max(numbers)))
    return middle if low == high else f"{middle} ({low} to {high})"


def _number(value: float) -> str:
    return "never" if value == NEVER else f"{value:.4g}"
