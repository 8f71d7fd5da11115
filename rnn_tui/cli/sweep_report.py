"""The report of ``rnn-tui sweep``: the names of points, one line for a run, and the table over seeds."""

import json
from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from rnn_tui.errors import escaped, shortened
from rnn_tui.number_format import counted, report_number

if TYPE_CHECKING:
    from rnn_tui.experiments.jobs import Point, Row
    from rnn_tui.experiments.sweep_plan import SweepPlan
    from rnn_tui.experiments.sweep_results import LaneSummary, Quartiles
    from rnn_tui.experiments.sweep_tally import SweepTally

MOST_LISTED = 40  # points in the table at the end
WIDEST_VALUE = 24  # characters
GAP = "  "  # between columns
DROPPED_FIRST = ("quartiles", "runs", "steps to solve")  # columns, on a narrow terminal


def short_keys(keys: Sequence[str]) -> dict[str, str]:
    """Return a short name for each key: its last word, if that is unique."""
    last = [key.rpartition(".")[2] for key in keys]
    return {key: word if last.count(word) == 1 else key for key, word in zip(keys, last, strict=True)}


def value_said(value: Any) -> str:
    """Return a value of a key as text."""
    if isinstance(value, str):
        return escaped(shortened(value, WIDEST_VALUE))
    return f"{value:g}" if isinstance(value, float) else shortened(json.dumps(value), WIDEST_VALUE)


def point_said(point: "Point", keys: Sequence[str]) -> str:
    """Return the values of a point as text: ``hidden_size 4, seed 3``."""
    named = short_keys([*keys, "training.seed"])
    return ", ".join(f"{named[key]} {value_said(point[key])}" for key in named if key in point)


def run_said(row: "Row", keys: Sequence[str]) -> str:
    """Return the result of a run in one line."""
    point = point_said(row["point"], keys)
    if row["end"] == "failed":
        return f"{point}: failed: {escaped(row['error'])}"
    lanes = "; ".join(_lane_said(lane) for lane in row["lanes"])
    end = {"diverged": f"; diverged at step {row['step']:,}", "patience": f"; no longer better at step {row['step']:,}"}
    return f"{point}: {lanes}{end.get(row['end'], '')}"


def _lane_said(lane: "Row") -> str:
    at = lane["solved_at"]
    solved = f", solved at step {at:,}" if lane["solved"] and at is not None else ""
    return f"{escaped(lane['name'])} {report_number(lane['loss'])}{solved}"


def ends_said(tally: "SweepTally") -> str:
    """Return how many runs diverged or failed; empty if none did."""
    said = [f"{tally.ends[end]:,} {end}" for end in ("diverged", "failed") if tally.ends[end]]
    return ", ".join(said)


def listed(tally: "SweepTally", most: int) -> tuple[list[int], str]:
    """Return the points to list, by number, and a sentence about the others; empty if all are listed.

    If there are more than ``most`` with results, those with the lowest median loss of a lane are listed.
    """
    there = tally.started
    if len(there) <= most:
        return there, ""
    return tally.best(most), f"the {most} points with the lowest loss, of {len(there):,}"


def header(plan: "SweepPlan") -> list[str]:
    """Return the columns of the table."""
    return [*short_keys(plan.keys).values(), "runs", "lane", "loss", "quartiles", "solved", "steps to solve"]


def table_rows(plan: "SweepPlan", tally: "SweepTally", points: Sequence[int]) -> list[list[str]]:
    """Return one row for each point and lane; the values of a point are in its first row only."""
    rows = []
    for point in points:
        values = [value_said(tally.points[point].get(key)) for key in plan.keys]
        runs = f"{tally.done_at(point)} of {plan.sweep.seeds}"
        for number, lane in enumerate(tally.lanes(point) or [None]):
            head = [*values, runs] if number == 0 else [""] * (len(values) + 1)
            rows.append([*head, *(_cells(lane) if lane else ["–"] * 5)])
    return rows


def _cells(lane: "LaneSummary") -> list[str]:
    loss, runs = lane.loss, lane.runs
    quartiles = f"{report_number(loss.low)} to {report_number(loss.high)}" if loss and runs > 1 else "–"
    if loss and not isfinite(loss.low):  # both are not
        quartiles = "–"
    solved = "–" if lane.solved is None else f"{lane.solved} of {runs}"
    return [
        escaped(lane.name),
        report_number(loss.median if loss else None),
        quartiles,
        solved,
        _steps(lane.steps_to_solve),
    ]


def _steps(quartiles: "Quartiles | None") -> str:
    return f"{quartiles.median:,.0f}" if quartiles is not None and isfinite(quartiles.median) else "–"


def fitted(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Return the rows of a table, the header first, without columns for which ``width`` is too small."""
    fitting = [list(row) for row in rows]
    for name in DROPPED_FIRST:
        if name in fitting[0] and sum(_widths(fitting)) + len(GAP) * (len(fitting[0]) - 1) > width:
            at = fitting[0].index(name)
            fitting = [row[:at] + row[at + 1 :] for row in fitting]
    return fitting


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of texts as lines with aligned columns."""
    widths = _widths(rows)
    lines = (GAP.join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def summary(plan: "SweepPlan", tally: "SweepTally", width: int) -> str:
    """Return the report at the end: a table with the medians and quartiles over seeds of each point.

    ``width``: in characters; columns for which there is no room are left out.
    """
    points, said = listed(tally, MOST_LISTED)
    table = aligned(fitted([header(plan), *table_rows(plan, tally, points)], width))
    faults = ends_said(tally)
    head = (
        f"{escaped(plan.name)}: {counted(tally.done, 'run')} of {tally.run_count:,}{f' ({faults})' if faults else ''}"
    )
    return "\n".join([head, *([f"{said}:"] if said else []), table])
