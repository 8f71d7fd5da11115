import numpy as np
import pytest

from rnn_tui.engine.cells import CELLS, GRUCell, LSTMCell, RNNCell
from rnn_tui.engine.initializers import (
    INITIALIZERS,
    INPUT_INITIALIZERS,
    delay_line,
    gaussian,
    glorot,
    identity,
    orthogonal,
    ring,
    uniform,
)
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel

H = 120  # large enough that the largest of H² draws is close to the bound


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


@pytest.mark.parametrize("hidden", [1, 2, 5])
def test_a_delay_line_loses_what_a_ring_brings_back_to_the_first_unit(hidden):
    state = np.arange(1, hidden + 1)
    np.testing.assert_array_equal(draw(delay_line, hidden, hidden) @ state, [0, *state[:-1]])
    np.testing.assert_array_equal(draw(ring, hidden, hidden) @ state, [state[-1], *state[:-1]])


@pytest.mark.parametrize("name", ["delay-line", "ring"])
def test_the_input_of_a_delay_line_and_of_a_ring_reaches_the_first_unit_alone(name):
    parameters = RecurrentModel(RNNCell(2, 4), 1, name, 0.5).initial(np.random.default_rng(7))
    np.testing.assert_array_equal(parameters["W_xh"], [[1, 1], [0, 0], [0, 0], [0, 0]])


every_cell = pytest.mark.parametrize("cell", CELLS)
every_initializer = pytest.mark.parametrize("name", INITIALIZERS)


@every_initializer
@every_cell
def test_gain_multiplies_the_recurrent_matrices_and_nothing_else(cell, name):
    one, three = (
        RecurrentModel(CELLS[cell](2, 4), 1, name, gain).initial(np.random.default_rng(7)) for gain in (1.0, 3.0)
    )
    for parameter, view in one.views.items():
        recurrent = parameter in CELLS[cell].recurrent
        np.testing.assert_allclose(three[parameter], view * (3 if recurrent else 1), rtol=1e-12, err_msg=parameter)


@every_cell
def test_identity_makes_every_recurrent_matrix_a_multiple_of_the_unit_matrix(cell):
    parameters = RecurrentModel(CELLS[cell](2, 4), 1, "identity", 0.5).initial(np.random.default_rng(7))
    for name in CELLS[cell].recurrent:
        np.testing.assert_array_equal(parameters[name], 0.5 * np.eye(4))


@every_cell
def test_orthogonal_makes_every_recurrent_matrix_one_that_keeps_lengths_and_no_two_the_same(cell):
    parameters = RecurrentModel(CELLS[cell](2, 4), 1, "orthogonal").initial(np.random.default_rng(7))
    matrices = [parameters[name] for name in CELLS[cell].recurrent]
    for W in matrices:
        np.testing.assert_allclose(W @ W.T, np.eye(4), atol=1e-12)
    assert len({W.tobytes() for W in matrices}) == len(matrices)


@every_initializer
@every_cell
def test_each_recurrent_matrix_is_drawn_by_the_named_initializer_on_its_own(cell, name):
    """From a generator that says from where each draw started."""
    rng, drawn = np.random.default_rng(7), []
    parameters = RecurrentModel(CELLS[cell](2, 4), 1, name).initial(rng)
    again = np.random.default_rng(7)
    for parameter, view in parameters.views.items():
        if parameter in CELLS[cell].recurrent:
            drawn.append(parameter)
            np.testing.assert_array_equal(view, INITIALIZERS[name](again, 4, 4))
        elif name in INPUT_INITIALIZERS and parameter.startswith("W_x"):
            np.testing.assert_array_equal(view, INPUT_INITIALIZERS[name](again, *view.shape))
        else:
            np.testing.assert_array_equal(view, again.uniform(-1, 1, view.shape) / 2)  # √H
    assert set(drawn) == set(CELLS[cell].recurrent)
    assert again.random() == rng.random()


@pytest.mark.parametrize(
    "model", [*(RecurrentModel(cell(2, 4), 1) for cell in CELLS.values()), FeedForwardModel(2, 4, 1, 3)]
)
def test_the_same_generator_state_gives_the_same_bits_and_another_one_others(model):
    one, same, other = (model.initial(np.random.default_rng(seed)).flat for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert list(np.flatnonzero(one == other)) == list(model.layout.holes)


@pytest.mark.parametrize("cell", [RNNCell, GRUCell, LSTMCell])
def test_what_is_not_recurrent_fills_pytorchs_bound_of_an_rnn(cell):
    parameters = RecurrentModel(cell(50, 64), 50, "identity").initial(np.random.default_rng(0))
    for name, view in parameters.views.items():
        if name not in cell.recurrent:
            low = 0.99 if view.ndim == 2 else 0.8  # of 64 draws the largest is not that near
            assert low / 8 < np.abs(view).max() <= 1 / 8, name


@pytest.mark.parametrize("offset", [0.0, 1.0, -2.5])
def test_offsets_are_added_to_what_was_drawn(offset):
    model = RecurrentModel(LSTMCell(2, 64, offset), 1)
    b_f = model.initial(np.random.default_rng(0))["b_f"]
    assert b_f.mean() == pytest.approx(offset, abs=0.05)
    assert np.abs(b_f - offset).max() <= 1 / 8 + 1e-12


def test_an_fnn_fills_pytorchs_bounds_of_two_linear_layers():
    parameters = FeedForwardModel(10, 64, 50, window=10).initial(np.random.default_rng(0))
    assert 0.99 / 10 < np.abs(parameters["W_xh"]).max() <= 1 / 10
    assert 0.99 / 8 < np.abs(parameters["W_hy"]).max() <= 1 / 8
    assert np.abs(parameters["b_h"]).max() <= 1 / 10
    assert np.abs(parameters["b_y"]).max() <= 1 / 8
    one_input = FeedForwardModel(1, 1000, 1).initial(np.random.default_rng(0))
    assert 0.99 < np.abs(one_input["W_xh"]).max() <= 1  # the bias is no part of the fan-in


@every_cell
def test_entries_of_no_parameter_begin_as_zero(cell):
    model = RecurrentModel(CELLS[cell](2, 4), 3)
    flat = model.initial(np.random.default_rng(0)).flat
    assert list(np.flatnonzero(flat == 0)) == list(model.layout.holes)
