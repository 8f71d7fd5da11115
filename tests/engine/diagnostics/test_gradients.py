from math import ceil, log

import numpy as np
import pytest
from support.linear_nets import elman, rotation
from support.numeric_gradients import CELL_KINDS, random_parameters

from rnn_tui.engine.diagnostics import Undefined, gradient_by_lag, gradient_through, jacobians_along, passes
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.parameters import Parameters

I, H, O, T = 2, 3, 2, 6


def y_after(model, parameters, x, t, memory):
    """y (T − t − 1, O) from t + 1 on, of a net that has this memory after t."""
    rest = x[t + 1 :, :, None]
    return model.forward(parameters, rest, model.trace(len(rest), 1), memory)[..., 0].copy()


def numeric_norms(model, parameters, x):
    """‖∂y_τ/∂h_t‖ by central differences in h_t, all else that is carried on being held."""
    norms, e = np.zeros((T, T)), 1e-6
    answers = model.forward(parameters, x[..., None], model.trace(T, 1))[..., 0].argmax(axis=1)
    for t in range(T):
        norms[t, t] = np.linalg.norm(parameters["W_hy"][answers[t]])
        trace = model.trace(t + 1, 1)
        model.forward(parameters, x[: t + 1, :, None], trace)
        slopes = []
        for unit in range(H):
            ends = []
            for sign in (1, -1):
                memory = trace.end()
                memory[0, unit] += sign * e
                ends.append(y_after(model, parameters, x, t, memory) if t + 1 < T else np.zeros((0, O)))
            slopes.append((ends[0] - ends[1]) / (2 * e))
        for tau in range(t + 1, T):
            norms[tau, t] = np.linalg.norm([slope[tau - t - 1, answers[tau]] for slope in slopes])
    return norms


@pytest.mark.parametrize("kind", CELL_KINDS)
def test_the_gradient_of_every_cell_is_the_central_difference(kind):
    rng = np.random.default_rng(2)
    model = RecurrentModel(CELL_KINDS[kind](I, H), O)
    parameters, x = random_parameters(model, rng), rng.standard_normal((T, I))
    found = gradient_by_lag(model, parameters, x)
    np.testing.assert_allclose(found.norms, numeric_norms(model, parameters, x), rtol=1e-6, atol=1e-8)
    assert found.by_lag[0] == 1


@pytest.mark.parametrize("gain", [0.5, 0.9, 0.95, 1.0])
def test_an_orthogonal_matrix_times_a_gain_sends_back_its_powers_and_no_more(gain):
    model, parameters = elman(gain * rotation(np.random.default_rng(0), 5), np.ones((5, 1)))
    found = gradient_by_lag(model, parameters, np.random.default_rng(1).standard_normal((100, 1)))
    np.testing.assert_allclose(found.by_lag, gain ** np.arange(100), rtol=1e-8)
    assert found.horizon == (ceil(log(0.01) / log(gain)) if gain < 1 else None)
    assert (found.arrives == 1).all()


def test_the_horizons_of_theory():
    """ln .01 / ln g: .5 → 6.6, .9 → 43.7, .99 → 458."""
    for gain, lag in ((0.5, 7), (0.9, 44), (0.99, 459)):
        model, parameters = elman(gain)
        assert gradient_by_lag(model, parameters, np.ones((460, 1))).horizon == lag


def test_a_tanh_at_rest_is_linear_and_a_saturated_one_lets_nothing_through():
    quiet, loud = (elman(0.8, w, activation="tanh") for w in (0.0, 10.0))
    np.testing.assert_allclose(gradient_by_lag(*quiet, np.ones((10, 1))).by_lag, 0.8 ** np.arange(10), rtol=1e-12)
    assert gradient_by_lag(*loud, np.ones((10, 1))).horizon == 1


