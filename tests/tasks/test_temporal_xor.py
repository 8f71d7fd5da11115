from collections import Counter
from itertools import product
from math import log

import numpy as np
import pytest
from support.conditional_entropy import open_after

from rnn_tui.engine.cells import RNNCell
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.engine.optimizers import Adam
from rnn_tui.engine.training import Learner
from rnn_tui.tasks.metrics import task_score
from rnn_tui.tasks.temporal_xor import LONGEST_WINDOW, TemporalXor

TASK = TemporalXor()


def batch_of(size, length):
    batch = TASK.batch(np.random.default_rng(1), size, length)
    return batch.x, batch.target


@pytest.mark.parametrize("length", [1, 2, 3, 10, 11, 12])
def test_every_third_bit_is_the_exclusive_or_of_the_two_before(length):
    batch = TASK.batch(np.random.default_rng(0), 50, length)
    stream = np.concatenate([batch.x, batch.target[-1:]])[:, 0].astype(int)
    assert set(np.unique(stream)) <= {0, 1}
    for third in range(2, length + 1, 3):
        np.testing.assert_array_equal(stream[third], stream[third - 1] ^ stream[third - 2])


def test_the_target_is_the_next_input_and_all_are_scored():
    batch = TASK.batch(np.random.default_rng(0), 4, 12)
    np.testing.assert_array_equal(batch.target[:-1], batch.x[1:])
    assert batch.mask.all()


def test_the_first_two_bits_of_a_triple_are_fair_and_independent():
    stream = TASK.batch(np.random.default_rng(0), 1, 60_000).x[:, 0, 0].reshape(-1, 3)
    pairs = Counter(map(tuple, stream[:, :2]))
    for pair in product((0, 1), repeat=2):
        assert pairs[pair] / len(stream) == pytest.approx(0.25, abs=0.015)


@pytest.mark.parametrize(
    ("window", "closed"),
    [
        (1, log(2)),
        (2, log(3) - 2 / 3 * log(2)),  # the next bit is the XOR with probability 1/3 + 2/3 · 1/2: H(2/3) = .6365
    ],
)
def test_short_windows_have_the_floors_derived_by_hand_for_an_endless_stream(window, closed):
    assert TASK.floor(window, 90_000).loss == pytest.approx(closed, abs=1e-6)
    assert round(TASK.floor(window, 90).loss, 4) == {1: 0.6931, 2: 0.6365}[window]


def test_one_input_says_nothing_whatever_the_length():
    assert [TASK.floor(1, length).loss for length in range(1, 12)] == pytest.approx([log(2)] * 11)


@pytest.mark.parametrize("length", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("window", [1, 2, 3, 4, 7])
def test_a_window_has_the_entropy_of_all_sequences_at_all_time_steps(window, length):
    triples = [(a, b, a ^ b) for a, b in product((0, 1), repeat=2)]
    counts = Counter()
    for chosen in product(triples, repeat=3):
        stream = (0,) * (window - 1) + sum(chosen, ())
        counts.update((stream[t : t + window], stream[t + window]) for t in range(length))
    assert TASK.floor(window, length).loss == pytest.approx(open_after(counts), abs=1e-12)


@pytest.mark.parametrize("length", [20, 30])
@pytest.mark.parametrize("window", [2, 5])
def test_a_window_has_the_entropy_counted_in_a_large_sample(window, length):
    x, target = (array[:, 0].astype(int) for array in batch_of(6000, length))
    x = np.concatenate([np.zeros((window - 1, x.shape[1]), int), x])
    counts = Counter((tuple(x[t : t + window, b]), target[t, b]) for t in range(length) for b in range(x.shape[1]))
    assert TASK.floor(window, length).loss == pytest.approx(open_after(counts), abs=2e-3)


def test_who_hears_all_knows_every_third_bit():
    assert TASK.floor(None, 90).loss == pytest.approx(2 / 3 * log(2))
    assert round(TASK.floor(None, 90).loss, 4) == 0.4621


@pytest.mark.parametrize(("length", "known"), [(1, 0), (2, 1), (3, 1), (4, 1), (5, 2), (10, 3)])
def test_the_floor_of_all_inputs_counts_the_third_bits_of_that_very_length(length, known):
    assert TASK.floor(None, length).loss == pytest.approx(log(2) * (length - known) / length)


def test_a_window_too_long_to_enumerate_gets_a_floor_below_its_own():
    assert TASK.floor(LONGEST_WINDOW + 1, 90).loss <= TASK.floor(LONGEST_WINDOW, 90).loss


def test_a_trained_rnn_shows_elmans_figure_and_nears_its_floor():
    model = RecurrentModel(RNNCell(1, 16), 1, "orthogonal")
    learner = Learner(model, TASK.loss, Adam(0.01), 1.0)
    state = learner.start(model.initial(np.random.default_rng(0)))
    for step in range(500):
        state, _ = learner.step(state, TASK.batch(np.random.default_rng([0, step]), 16, 30))
    batch = TASK.held_out(np.random.default_rng(99), 500, 30)
    y = model.forward(state.parameters, batch.x, model.trace(30, 500))
    found = task_score(TASK, y, batch)
    first, second, third = found.loss_by_role  # by the place of the input, so "second" is where the XOR is foretold
    assert second < 0.1
    assert min(first, third) > 0.65
    floor = TASK.floor(None, 30).loss
    assert floor - 0.01 < found.loss < floor + 0.05
    assert found.loss < TASK.floor(2, 30).loss - 0.1
