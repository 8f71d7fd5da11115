"""Run in a copy that has the optimizer of ``lion.py``; ``test_seams.py`` makes it."""

import numpy as np
from seams.walkthrough import (
    assert_explained,
    assert_exports_numpy,
    assert_learns,
    assert_reopens,
    preset_of,
)

from rnn_tui.session.session import Session
from rnn_tui.ui.panels.control_rows import settings_of

LANES = [{"kind": "rnn", "hidden_size": 6}, {"kind": "fnn", "window": 3}]
PRESET = preset_of(*LANES, optimizer="lion", learning_rate=0.01, clip_norm=0.0)


def test_it_learns_is_saved_exported_and_explained(tmp_path):
    trained = assert_learns(PRESET, 300, lane=1)
    assert_reopens(trained, tmp_path / "seam.safetensors")
    assert_exports_numpy(trained, tmp_path)
    assert_explained(trained, words=("Lion: θ ← θ − η sign(", "against the sign of a running mean"))


def test_a_change_to_it_begins_with_empty_memory():
    session = Session(preset_of(*LANES))
    session.forward(5)
    session.change({"training.optimizer": "lion"})
    before = session.histories.timelines[0].state.parameters.flat
    session.forward(1)
    moved = session.histories.timelines[0].state.parameters.flat - before
    np.testing.assert_allclose(np.abs(moved[moved != 0]), session.preset.training.learning_rate)


def test_it_is_a_choice_in_the_controls():
    (row,) = (row for row in settings_of(PRESET, 0) if row.key == "training.optimizer")
    assert row.value == "lion"
    assert row.beside(-1) == "adam"
