"""Presets are found by words."""

from pathlib import Path

import pytest

from rnn_tui.presets.preset import parse
from rnn_tui.presets.search import TOPICS, matches, none_found, rank, stem
from rnn_tui.presets.store import Entry, entries

BUNDLED = [entry for entry in entries() if not entry.own]


def found(query):
    return {entry.name for entry in BUNDLED if matches(entry, query)}


def best(query):
    return max(BUNDLED, key=lambda entry: rank(entry, query)).name


@pytest.mark.parametrize(
    ("query", "some", "others"),
    [
        ("vanishing", {"activations", "echo-20", "adding-long"}, {"echo", "wave"}),
        ("exploding", {"exploding"}, {"echo-20", "echo"}),
        ("gate", {"gates", "cells", "embedded-reber"}, {"echo", "wave"}),
        ("memory", {"echo", "xor", "parity"}, {"wave", "exploding"}),
        ("clip", {"exploding"}, {"echo"}),
        ("cut", {"truncation"}, {"echo"}),
        ("BPTT", {"truncation"}, {"echo"}),
        ("seeds", {"initializers"}, {"echo", "wave"}),
        ("forecast", {"wave", "mackey-glass", "csv"}, {"echo", "reber"}),
        ("overfitting", {"text", "csv"}, {"echo"}),
        ("LSTM", {"gates", "cells", "embedded-reber"}, {"echo"}),
        ("own data", {"csv", "text", "words"}, {"echo"}),
        ("orthogonal gain", {"echo-20"}, {"wave"}),
    ],
)
def test_a_word_finds_the_presets_that_are_about_it_and_not_others(query, some, others):
    assert some <= found(query)
    assert not others & found(query)
    assert found(query.upper()) == found(query) == found(f"  {query} ")


def test_the_preset_whose_name_has_the_word_is_the_best():
    assert [best(query) for query in ("exploding", "gates", "truncation", "words", "copy 20")] == [
        *("exploding", "gates", "truncation", "words", "copy-20")
    ]


def test_endings_and_unfinished_words_do_not_matter():
    for query in ("explod", "explode", "exploded", "exploding"):
        assert found(query) == {"exploding"}
    assert found("gate") == found("gates")
    assert found("clip") == found("clipping") == found("clipped")
    assert [stem(word) for word in ("cuts", "cutting", "seed", "is", "less")] == ["cut", "cut", "seed", "is", "les"]


def test_all_words_must_fit():
    assert found("gate forecast") == set()
    assert found("LSTM reber") == {"embedded-reber"}
    assert found("") == {entry.name for entry in BUNDLED}
    assert found("?!") == set()


def test_what_is_searched():
    said = {"title": "A [b]", "question": "Was?", "expect": "Much.", "topics": ["chaos theory"], "hints": ["Try it"]}
    lanes = [{"kind": "gru", "name": "mine"}, {"kind": "fnn", "window": 2}]
    document = {**said, "task": {"kind": "wave"}, "lanes": lanes}
    entry = Entry("of-mine", Path("of-mine.toml"), True, preset=parse(document, "x"), chapter="own")
    words = ("of-mine", "[B]", "was", "much", "theory", "try it", "wave", "gru", "recurrent", "fnn", "own", "mine b")
    assert [word for word in words if not matches(entry, word)] == []
    assert not matches(entry, "lstm")
    assert rank(entry, "theory") > rank(entry, "much") > 0
    assert matches(Entry("broken", Path("b"), True, problem="task.kind: unknown"), "broken unknown")


def test_if_nothing_is_found_words_are_proposed_that_find_something():
    assert none_found("xyz").startswith("No preset is about 'xyz'. Try one of: vanishing,")
    assert none_found("xyz abc").startswith("No preset fits all of these words.")
    assert all(found(topic) for topic in TOPICS)


def test_every_bundled_preset_has_topics_hints_and_a_chapter():
    for entry in BUNDLED:
        assert len(entry.preset.topics) >= 3, entry.name
        assert entry.preset.hints, entry.name
        assert entry.chapter, entry.name
