"""Slow motion as a user walks through it: every key, at two sizes, and what it leaves behind."""

import pytest
from support.lab_driver import Lab, lab, preset
from support.waiting import wait_until
from support.widget_hosts import WILD

from rnn_tui.ui.lab.screen import LabScreen
from rnn_tui.ui.slow_motion.screen import SlowMotionScreen
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.widgets.heatmap import HeatMap
from rnn_tui.ui.widgets.time_axis import GUTTER

SMALL = (80, 24)  # where nothing is looked at that needs more room
SHORT = {"training": {"sequence_length": 6, "batch_size": 2}}


async def opened(it: Lab, *keys: str) -> SlowMotionScreen:
    await it.press(*keys, "u")
    await it.shows("1 forward", "t = 0 of")
    screen = it.app.screen
    assert isinstance(screen, SlowMotionScreen)
    return screen


def bits(it: Lab) -> list[bytes]:
    return [timeline.state.parameters.flat.tobytes() for timeline in it.app.training.session.histories.timelines]


@pytest.mark.parametrize("size", [(120, 36), (60, 18)])
async def test_one_walks_through_five_phases_and_back(size: tuple[int, int]) -> None:
    async with lab(preset(**SHORT), size=size) as it:
        screen = await opened(it)
        await it.shows("Left to right", "h_t = f(W_hh h_(t-1)", "u0: h_t = tanh(", "▸u0")
        await it.press("right", "right", "down")
        await it.shows("t = 2 of 0…5", "u1: h_t = tanh(", "▸u1")
        await it.press("pagedown")
        await it.shows("∂L/∂y_t = (p − target) / N", "l(5) = −ln", "▸∂y0")
        await it.press("right")
        await it.shows("(BPTT)", "t = 5 of 0…5", "u1: ∂L/∂h_t = ", "‖∂L/∂h", "▸u1")
        await it.press("a")
        await it.shows("The answer at T = 5 alone", "u1: ∂L_T/∂h_t = ")
        await it.press("a")
        await it.press("right", "left", "tab")
        await it.shows("‖g‖ = √(", "the clip", "W_hy", "‖∂L/∂θ‖")
        await it.press("end")
        await it.shows("enter apply", "W_hh[u1,u1] ← ", "‖Δθ‖")
        await it.press("shift+tab", "pageup", "left", "home")
        await it.shows("t = 0 of 0…5")
        assert screen.cursor.place == 0
        assert "t = 0:" in it.screen_text()


async def test_enter_makes_the_update_that_was_shown_and_says_so() -> None:
    async with lab(preset(**SHORT), SMALL) as it:
        screen = await opened(it, "s")
        await it.press("enter")  # not yet: that is for the last phase
        assert it.app.screen is screen
        assert screen.trace is not None
        shown = {name: values.tobytes() for name, values in screen.trace.after.items()}
        await it.press("end", "enter")
        await it.step_is(2)
        await wait_until(lambda: "applied: step 2" in it.notices())
        assert isinstance(it.app.screen, LabScreen)
        made = {name: values.tobytes() for name, values in it.view.frame.lanes[0].weights.items()}
        assert made == shown


async def test_leaving_leaves_everything_as_it_was_and_what_has_changed_meanwhile_is_not_applied() -> None:
    async with lab(preset(**SHORT), SMALL) as it:
        await it.press("s")
        await it.step_is(1)
        before = bits(it)
        for key in ("escape", "q", "u"):
            await opened(it)
            await it.press("end", key)
            assert isinstance(it.app.screen, LabScreen)
            assert bits(it) == before
            assert it.view.frame.step == it.view.frame.last_step == 1
        await opened(it)
        it.app.lab.action_step(1)  # as the command palette can
        await it.press("end", "enter")
        await wait_until(lambda: "the update was not applied" in it.notices())
        assert it.view.frame.step == 2


async def test_it_pauses_what_plays() -> None:
    async with lab(preset(training={"speed": 20, "steps": 0}), SMALL) as it:
        await it.press("space")
        await wait_until(lambda: it.view.frame.step > 2)
        await opened(it)
        await wait_until(lambda: not it.view.playing)
        step = it.app.training.session.step
        await it.shows(f"update {step} → {step + 1} of RNN")


async def test_it_begins_with_the_lane_and_unit_under_the_cursor_and_l_takes_the_next_lane_at_the_same_place() -> None:
    async with lab(preset(**SHORT)) as it:
        await opened(it, "l", "down", "down")
        await it.shows("of FNN(1)", "u2: h_t = tanh(")
        await it.press("pagedown", "right", "right", "l")
        await it.shows("of RNN · t = 4 of 0…5")
        await it.press("l")
        await it.shows("of FNN(1) · t = 4 of 0…5", "does not travel")


async def test_an_update_that_diverges_is_told_and_cannot_be_applied() -> None:
    lanes = [{"kind": "rnn", "activation": "identity", "gain": 3.0}]
    async with lab(preset(task={"kind": "wave"}, training=WILD, lanes=lanes)) as it:
        await it.press("S", "S")
        await wait_until(lambda: "diverged" in it.notices())
        screen = await opened(it)
        await it.press("end")
        await it.shows("this update cannot be made", "NaN")
        assert "enter apply" not in it.screen_text()
        await it.press("enter")
        assert it.app.screen is screen


async def test_space_plays_up_to_the_last_phase_or_until_it_or_an_arrow_is_pressed() -> None:
    async with lab(preset(**SHORT), SMALL) as it:
        screen = await opened(it)
        await it.shows("space play")
        await it.press("space")
        await it.shows("space pause")
        await wait_until(lambda: screen.cursor.place > 0)
        await it.press("right")
        await it.shows("space play")
        await it.press("end", "left", "space")
        await it.shows("enter apply")
        assert "space" not in it.screen_text().splitlines()[-1]


async def test_a_click_goes_to_a_time_step_and_its_unit_and_a_larger_screen_goes_on_after_one_too_small() -> None:
    async with lab(preset(**SHORT)) as it:
        await opened(it)
        heat = it.app.screen.query_one(HeatMap)
        await it.pilot.click(heat, offset=(GUTTER + heat.axis.width * 4, 1 + 2 * heat.units.height))
        await it.shows("t = 4 of 0…5", "▸u2")
        await it.pilot.resize_terminal(20, 5)
        await it.shows("needs")
        await it.press("right", "end", "home", "right")
        await it.pilot.resize_terminal(80, 24)
        await it.shows("t = 1 of 0…5", "esc cancel")


async def test_long_sequences_and_many_units_show_a_window_around_the_cursor() -> None:
    large = preset(
        training={"sequence_length": 500, "batch_size": 1}, lanes=[{"kind": "rnn", "hidden_size": 200}]
    )  # fmt: skip
    async with lab(large, size=(80, 24)) as it:
        await opened(it)
        await it.press("up", "pagedown", "pagedown")
        await it.shows("t = 499 of 0…499", "▸u199", "u199: ∂L/∂h_t")


async def test_a_future_that_was_cut_off_is_asked_about_before_the_update_is_made() -> None:
    async with lab(preset(**SHORT)) as it:
        await it.press("S", "r")
        await it.step_is(0)
        it.app.training.channel.send(Command(lambda thread: thread.session.change({"training.learning_rate": 0.5})))
        await opened(it)
        await it.press("end", "enter")
        await it.shows("Keep the")
        assert it.view.frame.step == 0
        await it.press("c")
        await it.step_is(1)
