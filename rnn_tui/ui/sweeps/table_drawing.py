"""The drawing of a table of a sweep: the rows around the cursor, and the columns that fit."""

from collections.abc import Sequence

from rich.cells import cell_len

from rnn_tui.ui.render.character_grid import CharacterGrid
from rnn_tui.ui.sweeps.look import Look, cut
from rnn_tui.ui.sweeps.measures import FAULTS
from rnn_tui.ui.sweeps.sweep_table import Column, SweepTable
from rnn_tui.ui.sweeps.sweep_view import SweepView

GAP = 2  # columns between two columns of the table


def draw_table(table: SweepTable, view: SweepView, look: Look, rows: int, columns: int) -> CharacterGrid:
    """Return the rows around the cursor, with a header; columns that do not fit are counted at its end."""
    grid, colors = CharacterGrid(rows, columns), look.palette
    order = table.ordered(view.sort, view.falling)
    here, room = table.cursor(view, order), max(1, rows - 1)
    first = max(0, min(here - room // 2, len(order) - room))
    shown = _fitting(table.columns, view.sort, columns)
    x = 2
    for column in shown:
        sign = ("▾" if view.falling else "▴") if column.title == view.sort else ""
        title = f"{column.title}{sign}"
        lead = max(0, column.width - cell_len(title)) if column.right else 0
        grid.write(0, x + lead, title, colors.text if sign else colors.muted)
        x += column.width + GAP
    hidden = len(table.columns) - len(shown)
    if hidden:
        sign = f"+{hidden}"
        grid.write(0, columns - cell_len(sign), sign, colors.muted)
    for y, position in enumerate(range(first, min(len(order), first + room)), 1):
        row, now = order[position], position == here
        ground = colors.cursor if now else ""
        if now:
            grid.write(y, 0, "▸" + " " * (columns - 1), colors.text, ground)
        x = 2
        for column in shown:
            text = cut(column.texts[row], columns - x)
            lead = column.width - cell_len(text) if column.right else 0
            wrong = text in FAULTS
            grid.write(y, x + max(0, lead), text, colors.wrong if wrong else colors.text, ground)
            x += column.width + GAP
    return grid


def _fitting(columns: Sequence[Column], sort: str, width: int) -> list[Column]:
    """Return the columns that fit, without the last ones; that by which the rows are sorted is always there."""
    shown = list(columns)
    while len(shown) > 1 and sum(column.width + GAP for column in shown) > width - 2:
        spare = [column for column in shown[1:] if column.title != sort] or shown[1:]
        shown.remove(spare[-1])
    return shown
