"""The whole drawing of a sweep: one map or chart or several small ones, with the axes above and a legend below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, nan
from statistics import median

import numpy as np
from rich.cells import cell_len

from rnn_tui.engine.parameters import Array
from rnn_tui.experiments.jobs import Row
from rnn_tui.ui.render.braille_plot import MARKS
from rnn_tui.ui.render.character_grid import CharacterGrid
from rnn_tui.ui.sweeps.curve_drawing import CurveChart, SweepCurve, draw_curves
from rnn_tui.ui.sweeps.key_axis import LANES, value_text
from rnn_tui.ui.sweeps.look import BAR, Look, ValueScale, cut, number_texts
from rnn_tui.ui.sweeps.map_drawing import Formula, SweepMap, draw_map, map_layout
from rnn_tui.ui.sweeps.measures import LOSS, Summary
from rnn_tui.ui.sweeps.scatter import cell_summaries
from rnn_tui.ui.sweeps.sweep_data import SweepData
from rnn_tui.ui.sweeps.sweep_view import CURVES, MAP, TABLES, SweepView
from rnn_tui.ui.sweeps.table_drawing import SweepTable, draw_table, settled, table_of
from rnn_tui.ui.widgets.text_widgets import BETWEEN

GAP = 2  # columns between two small drawings
LEAST_MAP, LEAST_CHART = (5, 12), (6, 24)  # rows and columns of a small drawing


def heading(data: SweepData, view: SweepView) -> str:
    """Return what is drawn: ``held-out loss of RNN, median over 8 seeds``."""
    if view.drawing in TABLES:
        rows = f"{len(data.places):,} points" if view.drawing == "points" else f"{len(data.runs):,} runs"
        return rows + (f", results of {data.outline.lanes[view.lane]}" if len(data.outline.lanes) > 1 else "")
    shown = LANES in view.free or view.drawing == CURVES or len(data.outline.lanes) == 1
    lane = "" if shown else f" of {data.outline.lanes[view.lane]}"
    over = "" if data.seeds == 1 or view.shown.share else f", median over {data.seeds} seeds"
    if data.scattered:
        over = ", median of the runs in each cell" if view.drawing == MAP else ", a dot for each point"
    return f"{view.shown.title}{lane}{over}"


def draw_sweep(
    data: SweepData, view: SweepView, look: Look, rows: int, columns: int, pointed: bool = True,
    table: SweepTable | None = None,
) -> CharacterGrid:  # fmt: skip
    """Return the drawing of a view, in so many rows and columns.

    Args:
        pointed: with the cursor.
        table: that of the view, if it is known.
    """
    grid = CharacterGrid(rows, columns)
    if not data.runs:
        lines = ["No results yet.", f"0 of {data.total:,} runs have finished; results appear here."]
        for y, line in enumerate(lines):
            grid.write(
                rows // 2 - 1 + y, max(0, (columns - cell_len(line)) // 2), cut(line, columns), look.palette.text
            )
        return grid
    if view.drawing in TABLES:
        table = table or table_of(data, view)
        return draw_table(table, settled(data, view, table), look, rows, columns)
    parts = parts_of(data, view, pointed)
    scale = scale_of(data, view, parts)
    body, hidden = _arranged(parts, view, look, scale, rows - 2, columns)
    grid.write(0, 0, cut(BETWEEN.join(filter(None, [_axes(data, view), hidden])), columns), look.palette.muted)
    grid.put(body, 1, 0)
    _legend(grid, rows - 1, data, view, look, scale, parts)
    return grid


# The parts.

Part = SweepMap | CurveChart


def parts_of(data: SweepData, view: SweepView, pointed: bool = True) -> list[Part]:
    """Return the maps or charts of a view: one, or one for each value of the key by which it is split."""
    if not view.split:
        return [_part(data, view, view.place, "", pointed)]
    axis = data.axes[view.split]
    return [
        _part(data, view, {**view.place, view.split: place}, f"{axis.name} {label}" if axis.numeric else label,
              pointed and place == view.place[view.split])
        for place, label in enumerate(axis.labels)
    ]  # fmt: skip


def _part(data: SweepData, view: SweepView, place: Mapping[str, int], title: str, here: bool) -> Part:
    across, down = view.axis(data, view.across), view.axis(data, view.down)
    if view.drawing == CURVES:
        lanes = [place.get(LANES, 0)] if view.split == LANES else range(len(data.outline.lanes))
        curves = [_curve(data, view, {**place, LANES: lane}, lane) for lane in lanes]
        return CurveChart(across, curves, view.place[view.across] if here else None, title, not data.scattered)
    if data.scattered:
        return _scattered(data, view, place, title, here)
    cells = [
        [data.summary(view.shown, {**place, view.across: x, **({view.down: y} if view.down else {})})
         for x in range(len(across))]
        for y in range(len(down))
    ]  # fmt: skip
    cursor = (view.place.get(view.down, 0), view.place[view.across]) if here else None
    return SweepMap(across, down, cells, cursor, title, contour_of(data, view, place))


def _scattered(data: SweepData, view: SweepView, place: Mapping[str, int], title: str, here: bool) -> SweepMap:
    """Return the map of a sweep without a grid: each cell has all runs whose values are in it."""
    lane = place.get(LANES, 0)
    columns, rows, cells = cell_summaries(data, view.shown, view.across, view.down, lane)
    down = rows.axis if rows else view.axis(data, "")
    x = columns.places[view.place[view.across]]
    y = rows.places[view.place[view.down]] if rows else 0
    return SweepMap(columns.axis, down, cells, (y, x) if here else None, title, contour_of(data, view, place))


def _curve(data: SweepData, view: SweepView, place: Mapping[str, int], lane: int) -> SweepCurve:
    if data.scattered:
        groups = data.by_value(view.across)
    else:
        groups = [data.at({**place, view.across: x}) for x in range(len(data.axes[view.across]))]
    floors = [_floor(runs, lane) for runs in groups] if view.shown is LOSS else []
    return SweepCurve(data.outline.lanes[lane], lane, [view.shown.summary(runs, lane) for runs in groups], floors)


def _floor(runs: Sequence[Row], lane: int) -> float:
    """Return the median of the lane's floor over some runs; NaN if it is unknown."""
    lanes = [run["lanes"][lane] for run in runs if lane < len(run["lanes"])]
    found = [each["floor"] for each in lanes if each.get("floor") is not None]
    return float(median(found)) if found else nan


