import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.widget_hosts import hosted, on_paper
from textual.geometry import Size

from rnn_tui.ui.widgets.scrubber import Scrubber
from rnn_tui.ui.widgets.step_axis import MARGIN, StepAxis, StepChosen

Sheet = on_paper(Scrubber)
GUTTER = MARGIN + 1


def drawn(step, reach, last=None, width=GUTTER + 50, **more):
    bar = Sheet()
    bar.size = Size(width, 1)
    bar.show(step, StepAxis.all_of(reach, last or max(10, reach)), **more)
    return bar


def line(bar):
    return bar.lines[0][GUTTER:]


def test_what_is_past_where_one_is_and_what_lies_ahead_are_told_apart():
    assert line(drawn(50, 100)) == "━" * 25 + "●" + "─" * 24


def test_a_run_shorter_than_the_axis_ends_before_it():
    assert line(drawn(10, 25, 100)).rstrip() == "━" * 5 + "●" + "─" * 7


def test_edits_and_keyframes_and_the_goal_are_marked():
    text = line(drawn(80, 100, edits=[40], keyframes=np.array([0, 20, 60]), goal=90))
    assert {place: text[place] for place in (10, 20, 30, 40, 45)} == {10: "┴", 20: "◆", 30: "┴", 40: "●", 45: "○"}
    assert text[0] == "━"  # step 0 needs no mark


def test_keyframes_too_many_to_be_told_apart_are_left_out():
    assert "┴" not in line(drawn(80, 100, keyframes=np.arange(0, 100, 3)))


def test_the_keys_are_said_in_the_margin():
    assert drawn(1, 2).lines[0][:GUTTER].strip() == "[ ]"


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 500), st.integers(1, 130))
def test_it_is_as_wide_as_its_room_and_every_column_is_a_step_of_the_run(step, reach, more, width):
    step = min(step, reach)
    bar = drawn(step, reach, max(10, reach + more), width=width, edits=[reach // 2], keyframes=np.array([0, reach]))
    assert bar.strips[0].cell_length == width
    steps = [bar.step_at(x) for x in range(-2, width + 3)]
    assert steps == sorted(steps)
    assert set(steps) <= set(range(reach + 1))


@given(st.integers(1, 3000))
def test_pointing_at_a_column_leads_to_a_step_that_is_drawn_there(reach):
    for column in range(0, 50, 7):
        bar = drawn(0, reach, max(10, reach))
        step = bar.step_at(GUTTER + column)
        there = drawn(step, reach, max(10, reach))
        width = max(1, 50 / max(10, reach))  # of a step
        assert abs(line(there).index("●") - min(column, reach * 50 // max(10, reach))) <= width / 2 + 1


@pytest.mark.parametrize("way", ["click", "drag"])
async def test_clicking_and_dragging_ask_for_steps(way):
    bar = Scrubber()
    async with hosted(bar, size=(GUTTER + 50, 3)) as (app, pilot):
        bar.show(0, StepAxis.all_of(100, 100))
        await pilot.mouse_down(bar, offset=(GUTTER + 10, 0))
        if way == "drag":
            await pilot.hover(bar, offset=(GUTTER + 20, 0))
            await pilot.hover(bar, offset=(GUTTER + 49, 0))
        await pilot.mouse_up(bar, offset=(GUTTER + (49 if way == "drag" else 10), 0))
        await pilot.hover(bar, offset=(GUTTER + 5, 0))  # no longer held
        assert [message.step for message in app.said(StepChosen)] == ([20] if way == "click" else [20, 40, 100])


def test_of_a_part_only_what_lies_there_is_drawn_and_an_end_says_where_one_is():
    def part(step, **more):
        bar = Sheet()
        bar.size = Size(GUTTER + 50, 1)
        bar.show(step, StepAxis(100, 200, 400, 400), **more)
        return line(bar)

    assert part(150) == "━" * 25 + "●" + "─" * 24
    assert part(50) == "◂" + "─" * 49
    assert part(300) == "━" * 49 + "▸"
    assert part(300, edits=[50, 120, 300], keyframes=np.array([0, 160, 380]), goal=390) == (
        "━" * 10 + "◆" + "━" * 19 + "┴" + "━" * 18 + "▸"
    )
