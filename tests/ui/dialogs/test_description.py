"""The lab in words."""

from support.lab_driver import lab
from support.waiting import wait_until

from rnn_tui.presets.store import find, load
from rnn_tui.session.description import Cursor, as_lines, describe
from rnn_tui.session.frame import Demand
from rnn_tui.ui.dialogs.description import DescriptionDialog
from rnn_tui.ui.lab.screen import LabScreen
from rnn_tui.ui.panels.comparison_summary import verdict


def words(it):
    return [line for title, said in it.app.screen.paragraphs for line in (title, *said)]


async def test_d_says_what_is_seen_and_closes() -> None:
    async with lab(size=(80, 50)) as it:
        await it.press("S", "right", "right")
        await it.step_is(10)
        await it.press("d")
        assert isinstance(it.app.screen, DescriptionDialog)
        described = describe(it.view.frame, Cursor(0, 2), summary=verdict(it.view.frame))
        assert words(it) == [line.strip() for line in as_lines(described)]
        await it.shows("Step 10", "Hidden state h of RNN at t = 2", "its floor (0.6931)")
        for key in ("d", "escape", "q", "enter"):
            await it.press(key)
            assert isinstance(it.app.screen, LabScreen)
            await it.press("d")


async def test_the_cursor_moves_under_it_in_the_lab_too() -> None:
    async with lab(load(find("cells")), (80, 50)) as it:
        await it.press("d", "right", "right", "l", "l", "g")
        await it.shows("Cell state c of LSTM at t = 2")
        await it.press("left")
        await it.shows("Cell state c of LSTM at t = 1")
        assert (it.view.t, it.view.lane, it.view.state) == (1, 2, "c")


async def test_what_is_read_stays_while_training_goes_on() -> None:
    async with lab(size=(80, 24)) as it:
        await it.press("space")
        await wait_until(lambda: it.view.frame.step > 2)
        await it.press("d")
        (title, *before) = words(it)
        step = it.app.screen.frame.step
        await wait_until(lambda: it.view.frame.step > step + 3)
        assert words(it) == [title, *before]


async def test_it_waits_for_a_frame_with_scores_where_no_panel_needs_them() -> None:
    async with lab(size=(60, 18)) as it:
        await it.press("v", "space")
        await wait_until(lambda: it.view.playing and Demand.SCORE not in it.view.frame.demands)
        await it.press("d")
        await wait_until(lambda: isinstance(it.app.screen, DescriptionDialog))
        assert it.app.screen.frame.step > 0
        assert "Loss on held-out sequences" in " ".join(words(it))
        await it.press("escape")
        await wait_until(lambda: Demand.SCORE not in it.view.frame.demands)


async def test_it_scrolls_on_a_small_screen_and_c_copies_it() -> None:
    async with lab(size=(60, 18)) as it:
        await it.press("d")
        await it.shows("Step 0", "esc: close")
        await it.press("end")
        await it.shows("Hidden state h of RNN at t = 0")
        await it.press("c")
        summary = it.view.keys.say(verdict(it.view.frame))
        assert it.app.clipboard == "\n".join(as_lines(describe(it.view.frame, Cursor(), summary=summary)))
