from collections import Counter
from itertools import product
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from support.conditional_entropy import open_after

from rnn_tui.tasks.flip_flop import FlipFlop


def said(row, held):
    """The signs held after one more time step."""
    return [after if after else before for before, after in zip(held, row, strict=True)]


@given(
    bits=st.integers(1, 4), every=st.integers(1, 9), length=st.integers(1, 20), size=st.integers(1, 4),
    seed=st.integers(0, 2**32),
)  # fmt: skip
def test_the_class_names_the_sign_of_the_last_pulse_on_each_input(bits, every, length, size, seed):
    task = FlipFlop(bits=bits, every=every)
    batch = task.batch(np.random.default_rng(seed), size, length)
    assert batch.x.shape == (length, task.input_size, size) == (length, bits, size)
    assert batch.mask.all()
    assert np.isin(batch.x, (-1, 0, 1)).all()
    assert batch.x[0].all()
    for b in range(size):
        held = [0] * bits
        for t in range(length):
            held = said(batch.x[t, :, b], held)
            assert task.classes[batch.target[t, b]] == "".join("+" if sign > 0 else "-" for sign in held)


@pytest.mark.parametrize("every", [1, 2, 6])
def test_a_pulse_comes_as_often_as_it_says_and_either_sign_is_as_likely(every):
    x = FlipFlop(bits=2, every=every).batch(np.random.default_rng(0), 200, 101).x[1:]
    assert np.abs(x).mean() == pytest.approx(1 / every, abs=0.01)
    assert x.mean() == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize(("length", "every"), [(1, 2), (2, 2), (4, 2), (4, 3), (5, 1)])
@pytest.mark.parametrize("window", [1, 2, 3, 4, None])
def test_the_floor_of_a_window_is_what_all_sequences_leave_open(length, every, window):
    weights, seen = Counter(), window or length
    for first in (-1, 1):
        for rest in product((-1, 0, 1), repeat=length - 1):
            weight, held = 0.5, 0
            for sign in rest:
                weight *= 1 - 1 / every if sign == 0 else 1 / (2 * every)
            padded = (*[0] * (seen - 1), first, *rest)
            for t, x in enumerate((first, *rest)):
                held = x or held
                weights[padded[t : t + seen], held] += weight
    possible = {key: weight for key, weight in weights.items() if weight}
    floor = FlipFlop(bits=1, every=every).floor(window, length)
    assert floor.exact
    assert floor.loss == pytest.approx(open_after(possible), abs=1e-12)
    assert FlipFlop(bits=3, every=every).floor(window, length).loss == pytest.approx(3 * floor.loss)


def test_the_floor_of_two_bits_is_what_a_large_sample_leaves_open():
    task = FlipFlop(bits=2, every=3)
    batch = task.batch(np.random.default_rng(0), 8000, 8)
    padded = np.concatenate([np.zeros((1, 2, 8000)), batch.x]).astype(int)
    counts = Counter(
        (tuple(padded[t : t + 2, :, b].ravel()), int(batch.target[t, b])) for t in range(8) for b in range(8000)
    )
    assert task.floor(2, 8).loss == pytest.approx(open_after(counts), abs=0.01)


def test_chance_is_a_coin_for_each_bit():
    (chance,) = FlipFlop(bits=3).references(20)
    assert chance.loss == 3 * log(2)


def test_one_input_is_x_and_several_are_numbered():
    assert FlipFlop(bits=1).channels == ("x",)
    assert FlipFlop(bits=1).classes == ("-", "+")
    assert FlipFlop(bits=2).channels == ("x1", "x2")
    assert FlipFlop(bits=2).classes == ("--", "-+", "+-", "++")


@pytest.mark.parametrize("options", [{"bits": 0}, {"bits": 5}, {"every": 0}, {"every": 1.5}])
def test_options_have_bounds(options):
    with pytest.raises(ValidationError):
        FlipFlop.model_validate(options)
