"""Curves over the lag: where dots are, the axes, marks and names."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.widget_hosts import on_paper
from textual.geometry import Size

from rnn_tui.ui.widgets.lag_chart import MARGIN, LagChart, LagCurve, LagMark, ValueAxis, axis_labels, on_columns

UNIT = ValueAxis(0.0, 1.0, [(0.0, "0"), (0.5, ".5"), (1.0, "1")])


def sheet(*curves, size=(45, 10), axis=UNIT, marks=()):
    """The texts of a chart's lines."""
    paper = on_paper(LagChart)()
    type(paper).size = Size(*size)
    paper.show([LagCurve(np.asarray(values, float), "#ffffff", tag=tag) for values, tag in curves], axis, marks)
    return [line.text for line in paper.drawing()]


def rows_of(lines, column):
    """The rows with something of a curve in a column of the drawing."""
    return [y for y, line in enumerate(lines[:-1]) if 0x2800 < ord(line[MARGIN + column]) < 0x2900]


def test_a_rectangle_is_at_the_top_for_its_lags_and_at_the_bottom_after_them():
    lines = sheet(([1, 1, 1, 0, 0, 0, 0, 0], ""))
    assert rows_of(lines, 2) == [0]
    assert rows_of(lines, 38) == [8]
    assert [lines[y][: MARGIN - 1].strip() for y in (0, 4, 8)] == ["1", ".5", "0"]
    assert lines[-1].split() == ["0", "2", "4", "6", "lag"]


def test_a_label_of_the_value_axis_is_never_cut():
    lines = sheet(([0, -5, -10], ""), axis=ValueAxis(-12.0, 0.0, [(0.0, "1"), (-12.0, "1e−12")]))
    assert [lines[y].split("┤")[0].strip() for y in (0, 8)] == ["1", "1e−12"]
    assert {line.index("│") for line in lines[1:8]} == {lines[0].index("┤")}


def test_names_are_beside_the_ends_of_their_curves():
    lines = sheet(([1, 1, 1, 1], "RNN"), ([1, 0, 0, 0], "FNN"))
    assert lines[0].endswith("RNN")
    assert lines[-2].endswith("FNN")


def test_a_mark_is_a_vertical_line_with_its_name_where_nothing_is_drawn():
    lines = sheet(([0] * 10, ""), marks=[LagMark(4, "task: 4", "#888888")])
    column = lines[3].index("┊")
    assert all(line[column] == "┊" for line in lines[:-2])
    assert lines[0][column + 1 :].startswith("task: 4")
    assert "┊" not in "".join(sheet(([0] * 10, ""), marks=[LagMark(10, "beyond", "#888888")]))


def test_the_name_of_a_mark_covers_the_line_of_another_one_whole():
    lines = sheet(([0] * 10, ""), marks=[LagMark(1, "cut every 2", "#888888"), LagMark(2, "asked", "#888888")])
    assert "┊cut every 2" in lines[0]
    assert "┊   ┊asked" in lines[1]


def test_a_missing_value_leaves_a_gap_and_a_chart_without_room_is_empty():
    lines = sheet(([1, 1, np.nan, np.nan, 1, 1], ""))
    assert rows_of(lines, 20) == []
    assert sheet(([1, 0], ""), size=(10, 9)) == []
    assert sheet(([1, 0], ""), size=(40, 2)) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=300), st.integers(8, 120))
def test_every_column_has_a_curve_and_every_value_is_between_its_neighbors(values, columns):
    low, high = on_columns(np.array(values), len(values), columns)
    assert len(low) == len(high) == columns
    assert (low <= high).all()
    assert low.min() >= min(values) - 1e-12
    assert high.max() <= max(values) + 1e-12
    assert high.max() == pytest.approx(max(values)), "the greatest value is drawn"
    assert low.min() == pytest.approx(min(values)), "the least value is drawn"


@given(st.integers(1, 500), st.integers(8, 150))
def test_the_labels_have_the_width_of_the_chart_and_end_with_the_word(lags, columns):
    text = axis_labels(lags, columns)
    assert len(text) == columns
    assert text.endswith("lag")
    assert all(int(label) < lags for label in text.split()[:-1])


def test_a_mark_whose_name_has_no_room_is_known():
    curve = LagCurve(np.linspace(1, 0, 12), "#ffffff")
    for name, unnamed in (("lag", []), ("a name as long as the chart", ["a name as long as the chart"])):
        paper = on_paper(LagChart)()
        paper.size = Size(30, 8)
        paper.show([curve], UNIT, [LagMark(3, name, "#ffffff")])
        assert [mark.name for mark in paper.unnamed] == unnamed
