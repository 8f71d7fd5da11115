import numpy as np
import pytest

from rnn_tui.engine.cells import RNNCell
from rnn_tui.engine.initializers import INITIALIZERS, gaussian, glorot, identity, orthogonal, uniform
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel

H = 200  # large enough that the largest of H² draws is close to the bound


def draw(initializer, out=H, fan_in=H):
    return initializer(np.random.default_rng(5), out, fan_in)


def test_uniform_fills_pytorchs_bound():
    W = draw(uniform, H, 50)
    assert 0.99 / np.sqrt(50) < np.abs(W).max() <= 1 / np.sqrt(50)
    assert W.var() == pytest.approx(1 / (3 * 50), rel=0.05)


def test_glorot_fills_the_bound_of_glorot_and_bengio():
    W = draw(glorot, 120, 80)
    assert 0.99 * np.sqrt(6 / 200) < np.abs(W).max() <= np.sqrt(6 / 200)
    assert W.var() == pytest.approx(2 / (120 + 80), rel=0.05)


@pytest.mark.parametrize("shape", [(6, 6), (6, 4), (4, 6), (1, 1)])
def test_orthogonal_keeps_lengths_along_its_shorter_side(shape):
    W = draw(orthogonal, *shape)
    assert W.shape == shape
    W = W if shape[0] >= shape[1] else W.T
    np.testing.assert_allclose(W.T @ W, np.eye(min(shape)), atol=1e-12)


def test_orthogonal_prefers_no_sign():
    signs = [np.sign(orthogonal(np.random.default_rng(seed), 3, 3).diagonal()).mean() for seed in range(400)]
    assert abs(np.mean(signs)) < 4 / np.sqrt(3 * 400)  # QR without the sign correction is far outside


def test_identity_is_the_unit_matrix():
    np.testing.assert_array_equal(draw(identity, 3, 3), [[1, 0, 0], [0, 1, 0], [0, 0, 1]])


def test_the_spectral_radius_of_gaussian_is_about_one():
    W = draw(gaussian)
    assert W.std() == pytest.approx(1 / np.sqrt(H), rel=0.02)
    assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(1, abs=0.15)  # the circular law


@pytest.mark.parametrize("name", INITIALIZERS)
def test_gain_multiplies_w_hh_and_nothing_else(name):
    one, three = (RecurrentModel(RNNCell(2, 4), 1, name, gain).initial(np.random.default_rng(7)) for gain in (1.0, 3.0))
    np.testing.assert_allclose(three["W_hh"], 3 * one["W_hh"])
    for other in ("W_xh", "b_h", "W_hy", "b_y"):
        np.testing.assert_array_equal(one[other], three[other])


@pytest.mark.parametrize("name", INITIALIZERS)
def test_w_hh_comes_from_the_named_initializer(name):
    model = RecurrentModel(RNNCell(2, 4), 1, name)
    first = INITIALIZERS[name](np.random.default_rng(7), 4, 4)  # W_hh is what the model draws first
    np.testing.assert_array_equal(model.initial(np.random.default_rng(7))["W_hh"], first)


@pytest.mark.parametrize("model", [RecurrentModel(RNNCell(2, 4), 1), FeedForwardModel(2, 4, 1, 3)])
def test_the_same_generator_state_gives_the_same_bits_and_another_one_others(model):
    one, same, other = (model.initial(np.random.default_rng(seed)).flat for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other)[model.layout.mask].all()


def test_what_is_not_w_hh_fills_pytorchs_bound_of_an_rnn():
    parameters = RecurrentModel(RNNCell(50, 64), 50, "identity").initial(np.random.default_rng(0))
    for name in ("W_xh", "W_hy"):
        assert 0.99 / 8 < np.abs(parameters[name]).max() <= 1 / 8
    assert np.abs(parameters["b_h"]).max() <= 1 / 8


def test_an_fnn_fills_pytorchs_bounds_of_two_linear_layers():
    parameters = FeedForwardModel(10, 64, 50, window=10).initial(np.random.default_rng(0))
    assert 0.99 / 10 < np.abs(parameters["W_xh"]).max() <= 1 / 10
    assert 0.99 / 8 < np.abs(parameters["W_hy"]).max() <= 1 / 8
    assert np.abs(parameters["b_h"]).max() <= 1 / 10
    assert np.abs(parameters["b_y"]).max() <= 1 / 8
    one_input = FeedForwardModel(1, 1000, 1).initial(np.random.default_rng(0))
    assert 0.99 < np.abs(one_input["W_xh"]).max() <= 1  # the bias is no part of the fan-in


def test_entries_of_no_parameter_begin_as_zero():
    model = RecurrentModel(RNNCell(2, 4), 3)
    flat = model.initial(np.random.default_rng(0)).flat
    assert (~model.layout.mask).sum() == 2 * 3  # x to y
    assert not flat[~model.layout.mask].any()