def contour_of(data: SweepData, view: SweepView, place: Mapping[str, int]) -> Formula | None:
    """Return the plan's formula as a function of the values across and down; None if the map has none of its keys."""
    contour = data.outline.contour
    if contour is None or view.drawing != MAP or not {contour.base, contour.exponent} & {view.across, view.down}:
        return None
    if not all(key in data.axes and data.axes[key].numeric for key in (contour.base, contour.exponent)):
        return None

    def formula(across: Array, down: Array) -> Array:
        given = {view.across: across, view.down: down}
        base, exponent = (
            given.get(key, np.array(float(data.axes[key].values[place[key]])))
            for key in (contour.base, contour.exponent)
        )
        return np.asarray(exponent * np.log(base) - np.log(contour.level) + 0 * (across + down))

    return formula


def contour_text(data: SweepData) -> str:
    """Return the formula of the contour in words: ``gain^delay = 1e−5``."""
    contour = data.outline.contour
    if contour is None:
        return ""
    base, exponent = (data.axes[key].name if key in data.axes else key for key in (contour.base, contour.exponent))
    return f"{base}^{exponent} = {value_text(contour.level)}"


def summaries_of(parts: Sequence[Part]) -> list[Summary]:
    """Return all summaries of the parts."""
    return [
        summary
        for part in parts
        for row in (part.cells if isinstance(part, SweepMap) else [curve.values for curve in part.curves])
        for summary in row
    ]


