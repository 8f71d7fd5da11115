"""The table of hidden units, by importance: what each one carries, and the loss without it."""

from collections.abc import Sequence

from textual.content import Content

from rnn_tui.number_format import counted, loss_text, percent
from rnn_tui.session.diagnosis import UnitRow, UnitTable, unit_table
from rnn_tui.session.diagnosis_sentences import delay_line_text, units_sentences
from rnn_tui.ui.panels.diagnoses import Diagnostic, defined
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.widgets.text_widgets import shortened_to

UNITS = Diagnostic("units", lambda net, _: unit_table(net), units_sentences, shown_lane=True)
# Headings and their columns; negative: aligned to the left.
WIDE = (("unit", -6), ("explained best by", -22), ("R²", 6), ("saturated", 11), ("loss without it", 17))
WITH_DELAY_LINE = 5  # rows that leave room for it
NARROW = (("unit", -6), ("best input", -15), ("R²", 5), ("saturated", 10), ("loss without", 14))


def found_units(view: ViewState) -> UnitTable | None:
    """Return the table of the lane under the cursor; None before it is computed, and if it is undefined."""
    table: UnitTable | None = (
        defined(view.diagnoses.of(UNITS, view.lane, view.shown.net)) if view.shown.trained else None
    )
    return table


def units_in_order(view: ViewState) -> Sequence[int]:
    """Return the numbers of the units as they are shown: by importance in the table, otherwise by number."""
    table = found_units(view) if view.unit_table else None
    return range(len(view.units)) if table is None else [row.unit for row in table.rows]


def rows_in_sight(table: UnitTable, unit: int, room: int) -> range:
    """Return which rows of the table are visible if there is room for ``room``, with that of ``unit`` among them."""
    count = max(1, min(room, len(table.rows)))
    at = [row.unit for row in table.rows].index(unit)
    first = max(0, min(at - count // 2, len(table.rows) - count))
    return range(first, first + count)


def table_lines(table: UnitTable, unit: int, visible: range, palette: Palette, width: int) -> list[Content]:
    """Return a heading and a line of ``width`` columns for each visible unit, the line of ``unit`` marked."""
    columns = WIDE if sum(abs(each) for _, each in WIDE) <= width else NARROW
    sizes = [each for _, each in columns]
    lines = [Content.styled(_aligned([name for name, _ in columns], sizes), palette.muted)]
    for row in table.rows[visible.start : visible.stop]:
        ink = f"bold {palette.text} on {palette.cursor}" if row.unit == unit else palette.text
        lines.append(Content.styled(_aligned(_cells(row, row.unit == unit), sizes), ink))
    return lines


def delay_line(table: UnitTable, palette: Palette, width: int) -> list[Content]:
    """Return a line that says which unit follows which past input, with R²; none if the units follow only x_t."""
    said = delay_line_text(table)
    return [Content.styled(shortened_to(f" delay line, with R²: {said}", width), palette.text)] if said else []


def _cells(row: UnitRow, is_selected: bool) -> list[str]:
    best = "x_t" if row.lag == 0 else f"x {counted(row.lag, 'step')} ago"
    saturated = "–" if row.saturated is None else percent(row.saturated, 0)
    return [f"{'▸' if is_selected else ' '}u{row.unit}", best, f"{row.r2:.2f}", saturated, loss_text(row.loss_without)]


def _aligned(cells: Sequence[str], sizes: Sequence[int]) -> str:
    sized = zip(cells, sizes, strict=True)
    return "".join(cell.ljust(-width) if width < 0 else cell.rjust(width) for cell, width in sized)
