"""Settings and their changes in the words of the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.widget_hosts import BUNDLED, bundled, preset_of

from rnn_tui.presets.preset import Preset
from rnn_tui.session.undo_stack import Change
from rnn_tui.ui.panels.control_rows import changes_of, settings_of
from rnn_tui.ui.panels.setting_text import MOST, called, in_short, moved, redone, rows_of, undone

PAIR = preset_of({"kind": "rnn"}, {"kind": "fnn"})


def test_a_setting_of_a_lane_is_called_by_the_lane_where_there_are_several():
    assert [called(PAIR, rows_of(PAIR)[f"lanes.{i}.hidden_size"]) for i in (0, 1)] == ["RNN hidden", "FNN hidden"]
    alone = preset_of({"kind": "rnn", "name": "mine"})
    assert called(alone, rows_of(alone)["lanes.0.hidden_size"]) == "hidden"
    assert called(PAIR, rows_of(PAIR)["training.learning_rate"]) == "lr"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"lanes.1.window": 3}, "FNN window 1 → 3"),
        ({"training.clip_norm": 0.0}, "clip 1 → off"),
        ({"lanes.1.match": 0}, "FNN hidden 8 → 29, FNN match off → RNN"),  # 3 · 29 + 1 parameters are nearest to 89
        ({"lanes.0.kind": "lstm"}, "RNN cell rnn → lstm"),  # which has no activation, and a bias of its own
        ({"training.schedule": "cosine", "training.schedule_steps": 50}, "schedule constant → cosine"),
        ({"title": "Another"}, "title"),
        ({"training.precision": "float32"}, "precision"),
    ],
)
def test_what_has_changed_is_named_with_both_values(changes, said):
    assert moved(PAIR, PAIR.with_changes(changes)) == said


def test_what_was_asked_for_comes_first():
    after = PAIR.with_changes({"training.sequence_length": 50, "task.delay": 40})
    assert moved(PAIR, after) == "length 40 → 50, delay 3 → 40"
    assert moved(PAIR, after, ["task.delay"]) == "delay 3 → 40, length 40 → 50"


def test_of_many_some_are_named_and_the_others_counted():
    assert in_short(["a"] * MOST) == ["a"] * MOST
    assert in_short(["a"] * (MOST + 2)) == ["a"] * MOST + ["+2"]


@given(st.sampled_from(BUNDLED), st.data())
def test_no_key_of_a_file_is_ever_said_and_undo_says_the_way_back(name, data):
    """For the next value of any row of any preset."""
    before: Preset = bundled(name)
    lane = data.draw(st.integers(0, len(before.lanes) - 1))
    row = data.draw(st.sampled_from([row for row in settings_of(before, lane) if row.choices]))
    value = row.beside(data.draw(st.sampled_from([-1, 1])))
    after = before.with_changes(changes_of(before, row, value))
    said = moved(before, after, {row.key})
    if after == before:
        assert said == ""
        return
    assert said.startswith(f"{called(before, row)} {row.shown} → ")
    back = undone(Change(before, after))
    for text in (said, back, redone(Change(before, after))):
        assert not any(raw in text for raw in ("lanes.", "training.", "task.", "_size", "learning_rate"))
    assert f" → {row.shown}" in back
    assert redone(Change(before, after)).startswith("redone: ")


def test_where_there_is_nothing_it_says_so():
    assert (undone(None), redone(None)) == ("nothing to undo", "nothing to redo")
