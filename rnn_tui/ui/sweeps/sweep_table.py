"""Tables of a sweep, by points or by runs, sorted by any column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, isfinite, isnan, nan
from typing import Any

from rich.cells import cell_len

from rnn_tui.experiments.jobs import SEED, Row
from rnn_tui.ui.sweeps.key_axis import LANES, is_number, value_text
from rnn_tui.ui.sweeps.measures import DIVERGED, FAILED, FAULTS, Measure, Summary, number_text
from rnn_tui.ui.sweeps.sweep_data import SweepData
from rnn_tui.ui.sweeps.sweep_view import POINTS, SweepView

SHORT = {"share of runs that solved the task": "solved"}  # titles of columns


@dataclass(frozen=True)
class Column:
    """A column: its title, the texts of its cells, and numbers or words by which the rows are sorted."""

    title: str
    texts: Sequence[str]
    ranks: Sequence[Any]
    right: bool = True

    @cached_property
    def width(self) -> int:
        """Columns of the widest cell, and of the title with the sign of the sort order."""
        return max(1 + cell_len(self.title), *map(cell_len, self.texts)) if self.texts else 1 + cell_len(self.title)


@dataclass(frozen=True)
class SweepTable:
    """A table; ``places`` and ``runs`` say what each row is: a point, and in a table of runs also a run."""

    columns: Sequence[Column]
    places: Sequence[Mapping[str, int]]
    runs: Sequence[Row] = ()

    @property
    def titles(self) -> list[str]:
        """The titles, which name the sort keys."""
        return [column.title for column in self.columns]

    def ordered(self, title: str, falling: bool) -> list[int]:
        """Return the rows in the order of a column; those without a value are last."""
        column = next((column for column in self.columns if column.title == title), None)
        rows = list(range(len(self.places)))
        if column is None:
            return rows
        lacking = {row for row in rows if isinstance(rank := column.ranks[row], float) and isnan(rank)}
        known = [row for row in rows if row not in lacking]
        return [*sorted(known, key=column.ranks.__getitem__, reverse=falling), *sorted(lacking)]

    def cursor(self, view: SweepView, order: Sequence[int]) -> int:
        """Return the position of the cursor among the ordered rows."""
        for position, row in enumerate(order):
            if self.runs:
                if self.runs[row]["index"] == view.run:
                    return position
            elif all(view.place[key] == place for key, place in self.places[row].items()):
                return position
        return 0

    def moved(self, view: SweepView, by: int) -> SweepView:
        """Return the view with the cursor in another row; 0: in a row of the table, if it is elsewhere."""
        order = self.ordered(view.sort, view.falling)
        if not order:
            return view
        row = order[max(0, min(len(order) - 1, self.cursor(view, order) + by))]
        run = self.runs[row]["index"] if self.runs else view.run
        return replace(view.to(self.places[row]), run=run)


def settled(data: SweepData, view: SweepView, table: SweepTable | None) -> SweepView:
    """Return the view with the cursor in a row of the table, or without a grid, at one of the points."""
    if table is not None:
        return table.moved(view, 0)
    if data.scattered and data.runs and not data.at(view.place):
        return view.to(data.place_of(data.runs[0]))
    return view


def table_of(data: SweepData, view: SweepView) -> SweepTable:
    """Return the table of a view: of points or of runs, with the results of the lane under the cursor."""
    return _points(data, view.lane) if view.drawing == POINTS else _runs(data, view.lane)


def _points(data: SweepData, lane: int) -> SweepTable:
    places = [dict(zip(data.keys, place, strict=True)) for place in data.places]
    columns = _key_columns(data, places)
    for measure in data.measures:
        found = [data.summary(measure, {**place, LANES: lane}) for place in places]
        medians = [summary.median for summary in found]
        texts = [_solved_text(summary) if measure.share else number_text(measure, summary.median) for summary in found]
        columns.append(Column(SHORT.get(measure.title, measure.title), texts, medians))
        if measure.name == "loss" and any(summary.known > 1 for summary in found):
            columns.append(Column("quartiles", [_quartiles(measure, s) for s in found], [_width(s) for s in found]))
    counts = [len(data.at(place)) for place in places]
    columns.append(Column("runs", list(map(str, counts)), counts))
    for end in FAULTS:
        ended = [sum(run["end"] == end for run in data.at(place)) for place in places]
        if any(ended):
            columns.append(Column(end, [str(count) if count else "–" for count in ended], ended))
    return SweepTable(columns, places)


def _solved_text(summary: Summary) -> str:
    known = summary.known
    return f"{round(summary.median * known)} of {known}" if isfinite(summary.median) else f"0 of {known}"


def _quartiles(measure: Measure, summary: Summary) -> str:
    if not isfinite(summary.median):
        return "–"
    return f"{number_text(measure, summary.low)} to {number_text(measure, summary.high)}"


def _width(summary: Summary) -> float:
    return summary.high - summary.low if isfinite(summary.median) else nan


def _runs(data: SweepData, lane: int) -> SweepTable:
    runs = sorted(data.runs, key=lambda run: int(run["index"]))
    places = [data.place_of(run) for run in runs]
    columns = _key_columns(data, places)
    seeds = [run["point"].get(SEED, 0) for run in runs]
    if len(set(seeds)) > 1:
        columns.append(Column("seed", list(map(value_text, seeds)), seeds))
    for measure in data.measures:
        values = [nan if (value := measure.value(run, lane)) is None else value for run in runs]
        text = _yes if measure.share else _texts(measure)
        columns.append(Column(SHORT.get(measure.title, measure.title), [text(value) for value in values], values))
    ends = [ENDS[str(run["end"])] for run in runs]
    columns.append(Column("end", ends, ends, right=False))
    steps = [int(run["step"]) for run in runs]
    columns.append(Column("step", [f"{step:,}" for step in steps], steps))
    return SweepTable(columns, places, runs)


ENDS = {  # of a run, in a word
    "steps": "last step", "solved": "solved", "patience": "patience", DIVERGED: "diverged", FAILED: "failed",
}  # fmt: skip


def _yes(value: float) -> str:
    return "–" if isnan(value) else "yes" if value else "no"


def _texts(measure: Measure) -> Callable[[float], str]:
    return lambda value: "∞" if value == inf else number_text(measure, value)


def _key_columns(data: SweepData, places: Sequence[Mapping[str, int]]) -> list[Column]:
    found = []
    for key in data.keys:
        axis = data.axes[key]
        ranks = [place[key] for place in places]
        texts = [axis.labels[rank] for rank in ranks]
        found.append(Column(axis.name, texts, ranks, right=all(map(is_number, axis.values))))
    return found
