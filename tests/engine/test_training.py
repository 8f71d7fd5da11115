from math import log

import numpy as np
import pytest
from gradients import random_batch

from rnn_tui.engine.cells import RNNCell
from rnn_tui.engine.losses import binary_cross_entropy, cross_entropy, mean_squared_error
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.optimizers import OPTIMIZERS, SGD, Adam, Momentum, RMSprop
from rnn_tui.engine.parameters import Parameters
from rnn_tui.engine.training import Learner, Metrics
from rnn_tui.tasks.echo import Echo
from rnn_tui.tasks.scores import score

I, H, O, T, B = 2, 4, 3, 5, 2
RNN = RecurrentModel(RNNCell(I, H), O)
FNN = FeedForwardModel(I, H, O, 2)
both_models = pytest.mark.parametrize("model", [RNN, FNN], ids=["rnn", "fnn"])


def batches(count, seed=0, loss=cross_entropy):
    rng = np.random.default_rng(seed)
    return [random_batch(rng, loss, I, O, T, B) for _ in range(count)]


def started(model, optimizer, loss=cross_entropy, clip_norm=0.0, dtype="float64"):
    learner = Learner(model, loss, optimizer, clip_norm)
    return learner, learner.start(model.initial(np.random.default_rng(1), dtype))


def bits_of(state):
    return state.step, state.parameters.flat.tobytes(), {key: slot.tobytes() for key, slot in state.slots.items()}


@both_models
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_step_is_a_pure_function_of_state_and_batch(model, optimizer):
    learner, state = started(model, OPTIMIZERS[optimizer](0.1), clip_norm=0.5)
    first, other = batches(2)
    state, _ = learner.step(state, first)
    before, x = bits_of(state), first.x.copy()
    one, one_metrics = learner.step(state, first)
    learner.step(one, other)
    two, two_metrics = learner.step(state, first)
    assert bits_of(state) == before
    np.testing.assert_array_equal(first.x, x)
    assert bits_of(one) == bits_of(two)
    assert one_metrics == two_metrics
    assert bits_of(one) != before


@both_models
def test_a_step_is_forward_loss_backward_clip_update(model):
    learner, state = started(model, SGD(0.5), clip_norm=0.01)
    (batch,) = batches(1)
    trace = model.trace(T, B)
    loss, dy = cross_entropy.mean(model.forward(state.parameters, batch.x, trace), batch.target, batch.mask)
    gradient = model.backward(state.parameters, dy, trace)
    norm = np.linalg.norm(gradient)
    after, metrics = learner.step(state, batch)
    assert norm > 0.01
    assert metrics.loss == loss
    assert metrics.gradient_norm == pytest.approx(norm)
    expected = state.parameters.flat - 0.5 * gradient * 0.01 / (norm + 1e-6)
    np.testing.assert_allclose(after.parameters.flat, expected, rtol=1e-12, atol=1e-15)
    assert after.step == 1


@both_models
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_structural_zeros_stay_zero_and_all_else_moves(model, optimizer):
    learner, state = started(model, OPTIMIZERS[optimizer](0.1))
    before = state.parameters.flat
    for batch in batches(5):
        state, _ = learner.step(state, batch)
    mask = model.layout.mask
    assert not state.parameters.flat[~mask].any()
    assert (state.parameters.flat != before)[mask].all()


@pytest.mark.parametrize("then", [SGD, Momentum, RMSprop, Adam])
@pytest.mark.parametrize("first", [SGD, Momentum, RMSprop, Adam])
def test_another_optimizer_begins_with_empty_slots(first, then):
    learner, state = started(RNN, first(0.1))
    a, b = batches(2)
    state, _ = learner.step(state, a)
    switched, _ = Learner(RNN, cross_entropy, then(0.1)).step(state, b)
    fresh = Learner(RNN, cross_entropy, then(0.1))
    anew, _ = fresh.step(fresh.start(state.parameters), b)
    # the same optimizer goes on with what it has, which shows unless it has none
    if first is not then or first is SGD:
        assert switched.parameters.flat.tobytes() == anew.parameters.flat.tobytes()
    else:
        assert switched.parameters.flat.tobytes() != anew.parameters.flat.tobytes()
    assert set(switched.slots) == then.slot_names


