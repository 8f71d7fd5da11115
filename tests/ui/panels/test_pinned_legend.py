import pytest
from support.reference_training import small

from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.ui.panels.pinned_legend import legend
from rnn_tui.ui.panels.setting_text import MOST

PRESET = small()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "same settings"),
        ({"training.learning_rate": 0.5}, "lr 0.5"),
        ({"lanes.0.hidden_size": 7, "training.seed": 3}, "RNN hidden 7, seed 3"),
        ({"training.speed": 5, "title": "Another"}, "same settings"),  # learning sees neither
        ({"lanes.1.window": 2}, "FNN window 2"),
        ({"training.clip_norm": 0.0}, "clip off"),
    ],
)
def test_the_settings_in_which_it_differs_are_named_with_its_own_values(changes, said):
    assert legend(PinnedRun(PRESET.with_changes(changes), ()), PRESET) == said


def test_a_future_that_parted_says_where():
    assert legend(PinnedRun(PRESET, (), 200), PRESET) == "from 200"
    other = PRESET.with_changes({"training.learning_rate": 0.5})
    assert legend(PinnedRun(other, (), 1200), PRESET) == "from 1,200, lr 0.5"


def test_of_many_settings_some_are_named_and_the_others_counted():
    changes = {"training.learning_rate": 0.5, "training.seed": 3, "training.clip_norm": 2.0, "lanes.0.hidden_size": 9,
               "training.weight_decay": 0.1}  # fmt: skip
    text = legend(PinnedRun(PRESET.with_changes(changes), ()), PRESET)
    assert text.endswith(f"+{len(changes) - MOST}")
    assert text.count(",") == MOST


def test_lanes_of_another_run_are_named_where_their_number_is_another():
    alone = small({"kind": "gru", "hidden_size": 2})
    assert legend(PinnedRun(alone, ()), PRESET).startswith("GRU")


def test_another_task_is_named():
    other = small(task={"kind": "echo", "delay": 1})
    assert legend(PinnedRun(other, ()), PRESET) == "delay 1"
