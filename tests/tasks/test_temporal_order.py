from collections import Counter
from itertools import product
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from support.conditional_entropy import open_after

from rnn_tui.tasks.temporal_order import TemporalOrder


@given(noise=st.integers(1, 8), length=st.integers(2, 20), size=st.integers(1, 4), seed=st.integers(0, 2**32))
def test_the_last_target_names_the_marked_symbols_in_their_order_and_it_alone_is_scored(noise, length, size, seed):
    task = TemporalOrder(noise=noise)
    batch = task.batch(np.random.default_rng(seed), size, length)
    np.testing.assert_array_equal(batch.x.sum(axis=1), 1)
    for b in range(size):
        said = [task.alphabet[code] for code in batch.x[..., b].argmax(axis=1)]
        places = [t for t, symbol in enumerate(said) if symbol in "AB"]
        assert [t < length // 2 for t in places] == [True, False]
        assert task.classes[batch.target[-1, b]] == "".join(said[t] for t in places)
        assert batch.mask[:, b].tolist() == [0] * (length - 1) + [1]


def test_each_order_is_equally_likely_and_so_is_each_noise():
    task = TemporalOrder(noise=3)
    batch = task.batch(np.random.default_rng(0), 8000, 10)
    orders, symbols = Counter(batch.target[-1].tolist()), Counter(batch.x.argmax(axis=1).ravel().tolist())
    for order in range(4):
        assert orders[order] == pytest.approx(2000, abs=5 * np.sqrt(2000))
    for noise in range(2, 5):
        assert symbols[noise] == pytest.approx(8 * 8000 / 3, abs=5 * np.sqrt(8 * 8000 / 3))


@pytest.mark.parametrize("noise", [1, 4, 8])
def test_the_alphabet_is_a_b_and_so_many_symbols_of_noise(noise):
    task = TemporalOrder(noise=noise)
    assert task.alphabet == ("A", "B", *"cdefghij"[:noise])
    assert task.classes == ("AA", "AB", "BA", "BB")
    assert (task.input_size, task.output_size) == (2 + noise, 4)


@pytest.mark.parametrize("noise", [1, 2])
@pytest.mark.parametrize("length", [2, 3, 4, 5])
def test_the_floor_is_what_all_sequences_leave_open(length, noise):
    task = TemporalOrder(noise=noise)
    places = list(product(range(length // 2), range(length // 2, length)))
    for window in (1, 2, 3, 4, 5, 8, None):
        weights, begins = Counter(), max(0, length - (window or length))
        for (first, second), a, b in product(places, "AB", "AB"):
            for symbols in product("cd"[:noise], repeat=length):
                said = list(symbols)
                said[first], said[second] = a, b
                weights["".join(said[begins:]), a + b] += 1
        assert task.floor(window, length).loss == pytest.approx(open_after(weights), abs=1e-12), window
        assert task.floor(window, length).exact


@pytest.mark.parametrize(("window", "length"), [(2, 9), (5, 9), (6, 9), (3, 10)])
def test_the_floor_is_what_a_large_sample_leaves_open(window, length):
    batch = TemporalOrder(noise=1).batch(np.random.default_rng(0), 20_000, length)
    windows = map(tuple, batch.x[-window:].argmax(axis=1).T.tolist())
    found = open_after(Counter(zip(windows, batch.target[-1].tolist(), strict=True)))
    assert TemporalOrder(noise=1).floor(window, length).loss == pytest.approx(found, abs=0.02)


def test_chance_is_one_of_four_and_who_sees_hardly_anything_is_near_it():
    (chance,) = TemporalOrder().references(20)
    assert chance.loss == log(4)
    assert TemporalOrder().floor(1, 20).loss == pytest.approx(log(4) - log(2) / 10)
    assert TemporalOrder().floor(1, 100_000).loss == pytest.approx(log(4), abs=1e-4)


def test_who_sees_the_second_half_knows_one_symbol_and_who_sees_all_knows_both():
    assert TemporalOrder().floor(10, 20).loss == pytest.approx(log(2))
    assert TemporalOrder().floor(None, 20).loss == TemporalOrder().floor(20, 20).loss == 0


def test_one_time_step_has_no_halves():
    assert TemporalOrder().problems(2) == []
    (problem,) = TemporalOrder().problems(1)
    assert problem.startswith("training.sequence_length = 1: ")


@pytest.mark.parametrize("noise", [0, 9, 4.0, "4", True])
def test_there_are_one_to_eight_symbols_of_noise(noise):
    with pytest.raises(ValidationError):
        TemporalOrder.model_validate({"noise": noise})
