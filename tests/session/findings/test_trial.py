"""What a remedy changes: settings from the present step on, a restart, or only more updates."""

import pytest
from support.lab_driver import preset

from rnn_tui.session.findings.base import Remedy
from rnn_tui.session.findings.trial import trial
from rnn_tui.ui.dialogs.findings import tried

PRESET = preset().preset


@pytest.mark.parametrize(
    ("remedy", "way", "goal", "said"),
    [
        (
            Remedy("", {"training.learning_rate": 0.1}), "edit", 40,
            "enter sets lr 0.01 → 0.1 from step 40 on. The present run stays in the loss chart as a curve. "
            "{file.undo} restores it.",
        ),
        (
            Remedy("", {"training.learning_rate": 0.1}, from_start=True), "restart", 40,
            "enter sets lr 0.01 → 0.1, restarts, and trains up to step 40. The present run stays in the loss chart as "
            "a curve. {file.undo} restores it.",
        ),
        (
            Remedy("", {"lanes.0.gain": 0.5, "training.clip_norm": 2.0}), "restart", 40,
            "enter sets RNN gain 1 → 0.5, clip 1 → 2, restarts, and trains up to step 40. The present run stays in the "
            "loss chart as a curve. {file.undo} restores it.",
        ),
        (Remedy("", {"training.steps": 900}), "longer", 900, "enter trains up to step 900."),
    ],
)  # fmt: skip
def test_a_remedy_is_an_edit_or_a_restart_as_the_controls_would_make_it(remedy, way, goal, said):
    assert trial(PRESET, remedy, 40)[1:] == (way, goal)
    assert tried(PRESET, remedy, 40) == said


def test_at_step_0_there_is_no_run_to_keep_and_settings_that_have_changed_are_told():
    remedy = Remedy("", {"training.learning_rate": 0.1}, from_start=True)
    assert tried(PRESET, remedy, 0) == "enter sets lr 0.01 → 0.1. {file.undo} undoes it."
    assert tried(PRESET.with_changes(remedy.changes), remedy, 9) == "The settings have this value already."
    gone = Remedy("", {"lanes.3.gain": 0.5})
    assert tried(PRESET, gone, 9) == "The settings have changed; this remedy no longer fits."
    assert tried(PRESET, None, 9) == "There is no setting to try."
