"""The user's own folders, also where there are none."""

import platformdirs
import pytest

from rnn_tui.errors import RnnTuiError
from rnn_tui.presets import store
from rnn_tui.presets.store import PresetFile, load, save
from rnn_tui.storage import user_folders


def test_without_a_home_folder_nothing_is_found_nothing_is_saved_and_it_is_said(monkeypatch):
    assert user_folders.problem() == ""

    def unknown(*_, **__):
        raise RuntimeError("could not determine the home directory")

    monkeypatch.delenv("RNN_TUI_HOME")
    monkeypatch.setattr(platformdirs, "user_data_path", unknown)
    monkeypatch.setattr(platformdirs, "user_config_path", unknown)
    assert "set HOME or RNN_TUI_HOME" in user_folders.problem()
    assert not [entry for entry in store.entries() if entry.own]
    file = load(store.find("echo"))
    with pytest.raises(RnnTuiError, match="not saved"):
        save(PresetFile("x", file.preset), "mine")
    assert not (user_folders.settings_folder() / "config.toml").exists()
