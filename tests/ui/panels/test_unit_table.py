"""The table of hidden units: its order, its lines, and which of them are visible."""

from dataclasses import replace

import pytest
from support.widget_hosts import view_of

from rnn_tui.session.diagnosis import UnitRow, UnitTable, unit_table
from rnn_tui.ui.panels.diagnoses import Diagnoses, Finding
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
    view = replace(view, diagnoses=Diagnoses().having(UNITS, 0, Finding(UNITS, net, 3, 0, table)))
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


def test_each_line_says_what_a_unit_carries_and_the_loss_without_it():
    heading, *lines = [line.plain for line in table_lines(TABLE, 0, range(3), palette(True))]
    assert heading.split("  ")[0].strip() == "unit"
    assert [line.split() for line in lines] == [
        ["u2", "x", "3", "steps", "ago", "0.93", "40%", "0.6900"],
        ["▸u0", "x_t", "0.50", "–", "0.2000"],
        ["u3", "x", "1", "step", "ago", "0.25", "0%", "0.1500"],
    ]
    assert len({len(line) for line in (heading, *lines)}) == 1, "columns are aligned"
