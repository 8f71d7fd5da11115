from collections import Counter
from itertools import product
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from support.conditional_entropy import open_after

from rnn_tui.engine.evaluation import score
from rnn_tui.tasks.copying import BLANK, GO, Copy

BEST_KNOWN = Copy(symbols=10, kinds=8, gap=20)  # in 40 time steps


def written(symbols, gap, length):
    """The input and the target that follow from the symbols, as words of equal length."""
    S = len(symbols)
    x = [*symbols, *[BLANK] * (gap - 1), GO, *[BLANK] * (length - S - gap)]
    return x, [*[BLANK] * (S + gap), *symbols, *[BLANK] * (length - 2 * S - gap)]


def left_open(pairs, window):
    """By inputs and targets, with no symbol before the first input."""
    weights = Counter()
    for x, target in pairs:
        padded = (None,) * (window - 1) + tuple(x)
        weights.update((padded[t : t + window], target[t]) for t in range(len(x)))
    return open_after(weights)


@given(
    symbols=st.integers(1, 6),
    kinds=st.integers(2, 26),
    gap=st.integers(1, 8),
    more=st.integers(0, 5),
    size=st.integers(1, 4),
    seed=st.integers(0, 2**32),
)
def test_the_symbols_come_again_after_the_marker_and_all_is_scored(symbols, kinds, gap, more, size, seed):
    task = Copy(symbols=symbols, kinds=kinds, gap=gap)
    length = 2 * symbols + gap + more
    batch = task.batch(np.random.default_rng(seed), size, length)
    np.testing.assert_array_equal(batch.x.sum(axis=1), 1)
    np.testing.assert_array_equal(batch.mask, 1)
    for b in range(size):
        x = [task.alphabet[code] for code in batch.x[..., b].argmax(axis=1)]
        assert set(x[:symbols]) <= set("abcdefghijklmnopqrstuvwxyz"[:kinds])
        target = [task.classes[code] for code in batch.target[:, b]]
        assert (x, target) == written(x[:symbols], gap, length)


def test_each_kind_of_symbol_is_equally_likely_at_each_place():
    drawn = Copy(symbols=2, kinds=3, gap=1).batch(np.random.default_rng(0), 18_000, 5).x[:2].argmax(axis=1)
    pairs = Counter(map(tuple, drawn.T.tolist()))
    for pair in product(range(3), repeat=2):
        assert pairs[pair] == pytest.approx(2000, abs=5 * np.sqrt(2000))


def test_the_alphabet_is_the_kinds_the_blank_and_the_marker_which_is_never_an_answer():
    assert Copy(kinds=3).alphabet == ("a", "b", "c", BLANK, GO)
    assert Copy(kinds=3).classes == ("a", "b", "c", BLANK)
    assert (Copy(kinds=3).input_size, Copy(kinds=3).output_size) == (5, 4)


@pytest.mark.parametrize("more", [0, 1, 4])
@pytest.mark.parametrize("gap", [1, 2, 4])
@pytest.mark.parametrize(("symbols", "kinds"), [(1, 2), (1, 3), (2, 2), (3, 2)])
def test_the_floor_is_what_all_sequences_leave_open(symbols, kinds, gap, more):
    task, length = Copy(symbols=symbols, kinds=kinds, gap=gap), 2 * symbols + gap + more
    pairs = [written(chosen, gap, length) for chosen in product("abc"[:kinds], repeat=symbols)]
    for window in range(1, length + 2):
        assert task.floor(window, length).loss == pytest.approx(left_open(pairs, window), abs=1e-12), window
    assert task.floor(None, length).loss == 0
    assert task.floor(1, length).exact


@pytest.mark.parametrize("window", [1, 3, 7, 12, 14])
def test_the_floor_is_what_a_large_sample_leaves_open(window):
    task = Copy(symbols=3, kinds=4, gap=10)
    batch = task.batch(np.random.default_rng(0), 4000, 18)
    found = left_open(zip(batch.x.argmax(axis=1).T.tolist(), batch.target.T.tolist(), strict=True), window)
    assert task.floor(window, 18).loss == pytest.approx(found, abs=2e-3)


def test_the_published_loss_of_who_knows_when_to_answer_and_not_what():
    found = {reference.name: reference.loss for reference in BEST_KNOWN.references(40)}
    assert round(found["when, not what"], 4) == 0.5199
    assert found["chance"] == pytest.approx(log(9))


@pytest.mark.parametrize("window", [11, 20, 30])
def test_who_sees_the_marker_all_through_the_answer_knows_when_and_not_what(window):
    assert BEST_KNOWN.floor(window, 40).loss == pytest.approx(10 * log(8) / 40)


def test_one_who_answers_so_is_scored_so():
    batch = BEST_KNOWN.batch(np.random.default_rng(0), 20, 40)
    y = np.full((40, 9, 20), -1e3)
    y[:30, 8] = 0  # a blank
    y[30:, :8] = 0  # any symbol
    assert score(BEST_KNOWN.loss, y, batch).loss == pytest.approx(10 * log(8) / 40)


def test_a_window_that_reaches_back_to_the_symbol_asked_for_leaves_nothing_open():
    assert BEST_KNOWN.floor(30, 40).loss > 0.5
    assert BEST_KNOWN.floor(31, 40).loss == 0


def test_losses_are_split_in_symbols_and_blanks():
    task = Copy(symbols=2, kinds=3, gap=3)
    batch = task.batch(np.random.default_rng(0), 2, 9)
    expected = ["blank"] * 5 + ["symbol"] * 2 + ["blank"] * 2
    for b in range(2):
        assert [task.roles[role] for role in task.role(batch)[:, b]] == expected
    assert task.split_by == "target"


@pytest.mark.parametrize(("symbols", "gap", "least"), [(3, 10, 16), (1, 1, 3), (10, 20, 40)])
def test_the_sequence_must_have_room_for_the_symbols_twice_and_the_gap(symbols, gap, least):
    task = Copy(symbols=symbols, gap=gap)
    assert task.problems(least) == []
    (problem,) = task.problems(least - 1)
    assert problem.startswith(f"training.sequence_length = {least - 1}: ")
    assert f"at least {least} " in problem
    assert f"task.symbols = {symbols}" in problem
    assert f"task.gap = {gap}" in problem


@pytest.mark.parametrize("option", ["symbols", "kinds", "gap"])
@pytest.mark.parametrize("value", [0, 1001, 3.0, "3", True])
def test_options_out_of_range_are_refused(option, value):
    with pytest.raises(ValidationError):
        Copy.model_validate({option: value})


@pytest.mark.parametrize("options", [{"kinds": 1}, {"kinds": 27}, {"symbols": 101}])
def test_there_are_two_to_26_kinds_and_at_most_100_symbols(options):
    with pytest.raises(ValidationError):
        Copy.model_validate(options)
