"""Lists and texts, gone through with Textual's keys and with those that settings add."""

import pytest
from support.widget_hosts import Host
from textual.widgets import Static

from rnn_tui.presets.store import find, load
from rnn_tui.ui.app import LabApp
from rnn_tui.ui.config import Config
from rnn_tui.ui.dialogs.export import ExportDialog
from rnn_tui.ui.input.bindings import MOVE_KEYS, moving, vim_keys
from rnn_tui.ui.input.keymap import Keymap, keymap_of
from rnn_tui.ui.lab.active_settings import ActiveSettings
from rnn_tui.ui.widgets.option_list import ChoiceList, TextPane


@pytest.mark.parametrize(("vim", "down", "up"), [(False, "down", "up"), (True, "down", "up"), (True, "j", "k")])
async def test_a_list_goes_up_and_down(vim, down, up):
    app, exporting, answers = Host(), ExportDialog(keys=Keymap(vim_keys() if vim else {})), []
    async with app.run_test() as pilot:
        app.set_keymap(vim_keys() if vim else {})
        app.push_screen(exporting, answers.append)
        await pilot.pause()
        await pilot.press(down, down, up, "enter")
        assert answers == ["command"]  # no panel is active


async def test_without_vim_letters_do_nothing_in_a_list():
    app = Host(ChoiceList("one", "two"))
    async with app.run_test() as pilot:
        await pilot.press("down", "j", "k", "h", "l")
        assert app.query_one(ChoiceList).highlighted == 1


@pytest.mark.parametrize(("vim", "down", "up"), [(False, "down", "up"), (True, "down", "up"), (True, "j", "k")])
async def test_a_text_is_scrolled(vim, down, up):
    app = Host(TextPane(Static("\n".join(map(str, range(200))))))
    async with app.run_test(size=(40, 10)) as pilot:
        app.animation_level = "none"
        app.set_keymap(vim_keys() if vim else {})
        text = app.query_one(TextPane)
        text.focus()
        await pilot.press(down, down, up)
        assert text.scroll_offset.y == 1
        for key, y in (("pagedown", 11), ("pageup", 1), ("end", 190), ("home", 0)):
            await pilot.press(key)
            assert text.scroll_offset.y == y


def test_a_widget_may_call_the_moves_by_other_names():
    moves = moving(cursor_up="scroll_up")
    assert moves[0].action == "scroll_up"
    assert [(move.id, move.key) for move in moves] == [(move.id, move.key) for move in MOVE_KEYS]
    assert moves[1:] == MOVE_KEYS[1:]


async def test_the_settings_reach_dialogs_in_the_lab():
    keys, said = keymap_of(Config(keys={"words.close": "x", "words.later": "n", "help.close": "f9"}))
    assert not said
    app = LabApp(load(find("echo")), settings=ActiveSettings(keys=keys))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("d", "n", "escape")
        assert app.screen is not app.lab
        assert app.lab.view.t == 1
        assert "←n t" in str(app.screen.query_one(TextPane).border_subtitle)
        await pilot.press("x", "question_mark", "escape")
        assert app.screen is not app.lab
        assert "f9 close" in str(app.screen.query_one(".help").border_subtitle)
        await pilot.press("f9")
        assert app.screen is app.lab
