from collections import Counter
from itertools import product
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from support.conditional_entropy import open_after

from rnn_tui.engine.cells import RNNCell
from rnn_tui.engine.evaluation import score
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.optimizers import Adam
from rnn_tui.engine.training import Learner
from rnn_tui.tasks.base import binary_entropy
from rnn_tui.tasks.parity import Parity


def weigh(sequences, window, scored):
    """{(window, parity): how often}, with zeros before the first bit, as the feed-forward net has them."""
    found = Counter()
    for bits in sequences:
        padded = (0,) * (window - 1) + tuple(bits)
        for t in range(len(bits)) if scored == "all" else [len(bits) - 1]:
            found[padded[t : t + window], sum(bits[: t + 1]) % 2] += 1
    return found


@given(
    scored=st.sampled_from(["all", "last"]),
    length=st.integers(1, 20),
    size=st.integers(1, 4),
    seed=st.integers(0, 2**32),
)
def test_every_target_tells_whether_the_ones_so_far_are_odd(scored, length, size, seed):
    batch = Parity(scored=scored).batch(np.random.default_rng(seed), size, length)
    assert set(np.unique(batch.x)) <= {0, 1}
    for b in range(size):
        odd = False
        for t in range(length):
            odd ^= bool(batch.x[t, 0, b])
            assert batch.target[t, 0, b] == odd
            assert batch.mask[t, b] == (scored == "all" or t == length - 1)


@pytest.mark.parametrize("scored", ["all", "last"])
@pytest.mark.parametrize("length", [1, 2, 3, 5, 9])
def test_the_floor_is_what_all_sequences_of_bits_leave_open(length, scored):
    for window in (1, 2, 3, 4, 8, 9, 12):
        expected = open_after(weigh(product((0, 1), repeat=length), window, scored))
        assert Parity(scored=scored).floor(window, length).loss == pytest.approx(expected, abs=1e-12), window


@pytest.mark.parametrize("window", [1, 3, 6])
def test_the_floor_is_what_a_large_sample_leaves_open(window):
    sample = Parity().batch(np.random.default_rng(0), 3000, 20).x[:, 0].T.astype(int).tolist()
    assert Parity().floor(window, 20).loss == pytest.approx(open_after(weigh(sample, window, "all")), abs=4e-3)


@pytest.mark.parametrize(("length", "published"), [(10, 0.68814), (20, 0.69190)])
def test_the_published_floor_of_one_bit(length, published):
    assert round(Parity().floor(1, length).loss, 5) == published
    assert Parity().floor(1, length).loss == pytest.approx(float(binary_entropy(0.5 + 0.5 / length)))


@pytest.mark.parametrize("scored", ["all", "last"])
def test_who_hears_all_can_answer_all(scored):
    task = Parity(scored=scored)
    assert task.floor(None, 30) == task.floor(30, 30) == task.floor(31, 30)
    assert task.floor(None, 30).loss == 0
    assert task.floor(29, 30).loss > 0


def test_a_window_with_a_hole_is_a_coin_flip_at_the_end():
    assert Parity(scored="last").floor(29, 30).loss == log(2)


def test_a_window_of_many_bits_knows_all_time_steps_that_it_sees_whole_but_the_last_few():
    # a later window looks like that of time step 100 - n where it begins with n zeros: 200 of them, 2^-n each
    assert 200 / 300 < Parity().floor(100, 300).loss / log(2) < 210 / 300


def test_chance_is_a_coin():
    (chance,) = Parity().references(10)
    assert chance.loss == log(2)


@pytest.mark.parametrize("scored", ["first", "", None, 1])
def test_all_time_steps_are_scored_or_the_last_one(scored):
    with pytest.raises(ValidationError):
        Parity.model_validate({"scored": scored})


def learned(model, rate, updates):
    """What the model reaches on new sequences."""
    task = Parity()
    learner = Learner(model, task.loss, Adam(rate), 1.0)
    state = learner.start(model.initial(np.random.default_rng(0)))
    for step in range(updates):
        state, _ = learner.step(state, task.batch(np.random.default_rng([0, step]), 32, 10))
    batch = task.held_out(np.random.default_rng(99), 2000, 10)
    return score(task.loss, model.forward(state.parameters, batch.x, model.trace(10, 2000)), batch)


def test_a_small_rnn_learns_it():
    found = learned(RecurrentModel(RNNCell(1, 16), 1, "orthogonal"), 0.01, 500)
    assert found.accuracy == 1
    assert found.loss < 0.05


def test_a_feed_forward_net_stays_on_its_floor():
    found = learned(FeedForwardModel(1, 16, 1, window=2), 0.005, 500)
    assert found.loss == pytest.approx(Parity().floor(2, 10).loss, abs=0.01)
    assert found.loss < Parity().floor(1, 10).loss