def scale_of(data: SweepData, view: SweepView, parts: Sequence[Part]) -> ValueScale:  # noqa: ARG001
    """Return the scale that the parts share."""
    return ValueScale.of(view.shown, summaries_of(parts), view.log, quartiles=view.drawing == CURVES)


# The arrangement of small multiples.


@dataclass(frozen=True)
class Arrangement:
    """``across`` × ``down`` drawings of ``columns`` and ``rows``, without the gaps."""

    across: int
    down: int
    rows: int
    columns: int


def arrangement(count: int, rows: int, columns: int, least: tuple[int, int], wide: float) -> Arrangement:
    """Return the arrangement in which the smaller side of a drawing is largest, with as many drawings as fit.

    ``wide``: columns that count as much as a row.
    """
    found = []
    for across in range(1, count + 1):
        down = -(-count // across)
        each = (columns - GAP * (across - 1)) // across
        while down > 1 and rows // down < least[0]:
            down -= 1
        if each >= least[1] or across == 1:
            found.append(
                (
                    min(across * down, count),
                    min(each / wide, rows // down),
                    Arrangement(across, down, rows // down, each),
                )
            )
    return max(found, key=lambda each: each[:2])[2]


def _arranged(parts: Sequence[Part], view: SweepView, look: Look, scale: ValueScale, rows: int,
              columns: int) -> tuple[CharacterGrid, str]:  # fmt: skip
    """Return the drawings side by side, and which of them are visible if not all are."""
    grid = CharacterGrid(rows, columns)
    first_part = parts[0]
    if isinstance(first_part, SweepMap):
        wide = 2.5 * len(first_part.across) / max(1, len(first_part.down))
        chosen = arrangement(len(parts), rows, columns, LEAST_MAP, min(8.0, max(1.0, wide)))
    else:
        chosen = arrangement(len(parts), rows, columns, LEAST_CHART, 3.5)
    room = chosen.across * chosen.down
    here = next((i for i, part in enumerate(parts) if part.cursor is not None), 0)
    first = max(0, min(here - room // 2, len(parts) - room))
    notes = [f"{first + 1}–{first + room} of {len(parts)} drawings"] if room < len(parts) else []
    for i, part in enumerate(parts[first : first + room]):
        row, column = i // chosen.across * chosen.rows, i % chosen.across * (chosen.columns + GAP)
        if isinstance(part, SweepMap):
            drawn = draw_map(part, view.shown, scale, look, chosen.rows, chosen.columns)
            if part.cursor is not None:
                notes += _hidden(part, look, chosen)
        else:
            drawn = draw_curves(part, view.shown, scale, look, chosen.rows, chosen.columns)
        grid.put(drawn, row, column)
    return grid, BETWEEN.join(notes)


def _hidden(part: SweepMap, look: Look, chosen: Arrangement) -> list[str]:
    """Return which values are visible, for each axis of which not all are."""
    x, y, _ = map_layout(part.across, part.down, chosen.rows, chosen.columns, part.cursor or (0, 0),
                         not look.canvas.glyphs, bool(part.title))  # fmt: skip
    return [
        f"{axis.name} {axis.labels[fit.first]} to {axis.labels[fit.first + fit.count - 1]}, {fit.count} of {len(axis)}"
        for axis, fit in ((part.across, x), (part.down, y)) if fit.count < len(axis)
    ]  # fmt: skip


# What is written around them.


def _axes(data: SweepData, view: SweepView) -> str:
    """Return the names of the axes, the key of the small multiples, and the values of all other keys."""
    across = data.axes[view.across]
    names = []
    if view.drawing == MAP and view.down:
        down = data.axes[view.down]
        names.append(f"{'↑' if down.numeric else '↓'} {down.title}")
    names.append(f"→ {across.title}")
    if view.split:
        names.append(f"one for each {data.axes[view.split].name}")
    fixed = [
        f"{data.axes[key].name} {data.axes[key].labels[view.place[key]]}" for key in view.fixed(data) if key != LANES
    ]
    others = [data.axes[key].name for key in data.keys if key not in view.free] if data.scattered else []
    names += [f"all values of {', '.join(others)}"] if others else []
    return BETWEEN.join([*names, *([f"at {', '.join(fixed)}"] if fixed else [])])


def _legend(grid: CharacterGrid, row: int, data: SweepData, view: SweepView, look: Look, scale: ValueScale,
            parts: Sequence[Part]) -> None:  # fmt: skip
    """Write what the colors and signs mean, or why no value is drawn."""
    if not any(isfinite(summary.median) for summary in summaries_of(parts)):
        grid.write(row, 0, cut(_nothing(data, view), grid.columns), look.palette.text)
        return
    if view.drawing == MAP:
        x, notes = _map_legend(grid, row, view, look, scale), _map_notes(data, parts)
    else:
        x, notes = _curve_legend(grid, row, data, look, parts), _curve_notes(data, view, parts)
    if said := cut(BETWEEN.join(notes), grid.columns - x - len(BETWEEN)):
        grid.write(row, x, f"{BETWEEN}{said}", look.palette.muted)


def _map_legend(grid: CharacterGrid, row: int, view: SweepView, look: Look, scale: ValueScale) -> int:
    """Draw the scale of the colors; return the column after it."""
    low, high = (number_texts(view.shown, end)[0] for end in (scale.low, scale.high))
    x = grid.write(row, 0, f"{low} ", look.palette.muted)
    for i in range(BAR):
        ground = look.ground(i / (BAR - 1))
        x = grid.write(row, x, " " if ground else look.glyph(i / (BAR - 1)), look.palette.text, ground)
    return grid.write(row, x, f" {high}{' (log)' if scale.log else ''}", look.palette.muted)


def _curve_legend(grid: CharacterGrid, row: int, data: SweepData, look: Look, parts: Sequence[Part]) -> int:
    """Write the names of the lanes in their colors; return the column after them."""
    lanes = dict.fromkeys(curve.lane for part in parts if isinstance(part, CurveChart) for curve in part.curves)
    x = 0
    for lane in lanes:
        sign = MARKS[lane % len(MARKS)] if look.canvas.marked else "━"
        x = grid.write(row, x + (2 if x else 0), f"{sign} {data.outline.lanes[lane]}", look.palette.lane(lane))
    return x


def _map_notes(data: SweepData, parts: Sequence[Part]) -> list[str]:
    """Return what the line and the signs in a map mean, those that are there."""
    found = summaries_of(parts)
    notes = []
    if any(isinstance(part, SweepMap) and part.contour for part in parts):
        notes.append(f"dotted line: {contour_text(data)}")
    if any(not summary.runs for summary in found):
        notes.append("a dot: no run yet" if len(data.runs) < data.total else "a dot: no run")
    return [*notes, *_diverged_note(found)]


def _curve_notes(data: SweepData, view: SweepView, parts: Sequence[Part]) -> list[str]:
    """Return what the bands, the dots and the signs in a chart mean, those that are there."""
    curves = [curve for part in parts if isinstance(part, CurveChart) for curve in part.curves]
    notes = []
    if data.seeds > 1 and not view.shown.share and not data.scattered:
        notes.append("band: quartiles")
    if not data.scattered and any(isfinite(value) for curve in curves for value in curve.floors):
        notes.append("dots: lowest possible loss")
    if view.log:
        notes.append("log axis")
    return [*notes, *_diverged_note(summaries_of(parts))]


def _diverged_note(found: Sequence[Summary]) -> list[str]:
    return ["div. or ✗: all runs diverged"] if any(summary.median == inf for summary in found) else []


def _nothing(data: SweepData, view: SweepView) -> str:
    """Return why no value is drawn."""
    if data.diverged == len(data.runs):
        return "All runs so far have diverged; try a lower learning rate or clip_norm."
    if data.failed == len(data.runs):
        return f"All runs so far have failed: {data.runs[0]['error']}"
    return f"No run has a value here: {view.shown.title}."
