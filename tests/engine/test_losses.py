from math import log

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support import reference_equations
from support.examples import fewer_examples
from support.numeric_gradients import CLOSE, LOSSES, MASKS, numeric_gradient, random_batch

from rnn_tui.engine.losses import binary_cross_entropy, cross_entropy, sigmoid, softmax

T, O, B = 4, 3, 2

every_loss = pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)


def answers(loss, seed=0, mask="full"):
    rng = np.random.default_rng(seed)
    return 2 * rng.standard_normal((T, O, B)), random_batch(rng, loss, 1, O, T, B, mask)


@every_loss
@pytest.mark.parametrize("mask", MASKS)
@given(seed=st.integers(0, 2**32))
@fewer_examples
def test_the_value_is_the_naive_formula(loss, mask, seed):
    y, batch = answers(loss, seed, mask)
    value, _ = loss.mean(y, batch.target, batch.mask)
    assert value == pytest.approx(reference_equations.loss(loss.name, y, batch.target, batch.mask), rel=1e-10)


@every_loss
@given(unscored=st.sets(st.integers(0, 39), max_size=40), seed=st.integers(0, 2**32))
@example(unscored={39}, seed=0)
@fewer_examples
def test_every_single_position_counts_or_does_not(loss, unscored, seed):
    rng = np.random.default_rng(seed)
    y, batch = rng.standard_normal((20, 1, 2)), random_batch(rng, loss, 1, 1, 20, 2)
    batch.mask.flat[list(unscored)] = 0
    value, slope = loss.mean(y, batch.target, batch.mask)
    assert value == pytest.approx(reference_equations.loss(loss.name, y, batch.target, batch.mask), rel=1e-10)
    assert not slope.transpose(0, 2, 1)[batch.mask == 0].any()


@every_loss
@pytest.mark.parametrize("mask", MASKS)
def test_the_gradient_is_the_central_difference(loss, mask):
    y, batch = answers(loss, 1, mask)
    found = loss.mean(y, batch.target, batch.mask)[1]
    numeric = numeric_gradient(lambda y: loss.mean(y, batch.target, batch.mask)[0], y)
    np.testing.assert_allclose(found, numeric, **CLOSE)


@every_loss
def test_the_gradient_of_an_unscored_time_step_is_zero(loss):
    y, batch = answers(loss, 2, "late")
    _, found = loss.mean(y, batch.target, batch.mask)
    assert not found[batch.mask[:, 0] == 0].any()
    assert found[batch.mask[:, 0] == 1].all()


@every_loss
@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_where_all_is_scored_it_is_as_if_another_time_step_were_not(loss, outputs):
    """What has a way of its own, because it is the usual case, gives what the others would."""
    rng = np.random.default_rng(7)
    y, batch = 2 * rng.standard_normal((T, outputs, B)), random_batch(rng, loss, 1, outputs, T, B)
    mask = np.ones((T, B))
    mask[-1] = 0
    value, found = loss.mean(y[:-1], batch.target[:-1], mask[:-1])
    masked_value, masked = loss.mean(y, batch.target, mask)
    assert value == pytest.approx(masked_value, rel=1e-14)
    np.testing.assert_allclose(found, masked[:-1], rtol=1e-14, atol=1e-16)


@every_loss
@pytest.mark.parametrize("mask", MASKS)
def test_each_gives_the_loss_of_every_position_whatever_is_scored(loss, mask):
    y, batch = answers(loss, 5, mask)
    each, _ = loss.each(y, batch.target)
    for t, b in np.ndindex(T, B):
        here = np.zeros((T, B))
        here[t, b] = 1
        assert each[t, b] == pytest.approx(reference_equations.loss(loss.name, y, batch.target, here), rel=1e-10)


@every_loss
def test_where_nothing_is_scored_the_loss_and_its_gradient_are_zero(loss):
    y, batch = answers(loss)
    value, found = loss.mean(y, batch.target, np.zeros((T, B)))
    assert value == 0
    assert not found.any()


@every_loss
@pytest.mark.parametrize("junk", [np.inf, -np.inf, np.nan])
def test_inf_and_nan_at_an_unscored_position_poison_nothing(loss, junk):
    y, batch = answers(loss, 3, "late")
    clean, clean_gradient = loss.mean(y, batch.target, batch.mask)
    y[0, :, 0] = junk
    with np.errstate(invalid="ignore"):
        value, found = loss.mean(y, batch.target, batch.mask)
    assert value == clean
    np.testing.assert_array_equal(found, clean_gradient)


@every_loss
def test_inf_where_nothing_is_scored_leaves_zero(loss):
    _, batch = answers(loss)
    with np.errstate(invalid="ignore"):
        value, found = loss.mean(np.full((T, O, B), np.inf), batch.target, np.zeros((T, B)))
    assert value == 0
    assert not found.any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("loss", [cross_entropy, binary_cross_entropy], ids=lambda loss: loss.name)
@given(y=st.lists(st.sampled_from([-1e30, -1e4, -800.0, -1.0, 0.0, 1.0, 800.0, 1e4, 1e30]), min_size=3, max_size=3))
@fewer_examples
def test_extreme_logits_stay_finite(loss, dtype, y):
    target = np.array([[1]]) if loss is cross_entropy else np.array([[[1.0], [0.0], [1.0]]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        value, found = loss.mean(np.array(y, dtype).reshape(1, 3, 1), target, np.ones((1, 1)))
    assert np.isfinite(value)
    assert value >= 0
    assert np.abs(found).max() <= 1


def test_a_sure_wrong_answer_costs_its_logit():
    wrong = np.array([[[1000.0], [0.0]]])
    assert cross_entropy.mean(wrong, np.array([[1]]), np.ones((1, 1)))[0] == 1000
    assert binary_cross_entropy.mean(wrong[:, :1], np.zeros((1, 1, 1)), np.ones((1, 1)))[0] == 1000


@pytest.mark.parametrize("kinds", [2, 3, 10])
def test_knowing_nothing_costs_the_logarithm_of_the_kinds(kinds):
    value, _ = cross_entropy.mean(np.zeros((1, kinds, 1)), np.zeros((1, 1), int), np.ones((1, 1)))
    assert value == pytest.approx(log(kinds))


def test_two_classes_are_one_sigmoid():
    y, target = np.linspace(-3, 3, 7).reshape(7, 1, 1), np.arange(7).reshape(7, 1) % 2
    two = np.concatenate([np.zeros_like(y), y], axis=1)
    mask = np.ones((7, 1))
    one_value, one_slope = binary_cross_entropy.mean(y, target[:, None].astype(float), mask)
    two_value, two_slope = cross_entropy.mean(two, target, mask)
    assert one_value == pytest.approx(two_value, rel=1e-12)
    np.testing.assert_allclose(one_slope, two_slope[:, 1:], rtol=1e-12)


@every_loss
@pytest.mark.parametrize("mask", MASKS)
def test_what_comes_in_is_left_as_it_was(loss, mask):
    y, batch = answers(loss, 4, mask)
    before = [array.copy() for array in (y, batch.target, batch.mask)]
    loss.mean(y, batch.target, batch.mask)
    for array, kept in zip((y, batch.target, batch.mask), before, strict=True):
        np.testing.assert_array_equal(array, kept)


def test_softmax_and_sigmoid_are_their_formulas():
    y = np.linspace(-5, 5, 12).reshape(2, 3, 2)
    np.testing.assert_allclose(softmax(y), np.exp(y) / np.exp(y).sum(axis=1, keepdims=True), rtol=1e-12)
    np.testing.assert_allclose(sigmoid(y), 1 / (1 + np.exp(-y)), rtol=1e-12)
