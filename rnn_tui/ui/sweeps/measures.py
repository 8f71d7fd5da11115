"""What a sweep measures of a lane in a run, and its spread over the runs of a point."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, isfinite, isnan, nan
from typing import Any, NamedTuple

from rnn_tui.number_format import counted, loss_text, percent, significant, spoken_loss, with_minus

Run = Mapping[str, Any]  # a line of the results
LaneResult = Mapping[str, Any]
DIVERGED, FAILED = "diverged", "failed"  # ends of a run


class Spread(NamedTuple):
    """A measure over the runs of a point.

    Attributes:
        low, median, high: quartiles and median; NaN without runs, infinite if that many runs diverged or did not solve
            the task.
        count: runs with a value.
        diverged, failed: runs that ended so.
    """

    low: float = nan
    median: float = nan
    high: float = nan
    count: int = 0
    diverged: int = 0
    failed: int = 0

    @property
    def runs(self) -> int:
        """Number of runs, with those that have no value."""
        return max(self.count, self.diverged) + self.failed


@dataclass(frozen=True)
class Measure:
    """A number that each lane of a run has.

    Attributes:
        name: in options of the command line.  title: on the screen.
        of: returns the number of a lane; None if it is undefined.
        text: returns the number in a few characters.  say: the same for a sentence.
        endless: what ∞ means.
        share: whether it is 0 or 1 in each run, so that the mean over the runs says more than the median.
        bounds: ends of the scale that do not depend on the runs; None: those of the runs.
        falling: whether less is better.
    """

    name: str
    title: str
    of: Callable[[Run, LaneResult], float | None]
    text: Callable[[float], str]
    say: Callable[[float], str]
    endless: str = "diverged"
    share: bool = False
    bounds: tuple[float | None, float | None] = (None, None)
    falling: bool = False

    @property
    def of_runs(self) -> str:
        """How the measure of a point follows from its runs."""
        return "share of the runs" if self.share else "median over the runs"

    def spread(self, runs: Iterable[Run], lane: int) -> Spread:
        """Return the spread over some runs of a lane."""
        values, diverged, failed = [], 0, 0
        for run in runs:
            failed += run["end"] == FAILED
            diverged += run["end"] == DIVERGED
            value = self.value(run, lane)
            if value is not None and not isnan(value):
                values.append(value)
        if not values:
            return Spread(diverged=diverged, failed=failed)
        if self.share:
            mean = sum(values) / len(values)
            return Spread(mean, mean, mean, len(values), diverged, failed)
        values.sort()
        quartiles = (quantile(values, part) for part in (0.25, 0.5, 0.75))
        return Spread(*quartiles, len(values), diverged, failed)

    def value(self, run: Run, lane: int) -> float | None:
        """Return the number of a lane in a run; None if the run failed, or the number is undefined."""
        lanes = run["lanes"]
        if run["end"] == FAILED or lane >= len(lanes):
            return None
        return self.of(run, lanes[lane])


def quantile(ordered: Sequence[float], part: float) -> float:
    """Return a quantile of ascending numbers, linear between neighbors; infinite if one of them is."""
    place = part * (len(ordered) - 1)
    low, high = ordered[floor(place)], ordered[ceil(place)]
    if low == high or not isfinite(low):
        return low
    return low + (high - low) * (place - floor(place)) if isfinite(high) else high


def _measured(field: str, worst: float) -> Callable[[Run, LaneResult], float | None]:
    """Return a function for a field of a lane; ``worst``: in a run that diverged."""

    def of(run: Run, lane: LaneResult) -> float | None:
        value = lane.get(field)
        if run["end"] == DIVERGED:
            return None if field != "loss" and value is None else worst
        return None if value is None else float(value)

    return of


def _solved(run: Run, lane: LaneResult) -> float | None:  # noqa: ARG001
    return None if lane.get("solved") is None else float(lane["solved"])


def _steps(run: Run, lane: LaneResult) -> float | None:  # noqa: ARG001
    if lane.get("solved") is None:
        return None
    return inf if lane.get("solved_at") is None else float(lane["solved_at"])


def _two_decimals(value: float) -> str:
    return with_minus(f"{value:.2f}")


def _steps_said(value: float) -> str:
    return counted(round(value), "step")


LOSS = Measure("loss", "held-out loss", _measured("loss", inf), loss_text, spoken_loss, falling=True)
MEASURES = (
    LOSS,
    Measure("accuracy", "accuracy", _measured("accuracy", -inf), lambda v: percent(v, 0), percent, bounds=(None, 1.0)),
    Measure("r2", "R²", _measured("r2", -inf), _two_decimals, lambda v: significant(v, 3), bounds=(0.0, 1.0)),
    Measure("solved", "solved", _solved, lambda v: percent(v, 0), lambda v: percent(v, 0), share=True,
            bounds=(0.0, 1.0)),
    Measure("steps", "steps to solve", _steps, lambda v: f"{v:,.0f}", _steps_said, "not solved", falling=True),
)  # fmt: skip


def measure_named(name: str) -> Measure:
    """Return the measure with a name."""
    return next(measure for measure in MEASURES if measure.name == name)


def available(runs: Iterable[Run]) -> list[Measure]:
    """Return the measures that some lane of some run has; the loss always."""
    open_ = [measure for measure in MEASURES if measure is not LOSS]
    found = {LOSS.name}
    for run in runs:
        for measure in [*open_]:
            if any(measure.value(run, lane) is not None for lane in range(len(run["lanes"]))):
                open_.remove(measure)
                found.add(measure.name)
        if not open_:
            break
    return [measure for measure in MEASURES if measure.name in found]


def number_text(measure: Measure, value: float) -> str:
    """Return a number of a measure in a few characters; a dash without one."""
    if isnan(value):
        return "–"
    return measure.text(value) if isfinite(value) else measure.endless
