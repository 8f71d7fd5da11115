"""Curves over the time steps: where dots are, what the axis reaches to, and the cursor."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import fewer_examples
from support.widget_hosts import hosted, on_paper
from textual.geometry import Size

from rnn_tui.ui.widgets.series_plot import Series, SeriesPlot, extremes, strokes
from rnn_tui.ui.widgets.time_axis import GUTTER
from rnn_tui.ui.widgets.tracks import TimeClicked

BITS = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]


def sheet(*series, size=(50, 9), cursor=0, mark=-1):
    """The lines of a chart."""
    paper = on_paper(SeriesPlot)()
    type(paper).size = Size(*size)
    paper.show([Series(np.asarray(values, float), color) for values, color in series], cursor, mark, "{:.2f}".format)
    return paper.drawing()


def dots(lines):
    """(rows, columns) booleans of the braille dots."""
    rows = []
    for line in lines[1:]:
        codes = [ord(c) - 0x2800 if 0x2800 <= ord(c) < 0x2900 else 0 for c in line.text[GUTTER:]]
        rows += [[bool(code & bit) for code in codes for bit in row] for row in BITS]
    return np.array(rows)


def test_a_line_goes_from_the_least_at_the_bottom_left_to_the_greatest_at_the_top_right():
    lines = sheet((range(10), "#ffffff"))
    found = dots(lines)
    heights = [np.flatnonzero(column).mean() for column in found.T if column.any()]
    assert heights == sorted(heights, reverse=True)
    assert found[-1, :8].any()
    assert found[0, 72:80].any()
    assert [lines[1].text[:GUTTER].strip(), lines[-1].text[:GUTTER].strip()] == ["9.00", "0.00"]


@fewer_examples
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=30), st.integers(1, 8))
def test_a_stroke_passes_through_every_value_at_the_middle_of_its_time_step(values, width):
    low, high = strokes(np.array(values), 2 * width)
    assert len(low) == len(high) == 2 * width * len(values)
    assert (low <= high).all()
    for t, value in enumerate(values):
        middle = 2 * width * t + width
        assert low[middle] - 1e-9 <= value <= high[middle] + 1e-9
    assert low.min() >= min(values) - 1e-9
    assert high.max() <= max(values) + 1e-9


def test_nothing_is_drawn_where_a_value_is_missing():
    found = dots(sheet(([0, 1, np.nan, np.nan, np.nan, 1, 0], "#ffffff"), size=(17, 9)))
    per_step = found.reshape(len(found), 7, 2).any(axis=(0, 2))
    assert per_step.tolist() == [True, True, False, False, False, True, True]


def test_the_axis_is_that_of_the_truth_and_a_forecast_far_outside_does_not_flatten_it():
    truth, near, far = Series(np.array([0.0, 1.0]), ""), Series(np.array([1.2, 0.5]), ""), Series(np.full(2, 1e9), "")
    assert extremes([truth]) == pytest.approx((0, 1))
    assert extremes([truth, near]) == pytest.approx((0, 1.2))
    assert extremes([truth, far]) == pytest.approx((0, 1.25))
    assert extremes([Series(np.full(2, np.nan), "")]) == (0.0, 1.0)
    low, high = extremes([Series(np.full(3, 2.0), "")])
    assert low <= 2.0 < high


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
def test_a_forecast_that_has_blown_up_leaves_the_truth_as_it_is(bad):
    truth = [0.0, 1.0, 0.5, 0.2]
    alone, beside = dots(sheet((truth, "#ffffff"))), dots(sheet((truth, "#ffffff"), ([bad] * 4, "#ff0000")))
    if abs(bad) > 1e200:
        assert beside.any()
    else:
        np.testing.assert_array_equal(alone, beside)


def test_later_series_are_drawn_over_earlier_ones_and_the_mark_where_nothing_is():
    lines = sheet(([0, 0, 1, 1], "#111111"), ([0, 0, 0, 0], "#222222"), mark=2, size=(26, 9))
    colors = {segment.style.color.name for line in lines[1:] for segment in line if segment.text.strip("┊ ")}
    assert {"#111111", "#222222"} <= colors
    column = GUTTER + 2 * 4
    assert any(line.text[column] == "┊" for line in lines[1:])
    assert all("┊" not in line.text[:column] + line.text[column + 1 :] for line in lines)


async def test_a_click_says_the_time_step():
    chart = SeriesPlot()
    async with hosted(chart, size=(60, 10)) as (app, pilot):
        chart.show([Series(np.arange(10.0), "#ffffff")], 0, -1, str)
        await pilot.click(chart, offset=(GUTTER + 5 * 3, 4))
        assert [message.t for message in app.said(TimeClicked)] == [3]
        await pilot.click(chart, offset=(2, 4))
        assert len(app.said(TimeClicked)) == 1


async def test_a_chart_without_room_is_blank():
    chart = SeriesPlot()
    async with hosted(chart, size=(20, 2)) as (app, pilot):
        chart.show([Series(np.arange(10.0), "#ffffff")], 0, -1, str)
        await pilot.pause()
        assert not "".join(app.shown).strip()


def test_a_value_between_two_that_are_missing_is_a_dot():
    values = [0, np.nan, 1, np.nan, 0, np.nan, 1]
    per_step = dots(sheet((values, "#ffffff"), size=(17, 9))).reshape(-1, 7, 2).any(axis=(0, 2))
    assert per_step.tolist() == [True, False] * 3 + [True]
