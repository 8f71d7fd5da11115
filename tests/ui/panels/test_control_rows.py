"""The rows of the controls: what comes before and after each value, and that a preset accepts it."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.widget_hosts import BUNDLED, bundled, preset_of

from rnn_tui.errors import PresetError
from rnn_tui.presets.key_paths import differences
from rnn_tui.presets.lane_settings import LANES
from rnn_tui.presets.mutability import EDITABLE, IDLE
from rnn_tui.presets.preset import parse
from rnn_tui.ui.panels.control_rows import PACES, RATES, Setting, changes_of, parsed, settings_of

every_preset = pytest.mark.parametrize("name", BUNDLED)
ways = pytest.mark.parametrize("way", [1, -1])


def lanes_of(name):
    """The preset once for each of its lanes, and the lane's place."""
    return [(bundled(name), lane) for lane in range(len(bundled(name).lanes))]


def value_at(preset, key):
    """What a dotted key says in the preset's document; of a lane to match, its name."""
    at = preset.document()
    if key.endswith(".match"):
        number = at["lanes"][int(key.split(".")[1])].get("match")
        return "off" if number is None else preset.names[number]
    for word in key.split("."):
        at = at[int(word)] if isinstance(at, list) else at[word]
    return at


def with_kind(preset, lane, kind):
    """The changes that the row for the cell makes."""
    (row,) = (row for row in settings_of(preset, lane) if row.label == "cell")
    return changes_of(preset, row, kind)


def changed(preset, setting, value):
    """The preset with the value set, as the lab does it."""
    return preset.with_changes(changes_of(preset, setting, value))


@every_preset
def test_every_row_shows_what_the_preset_says(name):
    for preset, lane in lanes_of(name):
        rows = settings_of(preset, lane)
        assert len({row.key for row in rows}) == len({row.label for row in rows}) == len(rows)
        assert [row.value for row in rows] == [value_at(preset, row.key) for row in rows]


@every_preset
@ways
def test_every_proposed_value_is_accepted_and_is_what_is_then_shown(name, way):
    for preset, lane in lanes_of(name):
        for row in settings_of(preset, lane):
            value = row.beside(way)
            after = changed(preset, row, value)
            assert value_at(after, row.key) == value
            assert next(r for r in settings_of(after, lane) if r.key == row.key).value == value


def refused(preset, setting, value):
    """What is wrong with a value, if anything."""
    try:
        changed(preset, setting, value)
    except PresetError as error:
        return error.problems
    return []


@pytest.mark.parametrize("name", ["echo", "csv", "text", "wave"])
def test_no_choice_is_outside_of_the_settings_own_bounds(name):
    for preset, lane in lanes_of(name):
        for row in settings_of(preset, lane):
            for value in {row.choices[0], row.choices[-1]} if row.choices else set():
                # other settings may stand against it, as a sequence's length does against a delay
                alone = r".* = .*: (unknown|must be (at least|at most|greater than|less than) [\d.e]+$)"
                assert not any(re.match(alone, problem) for problem in refused(preset, row, value))


def test_a_value_outside_of_them_would_be_refused_so():
    preset = bundled("csv")
    (row,) = (row for row in settings_of(preset, 0) if row.key == "task.horizon")
    assert refused(preset, row, 0) == ["task.horizon = 0: must be at least 1"]


@ways
def test_a_tasks_number_stops_at_its_own_bounds(way):
    delay = {1: 1000, -1: 0}[way]
    preset = preset_of({"kind": "rnn"}, task={"kind": "echo", "delay": delay}, training={"sequence_length": 2000})
    (row,) = (row for row in settings_of(preset, 0) if row.key == "task.delay")
    assert row.beside(way) == delay
    assert row.beside(-way) == delay - way


@every_preset
def test_choices_of_numbers_ascend(name):
    for row in (row for preset, lane in lanes_of(name) for row in settings_of(preset, lane)):
        if row.choices and not isinstance(row.value, str):
            assert all(one < other for one, other in pairwise(row.choices))


numbers = st.lists(st.floats(0, 1000) | st.integers(0, 1000), unique=True).map(sorted)


@given(numbers, st.floats(0, 1000) | st.integers(0, 1000))
def test_a_number_goes_to_the_nearest_choice_on_that_side_and_stops_at_the_end(choices, value):
    setting = Setting("a number", "training.a_number", value, choices)
    above = [choice for choice in choices if choice > value * (1 + 1e-6)]
    below = [choice for choice in choices if choice < value * (1 - 1e-6)]
    up, down = setting.beside(1), setting.beside(-1)
    assert up >= value >= down
    if above:
        assert value < up <= min(above)
    if below:
        assert value > down >= max(below)
    if not choices or value >= max(choices):
        assert up == value
    if not choices or value <= min(choices):
        assert down == value