def test_one_learner_takes_batches_of_several_shapes():
    learner, state = started(RNN, SGD(0.1))
    rng = np.random.default_rng(0)
    for time, size in ((3, 1), (7, 4), (3, 1)):
        batch = random_batch(rng, cross_entropy, I, O, time, size)
        mine, metrics = learner.step(state, batch)
        other, expected = Learner(RNN, cross_entropy, SGD(0.1)).step(state, batch)
        assert metrics == expected
        assert bits_of(mine) == bits_of(other)


@both_models
def test_float32_training_follows_float64(model):
    learner, state = started(model, Adam(0.01), clip_norm=1.0)
    single_learner = Learner(model, cross_entropy, Adam(0.01), 1.0)
    single = single_learner.start(Parameters(model.layout, state.parameters.flat.astype(np.float32)))
    for batch in batches(10):
        state, metrics = learner.step(state, batch)
        single, single_metrics = single_learner.step(single, batch)
        assert single_metrics.loss == pytest.approx(metrics.loss, rel=1e-4)
    assert single.parameters.dtype == np.float32
    np.testing.assert_allclose(single.parameters.flat, state.parameters.flat, rtol=1e-2, atol=1e-3)


@both_models
def test_one_small_step_lowers_the_loss_by_the_rate_times_the_squared_norm(model):
    learner, state = started(model, SGD(1e-4))
    (batch,) = batches(1)
    state, before = learner.step(state, batch)
    _, after = learner.step(state, batch)
    assert before.loss - after.loss == pytest.approx(1e-4 * before.gradient_norm**2, rel=1e-2)


def test_an_overflow_is_told_by_the_metrics_and_by_no_warning():
    learner, state = started(RecurrentModel(RNNCell(I, H, "relu"), O), SGD(1e200), mean_squared_error)
    metrics = Metrics(0.0, 0.0)
    for batch in batches(6, loss=mean_squared_error):
        assert metrics.finite
        state, metrics = learner.step(state, batch)
        if not metrics.finite:
            return
    pytest.fail("a learning rate of 1e200 has not overflowed")


@pytest.mark.parametrize(
    ("loss", "norm", "finite"), [(1.0, 2.0, True), (np.nan, 1.0, False), (np.inf, 1.0, False), (1.0, np.inf, False)]
)
def test_metrics_are_finite_if_both_numbers_are(loss, norm, finite):
    assert Metrics(loss, norm).finite is finite


def test_a_state_tells_how_many_bytes_it_holds():
    _, state = started(RNN, Adam(0.1))
    P = (H + I + 1) * (H + O)
    assert state.nbytes == 8 * 3 * P + 8  # θ, m, s and the count


def test_the_first_of_a_batch_is_its_first_sequence():
    (batch,) = batches(1)
    first = batch.first()
    np.testing.assert_array_equal(first.x, batch.x[:, :, [0]])
    np.testing.assert_array_equal(first.target, batch.target[:, [0]])
    np.testing.assert_array_equal(first.mask, batch.mask[:, [0]])


def learnt(model, task, updates, length=10):
    """The score on held-out sequences after so many updates."""
    learner = Learner(model, binary_cross_entropy, Adam(0.02), 1.0)
    state = learner.start(model.initial(np.random.default_rng(0)))
    for step in range(updates):
        state, _ = learner.step(state, task.batch(np.random.default_rng([1, step]), 16, length))
    batch = task.held_out(np.random.default_rng(2), 200, length)
    return score(task.loss, model.forward(state.parameters, batch.x, model.trace(length, 200)), batch)


def test_an_rnn_learns_to_echo_the_bit_before():
    found = learnt(RecurrentModel(RNNCell(1, 8), 1, "orthogonal"), Echo(delay=1), 200)
    assert found.accuracy == 1
    assert found.loss < 0.1


def test_a_net_without_memory_learns_nothing_of_it_but_a_window_of_two_does():
    blind = learnt(FeedForwardModel(1, 8, 1, window=1), Echo(delay=1), 200)
    assert blind.loss == pytest.approx(log(2), abs=0.01)
    assert blind.accuracy == pytest.approx(0.5, abs=0.05)
    assert learnt(FeedForwardModel(1, 8, 1, window=2), Echo(delay=1), 200).accuracy == 1
