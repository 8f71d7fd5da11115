import numpy as np
import pytest
from support.linear_nets import by_hand, elman

from rnn_tui.engine.cells import GRUCell, LSTMCell
from rnn_tui.engine.diagnostics import Undefined, fixed_points, hidden_states, starting_states
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel

NOTHING = np.zeros(1)


def scattered(units, count=64, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (units, count))


def resting(w, b=0.0):
    """The positive h = tanh(w h + b), by iterating."""
    h = 1.0
    for _ in range(2000):
        h = np.tanh(w * h + b)
    return h


@pytest.mark.parametrize("w", [1.2, 2.0, 5.0])
def test_one_unit_above_the_gain_of_one_remembers_a_bit(w):
    model, parameters = elman(w, activation="tanh")
    found = fixed_points(model, parameters, NOTHING, scattered(1))
    top = resting(w)
    np.testing.assert_allclose([point.state[0] for point in found], [-top, top, 0], atol=1e-8)
    assert [point.stable for point in found] == [True, True, False]
    slope = w * (1 - top**2)
    np.testing.assert_allclose([point.eigenvalues[0] for point in found], [slope, slope, w], atol=1e-8)
    assert max(point.speed for point in found) <= 1e-12


def test_one_unit_below_it_forgets():
    (point,) = fixed_points(*elman(0.8, activation="tanh"), NOTHING, scattered(1))
    assert point.stable
    assert point.state[0] == pytest.approx(0, abs=1e-8)


def test_a_held_input_can_take_the_choice_away():
    model, parameters = elman(2.0, 1.0, activation="tanh")
    (point,) = fixed_points(model, parameters, np.array([1.0]), scattered(1))
    assert point.stable
    assert point.state[0] == pytest.approx(resting(2.0, 1.0), abs=1e-8)


def test_three_bits_have_eight_stable_points_among_twenty_seven():
    """Three units that do not see each other: each at −h*, 0 or h*."""
    found = fixed_points(*elman(2 * np.eye(3), activation="tanh"), NOTHING, scattered(3, 1500))
    stable = [point for point in found if point.stable]
    assert (len(stable), len(found)) == (8, 27)
    assert len({tuple(np.sign(point.state)) for point in stable}) == 8
    np.testing.assert_allclose(np.abs([point.state for point in stable]), resting(2.0), atol=1e-8)


def test_the_fixed_point_of_an_affine_map_is_found_in_one_step():
    rng = np.random.default_rng(0)
    W, b = 0.5 * rng.standard_normal((4, 4)), rng.standard_normal(4)
    (point,) = fixed_points(*elman(W, b_h=b), NOTHING, scattered(4))
    np.testing.assert_allclose(point.state, np.linalg.solve(np.eye(4) - W, b), atol=1e-8)
    assert point.stable == (np.abs(np.linalg.eigvals(W)).max() < 1)


def test_a_gru_without_recurrent_weights_rests_at_its_candidate():
    model = RecurrentModel(GRUCell(1, 2), 1)
    parameters = by_hand(model, b_z=[1.0, -1.0], b_xn=[0.3, -0.8])
    (point,) = fixed_points(model, parameters, NOTHING, scattered(2))
    np.testing.assert_allclose(point.state, np.tanh([0.3, -0.8]), atol=1e-8)
    z = 1 / (1 + np.exp([-1.0, 1.0]))
    np.testing.assert_allclose(np.sort(point.eigenvalues), np.sort(z), atol=1e-10)


def test_an_lstm_without_recurrent_weights_rests_where_it_forgets_what_it_writes():
    model = RecurrentModel(LSTMCell(1, 2), 1)
    b_i, b_f, b_g, b_o = ([0.5, 1.0], [1.0, -1.0], [0.4, -0.9], [0.2, 0.1])
    parameters = by_hand(model, b_i=b_i, b_f=b_f, b_g=b_g, b_o=b_o)
    (point,) = fixed_points(model, parameters, NOTHING, scattered(4))
    i, f, o = (1 / (1 + np.exp(-np.array(b))) for b in (b_i, b_f, b_o))
    c = i * np.tanh(b_g) / (1 - f)
    np.testing.assert_allclose(point.state, [*(o * np.tanh(c)), *c], atol=1e-8)
    np.testing.assert_allclose(np.sort(np.abs(point.eigenvalues)), [0, 0, *np.sort(f)], atol=1e-10)


def test_a_line_of_fixed_points_is_met_where_it_was_started_and_is_not_stable():
    found = fixed_points(*elman(np.eye(2)), NOTHING, np.array([[0.0, 0.5, 0.5], [0.0, 0.5, 0.5]]))
    assert [point.state.tolist() for point in found] == [[0, 0], [0.5, 0.5]]
    assert not any(point.stable for point in found)


def test_a_map_that_moves_every_state_has_none():
    assert fixed_points(*elman(1.0, b_h=1.0), NOTHING, scattered(1)) == []


def test_the_same_starting_states_give_the_same_points_in_the_same_order():
    rng = np.random.default_rng(5)
    model, parameters = elman(2 * rng.standard_normal((6, 6)) / np.sqrt(6), np.ones((6, 1)), activation="tanh")
    states = hidden_states(model, parameters, rng.standard_normal((20, 1, 8)))
    runs = [
        fixed_points(model, parameters, NOTHING, starting_states(states, 64, 0.1, np.random.default_rng(1)))
        for _ in range(2)
    ]
    assert runs[0]
    for a, b in zip(*runs, strict=True):
        np.testing.assert_array_equal(a.state, b.state)
        np.testing.assert_allclose(np.tanh(parameters["W_hh"] @ a.state), a.state, atol=2e-6)


def test_starting_states_are_those_given_plus_noise():
    states = np.random.default_rng(0).standard_normal((5, 3, 4))
    rows = {tuple(row) for row in states.transpose(0, 2, 1).reshape(-1, 3)}
    chosen = starting_states(states, 10, 0.0, np.random.default_rng(1))
    assert chosen.shape == (3, 10)
    assert {tuple(row) for row in chosen.T} <= rows
    moved = starting_states(states, 4000, 0.1, np.random.default_rng(1)) - starting_states(
        states, 4000, 0.0, np.random.default_rng(1)
    )
    assert moved.std() == pytest.approx(0.1, rel=0.05)


def test_a_feed_forward_net_has_no_state_to_hold():
    model = FeedForwardModel(1, 2, 1)
    found = fixed_points(model, model.initial(np.random.default_rng(0)), NOTHING, scattered(2))
    assert found == Undefined("a feed-forward net carries no state from one time step to the next")
