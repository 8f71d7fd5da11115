"""What is under the cursor, in words and exact numbers."""

from collections.abc import Sequence
from math import isfinite, isnan

from rnn_tui.experiments.jobs import Row
from rnn_tui.number_format import counted, duration
from rnn_tui.ui.sweeps.measures import FAULTS, MEASURES, Measure, Summary
from rnn_tui.ui.sweeps.sweep_data import SweepData
from rnn_tui.ui.sweeps.sweep_parts import contour_of, contour_text
from rnn_tui.ui.sweeps.sweep_view import RUNS, SweepView

ENDED = {
    "steps": "ended at its last step, {:,}",
    "solved": "ended at step {:,}, because the task was solved",
    "patience": "ended at step {:,}, because its held-out loss no longer improved",
    "diverged": "diverged at step {:,}",
    "failed": "failed",
}


def readout(data: SweepData, view: SweepView) -> str:
    """Return the sentence about the point, or in a table of runs about the run, under the cursor."""
    if not data.runs:
        return ""
    if view.drawing == RUNS:
        return next((run_sentence(data, run, view.lane) for run in data.runs if run["index"] == view.run), "")
    return point_sentence(data, view)


def point_sentence(data: SweepData, view: SweepView) -> str:
    """Return the numbers of a lane over the runs at the point under the cursor."""
    runs, lane = data.at(view.place), data.outline.lanes[view.lane]
    where = ", ".join(filter(None, [data.point_name(view.place), lane if len(data.outline.lanes) > 1 else ""]))
    where = f"{where}: " if where else ""
    if not runs:
        return f"{where}no run has finished yet."
    parts = [_measured(view.shown, view.shown.summary(runs, view.lane))]
    others = [measure for measure in data.measures if measure is not view.shown]
    parts += [_measured(measure, measure.summary(runs, view.lane), brief=True) for measure in others]
    return f"{where}{'; '.join(filter(None, [*parts, _ends(runs), _beside_contour(data, view)]))}."


def _measured(measure: Measure, summary: Summary, brief: bool = False) -> str:
    """Return the median with its quartiles, or if ``brief`` the median alone; empty if there is nothing to say."""
    if measure.share:
        return (
            f"solved by {round(summary.median * summary.known)} of {counted(summary.known, 'run')}"
            if isfinite(summary.median)
            else ""
        )
    if isnan(summary.median):
        return "" if brief else f"no {measure.title}" if measure.name != "steps" else "never solved"
    if not isfinite(summary.median):  # all runs diverged, which is said below
        return ""
    said = f"{measure.title} {measure.say(summary.median)}"
    if brief or summary.known < 2:
        return said
    return (
        f"{said} (median of {summary.known} runs; quartiles {measure.say(summary.low)} to {measure.say(summary.high)})"
    )


def _ends(runs: Sequence[Row]) -> str:
    """Return how many runs diverged and failed, if any did."""
    found = []
    for end in FAULTS:
        count = sum(run["end"] == end for run in runs)
        if count == len(runs):
            found.append(f"all {count} runs {end}" if count > 1 else f"the run {end}")
        elif count:
            found.append(f"{count} of {len(runs)} runs {end}")
    return "; ".join(found)


def _beside_contour(data: SweepData, view: SweepView) -> str:
    """Return the value of the contour's formula at the cursor; empty if no contour is drawn."""
    contour = data.outline.contour
    if contour is None or contour_of(data, view, view.place) is None:
        return ""
    base, exponent = (float(data.axes[key].values[view.place[key]]) for key in (contour.base, contour.exponent))
    try:
        value = base**exponent
    except OverflowError:
        value = float("inf")
    return f"{contour_text(data).partition(' = ')[0]} = {value:.2g}".replace("e-", "e−")


def run_sentence(data: SweepData, run: Row, lane: int) -> str:
    """Return how a run ended, and the numbers of a lane."""
    parts = []
    for measure in MEASURES:
        value = measure.value(run, lane)
        if value is None or not isfinite(value):
            continue
        if measure.share:
            parts.append("solved" if value else "not solved")
        else:
            parts.append(f"{measure.title} {measure.say(value)}")
    name = data.outline.lanes[lane] if len(data.outline.lanes) > 1 and run["lanes"] else ""
    how = ENDED[str(run["end"])].format(int(run["step"]))
    why = f": {run['error']}" if run["error"] else ""
    numbers = f"; {name}: {', '.join(parts)}" if name and parts else f"; {', '.join(parts)}" if parts else ""
    return f"{data.run_name(run)}: {how}{why}{numbers}."


def progress_text(data: SweepData, left: float | None = None, idle: float | None = None) -> str:
    """Return ``412 of 560 runs, 3 diverged, about 4 min left``.

    Args:
        left: seconds until the last run, if they can be estimated.
        idle: seconds without a new run, if they are many.
    """
    done = len(data.runs)
    if done >= data.total:
        said = f"all {counted(done, 'run')}" if done > 1 else counted(done, "run")
    else:
        said = f"{done:,} of {counted(data.total, 'run')}"
    parts = [said]
    parts += [f"{data.diverged:,} diverged"] if data.diverged else []
    parts += [f"{data.failed:,} failed"] if data.failed else []
    if done < data.total:
        if idle is not None:
            parts.append(f"no new run for {duration(idle)}")
        elif left is not None:
            parts.append(f"about {duration(left)} left")
    return ", ".join(parts)
