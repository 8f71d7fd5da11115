from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.tasks.xor import Xor


@given(length=st.integers(2, 20), size=st.integers(1, 4), seed=st.integers(0, 2**32))
def test_every_scored_target_tells_whether_the_bit_has_changed(length, size, seed):
    batch = Xor().batch(np.random.default_rng(seed), size, length)
    assert not batch.mask[0].any()
    assert batch.mask[1:].all()
    for t in range(1, length):
        for b in range(size):
            assert batch.target[t, 0, b] == (batch.x[t, 0, b] != batch.x[t - 1, 0, b])


def test_one_time_step_is_too_short():
    assert Xor().problems(2) == []
    (problem,) = Xor().problems(1)
    assert problem.startswith("training.sequence_length = 1: ")


def test_one_input_says_nothing_and_two_say_all():
    batch = Xor().batch(np.random.default_rng(0), 1, 20_001)
    x, target = batch.x[1:, 0, 0], batch.target[1:, 0, 0]
    for bit in (0, 1):  # the best answer to one bit is a coin's
        assert target[x == bit].mean() == pytest.approx(0.5, abs=0.02)
    assert [Xor().floor(window, 20).loss for window in (1, 2, 3, None)] == [log(2), 0, 0, 0]
    assert Xor().references(20)[0].loss == log(2)
