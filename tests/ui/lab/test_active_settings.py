"""The user's choices, read from the file and held against what the screen has."""

import pytest

from rnn_tui.ui import config
from rnn_tui.ui.input.bindings import vim_keys
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.lab.active_settings import THEMES, ActiveSettings, load


@pytest.fixture
def chosen(home):
    def write(text):
        (home / "config.toml").write_text(text)
        return load()

    return write


def test_without_a_file_the_defaults_hold():
    assert load() == ActiveSettings()
    assert (ActiveSettings().keys, ActiveSettings().problem) == (Keymap(), "")


def test_a_file_in_order_is_in_force(chosen):
    setup = chosen('theme = "textual-light"\nrefresh = 5\nvim = true\n[keys]\nrun.play = "F"')
    assert setup.problem == ""
    assert (setup.config.theme, setup.config.refresh) == ("textual-light", 5)
    assert setup.keys == Keymap({**vim_keys(), "run.play": "F"})


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_can_be_chosen(chosen, theme):
    assert chosen(f'theme = "{theme}"').config.theme == theme


def test_what_is_wrong_is_as_usual_and_all_of_it_is_said(chosen, home):
    setup = chosen('theme = "norrd"\nrefresh = 1\nvim = true\nglyphs = "ascii"\n[keys]\nrun.play = "s"\nlook.log = "F"')
    assert setup.problem.splitlines() == [
        f"{home / 'config.toml'}: 3 problems",
        "  refresh = 1: must be at least 2",
        "  theme = 'norrd': unknown; did you mean 'nord'?",
        "  keys: 's' would be run.play and run.step; choose a different key for run.play, "
        "or also give run.step another one",
    ]
    assert setup.config == config.Config(vim=True, glyphs="ascii")
    assert setup.keys == Keymap(vim_keys())  # of the user's keys none


def test_a_theme_that_is_nothing_like_any_is_answered_with_all(chosen):
    assert all(theme in chosen('theme = "#"').problem for theme in THEMES)


def test_what_is_no_settings_file_is_said(chosen, home):
    assert "not TOML" in chosen("theme : dark").problem
    (home / "config.toml").unlink()
    (home / "config.toml").mkdir()
    assert "folder" in load().problem
