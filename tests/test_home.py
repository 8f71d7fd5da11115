"""The user's own folders, also where there are none."""

import platformdirs
import pytest

from rnn_tui import home, library
from rnn_tui.errors import RnnTuiError
from rnn_tui.library import PresetFile, load, save


def test_without_a_home_folder_nothing_is_found_nothing_is_saved_and_it_is_said(monkeypatch):
    assert home.problem() == ""

    def unknown(*_, **__):
        raise RuntimeError("could not determine the home directory")

    monkeypatch.delenv("RNN_TUI_HOME")
    monkeypatch.setattr(platformdirs, "user_data_path", unknown)
    monkeypatch.setattr(platformdirs, "user_config_path", unknown)
    assert "set HOME or RNN_TUI_HOME" in home.problem()
    assert not [entry for entry in library.entries() if entry.own]
    file = load(library.find("echo"))
    with pytest.raises(RnnTuiError, match="not saved"):
        save(PresetFile("x", file.preset), "mine")
    assert not (home.settings_folder() / "config.toml").exists()