def test_the_mean_by_lag_is_geometric_and_relative_to_the_answers_own_time_step():
    model, parameters = elman(1.0, 1.0, activation="tanh")
    found = gradient_by_lag(model, parameters, np.random.default_rng(0).standard_normal((8, 1)))
    for lag in range(8):
        ratios = [found.norms[tau, tau - lag] / found.norms[tau, tau] for tau in range(lag, 8)]
        assert found.by_lag[lag] == pytest.approx(np.prod(ratios) ** (1 / len(ratios)))


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_truncation_cuts_it(depth):
    """Between the time steps depth | depth + 1, …, counted from 1: at lag k the answers within a piece arrive."""
    model, parameters = elman(0.9, truncation=depth)
    found = gradient_by_lag(model, parameters, np.ones((10, 1)))
    at = np.arange(10)
    together = (at[:, None] // depth == at // depth) & (at[:, None] >= at)
    np.testing.assert_array_equal(found.norms > 0, together)
    np.testing.assert_allclose(found.by_lag[:depth], 0.9 ** np.arange(depth), rtol=1e-12)
    assert not found.by_lag[depth:].any()
    assert found.arrives[depth - 1] == pytest.approx((10 // depth) / (11 - depth))
    assert found.horizon == depth


def test_a_window_of_one_has_no_gradient_beyond_the_answers_own_time_step():
    model = FeedForwardModel(1, 4, 1)
    parameters = random_parameters(model, np.random.default_rng(0))
    found = gradient_by_lag(model, parameters, np.ones((5, 1)))
    np.testing.assert_array_equal(found.norms > 0, np.eye(5))
    assert found.by_lag.tolist() == [1, 0, 0, 0, 0]
    assert found.horizon == 1


def test_only_scored_answers_count():
    model, parameters = elman(0.9, 1.0, activation="tanh")
    x, scored = np.random.default_rng(0).standard_normal((8, 1)), np.zeros(8)
    scored[5] = 1
    found = gradient_by_lag(model, parameters, x, scored)
    np.testing.assert_allclose(found.by_lag, found.norms[5, 5::-1] / found.norms[5, 5])
    assert len(found.by_lag) == 6


def test_of_several_outputs_the_likeliest_class_is_the_answer():
    model = RecurrentModel(CELL_KINDS["rnn-tanh"](1, 2), 3)
    parameters = random_parameters(model, np.random.default_rng(0))
    parameters["b_y"][...] = [0, 100, 0]
    found = gradient_by_lag(model, parameters, np.ones((4, 1)))
    np.testing.assert_allclose(np.diag(found.norms), np.linalg.norm(parameters["W_hy"][1]))


def test_a_long_sequence_is_taken_in_pieces(monkeypatch):
    model = RecurrentModel(CELL_KINDS["lstm"](I, H), O)
    rng = np.random.default_rng(0)
    parameters, x = random_parameters(model, rng), rng.standard_normal((20, I))
    whole = gradient_by_lag(model, parameters, x).norms
    monkeypatch.setattr(passes, "MOST_NUMBERS", 3 * model.numbers(20, 1))
    np.testing.assert_allclose(gradient_by_lag(model, parameters, x).norms, whole, rtol=1e-12)


def test_no_scored_time_step_is_said():
    assert gradient_by_lag(*elman(0.9), np.ones((5, 1)), np.zeros(5)) == Undefined("no time step is scored")


def test_an_answer_that_reads_no_unit_is_said():
    net = elman(0.9, W_hy=0.0)
    assert gradient_by_lag(*net, np.ones((5, 1))) == Undefined("the answer does not depend on the hidden state")


def test_parameters_in_single_precision_are_read_in_double():
    """So that a gradient of 1e-50 is seen."""
    model = RecurrentModel(CELL_KINDS["rnn-identity"](1, 1), 1)
    parameters = Parameters.zeros(model.layout, "float32")
    parameters["W_hh"][...], parameters["W_hy"][...] = 0.125, 1
    found = gradient_by_lag(model, parameters, np.ones((60, 1), "float32"))
    np.testing.assert_allclose(found.by_lag, 0.125 ** np.arange(60.0), rtol=1e-12)


@pytest.mark.parametrize("kind", CELL_KINDS)
def test_jacobians_send_back_what_the_backward_pass_does_with_and_without_truncation(kind):
    rng = np.random.default_rng(3)
    for truncation in (0, 2):
        model = RecurrentModel(CELL_KINDS[kind](I, H), O, truncation=truncation)
        parameters, x = random_parameters(model, rng), rng.standard_normal((T, I))
        jacobians = jacobians_along(model, parameters, x)
        if truncation:
            jacobians[::truncation] = 0
        answers = model.forward(parameters, x[..., None], model.trace(T, 1))[..., 0].argmax(axis=1)
        found = gradient_through(jacobians, parameters["W_hy"][answers])
        expected = gradient_by_lag(model, parameters, x)
        for name in ("norms", "by_lag", "arrives"):
            np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-9, atol=1e-12)
