"""The table of hidden units: its order, which units are visible, and their lines."""

from dataclasses import replace

import pytest
from support.widget_hosts import view_of

from rnn_tui.session.diagnosis import UnitRow, UnitTable, unit_table
from rnn_tui.ui.panels.diagnoses import Diagnoses, DiagnosticResult
from rnn_tui.ui.panels.unit_table import UNITS, found_units, rows_in_sight, table_lines, units_in_order
from rnn_tui.ui.render.palette import palette

TABLE = UnitTable(
    0.1, (UnitRow(2, 3, 0.93, 0.4, 0.69), UnitRow(0, 0, 0.5, None, 0.2), UnitRow(3, 1, 0.25, 0.0, 0.15),
          UnitRow(1, 2, 0.1, 1.0, 0.1))
)  # fmt: skip


def test_units_are_in_the_order_of_the_table_while_it_is_shown():
    view = view_of("echo", 3)
    assert list(units_in_order(replace(view, unit_table=True))) == list(range(8)), "the table is not computed yet"
    net = view.shown.net
    table = unit_table(net)
    view = replace(view, diagnoses=Diagnoses().having(UNITS, 0, DiagnosticResult(UNITS, net, 3, 0, table)))
    assert found_units(view) is table
    assert list(units_in_order(view)) == list(range(8)), "the heat map is shown"
    order = units_in_order(replace(view, unit_table=True))
    worth = {row.unit: row.loss_without for row in table.rows}
    assert sorted(order) == list(range(8))
    assert [worth[unit] for unit in order] == sorted(worth.values(), reverse=True)
    assert found_units(replace(view, lane=1)) is None, "it is that of another lane"


@pytest.mark.parametrize(
    ("unit", "room", "visible"),
    [(2, 9, range(4)), (2, 2, range(2)), (3, 2, range(1, 3)), (1, 2, range(2, 4)), (1, 0, range(3, 4))],
)
def test_the_row_of_the_unit_under_the_cursor_is_always_visible(unit, room, visible):
    rows = rows_in_sight(TABLE, unit, room)
    assert rows == visible
    assert unit in [TABLE.rows[i].unit for i in rows]


@pytest.mark.parametrize("width", [80, 62, 50])
def test_each_unit_is_one_line_of_separate_columns(width):
    table = UnitTable(0.25, (UnitRow(127, 12, 0.5, 1.0, 0.25), UnitRow(0, 0, 1.0, None, 0.5)))
    heading, first, second = (line.plain for line in table_lines(table, 0, range(2), palette(True), width))
    assert max(map(len, (heading, first, second))) <= width
    assert heading.split()[0] == "unit"
    assert " ".join(first.split()) == "u127 x 12 steps ago 0.50 100% 0.2500"
    assert " ".join(second.split()) == "▸u0 x_t 1.00 – 0.5000"