def test_up_and_down_again_is_the_same_for_every_learning_rate():
    for rate in RATES[1:-1]:
        for way in (1, -1):
            there = Setting("lr", "training.learning_rate", rate, RATES).beside(way)
            assert there != pytest.approx(rate)
            assert Setting("lr", "training.learning_rate", there, RATES).beside(-way) == pytest.approx(rate)


@given(st.lists(st.text(min_size=1), min_size=1, unique=True), st.data())
def test_names_go_round(names, data):
    at = data.draw(st.integers(0, len(names) - 1))
    setting = Setting("a name", "lanes.0.a_name", names[at], names)
    assert setting.beside(1) == (names[at + 1] if at + 1 < len(names) else names[0])
    assert setting.beside(-1) == names[at - 1]


def test_a_row_without_choices_stays():
    assert Setting("seed", "training.seed", 7).beside(1) == Setting("seed", "training.seed", 7).beside(-1) == 7


def test_what_is_off_begins_with_its_common_value_and_both_directions_reach_the_others():
    preset = preset_of({"kind": "rnn"}, training={"clip_norm": 0.0, "weight_decay": 0.0})
    rows = {row.label: row for row in settings_of(preset, 0)}
    for label, first in (("clip", 1.0), ("decay", 1e-4), ("BPTT", 10)):
        row = rows[label]
        assert row.beside(1) == first
        on = row._replace(value=first)
        assert on.beside(-1) == row.choices[row.choices.index(first) - 1] > 0
        assert on.beside(1) == row.choices[row.choices.index(first) + 1]


@every_preset
def test_every_row_is_explained_with_the_effect_of_a_change(name):
    for preset, lane in lanes_of(name):
        for row in settings_of(preset, lane):
            assert row.about
            after = preset.with_changes(changes_of(preset, row, row.beside(1)))
            changed = differences(preset.document(), after.document())
            assert row.explanation.startswith(f"{row.name}: ")
            if changed and (row.label != "match" or not changed <= IDLE):
                assert ("restarts" in row.explanation) == (not changed <= EDITABLE | IDLE)


def test_values_are_shown_short():
    assert Setting("clip", "training.clip_norm", 0.0, zero="off").shown == "off"
    assert Setting("clip", "training.clip_norm", 0.5).shown == "0.5"
    assert Setting("gain", "lanes.0.gain", 0.0).shown == "0"
    assert Setting("lr", "training.learning_rate", 0.00003).shown == "3e-05"
    assert Setting("f", "lanes.0.activation", "leaky_relu").shown == "leaky_relu"


def test_learning_rates_are_saved_as_they_are_shown():
    assert all(float(f"{rate:g}") == rate for rate in RATES)


def test_paces_ascend_to_flat_out():
    assert PACES[-1] == 0
    assert all(one < other for one, other in pairwise(PACES[:-1]))


@pytest.mark.parametrize(
    ("typed", "value"),
    [("12", 12), (" 0.5 ", 0.5), ("1e-3", 0.001), ("-3", -3), (" relu ", "relu"), ("", ""), ("1,5", "1,5")],
)
def test_what_is_typed_is_a_number_where_it_is_one(typed, value):
    assert parsed(typed) == value
    assert type(parsed(typed)) is type(value)


@given(st.text())
def test_anything_can_be_typed(text):
    assert isinstance(parsed(text), int | float | str)


# Another kind of net.


@every_preset
@pytest.mark.parametrize("kind", LANES)
def test_another_kind_keeps_what_both_have_and_leaves_the_other_lanes_alone(name, kind):
    for before, lane in lanes_of(name):
        after = before.with_changes(with_kind(before, lane, kind))
        assert after.lanes[lane].kind == kind
        assert after.lanes[lane].hidden_size == before.lanes[lane].hidden_size
        for setting in ("activation", "initializer", "gain", "truncation", "window"):
            if hasattr(before.lanes[lane], setting) and hasattr(after.lanes[lane], setting):
                assert getattr(after.lanes[lane], setting) == getattr(before.lanes[lane], setting)
        for other in set(range(len(before.lanes))) - {lane}:
            own = set(type(before.lanes[other]).model_fields)
            if getattr(before.lanes[other], "match", None) is not None:
                own -= {"hidden_size", "match"}  # which come from the lane that it matches
            assert all(getattr(after.lanes[other], key) == getattr(before.lanes[other], key) for key in own)
        assert (after.task, after.training) == (before.task, before.training)
        assert len(set(after.names)) == len(after.names)


