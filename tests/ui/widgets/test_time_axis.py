"""Where time steps fall on columns."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.ui.widgets.time_axis import DEFAULT_COLUMNS, Columns, TimeAxis


@st.composite
def axes(draw):
    """An axis, the columns it was made for, and its cursor."""
    length = draw(st.integers(1, 2000))
    columns = draw(st.integers(-10, 250))
    cursor = draw(st.integers(0, length - 1))
    return TimeAxis.fit(length, columns, cursor), max(1, columns), cursor


@given(axes())
def test_the_cursor_is_always_among_the_visible_steps(given_axis):
    axis, _, cursor = given_axis
    assert cursor in axis.steps


@given(axes())
def test_the_visible_steps_are_of_the_sequence_and_fit_into_the_columns(given_axis):
    axis, columns, _ = given_axis
    assert axis.steps.start >= 0
    assert axis.steps.stop <= axis.length
    assert len(axis.steps) * axis.width <= columns


@given(axes())
def test_steps_are_left_out_only_where_not_all_fit_and_no_column_is_wasted(given_axis):
    axis, columns, _ = given_axis
    if axis.length <= columns:
        assert len(axis.steps) == axis.length
        assert axis.width == DEFAULT_COLUMNS.most or axis.length * (axis.width + 1) > columns
    else:
        assert (len(axis.steps), axis.width) == (columns, 1)


@given(axes())
def test_a_column_leads_to_the_step_that_is_drawn_there(given_axis):
    axis, _, _ = given_axis
    drawn = [t for t in axis.steps for _ in range(axis.width)]
    for column, t in enumerate(drawn):
        assert axis.at(column) == t
    assert axis.at(-1) is None
    assert axis.at(len(drawn)) is None


@given(axes())
def test_the_ruler_is_as_long_as_the_steps_and_points_at_the_cursor(given_axis):
    axis, _, cursor = given_axis
    ruler = axis.ruler(cursor)
    assert len(ruler) == len(axis.steps) * axis.width
    assert [axis.at(column) for column, mark in enumerate(ruler) if mark == "▾"] == [cursor] * axis.width


def plain(ruler):
    """The ruler with blanks in place of the signs at its edges."""
    left = re.match(r"‹( t = \d+ is scored| [\d,]+( earlier)?(, [\d,]+ scored)?)?(?= |$|▾)", ruler)
    right = re.search(r"((t = \d+ is scored|[\d,]+( later)?(, [\d,]+ scored)?) )?›$", ruler)
    cells = list(ruler)
    for found in filter(None, (left, right)):
        cells[found.start() : found.end()] = " " * len(found[0])
    return "".join(cells)


@given(axes())
def test_every_number_on_the_ruler_stands_whole_at_its_own_step(given_axis):
    axis, _, cursor = given_axis
    for number in re.finditer(r"\d+", plain(axis.ruler(cursor))):
        assert axis.at(number.start()) == int(number[0])
        assert number.start() == (int(number[0]) - axis.first) * axis.width


@given(axes())
def test_steps_out_of_sight_are_counted_at_their_edge(given_axis):
    axis, columns, cursor = given_axis
    ruler = axis.ruler(cursor)
    if columns >= 60:
        before, after = axis.first, axis.length - axis.steps.stop
        assert ruler.startswith(f"‹ {before:,} earlier") == (before > 0)
        assert ruler.endswith(f"{after:,} later ›") == (after > 0)


@pytest.mark.parametrize(("scored", "cursor", "left", "right"), [
    ([99], 0, "▾ ", " t = 99 is scored ›"),
    ([0], 99, "‹ t = 0 is scored ", "▾"),
    (range(80, 100), 0, "▾ ", " 20 scored ›"),
    ([30, 99], 0, "▾ ", " 40 later ›"),  # one is visible
    ([], 50, "‹ 20 earlier ", " 20 later ›"),
])  # fmt: skip
def test_the_sign_tells_where_something_is_scored_if_nothing_visible_is(scored, cursor, left, right):
    ruler = TimeAxis.fit(100, 60, cursor).ruler(cursor, scored)
    assert ruler.startswith(left)
    assert ruler.endswith(right)
    assert scored != range(80, 100) or TimeAxis.fit(100, 72, 0).ruler(0, scored).endswith(" 28 later, 20 scored ›")


def test_columns_that_are_no_time_steps_are_called_more():
    assert TimeAxis.fit(100, 60, 0).ruler(0, ways=("more", "more")).endswith(" 40 more ›")


def test_without_room_for_words_a_sign_is_a_number_or_only_an_arrow():
    assert TimeAxis.fit(1000, 24, 500).ruler(500).split()[0] == "‹"
    assert TimeAxis.fit(1000, 24, 500).ruler(500).startswith("‹ 488 ")
    assert TimeAxis.fit(1000, 9, 500).ruler(500)[0] == "‹"
    assert TimeAxis.fit(1000, 9, 500).ruler(500)[-1] == "›"


def test_numbers_stand_on_the_ruler_every_five_or_ten_steps():
    assert re.findall(r"\d+", TimeAxis.fit(40, 40, 3).ruler(3)) == ["0", "10", "20", "30"]
    assert re.findall(r"\d+", TimeAxis.fit(20, 80, 3).ruler(3)) == ["0", "5", "10", "15"]


def test_a_cursor_outside_the_visible_steps_is_not_drawn():
    assert "▾" not in TimeAxis(100, 50, 10, 1).ruler(3)
    assert "▾" not in TimeAxis(100, 50, 10, 1).ruler(60)


@given(st.integers(2, 2000), st.integers(1, 250), st.data())
def test_one_step_of_the_cursor_moves_the_steps_by_one_at_most(length, columns, data):
    cursor = data.draw(st.integers(0, length - 2))
    before, after = TimeAxis.fit(length, columns, cursor), TimeAxis.fit(length, columns, cursor + 1)
    assert 0 <= after.first - before.first <= 1


def test_words_keep_their_width_and_those_around_the_cursor_are_shown():
    axis = TimeAxis.fit(40, 92, 20, Columns(8, 8))
    assert (axis.width, axis.count) == (8, 11)
    assert 20 in axis.steps
    assert TimeAxis.fit(5, 92, 0, Columns(8, 8)).width == 8
    assert TimeAxis.fit(40, 3, 20, Columns(8, 8)).count == 1
