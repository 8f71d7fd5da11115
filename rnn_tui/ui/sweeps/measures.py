"""What a sweep measures of a lane in a run, and its spread over the runs of a point."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf, isfinite, isnan, nan
from typing import Any, NamedTuple

from rnn_tui.experiments.jobs import Row
from rnn_tui.experiments.sweep_results import Quartiles
from rnn_tui.number_format import loss_text, percent, significant, with_minus

FAULTS = DIVERGED, FAILED = "diverged", "failed"  # ends of a run


class Summary(NamedTuple):
    """A measure over the runs of a point.

    Attributes:
        low, median, high: quartiles and median of the runs that have a value; NaN if none has,
            infinite if all diverged.
        known: number of runs with a value.
        runs, diverged, failed: all runs, and those that ended so.
    """

    low: float = nan
    median: float = nan
    high: float = nan
    known: int = 0
    runs: int = 0
    diverged: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Measure:
    """A number that each lane of a run has.

    Attributes:
        name: in options of the command line.  title: on the screen.
        of: returns the number of a lane; None if it is undefined.
        text: returns the number in a few characters.  say: the same for a sentence.
        lacking: in a cell whose runs have no number.
        share: whether it is 0 or 1 in each run, so that the mean over the runs says more than the median.
        bounds: ends of the scale that do not depend on the runs; None: those of the runs.
    """

    name: str
    title: str
    of: Callable[[Row], float | None]
    text: Callable[[float], str]
    say: Callable[[float], str]
    lacking: str = "–"
    share: bool = False
    bounds: tuple[float | None, float | None] = (None, None)

    def summary(self, runs: Iterable[Row], lane: int) -> Summary:
        """Return the spread over some runs of a lane."""
        runs = list(runs)
        values = [value for run in runs if (value := self.value(run, lane)) is not None]
        diverged, failed = (sum(run["end"] == end for run in runs) for end in (DIVERGED, FAILED))
        counts = len(values), len(runs), diverged, failed
        if runs and diverged == len(runs) - failed and diverged:
            return Summary(inf, inf, inf, *counts)
        if self.share and values:
            mean = sum(values) / len(values)
            return Summary(mean, mean, mean, *counts)
        found = Quartiles.of(values) or Quartiles(nan, nan, nan)
        return Summary(found.low, found.median, found.high, *counts)

    def value(self, run: Row, lane: int) -> float | None:
        """Return the number of a lane in a run; None if the run failed, or the number is undefined."""
        lanes = run["lanes"]
        return self.of(lanes[lane]) if lane < len(lanes) else None


def _loss(lane: Row) -> float:
    return inf if lane["loss"] is None else float(lane["loss"])


def _field(name: str) -> Callable[[Row], float | None]:
    def of(lane: Row) -> float | None:
        value: Any = lane.get(name)
        return None if value is None else float(value)

    return of


LOSS = Measure("loss", "held-out loss", _loss, loss_text, significant)
MEASURES = (
    LOSS,
    Measure("accuracy", "accuracy", _field("accuracy"), lambda v: percent(v, 0), percent, bounds=(None, 1.0)),
    Measure("r2", "R²", _field("r2"), lambda v: with_minus(f"{v:.2f}"), significant, bounds=(0.0, 1.0)),
    Measure("solved", "share of runs that solved the task", _field("solved"), lambda v: percent(v, 0),
            lambda v: percent(v, 0), share=True, bounds=(0.0, 1.0)),
    Measure("steps", "steps to solve", _field("solved_at"), lambda v: f"{v:,.0f}",
            lambda v: f"{v:,.0f}", "never"),
)  # fmt: skip


def measure_named(name: str) -> Measure:
    """Return the measure with a name."""
    return next(measure for measure in MEASURES if measure.name == name)


def available(runs: Iterable[Row]) -> list[Measure]:
    """Return the measures that some lane of some run has; the loss always."""
    lacking = [measure for measure in MEASURES if measure is not LOSS]
    for run in runs:
        lacking = [
            measure for measure in lacking
            if all(measure.value(run, lane) is None for lane in range(len(run["lanes"])))
        ]  # fmt: skip
        if not lacking:
            break
    return [measure for measure in MEASURES if measure not in lacking]


def number_text(measure: Measure, value: float) -> str:
    """Return a number of a measure in a few characters."""
    return measure.lacking if isnan(value) else measure.text(value) if isfinite(value) else "diverged"
