from collections import Counter
from itertools import pairwise, product
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.conditional_entropy import open_after
from support.examples import fewer_examples

from rnn_tui.tasks.base import binary_entropy
from rnn_tui.tasks.floors import finite_state as module
from rnn_tui.tasks.floors.finite_state import Source, entropy

COIN = {"only": [("heads", "only", 0.3), ("tails", "only", 0.7)]}
# Ones come in pairs, so that no window tells for sure whether a one is the first or the second of its pair.
PAIRS = {"even": [("0", "even", 0.5), ("1", "odd", 0.5)], "odd": [("1", "even", 1.0)]}

UNEVEN = {
    "X": [("c", "Y", 0.2), ("a", "X", 0.5), ("b", "Z", 0.3)],
    "Y": [("b", "X", 1.0)],
    "Z": [("a", "Z", 0.9), ("c", "X", 0.1)],
}


@st.composite
def grammars(draw):
    """Arrows between at most three states, that say a, b or c."""
    states, arrows = "XYZ"[: draw(st.integers(1, 3))], {}
    for state in states:
        symbols = draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True))
        weights = [draw(st.integers(1, 4)) for _ in symbols]
        arrows[state] = [
            (symbol, draw(st.sampled_from(states)), weight / sum(weights))
            for symbol, weight in zip(symbols, weights, strict=True)
        ]
    return arrows


def sequences(arrows, length, begin=None):
    """All that can be said in so many symbols, each with its probability and the state after it."""
    said = [((), 1.0, begin or next(iter(arrows)))]
    for _ in range(length):
        said = [((*word, symbol), p * q, after) for word, p, state in said for symbol, after, q in arrows[state]]
    return said


def weigh(weighted, window):
    """{(window, next symbol): weight} over all time steps, with no symbol before the first."""
    found = Counter()
    for word, p in weighted:
        padded = (None,) * (window - 1) + tuple(word)
        for t in range(len(word) - 1):
            found[padded[t : t + window], word[t + 1]] += p
    return found


def enumerated(arrows, window, length):
    return open_after(weigh([(word, p) for word, p, _ in sequences(arrows, length + 1)], window or length))


@given(arrows=grammars())
@fewer_examples
def test_the_steps_are_the_arrows_and_each_state_says_something(arrows):
    source = Source(arrows)
    expected = np.zeros_like(source.steps)
    for state, leaving in arrows.items():
        for symbol, after, probability in leaving:
            expected[source.symbols.index(symbol), list(arrows).index(state), list(arrows).index(after)] = probability
    np.testing.assert_array_equal(source.steps, expected)
    np.testing.assert_allclose(source.steps.sum(axis=(0, 2)), 1)
    assert source.symbols == sorted({symbol for leaving in arrows.values() for symbol, _, _ in leaving})


@given(arrows=grammars(), length=st.integers(1, 20), size=st.integers(1, 4), seed=st.integers(0, 2**32))
@fewer_examples
def test_whatever_is_drawn_follows_the_arrows_from_the_first_state(arrows, length, size, seed):
    source = Source(arrows)
    drawn = source.draw(np.random.default_rng(seed), size, length)
    assert drawn.shape == (length, size)
    for b in range(size):
        state = next(iter(arrows))
        for code in drawn[:, b]:
            leads = {symbol: after for symbol, after, _ in arrows[state]}
            assert source.symbols[code] in leads
            state = leads[source.symbols[code]]


@pytest.mark.parametrize("arrows", [COIN, PAIRS, UNEVEN])
def test_all_words_are_drawn_as_often_as_their_probabilities_say(arrows):
    source, size = Source(arrows), 40_000
    words = Counter(tuple(source.symbols[code] for code in word) for word in drawn_words(source, size, 4))
    expected = {word: p for word, p, _ in sequences(arrows, 4)}
    assert words.keys() <= expected.keys()
    for word, p in expected.items():
        assert words[word] == pytest.approx(size * p, abs=5 * np.sqrt(size * p * (1 - p)) + 1e-9)


