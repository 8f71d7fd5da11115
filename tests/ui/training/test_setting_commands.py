"""What the keys for settings come to."""

import pytest
from support.widget_hosts import preset_of

from rnn_tui.presets.store import PresetFile
from rnn_tui.ui.panels.control_rows import settings_of
from rnn_tui.ui.training.history_commands import pin, step_by, unpin
from rnn_tui.ui.training.setting_commands import (
    add_lane,
    beside,
    duplicate_lane,
    match,
    match_changes,
    open_preset,
    put,
    redo,
    remove_lane,
    reseed,
    undo,
)
from rnn_tui.ui.training.training_thread import TrainingThread

MIXED = ({"kind": "rnn"}, {"kind": "fnn", "window": 2}, {"kind": "lstm", "hidden_size": 5}, {"kind": "fnn"})


def counts(preset):
    return [lane.model(preset.task).layout.count for lane in preset.lanes]


def test_matching_gives_every_fnn_the_shown_lanes_number_of_parameters():
    preset = preset_of(*MIXED)
    after = preset.with_changes(match_changes(preset, 2))
    rnn, first, lstm, second = counts(after)
    per_unit = [4, 3]  # k I + 1 + O, of windows 2 and 1 with one input and one output
    assert abs(first - lstm) <= per_unit[0] / 2
    assert abs(second - lstm) <= per_unit[1] / 2
    assert counts(preset)[0] == rnn


def test_on_an_fnn_it_is_about_that_lane_and_the_first_recurrent_one():
    preset = preset_of(*MIXED)
    assert match_changes(preset, 3) == {"lanes.3.match": 0}


def test_once_more_ends_it_and_leaves_the_size():
    preset = preset_of(*MIXED)
    matched = preset.with_changes(match_changes(preset, 0))
    after = matched.with_changes(match_changes(matched, 0))
    assert [lane.hidden_size for lane in after.lanes] == [lane.hidden_size for lane in matched.lanes]
    assert all(getattr(lane, "match", None) is None for lane in after.lanes)


@pytest.mark.parametrize("lanes", [[{"kind": "rnn"}, {"kind": "gru"}], [{"kind": "fnn"}]])
def test_without_both_kinds_there_is_nothing_to_match(lanes):
    assert match_changes(preset_of(*lanes), 0) == {}


# What they say.


def thread_of(*lanes, steps=0, **tables):
    thread = TrainingThread(PresetFile("tried", preset_of(*(lanes or MIXED[:2]), **tables)), lambda: None)
    thread.session.forward(steps)
    return thread


def row(thread, key, lane=0):
    return next(row for row in settings_of(thread.session.preset, lane) if row.key == key)


@pytest.mark.parametrize(
    ("key", "way", "said"),
    [
        ("lanes.0.hidden_size", 1, "RNN hidden 8 → 9: RNN restarts from step 0; the other lanes keep their history"),
        ("lanes.0.activation", 1, "RNN f tanh → relu: RNN restarts from step 0; the other lanes keep their history"),
        ("lanes.0.kind", 1, "RNN cell rnn → gru: GRU restarts from step 0; the other lanes keep their history"),
        ("lanes.0.truncation", 1, "RNN BPTT full → 10: from step 5 on"),
        ("training.learning_rate", 1, "lr 0.01 → 0.02: from step 5 on"),
        ("training.clip_norm", 1, "clip 1 → 2: from step 5 on"),
        ("training.batch_size", -1, "batch 16 → 15: all lanes restart from step 0"),
        ("training.weight_decay", -1, "decay stays off"),
        ("lanes.0.gain", -1, "RNN gain 1 → 0.9: RNN restarts from step 0; the other lanes keep their history"),
        ("task.delay", 1, "delay 3 → 4: all lanes restart from step 0"),
    ],
)
def test_a_change_is_said_with_the_names_on_the_screen_and_both_values(key, way, said):
    assert beside(key, 0, way).run(thread_of(steps=5)) == said


def test_a_value_at_its_end_stays_and_is_called_by_its_lane():
    assert (
        beside("lanes.0.gain", 0, -1).run(thread_of({"kind": "rnn", "gain": 0.0}, {"kind": "fnn"}))
        == "RNN gain stays 0"
    )
    assert beside("lanes.0.gain", 0, -1).run(thread_of({"kind": "rnn", "gain": 0.0})) == "gain stays 0"


def test_what_is_typed_is_said_too_also_where_learning_does_not_see_it():
    thread = thread_of(steps=5)
    assert put(row(thread, "training.steps"), 1000).run(thread) == "pause at 600 → 1000"
    assert put(row(thread, "training.steps"), 1000).run(thread) == ""
    hidden = row(thread, "lanes.0.hidden_size")
    assert put(hidden, 16).run(thread).startswith("RNN hidden 8 → 16: RNN restarts")
    assert thread.undo() == "undone: RNN hidden 16 → 8"
    assert thread.redo() == "redone: RNN hidden 8 → 16"


def test_what_a_setting_takes_with_it_is_said_after_it():
    thread = thread_of(training={"sequence_length": 10})
    said = put(row(thread, "task.delay"), 30).run(thread)
    assert said == "delay 3 → 30, length 10 → 31: all lanes restart from step 0"


def test_another_seed_says_which():
    thread = thread_of()
    assert reseed().run(thread) == "seed 0 → 1: all lanes restart from step 0"
    assert thread.undo() == "undone: seed 1 → 0"


def test_a_lane_that_has_no_such_setting_says_so():
    assert beside("lanes.0.activation", 0, 1).run(thread_of({"kind": "gru"})) == "GRU has no activation"


def said_by(thread, command):
    """What the screen is told of a command."""
    thread.carry_out(command)
    return [news.text for news in thread.channel.collect().news]


def test_whatever_can_be_undone_says_with_which_key():
    """Every message of a command that adds something to undo ends in the key."""
    thread = thread_of(steps=5)
    undoable = [
        put(row(thread, "training.learning_rate"), 0.5), beside("lanes.0.gain", 0, 1), reseed(), match(0),
        add_lane(0, "gru"), duplicate_lane(0), remove_lane(1), step_by(2), pin(), unpin(),
        open_preset(PresetFile("other", preset_of(*MIXED))),
    ]  # fmt: skip
    for command in undoable:
        before = thread.workspace.undoable
        said = said_by(thread, command)
        if command.travels:
            continue
        latest = thread.workspace.undoable[-1]
        assert not any(latest is each for each in before), said
        assert said[-1].endswith(" · {file.undo} undoes")
    for _ in range(3):
        assert said_by(thread, undo())[-1].endswith(" · {file.redo} redoes")
    for _ in range(3):
        assert said_by(thread, redo())[-1].endswith(" · {file.undo} undoes")


def test_what_cannot_be_undone_names_no_key():
    thread = thread_of(steps=5)
    for command in (
        put(row(thread, "training.steps"), 7),
        undo(),
        redo(),
        unpin(),
        beside("training.weight_decay", 0, -1),
    ):
        assert "{file." not in "".join(said_by(thread, command))


def test_kept_curves_are_taken_back_in_words():
    thread = thread_of(steps=5)
    thread.session.pin()
    thread.session.unpin()
    assert [thread.undo(), thread.undo(), thread.redo()] == [
        "undone: removing curve 1", "undone: saving curve 1", "redone: saving curve 1"
    ]  # fmt: skip
