"""The table of hidden units: every unit keeps to one line, with separate columns."""

import pytest

from rnn_tui.session.diagnosis import UnitRow, UnitTable
from rnn_tui.ui.panels.unit_table import table_lines
from rnn_tui.ui.render.palette import palette

ROWS = (UnitRow(127, 12, 0.5, 1.0, 0.25), UnitRow(0, 0, 1.0, None, 0.5))


@pytest.mark.parametrize("width", [80, 62, 50])
def test_each_unit_is_one_line_of_separate_columns(width):
    table = UnitTable(0.25, ROWS)
    heading, first, second = (line.plain for line in table_lines(table, 0, range(2), palette(True), width))
    assert max(map(len, (heading, first, second))) <= width
    assert heading.split()[0] == "unit"
    assert " ".join(first.split()) == "u127 x 12 steps ago 0.50 100% 0.2500"
    assert " ".join(second.split()) == "▸u0 x_t 1.00 – 0.5000"
