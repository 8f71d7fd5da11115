import numpy as np
import pytest
from support.linear_nets import delay_line, elman, rotation
from support.numeric_gradients import CELL_KINDS, random_parameters

from rnn_tui.engine.diagnostics import (
    StateMap,
    hidden_states,
    jacobians_along,
    largest_singular_values,
    lyapunov_exponents,
    passes,
)
from rnn_tui.engine.models import RecurrentModel

I, H, T = 2, 3, 5
every_kind = pytest.mark.parametrize("kind", CELL_KINDS)


def net(kind, seed=1):
    model = RecurrentModel(CELL_KINDS[kind](I, H), 2, truncation=2)
    return model, random_parameters(model, np.random.default_rng(seed))


def following(model, parameters, state, x):
    """s_t of s_(t−1) (N,) and x_t (I,), by the model's own forward pass."""
    trace = model.trace(1, 1)
    model.forward(parameters, x[None, :, None], trace, state.reshape(-1, H, 1))
    return trace.end().ravel()


@every_kind
def test_the_jacobian_of_every_cell_is_the_central_difference(kind):
    model, parameters = net(kind)
    x = np.random.default_rng(4).standard_normal((T, I))
    found = jacobians_along(model, parameters, x)
    state = np.zeros(found.shape[1])
    for t in range(T):
        numeric = [
            (following(model, parameters, state + e, x[t]) - following(model, parameters, state - e, x[t])) / 2e-6
            for e in 1e-6 * np.eye(len(state))
        ]
        np.testing.assert_allclose(found[t], np.array(numeric).T, rtol=1e-6, atol=1e-8)
        state = following(model, parameters, state, x[t])


@every_kind
def test_states_are_what_a_time_step_hands_to_the_next(kind):
    model, parameters = net(kind)
    x = np.random.default_rng(4).standard_normal((T, I, 2))
    states = hidden_states(model, parameters, x)
    step = StateMap(model, parameters)
    assert states.shape == (T, step.size, 2)
    for t in range(1, T):
        np.testing.assert_allclose(step(states[t - 1], x[t]), states[t], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kind", ["rnn-tanh", "lstm"])
def test_many_points_are_taken_in_pieces(kind, monkeypatch):
    model, parameters = net(kind)
    rng = np.random.default_rng(0)
    step = StateMap(model, parameters)
    states, x = rng.standard_normal((step.size, 7)), rng.standard_normal((I, 7))
    whole, after = step.jacobian(states, x), step(states, x)
    monkeypatch.setattr(passes, "MOST_NUMBERS", 3 * step.size * model.numbers(1, 1))
    np.testing.assert_allclose(step.jacobian(states, x), whole, rtol=1e-12)
    np.testing.assert_allclose(step(states, x), after, rtol=1e-12)


def test_the_jacobian_of_an_elman_cell_is_its_slopes_times_W():
    W = rotation(np.random.default_rng(0), 4)
    model, parameters = elman(W, np.ones((4, 1)), activation="tanh")
    x = np.random.default_rng(1).standard_normal((6, 1))
    h = hidden_states(model, parameters, x[..., None])[..., 0]
    np.testing.assert_allclose(jacobians_along(model, parameters, x), (1 - h**2)[..., None] * W, atol=1e-14)


@pytest.mark.parametrize("tau", [0, 3, 5])
def test_singular_values_are_those_of_the_product(tau):
    jacobians = np.random.default_rng(0).standard_normal((6, 4, 4))
    product, expected = np.eye(4), [1.0]
    for t in range(tau, 0, -1):
        product = product @ jacobians[t]
        expected.append(np.linalg.svd(product)[1][0])
    np.testing.assert_allclose(largest_singular_values(jacobians, tau), expected, rtol=1e-12)


def test_a_long_product_neither_overflows_nor_turns_into_noise():
    small = largest_singular_values(np.broadcast_to(0.1 * np.eye(2), (300, 2, 2)))
    np.testing.assert_allclose(small, 0.1 ** np.arange(300.0), rtol=1e-10)
    large = largest_singular_values(np.broadcast_to(1e10 * np.eye(2), (60, 2, 2)))
    np.testing.assert_allclose(large[:30], 1e10 ** np.arange(30.0), rtol=1e-10)
    assert largest_singular_values(np.zeros((3, 2, 2))).tolist() == [1, 0, 0]


@pytest.mark.parametrize("gain", [0.5, 1.0, 1.3])
def test_the_exponents_of_a_scaled_rotation_are_the_logarithm_of_its_gain(gain):
    model, parameters = elman(gain * rotation(np.random.default_rng(0), 4))
    found = lyapunov_exponents(jacobians_along(model, parameters, np.zeros((20, 1))))
    np.testing.assert_allclose(found, np.log(gain), atol=1e-12)


def test_the_exponents_of_a_triangular_map_are_the_logarithms_of_its_eigenvalues():
    W = np.triu(np.random.default_rng(0).standard_normal((4, 4)), 1) + np.diag([0.3, -1.2, 0.9, 0.5])
    model, parameters = elman(W)
    found = lyapunov_exponents(jacobians_along(model, parameters, np.zeros((50, 1))))
    np.testing.assert_allclose(found, np.log([1.2, 0.9, 0.5, 0.3]), atol=1e-10)


@every_kind
def test_the_exponents_add_up_to_the_mean_log_determinant(kind):
    """Which is that of all of the volume, and known without QR."""
    jacobians = jacobians_along(*net(kind, 3), np.random.default_rng(0).standard_normal((12, I)))
    determinants = np.abs(np.linalg.det(jacobians))
    found = lyapunov_exponents(jacobians)
    assert (found[:-1] >= found[1:]).all()
    if determinants.all():
        assert found.sum() == pytest.approx(np.log(determinants).mean(), rel=1e-8)
    else:
        assert found[-1] == -np.inf


def test_what_a_delay_line_loses_is_lost_at_the_rate_of_minus_infinity():
    model, parameters = elman(*delay_line(3))
    assert lyapunov_exponents(jacobians_along(model, parameters, np.zeros((5, 1))))[-1] == -np.inf
