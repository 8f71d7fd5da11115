from collections import defaultdict
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rnn_tui.tasks.adding import Adding

TASK = Adding()


@given(length=st.integers(2, 20), size=st.integers(1, 4), seed=st.integers(0, 2**32))
def test_the_last_target_is_the_sum_of_the_marked_values_and_it_alone_is_scored(length, size, seed):
    batch = TASK.batch(np.random.default_rng(seed), size, length)
    for b in range(size):
        marks = [t for t in range(length) if batch.x[t, 1, b]]
        assert [t < length // 2 for t in marks] == [True, False]
        assert [batch.x[t, 1, b] for t in marks] == [1, 1]
        assert batch.target[-1, 0, b] == pytest.approx(sum(batch.x[t, 0, b] for t in marks))
        assert batch.mask[:, b].tolist() == [0] * (length - 1) + [1]


def test_values_are_even_in_0_to_1():
    values = TASK.batch(np.random.default_rng(0), 2000, 20).x[:, 0]
    assert values.min() >= 0
    assert values.max() <= 1
    counts = np.histogram(values, bins=10, range=(0, 1))[0]
    np.testing.assert_allclose(counts, 4000, atol=5 * np.sqrt(4000 * 0.9))


def test_the_inputs_are_called_value_and_mark():
    assert TASK.channels == ("value", "mark")
    assert (TASK.input_size, TASK.output_size) == (2, 1)


@pytest.mark.parametrize("length", [2, 3, 4, 5])
def test_the_floor_is_the_variance_that_all_sequences_of_coins_leave_open(length):
    # with values 0 and 1, whose variance is 1/4: three times that of values even in [0, 1]
    for window in (1, 2, 3, 4, 5, 8, None):
        answers, begins = defaultdict(list), max(0, length - (window or length))
        places = product(range(length // 2), range(length // 2, length))
        for (first, second), values in product(list(places), product((0, 1), repeat=length)):
            marks = [t in (first, second) for t in range(length)]
            answers[values[begins:], tuple(marks[begins:])].append(values[first] + values[second])
        left = sum(np.var(sums) * len(sums) for sums in answers.values()) / sum(map(len, answers.values()))
        assert TASK.floor(window, length).loss == pytest.approx(left / 3, abs=1e-12), window
        assert TASK.floor(window, length).exact


@pytest.mark.parametrize("length", [10, 11])
@pytest.mark.parametrize("window", [1, 3, 5, 6, 8, 10])
def test_least_squares_on_what_a_window_holds_reaches_the_floor_on_a_large_sample(window, length):
    batch = TASK.batch(np.random.default_rng(0), 30_000, length)
    value, mark = batch.x[-window:, 0], batch.x[-window:, 1]
    seen, answer = np.vstack([np.ones(30_000), value * mark, mark]).T, batch.target[-1, 0]
    weights = np.linalg.lstsq(seen, answer, rcond=None)[0]
    left = np.square(seen @ weights - answer).mean()
    assert TASK.floor(window, length).loss == pytest.approx(left, rel=0.06, abs=1e-12)


@pytest.mark.parametrize(("window", "length"), [(1, 20), (7, 20), (10, 20), (50, 100)])
def test_windows_of_up_to_a_half_have_the_published_formula(window, length):
    assert TASK.floor(window, length).loss == pytest.approx(1 / 12 + (1 - 2 * window / length) / 12)


def test_who_sees_all_can_add():
    assert TASK.floor(None, 21).loss == TASK.floor(21, 21).loss == 0


def test_always_1_leaves_a_sixth():
    (always,) = TASK.references(20)
    assert always.loss == pytest.approx(1 / 6)
    answer = TASK.batch(np.random.default_rng(0), 50_000, 10).target[-1]
    assert np.square(answer - 1).mean() == pytest.approx(always.loss, rel=0.02)


def test_one_time_step_has_no_halves():
    assert TASK.problems(2) == []
    (problem,) = TASK.problems(1)
    assert problem.startswith("training.sequence_length = 1: ")
    assert "2" in problem


def test_there_are_no_options_but_the_kind():
    with pytest.raises(ValidationError):
        Adding.model_validate({"length": 3})