def test_a_name_of_the_users_own_is_kept_and_one_that_says_the_kind_is_not():
    lanes = [("rnn", "memory"), ("rnn", "RNN"), ("fnn", "FNN")]
    preset = preset_of(*({"kind": kind, "name": name} for kind, name in lanes))
    assert preset.with_changes(with_kind(preset, 0, "fnn")).names == ["memory", "RNN", "FNN"]
    assert preset.with_changes(with_kind(preset, 1, "fnn")).names == ["memory", "FNN 2", "FNN"]


@pytest.mark.parametrize("kind", ["grew", "", "RNN"])
def test_a_kind_that_there_is_not_is_refused_with_what_there_is(kind):
    preset = bundled("echo")
    with pytest.raises(PresetError, match="kind"):
        preset.with_changes(with_kind(preset, 0, kind))


def test_each_kind_has_the_rows_that_are_its_own():
    def rows(kind):
        return {row.label for row in settings_of(preset_of({"kind": kind}), 0)}

    assert rows("rnn") - rows("gru") == {"f"}
    assert rows("lstm") - rows("gru") == {"forget"}
    assert rows("fnn") - rows("rnn") == {"window", "match"}
    assert rows("rnn") - rows("fnn") == {"init", "gain", "BPTT"}


# The task's own options.


def rows_of(task, **tables):
    preset = parse({"task": task, "lanes": [{"kind": "rnn"}], **tables}, "s")
    return preset, {row.label: row for row in settings_of(preset, 0)}


@pytest.mark.parametrize(
    ("task", "rows"),
    [
        ({"kind": "echo"}, {"delay"}),
        ({"kind": "copy"}, {"symbols", "kinds", "gap"}),
        ({"kind": "wave"}, {"shape", "omega", "noise"}),
        ({"kind": "parity"}, {"scored"}),
        ({"kind": "temperature"}, {"memory", "noise"}),
        ({"kind": "letters"}, {"consonants", "writes at"}),
        ({"kind": "adding"}, set()),
    ],
)
def test_every_option_of_a_task_has_a_row(task, rows):
    _, found = rows_of(task)
    known = {row.label for row in settings_of(parse({"task": {"kind": "xor"}, "lanes": [{"kind": "rnn"}]}, "s"), 0)}
    assert found.keys() - known == rows
    assert all(found[label].choices for label in rows)


def test_a_sequence_as_short_as_can_be_stays_so_when_the_task_takes_more_or_less():
    preset, rows = rows_of({"kind": "copy", "symbols": 3, "gap": 10}, training={"sequence_length": 16})
    for value, length in ((11, 17), (4, 10)):
        after = preset.with_changes(changes_of(preset, rows["gap"], value))
        assert (after.task.gap, after.training.sequence_length) == (value, length)


def test_a_longer_sequence_is_lengthened_only_where_it_must_be():
    preset, rows = rows_of({"kind": "echo", "delay": 3}, training={"sequence_length": 10})
    assert changes_of(preset, rows["delay"], 9) == {"task.delay": 9}
    assert changes_of(preset, rows["delay"], 10) == {"task.delay": 10, "training.sequence_length": 11}


def test_no_length_is_proposed_that_the_task_has_no_room_in():
    preset, rows = rows_of({"kind": "copy"}, training={"sequence_length": 20})
    assert rows["length"].beside(-1) == 20
    assert min(rows["length"].choices) >= preset.task.least_length


def test_a_temperature_of_0_is_called_greedy():
    _, rows = rows_of({"kind": "letters"}, temperature=0.0)
    assert rows["writes at"].shown == "0, greedy"


def test_the_batches_of_a_sequence_count_together_when_a_delay_grows():
    training = {"sequence_length": 10, "batches_per_sequence": 4}
    preset = preset_of({"kind": "rnn"}, task={"kind": "echo", "delay": 15}, training=training)
    rows = {row.key: row for row in settings_of(preset, 0)}
    assert changes_of(preset, rows["task.delay"], 39) == {"task.delay": 39}
    assert changes_of(preset, rows["task.delay"], 41) == {"task.delay": 41, "training.sequence_length": 11}
    assert rows["training.batches_per_sequence"].choices[:2] == [2, 4]
    assert min(rows["training.sequence_length"].choices) == 4
