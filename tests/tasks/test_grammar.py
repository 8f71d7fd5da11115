import re
from collections import Counter
from functools import cache
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.conditional_entropy import open_after
from support.examples import fewer_examples

from rnn_tui.tasks.counting import Counting
from rnn_tui.tasks.letters import Letters
from rnn_tui.tasks.reber import EmbeddedReber, Reber

STRING = "B(?:TS*X(?:XT*VP)*(?:S|XT*VV)|PT*V(?:PXT*V)*(?:V|PS))E"
EMBEDDED = f"B(?:T{STRING}T|P{STRING}P)E"
ENDS = ["BTXSE", "TXSE", "XSE", "SE", "VVE", "VE", "E", ""]  # one of them ends any string that has begun
EMBEDDED_ENDS = ["BTBTXSETE", "TBTXSETE", "E", "", *(end + outer + "E" for end in ENDS for outer in "TP")]


def one_of(*strings):
    """What may follow, where one of the strings after another is said, all of them equally likely."""

    @cache
    def follow(said):
        for string in strings:
            if said.startswith(string):
                return follow(said[len(string) :])
        following = Counter(string[len(said)] for string in strings if string.startswith(said))
        return {symbol: count / following.total() for symbol, count in following.items()}

    return follow


def matching(pattern, ends):
    """What may follow, where strings of the pattern are said: all that can still become one, equally likely."""

    @cache
    def follow(said):
        begun = re.sub(f"^(?:{pattern})*", "", said)
        alive = [s for s in "BTSXPVE" if any(re.fullmatch(pattern, begun + s + end) for end in ends)]
        return dict.fromkeys(alive, 1 / len(alive))

    return follow


GRAMMARS = [
    (Letters(), one_of("ba", "dii", "guuu")),
    (Letters(consonants=2), one_of("ba", "dii")),
    (Letters(consonants=5), one_of("ba", "dii", "guuu", "keeee", "pooooo")),
    (Counting(longest=1), one_of("ab")),
    (Counting(longest=3), one_of("ab", "aabb", "aaabbb")),
    (Reber(), matching(STRING, ENDS)),
    (EmbeddedReber(), matching(EMBEDDED, EMBEDDED_ENDS)),
]
every_grammar = pytest.mark.parametrize(("task", "follow"), GRAMMARS)
every_task = pytest.mark.parametrize("task", [task for task, _ in GRAMMARS])


@cache
def sequences(follow, length):
    """All that can be said in so many symbols, {sequence: probability}."""
    if length == 0:
        return {"": 1.0}
    return {
        said + symbol: p * q for said, p in sequences(follow, length - 1).items() for symbol, q in follow(said).items()
    }


def weigh(weighted, window):
    """{(window, next symbol): weight} over all time steps, with no symbol before the first."""
    found = Counter()
    for word, weight in weighted.items():
        padded = " " * (window - 1) + word
        for t in range(len(word) - 1):
            found[padded[t : t + window], word[t + 1]] += weight
    return found


def drawn(task, size, length):
    """Strings of length + 1: all inputs of a batch and the last target."""
    batch = task.batch(np.random.default_rng(5), size, length)
    codes = np.concatenate([batch.x.argmax(axis=1), batch.target[-1:]])
    return ["".join(task.alphabet[code] for code in word) for word in codes.T]


@every_task
@given(length=st.integers(1, 20), size=st.integers(1, 4), seed=st.integers(0, 2**32))
@fewer_examples
def test_each_input_is_one_symbol_and_each_target_the_next_one(task, length, size, seed):
    batch = task.batch(np.random.default_rng(seed), size, length)
    np.testing.assert_array_equal(np.sort(batch.x, axis=1)[:, -1], 1)
    np.testing.assert_array_equal(batch.x.sum(axis=1), 1)
    np.testing.assert_array_equal(batch.x.argmax(axis=1)[1:], batch.target[:-1])
    np.testing.assert_array_equal(batch.mask, 1)
    assert batch.target.min() >= 0
    assert batch.target.max() < len(task.alphabet)


@every_grammar
def test_what_is_drawn_has_the_probabilities_of_its_definition(task, follow):
    size = 8000
    words, expected = Counter(drawn(task, size, 8)), sequences(follow, 9)
    assert words.keys() <= expected.keys()
    for word, p in expected.items():
        assert words[word] == pytest.approx(size * p, abs=5 * np.sqrt(size * p * (1 - p)) + 1e-9)


@every_grammar
@pytest.mark.parametrize("length", [1, 4, 11])
def test_the_floor_is_what_all_sequences_leave_open(task, follow, length):
    for window in (1, 2, 3, 6, 10, None):
        expected = open_after(weigh(sequences(follow, length + 1), window or length))
        assert task.floor(window, length).loss == pytest.approx(expected, abs=1e-12), window
        assert task.floor(window, length).exact


@pytest.mark.parametrize("task", [Letters(), Counting(longest=3), EmbeddedReber()])
def test_the_floor_is_what_a_large_sample_leaves_open(task):
    words = Counter(drawn(task, 1000, 40))
    for window in (1, 2, 4):
        assert task.floor(window, 40).loss == pytest.approx(open_after(weigh(words, window)), abs=8e-3)


@every_grammar
def test_references_are_chance_and_what_the_frequencies_of_all_sequences_leave_open(task, follow):
    found = {reference.name: reference.loss for reference in task.references(9)}
    targets = Counter()
    for word, p in sequences(follow, 10).items():
        for symbol in word[1:]:
            targets["", symbol] += p
    assert found == {"chance": log(len(task.alphabet)), "unigram": pytest.approx(open_after(targets), abs=1e-12)}


@pytest.mark.parametrize(
    ("task", "symbols"), [(Letters(), "abdgiu"), (Reber(), "BEPSTVX"), (EmbeddedReber(), "BEPSTVX")]
)
def test_the_alphabet_is_all_that_can_be_said_and_so_are_the_classes(task, symbols):
    assert task.alphabet == task.classes == tuple(symbols)


@pytest.mark.parametrize("task", [Letters(), Reber()])
def test_losses_are_split_by_the_symbol_that_comes_next(task):
    batch = task.batch(np.random.default_rng(0), 5, 20)
    role = task.role(batch)
    stream = batch.x.argmax(axis=1)
    assert task.split_by == "symbol"
    for t in range(19):
        for b in range(5):
            assert task.roles[role[t, b]] == task.alphabet[stream[t + 1, b]]


@every_task
def test_any_length_will_do(task):
    assert task.problems(1) == []
