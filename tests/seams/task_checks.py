"""Run in a copy that has the task of ``mean_of_two.py`` and its preset; ``test_seams.py`` makes it."""

import json

import pytest
from click.testing import CliRunner
from seams.walkthrough import (
    assert_drawn,
    assert_explained,
    assert_exports_numpy,
    assert_learns,
    assert_reopens,
    pytorch_files,
)

from rnn_tui.cli.app import lab
from rnn_tui.errors import PresetError
from rnn_tui.presets.store import find, load
from rnn_tui.ui.dialogs.task_preview import floors, rows
from rnn_tui.ui.panels.control_rows import settings_of

PRESET = load(find("mean-of-two")).preset


def test_it_is_learned_saved_exported_and_explained(tmp_path):
    trained = assert_learns(PRESET, 150)
    rnn, fnn = trained.frame().lanes
    assert rnn.floor is not None
    assert fnn.floor is not None
    assert (rnn.floor.loss, fnn.floor.loss) == (0, 1 / 16)
    assert fnn.score.loss == pytest.approx(1 / 16, rel=0.05)
    assert_reopens(trained, tmp_path / "seam.safetensors")
    assert_exports_numpy(trained, tmp_path)
    assert set(pytorch_files(trained)) == {"seam-RNN.py", "seam-FNN.py"}
    assert_explained(trained)


def test_its_option_is_checked_and_is_a_row_of_the_controls():
    assert "task.apart" in [row.key for row in settings_of(PRESET, 0)]
    with pytest.raises(PresetError, match="apart"):
        PRESET.with_changes({"task.apart": 0})


def test_the_picker_draws_it():
    assert len(rows(PRESET)) == 2
    assert floors(PRESET)[0] == "floor 0.0000"


def test_the_command_line_lists_it_and_trains_on_it():
    listed = json.loads(CliRunner().invoke(lab, ["presets", "--json"]).output)
    assert "mean-of-two" in [entry["name"] for entry in listed]
    done = CliRunner().invoke(lab, ["train", "mean-of-two", "--steps", "20", "--json"])
    assert json.loads(done.output)["steps"] == 20


async def test_it_is_drawn():
    await assert_drawn(PRESET, "R²", "always 1/2")
