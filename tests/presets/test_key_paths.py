from copy import deepcopy

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.preset_documents import anything, assert_can_be_shown, deep, echo

from rnn_tui.errors import PresetError
from rnn_tui.presets.key_paths import changed, differences, set_keys


def problems_of(document, changes):
    with pytest.raises(PresetError) as caught:
        set_keys(document, changes, "somewhere")
    assert_can_be_shown(caught.value)
    assert caught.value.source == "somewhere"
    return caught.value.problems


# Setting keys.


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("title", lambda document: document["title"]),
        ("training.seed", lambda document: document["training"]["seed"]),
        ("lanes.1.window", lambda document: document["lanes"][1]["window"]),
        ("lanes[1].window", lambda document: document["lanes"][1]["window"]),
        ("lanes.0", lambda document: document["lanes"][0]),
        ("lanes[0]", lambda document: document["lanes"][0]),
        ("lanes", lambda document: document["lanes"]),
        ("new.and.deep", lambda document: document["new"]["and"]["deep"]),
    ],
)
def test_a_key_is_set_where_its_words_lead_and_nothing_else_is(key, place):
    before = echo()
    after = set_keys(before, {key: 5}, "s")
    assert place(after) == 5
    assert before == echo()
    again = set_keys(after, {key: 6}, "s")
    assert (place(again), place(after)) == (6, 5)


def test_keys_of_the_next_lane_append_it_in_any_order():
    changes = {"lanes.3.kind": "lstm", "lanes.2.hidden_size": 5, "lanes.2.kind": "gru"}
    after = set_keys(echo(), changes, "s")
    assert after["lanes"] == [*echo()["lanes"], {"hidden_size": 5, "kind": "gru"}, {"kind": "lstm"}]
    assert problems_of(after, {"lanes.4.kind": "rnn"}) == [
        "lanes.4.kind: there is no lane '4'; there are 4 lanes, which is the limit"
    ]


def test_later_keys_see_what_earlier_ones_have_set():
    assert set_keys({}, {"lanes": [{"kind": "rnn"}], "lanes.0.kind": "gru"}, "s") == {"lanes": [{"kind": "gru"}]}
    assert set_keys({}, {"task.kind": "xor", "task": {"kind": "wave"}}, "s") == {"task": {"kind": "wave"}}


def test_a_document_without_changes_comes_back_as_a_copy_to_its_depths():
    document = echo()
    copy = set_keys(document, {}, "s")
    assert copy == document
    copy["lanes"][0]["kind"] = "other"
    copy["training"]["seed"] = 7
    assert document == echo()


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("lanes.3.hidden_size", "there is no lane '3'; there are 2 lanes: the next is lanes.2"),
        ("lanes.2", "there is no lane '2'; there are 2 lanes: the next is lanes.2"),
        ("lanes.-1.hidden_size", "there is no lane '-1'; there are 2 lanes: the next is lanes.2"),
        ("lanes.01.hidden_size", "there is no lane '01'; there are 2 lanes: the next is lanes.2"),
        ("lanes.two", "there is no lane 'two'; there are 2 lanes: the next is lanes.2"),
        ("lanes.²", "there is no lane '²'; there are 2 lanes: the next is lanes.2"),
        ("lanes..name", "there is no lane ''; there are 2 lanes: the next is lanes.2"),
        ("task.delay.more", "'delay' is not a table"),
        ("lanes.0.kind.0", "'kind' is not a table"),
    ],
)
def test_a_key_that_leads_nowhere_is_a_problem(key, problem):
    assert problems_of(echo(), {key: 1}) == [f"{key}: {problem}"]


def test_all_keys_that_lead_nowhere_are_reported_at_once():
    changes = {"lanes.7.gain": 1, "title": "fine", "task.kind.x": 2, "lanes.x": 3}
    assert [problem.partition(":")[0] for problem in problems_of(echo(), changes)] == [
        "lanes.7.gain", "task.kind.x", "lanes.x",
    ]  # fmt: skip


def test_a_document_that_cannot_be_copied_is_refused():
    assert problems_of({"x": deep()}, {})[0].endswith(": nested too deeply")
    assert problems_of({"x": 16**20_000}, {"title": "y"}) == ["x: the number is too long"]


words = st.sampled_from(["task", "lanes", "training", "0", "1", "[0]", "2", "kind", "delay", "", "²", "\n"])