def drawn_words(source, size, length):
    return source.draw(np.random.default_rng(3), size, length).T.tolist()


@given(arrows=grammars(), length=st.integers(1, 5), window=st.none() | st.integers(1, 6))
def test_a_window_leaves_open_what_all_sequences_at_all_time_steps_leave_open(arrows, length, window):
    assert Source(arrows).entropy(window, length) == pytest.approx(enumerated(arrows, window, length), abs=1e-12)


@pytest.mark.parametrize("length", [6, 9])
@pytest.mark.parametrize("window", [1, 2, 3, 5, 8, None])
def test_a_hidden_state_is_guessed_from_a_window_as_well_as_all_sequences_allow(window, length):
    assert Source(PAIRS).entropy(window, length) == pytest.approx(enumerated(PAIRS, window, length), abs=1e-12)


@pytest.mark.parametrize("window", [1, 2, 3, 6])
def test_a_window_leaves_open_what_is_counted_in_a_large_sample(window):
    source = Source(PAIRS)
    words = [(word, 1) for word in drawn_words(source, 2000, 21)]
    assert source.entropy(window, 20) == pytest.approx(open_after(weigh(words, window)), abs=6e-3)


@given(arrows=grammars(), length=st.integers(1, 6))
@fewer_examples
def test_more_symbols_never_leave_more_open_and_as_many_as_there_are_are_all(arrows, length):
    source = Source(arrows)
    left = [source.entropy(window, length) for window in range(1, length + 1)]
    assert all(more <= less + 1e-12 for less, more in pairwise(left))
    assert left[-1] == source.entropy(length + 7, length) == source.entropy(None, length)


def test_symbols_without_memory_are_as_open_as_one_alone_whatever_the_window():
    for window, length in product([1, 2, 5, None], [1, 4, 30]):
        assert Source(COIN).entropy(window, length) == pytest.approx(float(binary_entropy(0.3)))


def test_the_state_of_pairs_is_even_two_times_out_of_three_and_then_a_coin():
    assert Source(PAIRS).entropy(None, 20_000) == pytest.approx(2 / 3 * log(2), abs=1e-4)


@pytest.mark.parametrize(("most", "fits"), [(7, True), (6, False)])  # all runs of three but 010
def test_of_too_many_windows_the_floor_is_that_of_all_symbols(most, fits, monkeypatch):
    source = Source(PAIRS)
    exact, everything = source.entropy(3, 10), source.entropy(None, 10)
    assert everything < exact - 0.01
    monkeypatch.setattr(module, "MOST_WORDS", most)
    assert source.entropy(3, 10) == (exact if fits else None)


def test_a_window_of_a_thousand_symbols_takes_no_time():
    source = Source(PAIRS)
    assert source.entropy(1000, 2000) is None  # there are 2^500 of them and more


@given(arrows=grammars(), length=st.integers(1, 5))
@fewer_examples
def test_frequencies_are_those_of_the_next_symbol_over_all_sequences(arrows, length):
    source = Source(arrows)
    expected = np.zeros(len(source.symbols))
    for word, p, _ in sequences(arrows, length + 1):
        for symbol in word[1:]:
            expected[source.symbols.index(symbol)] += p / length
    np.testing.assert_allclose(source.frequencies(length), expected, atol=1e-12)
    assert source.frequencies(length).sum() == pytest.approx(1)


def test_the_entropy_of_a_fair_die_is_ln_6_and_of_certainty_0():
    assert entropy(np.full((2, 3), 1 / 6)) == pytest.approx(log(6))
    assert entropy(np.array([0.0, 1.0, 0.0])) == 0


def test_of_weights_that_are_no_probabilities_the_entropy_is_the_same_sum():
    assert entropy(np.array([2.0, 0.0, 3.0])) == pytest.approx(-2 * log(2) - 3 * log(3))
