"""Where units are on the rows of a heat map, and what is said of those out of sight."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.ui.widgets.unit_axis import LABEL, UnitAxis, tallest


@st.composite
def axes(draw):
    """An axis, the rows it was made for, and its cursor."""
    units, rows = draw(st.integers(1, 1024)), draw(st.integers(-2, 60))
    cursor = draw(st.integers(0, units - 1))
    return UnitAxis.fit(units, rows, cursor, draw(st.integers(1, 8)), draw(st.booleans())), max(1, rows), cursor


@given(axes())
def test_the_cursor_is_visible_and_everything_fits(given_axis):
    axis, rows, cursor = given_axis
    assert cursor in axis.shown
    assert axis.shown.stop <= axis.units
    assert -(-axis.count // axis.per_row) * axis.height <= rows


@given(axes())
def test_a_row_leads_to_the_units_that_its_label_names(given_axis):
    axis, rows, _ = given_axis
    named = []
    for row in range(0, rows, axis.height):
        unit = axis.at(row)
        if unit is not None:
            label = axis.label(unit)
            assert len(label) <= LABEL
            first, _, last = label.removeprefix("u").partition("–")
            named += [int(first)] if not last else [int(first), int(first) + 1]
            assert int(first) == unit
            assert not last or str(unit + 1).endswith(last)
    assert named == list(axis.shown)
    assert axis.at(-1) is None


@pytest.mark.parametrize(("units", "rows", "cursor", "said"), [
    (8, 16, 0, "8 units"),
    (32, 16, 0, "32 units"),  # two in a row
    (64, 16, 0, "64 units, 32 shown ↓"),
    (64, 16, 63, "64 units, 32 shown ↑"),
    (1024, 16, 500, "1,024 units, 32 shown ↑↓"),
    (1, 5, 0, "1 unit"),
])  # fmt: skip
def test_units_out_of_sight_are_counted(units, rows, cursor, said):
    assert UnitAxis.fit(units, rows, cursor).counts == said


def test_without_half_blocks_each_unit_has_its_own_row():
    axis = UnitAxis.fit(32, 16, 0, halves=False)
    assert (axis.per_row, axis.counts) == (1, "32 units, 16 shown ↓")


def test_labels_name_both_units_of_a_row():
    assert UnitAxis.fit(40, 20, 0).label(8) == "u8–9"
    assert UnitAxis.fit(1024, 20, 1000).label(1000) == "u1000–1"
    assert UnitAxis.fit(11, 5, 10).label(10) == "u10"


def test_a_panel_alone_has_higher_cells_than_others_but_not_higher_than_wide():
    for columns in range(1, 17):
        assert tallest(columns) == min(3, columns)
        assert tallest(columns) <= tallest(columns, alone=True) <= max(3, columns)
    assert tallest(16, alone=True) == 8
