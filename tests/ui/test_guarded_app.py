"""Bursts of keys, odd sizes, and an exception that nobody expected."""

import pytest
from support.lab_driver import lab
from support.textual_private import survived_error
from support.waiting import wait_until
from textual.command import CommandPalette
from textual.events import MouseDown, Paste, Resize
from textual.geometry import Offset, Size
from textual.widgets import Input, OptionList, Static
from ui.test_key_storm import SECONDS, key

from rnn_tui.ui import guarded_app
from rnn_tui.ui.dialogs.base import TextDialog
from rnn_tui.ui.dialogs.preset_picker import PresetPicker
from rnn_tui.ui.input import delivery

SMALL = (80, 24)  # where nothing is looked at that needs more room


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """However busy the machine is."""
    monkeypatch.setattr(delivery, "PATIENCE", SECONDS)


async def burst(it, *keys):
    """All of them at once, then what they lead to."""
    for name in keys:
        it.app.terminal_events.offer(name if isinstance(name, Paste) else key(name))
    await wait_until(lambda: it.app.terminal_events.idle, SECONDS)


async def test_keys_in_one_burst_reach_the_dialog_that_the_first_opens() -> None:
    async with lab(size=SMALL, drawn_at_once=True) as it:
        await burst(it, "p", *"xor", "enter")
        await wait_until(lambda: it.view.name == "xor")
        await burst(it, "t", "ctrl+u", *"12", "enter", "right")
        await it.step_is(12)
        assert it.view.t == 1
        await burst(it, "t", *"123", "ctrl+u", *"45", "left", "6")
        assert isinstance(it.app.screen, TextDialog)
        assert it.app.screen.query_one(Input).value == "465"
        await burst(it, "escape")
        await burst(it, "o", *"no-such", Paste("-file"))
        assert it.app.screen.query_one("#path", Input).value == "no-such-file"
        await burst(it, "escape", "d", "c", "escape", "z")
        assert it.app.screen is it.app.lab
        assert it.app.delivery.overdue == 0


async def test_the_help_panel_in_a_dialog_leaves_the_dialog_as_it_is() -> None:
    async with lab(size=SMALL, drawn_at_once=True) as it:
        for opening in ("p", "question_mark"):  # a list, and a text
            await burst(it, opening, "ctrl+p", *"keys", "enter")
            await burst(it, "e", "shift+down", "pagedown", "ctrl+down", "left")
            while it.app.screen is not it.app.lab:
                await burst(it, "escape")


async def test_the_palette_is_opened_and_left_at_any_speed() -> None:
    async with lab(size=SMALL, drawn_at_once=True) as it:
        for keys in (
            ["ctrl+p", *"theme", "enter", "enter"],
            ["ctrl+p", "s", "pageup", "pagedown", "enter", "enter"],
            [
                "ctrl+p",
                "ctrl+p",
                "escape",
                "ctrl+p",
                "escape",
                "escape",
                "ctrl+p",
                *"theme",
                "enter",
                "ctrl+p",
                "escape",
            ],
        ):
            await burst(it, *keys)
            assert sum(isinstance(screen, CommandPalette) for screen in it.app.screen_stack) <= 1
            while it.app.screen is not it.app.lab:
                await burst(it, "escape")
            assert it.app.bugs.text == ""


async def test_pages_of_a_list_that_is_not_laid_out_are_not_turned() -> None:
    async with lab(size=SMALL, drawn_at_once=True) as it:
        await burst(it, "p")
        assert isinstance(it.app.screen, PresetPicker)
        choices = it.app.screen.query_one(OptionList)
        await wait_until(lambda: choices.option_count)
        choices.display = False
        await it.pilot.pause()
        choices.action_page_down()
        choices.action_page_up()


async def test_neither_a_click_on_a_widget_that_is_removed_but_still_drawn_nor_an_impossible_size_does_harm(
    monkeypatch,
) -> None:
    async with lab(size=SMALL, drawn_at_once=True) as it:
        removed = Static("gone"), Offset(0, 0)
        monkeypatch.setattr(it.app.lab, "get_widget_and_offset_at", lambda *_: removed)
        it.app.terminal_events.offer(MouseDown(None, 3, 0, 0, 0, 1, False, False, False))
        await wait_until(lambda: it.app.terminal_events.idle, SECONDS)
        monkeypatch.undo()
        assert it.app.bugs.text == ""
        for size, drawn in (((5000, 5000), guarded_app.LARGEST), ((0, 0), (1, 1)), ((10**30, -4), (500, 1))):
            it.app.terminal_events.offer(Resize(Size(*size), Size(*size)))
            await wait_until(lambda drawn=drawn: it.app.lab.size == drawn)
        it.app.terminal_events.offer(Resize(Size(*SMALL), Size(*SMALL)))
        await it.shows("q Quit")


def broken():
    return 1 / 0


async def test_an_exception_in_a_handler_is_told_and_the_lab_continues() -> None:
    async with lab(size=SMALL, drawn_at_once=True) as it:
        it.app.lab.action_lane = broken
        await burst(it, "l", "right")
        assert it.view.t == 1
        assert "a bug in rnn-tui (ZeroDivisionError" in it.notices()
        assert "return 1 / 0" in it.app.bugs.text
        await burst(it, "space")
        await wait_until(lambda: it.view.playing)
        assert isinstance(survived_error(it.app), ZeroDivisionError)  # so that no test passes where one was caught


async def test_exceptions_without_end_end_the_lab() -> None:
    async with lab(size=SMALL, drawn_at_once=True) as it:
        it.app.lab.action_lane = broken
        await burst(it, *"lllll")
        assert it.app.return_code != 1
        it.app.terminal_events.offer(key("l"))
        await wait_until(lambda: it.app.return_code == 1, SECONDS)
        assert it.app.bugs.text.count("return 1 / 0") == 1  # the same one
        assert isinstance(survived_error(it.app), ZeroDivisionError)
