from collections import Counter, defaultdict
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.tasks.floors.ngram import cross_entropy_of_counts


def naive(train, test, kinds, context):
    """Witten and Bell's formula with dictionaries, one symbol at a time."""
    followers = defaultdict(Counter)
    for order in range(context + 1):
        for i in range(order, len(train)):
            followers[tuple(train[i - order : i])][train[i]] += 1

    def probability(symbol, history):
        shorter = probability(symbol, history[1:]) if history else 1 / kinds
        seen = followers[history]
        if not seen:
            return shorter
        return (seen[symbol] + len(seen) * shorter) / (sum(seen.values()) + len(seen))

    costs = [-log(probability(test[i], tuple(test[i - context : i]))) for i in range(context, len(test))]
    return sum(costs) / len(costs)


@st.composite
def texts(draw):
    kinds, context = draw(st.integers(1, 5)), draw(st.integers(0, 4))
    symbols = st.integers(0, kinds - 1)
    return (
        draw(st.lists(symbols, min_size=context + 1, max_size=60)),
        draw(st.lists(symbols, min_size=context + 1, max_size=30)),
        kinds,
        context,
    )


@given(text=texts())
def test_counting_is_the_naive_formula(text):
    train, test, kinds, context = text
    found = cross_entropy_of_counts(np.array(train), np.array(test), kinds, context)
    assert found == pytest.approx(naive(train, test, kinds, context), rel=1e-12, abs=1e-12)


@given(train=st.lists(st.integers(0, 3), min_size=3, max_size=30), a=st.integers(0, 3), b=st.integers(0, 3))
def test_the_probabilities_of_all_next_symbols_add_up_to_one(train, a, b):
    costs = [cross_entropy_of_counts(np.array(train), np.array([a, b, c]), 4, 2) for c in range(4)]
    assert sum(np.exp(-cost) for cost in costs) == pytest.approx(1)


def test_a_symbol_that_is_always_there_costs_next_to_nothing():
    # the only symbol, N times: (N + 1 · 1/2) / (N + 1)
    found = cross_entropy_of_counts(np.zeros(9, int), np.zeros(5, int), 2, 0)
    assert found == pytest.approx(-log(9.5 / 10))


def test_a_symbol_never_seen_costs_its_share_of_the_new():
    # five symbols, all 0: the new one gets D / (N + D) · 1/3 = 1/6 · 1/3
    assert cross_entropy_of_counts(np.zeros(5, int), np.array([2]), 3, 0) == pytest.approx(log(18))


def test_a_context_never_seen_is_answered_by_the_shorter_one():
    train, test = np.array([0, 1, 0, 1, 0]), np.array([2, 0])
    shorter = cross_entropy_of_counts(train, test[1:], 3, 0)
    assert cross_entropy_of_counts(train, test, 3, 1) == pytest.approx(shorter)


def test_independent_symbols_cost_their_entropy_whatever_the_context():
    rng = np.random.default_rng(0)
    symbols = rng.choice(3, 200_000, p=[0.5, 0.25, 0.25])
    for context in (0, 1, 3):
        found = cross_entropy_of_counts(symbols[:160_000], symbols[160_000:], 3, context)
        assert found == pytest.approx(1.5 * log(2), abs=5e-3)


def test_a_markov_chain_costs_its_entropy_rate_from_one_symbol_on():
    rng = np.random.default_rng(0)
    stays = np.cumsum(rng.random(100_000) < 0.1) % 2  # changes with probability .1
    found = [cross_entropy_of_counts(stays[:80_000], stays[80_000:], 2, context) for context in (0, 1, 2)]
    rate = -0.1 * log(0.1) - 0.9 * log(0.9)
    assert found == pytest.approx([log(2), rate, rate], abs=0.01)


def test_many_kinds_and_a_long_context_do_not_run_into_each_other():
    rng = np.random.default_rng(0)
    train, test = rng.integers(480, 500, 300).tolist(), rng.integers(480, 500, 50).tolist()
    found = cross_entropy_of_counts(np.array(train), np.array(test), 500, 4)
    assert found == pytest.approx(naive(train, test, 500, 4), rel=1e-12)
