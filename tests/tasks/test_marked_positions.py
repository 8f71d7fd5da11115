from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.tasks.marked_positions import last_step, marked, unseen


@given(length=st.integers(2, 30), size=st.integers(1, 5), seed=st.integers(0, 2**32))
def test_one_mark_lies_in_each_half(length, size, seed):
    first, second = marked(np.random.default_rng(seed), size, length)
    assert first.shape == second.shape == (size,)
    for b in range(size):
        assert 0 <= first[b] < length // 2 <= second[b] < length


@pytest.mark.parametrize("length", [2, 3, 6, 7])
def test_all_pairs_of_places_are_equally_likely(length):
    size = 20_000
    pairs = Counter(zip(*(places.tolist() for places in marked(np.random.default_rng(0), size, length)), strict=True))
    possible = list(product(range(length // 2), range(length // 2, length)))
    assert set(pairs) == set(possible)
    for pair in possible:
        assert pairs[pair] == pytest.approx(size / len(possible), abs=5 * np.sqrt(size / len(possible)))


@pytest.mark.parametrize("length", [2, 3, 4, 5, 8, 9])
def test_a_mark_is_unseen_where_it_lies_before_the_window(length):
    pairs = list(product(range(length // 2), range(length // 2, length)))
    for window in [*range(1, length + 3), None]:
        begins = length - (window or length)
        before = [np.mean([pair[which] < begins for pair in pairs]) for which in (0, 1)]
        assert unseen(window, length) == pytest.approx(before, abs=1e-12), window


def test_the_last_time_step_alone_is_scored():
    np.testing.assert_array_equal(last_step(2, 4), [[0, 0], [0, 0], [0, 0], [1, 1]])
