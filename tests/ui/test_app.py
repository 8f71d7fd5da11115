"""The lab with a settings file: what is in force is what is shown; and what is typed reaches nobody else."""

from contextlib import asynccontextmanager

import pytest
from support.lab_driver import Lab
from support.textual_private import notifications_of
from support.waiting import wait_until
from support.widget_hosts import preset_of
from textual.widgets import Input

from rnn_tui.presets.store import PresetFile
from rnn_tui.ui.app import LabApp
from rnn_tui.ui.dialogs.help import HelpDialog
from rnn_tui.ui.lab.action_provider import ActionProvider
from rnn_tui.ui.lab.active_settings import load
from rnn_tui.ui.slow_motion.screen import SlowMotionScreen
from rnn_tui.ui.widgets.footer import Footer

PRESET = preset_of({"kind": "rnn"}, {"kind": "fnn"}, training={"sequence_length": 12})


@pytest.fixture
def lab(home):
    """The lab, with the settings file that is given."""

    @asynccontextmanager
    async def opened(text="", size=(80, 24)):
        if text:
            (home / "config.toml").write_text(text)
        app = LabApp(PresetFile("tried", PRESET), settings=load())
        async with app.run_test(size=size, notifications=True) as pilot:
            yield Lab(app, pilot)

    return opened


async def test_the_settings_are_the_apps(lab):
    async with lab('theme = "nord"\nrefresh = 4\nglyphs = "ascii"\npalette = "mono"') as it:
        assert it.app.theme == "nord"
        assert (it.app.config.glyphs, it.app.config.palette) == ("ascii", "mono")
        assert it.app.training.frame_period == 0.25
        assert not notifications_of(it.app)
        await it.press("s", "right")  # the lab's keys work right after launch
        await it.step_is(1)
        assert it.view.t == 1


async def test_a_key_that_was_moved_works_and_its_old_place_is_free(lab):
    async with lab('[keys]\nrun.step = "F"\nrun.back = "s"\nrun.play = "?"\napp.help = "f1"') as it:
        await it.press("F", "F")
        await it.step_is(2)
        await it.press("s", "b")
        await it.step_is(1)
        await it.press("question_mark")
        await wait_until(lambda: it.view.playing)
        await it.press("question_mark", "f1")
        await wait_until(lambda: isinstance(it.app.screen, HelpDialog))


async def test_the_last_line_the_hint_the_verdict_and_the_palette_show_the_keys_in_force(lab):
    text = '[keys]\nrun.play = "F"\nlook.later = ">"\nrun.faster = "."\napp.quit = "ctrl+x"\nlook.lane = "C"'
    async with lab(text, (120, 36)) as it:
        await it.shows("F Play", "←> Time", "ctrl+x Quit", "F trains · > goes", "Press F to", "C: next")
        about = {choice.name: choice.about for choice in ActionProvider(it.app.screen).actions()}
        assert about["Play"].startswith("F: ")
        assert about["Quit"].startswith("ctrl+x: ")
        assert it.app.lab.query_one(Footer)


async def test_a_terminal_that_is_too_small_says_the_key_that_quits(lab):
    async with lab('[keys]\napp.quit = "Q"', size=(50, 10)) as it:
        await it.shows("Q quits")


async def test_vim_keys_move_in_the_lab_in_the_controls_and_in_slow_motion(lab):
    async with lab("vim = true") as it:
        await it.press("l", "l", "l", "h", "j", "j", "k")
        assert (it.view.t, it.view.unit) == (2, 1)
        await it.press("right", "down")
        assert (it.view.t, it.view.unit, it.view.lane) == (3, 2, 0)
        await it.press("L", "L")
        assert it.view.lane == 0
        await it.press("1", "j", "l", "enter")
        await wait_until(lambda: it.view.unsaved)
        assert it.view.frame.preset.lanes[0].activation != PRESET.lanes[0].activation
        assert it.view.t == 3
        await it.press("u")
        await wait_until(lambda: isinstance(it.app.screen, SlowMotionScreen))
        await it.shows("L lane")
        await it.press("l", "l", "h")
        assert it.app.screen.cursor.t == 1


async def test_a_broken_file_is_told_line_by_line_and_stays_until_it_is_read(lab):
    async with lab('refresh = 99\nvmi = true\n[keys]\nrun.play = "s"') as it:
        await wait_until(lambda: notifications_of(it.app))
        (note,) = notifications_of(it.app)
        for words in ("3 problems", "refresh = 99", "did you mean 'vim'", "run.play and run.step", "config --check"):
            assert words in note.message
        assert note.severity == "error"
        assert note.timeout >= 20
        await it.press("g", "s")  # of which g says something
        await it.step_is(1)
        assert note in notifications_of(it.app)


FIELDS = {"t": "Input", "w": "Input", "W": "Input", "p": "Search", "o": "#path"}


async def test_what_is_typed_into_a_dialog_or_as_a_value_steps_no_network(lab):
    async with lab() as it:
        await it.press("s", "s")
        await it.step_is(2)
        for key, field in FIELDS.items():
            await it.press(key)
            await wait_until(lambda name=field: it.app.screen.query(name) and it.app.screen.query_one(name).has_focus)
            await it.press("home", "s", "b", "r", "space", "q", "S")
            assert "sbr qS" in it.app.screen.query_one(field, Input).value
            await it.press("escape")
            assert it.app.screen is it.app.lab
        await it.press("1", "enter")
        await wait_until(lambda: it.app.screen.query(Input))
        await it.press("s", "space", "R", "escape")
        assert it.app.screen is it.app.lab
        assert not it.app.training.channel.busy
        assert (it.view.frame.step, it.view.frame.last_step, it.view.playing) == (2, 2, False)
        assert not it.view.unsaved