@given(st.lists(words, min_size=1, max_size=5), st.integers())
def test_any_key_is_set_or_said_to_lead_nowhere(way, value):
    key, before = ".".join(way), echo()
    untouched = deepcopy(before)
    try:
        at = set_keys(before, {key: value}, "s")
    except PresetError as error:
        assert_can_be_shown(error)
    else:
        for word in key.replace("[", ".").replace("]", "").split("."):
            at = at[int(word)] if isinstance(at, list) else at[word]
        assert at == value
    assert before == untouched


# What setting a key takes with it.


def lanes_of(lanes, changes):
    """The lanes after the changes."""
    before = {"lanes": lanes}
    untouched = deepcopy(before)
    found = changed(before, changes, "s")["lanes"]
    assert before == untouched
    return found


def test_what_another_kind_does_not_have_goes_and_what_no_kind_has_stays_to_be_reported():
    lane = {"kind": "rnn", "activation": "relu", "gain": 2.0, "gian": 1, "hidden_size": 3}
    assert lanes_of([lane], {"lanes.0.kind": "gru"}) == [{"kind": "gru", "gain": 2.0, "gian": 1, "hidden_size": 3}]
    assert lanes_of([lane], {"lanes.0.kind": "fnn"}) == [
        {"kind": "fnn", "activation": "relu", "gian": 1, "hidden_size": 3}
    ]
    assert lanes_of([lane], {"lanes.0.kind": "lst"}) == [{**lane, "kind": "lst"}]
    assert lanes_of([lane], {"lanes.0.kind": "rnn"}) == [lane]
    assert lanes_of([lane], {"lanes.0.gain": 1.0}) == [{**lane, "gain": 1.0}]


def test_of_a_lane_set_as_a_whole_nothing_is_taken():
    lane = {"kind": "gru", "name": "RNN", "activation": "relu"}
    assert lanes_of([{"kind": "rnn", "activation": "tanh", "name": "RNN"}], {"lanes.0": lane}) == [lane]


def test_a_match_goes_with_a_size_of_its_own_or_with_the_lane_it_was_for():
    lanes = [{"kind": "rnn"}, {"kind": "fnn", "match": 0}, {"kind": "fnn", "match": 2}, {"kind": "lstm"}]
    assert lanes_of(lanes, {"lanes.1.hidden_size": 3})[1] == {"kind": "fnn", "hidden_size": 3}
    assert lanes_of(lanes, {"lanes.1.hidden_size": 3, "lanes.1.match": None})[1]["match"] is None
    assert lanes_of(lanes, {"lanes.0.hidden_size": 3})[1:] == lanes[1:]
    assert lanes_of(lanes, {"lanes.0.kind": "fnn"})[1:] == [{"kind": "fnn"}, *lanes[2:]]
    assert lanes_of(lanes, {"lanes.0.kind": "gru"})[1:] == lanes[1:]


asked = st.dictionaries(st.lists(words, min_size=1, max_size=4).map(".".join), anything, max_size=3)


@given(asked, anything)
@example({"lanes.0.match": 1, "lanes.0.hidden_size": 2, "lanes.0": {}}, [{"kind": "fnn"}])
@example({"lanes.0.match": 1, "lanes.0.kind": "rnn", "lanes.0.hidden_size": 2}, [{"kind": "fnn"}])
def test_any_changes_of_any_lanes_are_made_or_refused(changes, lanes):
    try:
        assert isinstance(changed({"task": {"kind": "echo"}, "lanes": lanes}, changes, "s"), dict)
    except PresetError as error:
        assert_can_be_shown(error)


def test_the_tables_of_the_caller_are_never_written_into():
    mine = {"kind": "fnn", "match": 0}
    changed({"lanes": [{"kind": "rnn"}, {"kind": "fnn"}]}, {"lanes.1": mine, "lanes.1.hidden_size": 3}, "s")
    assert mine == {"kind": "fnn", "match": 0}


def test_differences_are_the_dotted_keys_whose_values_differ():
    one = {"a": 1, "b": {"c": [1, 2], "d": "x"}, "lanes": [{"k": 1}]}
    other = {"a": 1, "b": {"c": [1, 3], "d": "x"}, "lanes": [{"k": 1}, {"k": 2}], "e": 0}
    assert differences(one, other) == {"b.c", "lanes.1.k", "e"}
    assert differences(other, one) == differences(one, other)
    assert differences(one, one) == set()
