"""Which part of a run is shown, and pointing at it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.textual_private import turn_wheel
from support.widget_hosts import hosted
from textual.events import MouseScrollDown, MouseScrollLeft, MouseScrollRight, MouseScrollUp

from rnn_tui.ui.widgets.loss_chart import Curve, LossChart
from rnn_tui.ui.widgets.scrubber import Scrubber
from rnn_tui.ui.widgets.step_axis import LEAST, MARGIN, StepAxis, StepChosen, StepsFramed

GUTTER = MARGIN + 1


@st.composite
def axes(draw):
    whole = draw(st.integers(LEAST, 2_000_000))
    width = draw(st.integers(LEAST, whole))
    first = draw(st.integers(0, whole - width))
    return StepAxis(first, first + width, draw(st.integers(0, whole)), whole)


shares = st.floats(0, 1)
columns = st.integers(1, 200)


def sound(axis):
    return 0 <= axis.first < axis.last <= axis.whole and axis.width >= min(LEAST, axis.whole)


@given(axes(), st.sampled_from([0.5, 0.75, 4 / 3, 2]), shares)
def test_zooming_shows_fewer_or_more_steps_of_the_run(axis, factor, share):
    other = axis.zoomed(factor, share)
    assert sound(other)
    if factor < 1:
        assert other.width < axis.width or axis.width == LEAST
        assert other.first >= axis.first
        assert other.last <= axis.last
    else:
        assert other.width > axis.width or not axis.partial


@given(axes(), st.sampled_from([0.5, 0.75]), columns, st.data())
def test_what_is_under_the_pointer_stays_there(axis, factor, count, data):
    column = data.draw(st.integers(0, count - 1))
    other = axis.zoomed(factor, (column + 0.5) / count)
    before = axis.first + (column + 0.5) / count * axis.width
    after = other.first + (column + 0.5) / count * other.width
    assert abs(before - after) <= 1


@given(axes(), shares)
def test_zooming_out_ends_with_everything(axis, share):
    for _ in range(60):
        axis = axis.zoomed(4 / 3, share)
    assert (axis.first, axis.last) == (0, axis.whole)
    assert not axis.partial
    assert axis.zoomed(2, share) == axis


@given(axes(), st.integers(-(10**7), 10**7))
def test_moving_keeps_the_width_and_stays_in_the_run(axis, by):
    other = axis.moved(by)
    assert sound(other)
    assert other.width == axis.width
    assert other.first == max(0, min(axis.whole - axis.width, axis.first + by))


@given(axes(), st.data())
def test_where_one_is_stays_in_sight_if_it_was(axis, data):
    before, step = (data.draw(st.integers(0, axis.whole)) for _ in range(2))
    other = axis.following(before, step)
    assert other.width == axis.width
    if axis.first <= before <= axis.last:
        assert other.first <= step <= other.last
    else:
        assert other == axis


@given(axes(), st.integers(LEAST, 2_000_000), st.data())
def test_of_a_run_that_has_changed_the_same_part_is_shown_as_far_as_there_is_one(axis, whole, data):
    reach = data.draw(st.integers(0, whole))
    other = axis.of(reach, whole)
    assert sound(other)
    assert (other.reach, other.whole) == (reach, whole)
    if axis.partial and axis.last <= whole and axis.width < whole:
        assert (other.first, other.last) == (axis.first, axis.last)
    if not axis.partial:
        assert not other.partial


@given(axes(), columns)
def test_pointing_at_a_column_leads_to_a_step_that_is_drawn_there(axis, count):
    steps = [axis.step_at(column, count) for column in range(count)]
    assert steps == sorted(steps)
    for column, step in enumerate(steps):
        assert 0 <= step <= axis.reach
        if step < axis.reach and axis.width >= count:
            assert axis.place(step, count) == column


@given(axes(), columns)
def test_steps_on_the_axis_have_a_column_and_others_have_none(axis, count):
    assert axis.place(axis.first, count) == 0 or axis.width < count
    assert axis.place(axis.last, count) == count - 1
    assert 0 <= axis.place((axis.first + axis.last) // 2, count) < count
    assert axis.place(axis.first - 1, count) < 0
    assert axis.place(axis.last + axis.width, count) >= count


@pytest.mark.parametrize("kind", [LossChart, Scrubber])
async def test_both_ask_for_steps_and_for_other_parts(kind):
    widget = kind()
    axis = StepAxis(100, 200, 400, 400)
    async with hosted(widget, size=(GUTTER + 50, 10)) as (app, pilot):
        if kind is LossChart:
            widget.show([Curve(np.ones(400), 400, "#00ffff")], True, (), axis)
        else:
            widget.show(150, axis)
        await pilot.click(widget, offset=(GUTTER + 10, 0))
        assert [message.step for message in app.said(StepChosen)] == [120]

        async def turn(event, x, shift=False):
            await turn_wheel(pilot, event, widget, GUTTER + x, 0, shift)
            framed = app.said(StepsFramed)[-1].axis
            return framed.first, framed.last

        assert await turn(MouseScrollUp, 0) == (100, 175)
        assert await turn(MouseScrollUp, 49) == (125, 200)
        assert await turn(MouseScrollDown, 49) == (66, 200)
        assert await turn(MouseScrollUp, 20, shift=True) == (88, 188)
        assert await turn(MouseScrollDown, 20, shift=True) == (112, 212)
        assert await turn(MouseScrollLeft, 20) == (88, 188)
        assert await turn(MouseScrollRight, 20) == (112, 212)


async def test_where_everything_is_shown_there_is_nothing_to_zoom_out_to():
    bar = Scrubber()
    async with hosted(bar, size=(GUTTER + 50, 3)) as (app, pilot):
        bar.show(0, StepAxis.all_of(10, 10))
        for event in (MouseScrollUp, MouseScrollDown, MouseScrollRight):
            await turn_wheel(pilot, event, bar, GUTTER + 5, 0)
        assert app.said(StepsFramed) == []
