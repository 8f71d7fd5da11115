import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import reference_equations
from support.examples import fewer_examples
from support.numeric_gradients import MASKS, random_batch, random_parameters

from rnn_tui.engine.cells import GRUCell
from rnn_tui.engine.evaluation import evaluate, score
from rnn_tui.engine.losses import binary_cross_entropy, cross_entropy, mean_squared_error
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.training import Batch

LOSSES = [cross_entropy, binary_cross_entropy, mean_squared_error]
T, O, B = 7, 3, 4

every_loss = pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
every_mask = pytest.mark.parametrize("mask", MASKS)


def answers(loss, seed, mask, outputs=O):
    rng = np.random.default_rng(seed)
    batch = random_batch(rng, loss, 1, outputs, T, B, mask)
    if loss is binary_cross_entropy:
        batch = Batch(batch.x, batch.target.round(), batch.mask)
    return rng.standard_normal((T, outputs, B)), batch


def positions(batch):
    return [(t, b) for t in range(T) for b in range(B) if batch.mask[t, b]]


@every_loss
@every_mask
@given(seed=st.integers(0, 2**32))
@fewer_examples
def test_the_loss_is_the_naive_mean_over_the_scored_positions(loss, mask, seed):
    y, batch = answers(loss, seed, mask)
    assert score(loss, y, batch).loss == pytest.approx(
        reference_equations.loss(loss.name, y, batch.target, batch.mask), rel=1e-10
    )


@every_loss
@every_mask
def test_the_loss_by_time_is_the_loss_of_each_time_step_alone(loss, mask):
    y, batch = answers(loss, 1, mask)
    found = score(loss, y, batch).loss_by_time
    for t in range(T):
        if batch.mask[t].any():
            alone = reference_equations.loss(loss.name, y[[t]], batch.target[[t]], batch.mask[[t]])
            assert found[t] == pytest.approx(alone, rel=1e-10)
        else:
            assert np.isnan(found[t])


@every_mask
@given(seed=st.integers(0, 2**32))
@fewer_examples
def test_accuracy_is_the_share_of_the_likeliest_class(mask, seed):
    y, batch = answers(cross_entropy, seed, mask)
    hits = [max(range(O), key=lambda o, t=t, b=b: y[t, o, b]) == batch.target[t, b] for t, b in positions(batch)]
    found = score(cross_entropy, y, batch)
    assert found.accuracy == pytest.approx(sum(hits) / len(hits))
    assert found.r2 is None


@every_mask
@given(seed=st.integers(0, 2**32))
@fewer_examples
def test_a_binary_answer_is_right_if_every_output_is(mask, seed):
    y, batch = answers(binary_cross_entropy, seed, mask, outputs=2)
    hits = [all((y[t, o, b] > 0) == (batch.target[t, o, b] == 1) for o in range(2)) for t, b in positions(batch)]
    assert score(binary_cross_entropy, y, batch).accuracy == pytest.approx(sum(hits) / len(hits))


@every_mask
@given(seed=st.integers(0, 2**32))
@fewer_examples
def test_r2_is_one_minus_the_squared_error_over_the_variance(mask, seed):
    y, batch = answers(mean_squared_error, seed, mask, outputs=1)
    pairs = [(y[t, 0, b], batch.target[t, 0, b]) for t, b in positions(batch)]
    mean = sum(target for _, target in pairs) / len(pairs)
    error = sum((answer - target) ** 2 for answer, target in pairs)
    spread = sum((target - mean) ** 2 for _, target in pairs)
    found = score(mean_squared_error, y, batch)
    assert found.r2 == pytest.approx(1 - error / spread)
    assert found.accuracy is None


def test_r2_of_the_truth_is_one_and_of_the_mean_zero():
    _, batch = answers(mean_squared_error, 3, "full", outputs=1)
    assert score(mean_squared_error, batch.target, batch).r2 == 1
    mean = np.full_like(batch.target, batch.target.mean())
    assert score(mean_squared_error, mean, batch).r2 == pytest.approx(0, abs=1e-12)


def test_nrmse_is_the_root_of_the_mean_squared_error_over_the_deviation():
    y, batch = answers(mean_squared_error, 3, "full", outputs=1)
    error = np.sqrt(np.square(y - batch.target).mean())
    assert score(mean_squared_error, y, batch).nrmse == pytest.approx(error / batch.target.std())


def test_targets_that_never_vary_have_no_r2():
    y, batch = answers(mean_squared_error, 3, "full", outputs=1)
    assert score(mean_squared_error, y, Batch(batch.x, np.full_like(y, 0.5), batch.mask)).r2 is None


