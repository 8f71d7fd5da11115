"""The whole drawing of a sweep: one map or chart or several small ones, with the axes above and a legend below."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from rnn_tui.ui.render.character_grid import CharacterGrid
from rnn_tui.ui.sweeps.curve_drawing import draw_curves
from rnn_tui.ui.sweeps.key_axis import LANES
from rnn_tui.ui.sweeps.look import Look, ValueScale, cut
from rnn_tui.ui.sweeps.map_drawing import SweepMap, draw_map, map_layout
from rnn_tui.ui.sweeps.sweep_data import SweepData
from rnn_tui.ui.sweeps.sweep_legend import draw_legend
from rnn_tui.ui.sweeps.sweep_parts import Part, parts_of, scale_of
from rnn_tui.ui.sweeps.sweep_table import SweepTable, settled, table_of
from rnn_tui.ui.sweeps.sweep_view import CURVES, MAP, TABLES, SweepView
from rnn_tui.ui.sweeps.table_drawing import draw_table
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
    scale = scale_of(view, parts)
    body, hidden = _arranged(parts, view, look, scale, rows - 2, columns)
    grid.write(0, 0, cut(BETWEEN.join(filter(None, [_axes(data, view), hidden])), columns), look.palette.muted)
    grid.put(body, 1, 0)
    draw_legend(grid, rows - 1, data, view, look, scale, parts)
    return grid


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