@every_loss
@every_mask
def test_the_loss_by_role_is_the_loss_of_the_positions_that_play_it(loss, mask):
    y, batch = answers(loss, 4, mask)
    role = np.random.default_rng(1).integers(0, 3, (T, B))
    found = score(loss, y, batch, role, 3)
    for number, value in enumerate(found.loss_by_role):
        chosen = batch.mask * (role == number)
        assert value == pytest.approx(reference_equations.loss(loss.name, y, batch.target, chosen), rel=1e-10)


def test_a_role_that_nobody_plays_is_nan_and_warns_of_nothing():
    y, batch = answers(mean_squared_error, 4, "late", outputs=1)
    role = np.zeros((T, B), int)
    role[0] = 1  # the late mask scores no early time step
    found = score(mean_squared_error, y, batch, role, 3).loss_by_role
    assert np.isfinite(found[0])
    assert np.isnan(found[1:]).all()
    assert score(mean_squared_error, y, batch).loss_by_role.shape == (0,)


@every_loss
def test_where_nothing_is_scored_there_is_no_score_and_no_warning(loss):
    y, batch = answers(loss, 5, "full")
    found = score(loss, y, Batch(batch.x, batch.target, np.zeros((T, B))))
    assert found.loss == 0
    assert found.accuracy is None
    assert found.r2 is None
    assert np.isnan(found.loss_by_time).all()


@every_loss
@pytest.mark.parametrize("junk", [np.inf, np.nan])
def test_what_is_not_scored_is_not_felt(loss, junk):
    y, batch = answers(loss, 6, "late")
    clean = score(loss, y, batch)
    y[0] = junk
    found = score(loss, y, batch)
    assert (found.loss, found.accuracy, found.r2) == (clean.loss, clean.accuracy, clean.r2)
    np.testing.assert_array_equal(found.loss_by_time, clean.loss_by_time)


@every_loss
@pytest.mark.parametrize("junk", [np.inf, np.nan])
def test_a_net_that_has_overflowed_is_scored_without_a_warning(loss, junk):
    y, batch = answers(loss, 6, "full")
    y[...] = junk
    assert not np.isfinite(score(loss, y, batch).loss)


def test_right_is_told_position_by_position():
    y = np.array([[[2.0, -1.0], [1.0, 3.0]]])  # (1, O, B)
    np.testing.assert_array_equal(cross_entropy.right(y, np.array([[0, 0]])), [[True, False]])
    np.testing.assert_array_equal(binary_cross_entropy.right(y, np.ones((1, 2, 2))), [[True, False]])


@every_loss
def test_the_loss_by_time_is_not_a_number_only_where_nothing_is_scored(loss):
    y, batch = answers(loss, 0, "full")
    batch.mask[0] = 0
    for junk in (np.nan, np.inf):
        by_time = score(loss, np.full_like(y, junk), batch).loss_by_time
        assert np.isnan(by_time[0])
        assert not np.isnan(by_time[1:]).any()
        assert not np.isfinite(by_time[1:]).any()


@every_loss
@pytest.mark.parametrize("model", [RecurrentModel(GRUCell(2, 4), O), FeedForwardModel(2, 4, O, 3)], ids=["gru", "fnn"])
def test_a_net_is_evaluated_by_one_forward_pass_in_buffers_of_its_own_or_given_ones(loss, model):
    rng = np.random.default_rng(0)
    parameters, batch = random_parameters(model, rng), random_batch(rng, loss, 2, O, T, B, "late")
    role = rng.integers(0, 2, (T, B))
    expected = model.forward(parameters, batch.x, model.trace(T, B)).copy()
    for trace in (None, model.trace(T, B)):
        y, found = evaluate(model, parameters, loss, batch, trace, role, 2)
        np.testing.assert_array_equal(y, expected)
        assert found.loss == score(loss, expected, batch).loss
        np.testing.assert_array_equal(found.loss_by_role, score(loss, expected, batch, role, 2).loss_by_role)
        assert trace is None or np.shares_memory(y, trace.y)


@given(seed=st.integers(0, 2**32))
@fewer_examples
def test_squared_and_absolute_errors_are_those_of_the_scored_numbers_alone(seed):
    y, batch = answers(mean_squared_error, seed, "ragged")
    errors = np.array([y[t, :, b] - batch.target[t, :, b] for t, b in positions(batch)])
    found = score(mean_squared_error, y, batch)
    assert found.mse == pytest.approx(np.square(errors).mean(), rel=1e-10)
    assert found.mae == pytest.approx(np.abs(errors).mean(), rel=1e-10)
    for loss in (cross_entropy, binary_cross_entropy):
        y, batch = answers(loss, seed, "ragged")
        assert score(loss, y, batch).mse is score(loss, y, batch).mae is None
