import numpy as np
import pytest
from support.linear_nets import delay_line, elman, ring, rotation

from rnn_tui.engine.diagnostics import hidden_states, linear_memory_curve, memory_curve, sequences_needed
from rnn_tui.engine.diagnostics.undefined import Undefined
from rnn_tui.engine.models import FeedForwardModel
from rnn_tui.engine.parameters import Parameters


def noise(time, sequences, inputs=1, seed=0):
    return np.random.default_rng(seed).standard_normal((time, inputs, sequences))


def symbols(time, sequences, count, seed=0):
    """One-hot symbols (T, count, B)."""
    drawn = np.random.default_rng(seed).integers(0, count, (time, sequences))
    return np.eye(count)[drawn].transpose(0, 2, 1)


def least_squares(states, x, lag):
    """R² of an ordinary least-squares readout at one lag, by NumPy's own solver."""
    half = states.shape[2] // 2

    def rows(array, start, stop, sequences):
        part = array[start:stop, :, sequences]
        return part.transpose(0, 2, 1).reshape(-1, array.shape[1])

    T = len(x)
    first, second = slice(0, half), slice(half, None)
    seen, asked = (rows(states, lag, T, part) for part in (first, second))
    known, answers = (rows(x, 0, T - lag, part) for part in (first, second))
    weights, *_ = np.linalg.lstsq(np.c_[seen, np.ones(len(seen))], known, rcond=None)
    error = answers - np.c_[asked, np.ones(len(asked))] @ weights
    return 1 - np.square(error).sum() / np.square(answers - answers.mean(axis=0)).sum()


@pytest.mark.parametrize("x", [noise(30, 40), noise(30, 41, inputs=3), symbols(30, 40, 4)], ids=["1", "3", "one-hot"])
def test_the_curve_is_that_of_ordinary_least_squares_for_each_lag(x):
    net = elman(
        0.8 * rotation(np.random.default_rng(1), 5), noise(5, 1, x.shape[1], 2)[..., 0],
        activation="tanh", inputs=x.shape[1],
    )  # fmt: skip
    states = hidden_states(*net, x)
    expected = [least_squares(states, x, lag) for lag in range(13)]
    found = memory_curve(states, x, 12)
    np.testing.assert_allclose(found.r2, np.clip(expected, 0, 1), atol=2e-5)  # the ridge is a millionth
    assert found.capacity == pytest.approx(sum(found.r2))
    assert found.rows == 18 * (x.shape[2] // 2)
    assert (found.r2 > 0.3).any()
    assert found.r2[12] < 0.5


@pytest.mark.parametrize("hidden", [1, 4, 7])
def test_a_delay_line_knows_as_many_inputs_as_it_has_units_and_no_more(hidden):
    exact = linear_memory_curve(*delay_line(hidden), 12)
    np.testing.assert_allclose(exact.r2, np.arange(13) < hidden, atol=1e-12)
    assert exact.capacity == pytest.approx(hidden, abs=1e-12)
    x = noise(40, 100)
    found = memory_curve(hidden_states(*elman(*delay_line(hidden)), x), x, 12)
    np.testing.assert_allclose(found.r2[:hidden], 1, atol=1e-8)
    np.testing.assert_allclose(found.r2[hidden:], 0, atol=0.01)
    assert found.span == exact.span == hidden


def test_a_ring_forgets_by_rounds():
    """R²_k = r^(2N⌊k/N⌋) (1 − r^(2N))"""
    N, r = 20, 0.9
    exact = linear_memory_curve(*ring(N, r), 400)
    np.testing.assert_allclose(exact.r2, r ** (2 * N * (np.arange(401) // N)) * (1 - r ** (2 * N)), atol=1e-8)
    assert exact.r2[[0, 19, 20, 39]] == pytest.approx([0.985219, 0.985219, 0.014562, 0.014562], abs=1e-6)
    assert exact.capacity - exact.r2[0] == pytest.approx(19.01478, abs=1e-5)


def test_the_readout_of_a_long_ring_comes_to_the_exact_curve_within_its_sampling_error():
    x = noise(640, 100)
    found = memory_curve(hidden_states(*elman(*ring(20, 0.9)), x)[40:], x[40:], 45)
    exact = linear_memory_curve(*ring(20, 0.9), 45)
    np.testing.assert_allclose(found.r2, exact.r2, atol=0.006)  # three standard errors of R² near 0 with 30,000 rows
    assert found.capacity - found.r2[0] == pytest.approx(19.0, abs=0.1)


@pytest.mark.parametrize("seed", range(5))
def test_a_stable_linear_net_that_its_inputs_reach_has_a_capacity_of_all_its_units(seed):
    rng = np.random.default_rng(seed)
    W, w = 0.7 * rotation(rng, 6), rng.standard_normal((6, 1))
    assert linear_memory_curve(W, w, 400).capacity == pytest.approx(6, abs=1e-8)


def test_directions_that_no_input_reaches_do_not_count():
    W, w = np.diag([0.5, -0.5, 0.3, 0.0]), np.array([[1.0], [1.0], [0.0], [0.0]])
    assert linear_memory_curve(W, w, 200).capacity == pytest.approx(2, abs=1e-8)


def test_the_exact_curve_is_v_R_v_of_the_states_covariance():
    """With two inputs of unequal variances, against R summed up term by term."""
    rng = np.random.default_rng(3)
    W, w = 0.6 * rotation(rng, 4), rng.standard_normal((4, 2))
    covariance = np.array([[2.0, 0.5], [0.5, 1.0]])
    v = [np.linalg.matrix_power(W, j) @ w for j in range(80)]
    R = sum(part @ covariance @ part.T for part in v)
    expected = [np.trace(covariance @ part.T @ np.linalg.inv(R) @ part @ covariance) / 3 for part in v[:10]]
    np.testing.assert_allclose(linear_memory_curve(W, w, 9, covariance).r2, expected, atol=1e-10)


@pytest.mark.parametrize("window", [1, 3, 5])
def test_a_window_without_squashing_is_a_rectangle(window):
    model = FeedForwardModel(1, window, 1, window, "identity")
    parameters = Parameters.zeros(model.layout, "float64")
    parameters["W_xh"][...] = np.random.default_rng(0).standard_normal((window, window))
    x = noise(30, 200)
    r2 = memory_curve(hidden_states(model, parameters, x), x, 10).r2
    np.testing.assert_allclose(r2[:window], 1, atol=1e-8)
    np.testing.assert_allclose(r2[window:], 0, atol=0.01)


def test_the_reference_of_independent_inputs_is_the_current_one_alone():
    x = symbols(20, 200, 3)
    np.testing.assert_allclose(memory_curve(x, x, 8).r2, [1, *[0] * 8], atol=0.01)


def test_the_reference_of_a_series_tells_of_its_neighbors():
    """x_t = a x_(t−1) + noise: R² = a^2k."""
    x, a = noise(300, 100), 0.9
    for t in range(1, 300):
        x[t] += a * x[t - 1]
    x = x[100:]
    np.testing.assert_allclose(memory_curve(x, x, 10).r2, a ** (2 * np.arange(11)), atol=0.03)


def test_a_single_sequence_is_cut_into_two():
    x = noise(200, 1)
    states = hidden_states(*elman(*delay_line(3)), x)
    found = memory_curve(states, x, 6)
    np.testing.assert_allclose(found.r2[:3], 1, atol=1e-6)
    assert found.r2[3:].max() < 0.1
    assert found.rows == 94
    as_two = [np.concatenate([part[:100], part[100:]], axis=2) for part in (states, x)]
    np.testing.assert_array_equal(found.r2, memory_curve(*as_two, 6).r2)


def test_states_of_any_size_and_place_give_the_same_curve():
    """The intercept takes up where they are; the ridge is small beside any variance near 1."""
    x = noise(20, 60)
    states = hidden_states(*elman(0.7 * rotation(np.random.default_rng(0), 4), np.ones((4, 1))), x)
    there = memory_curve(states, x, 8).r2
    np.testing.assert_allclose(memory_curve(10 * states + 1000, x, 8).r2, there, atol=1e-5)


def test_enough_rows_are_ten_for_each_number_that_is_read():
    assert sequences_needed(8, 40, 16) == 8  # four to fit of 24 rows each
    x = noise(40, 8)
    states = np.random.default_rng(1).standard_normal((40, 8, 8))
    assert memory_curve(states, x, 16).enough
    assert not memory_curve(states[..., :6], x[..., :6], 16).enough
    assert memory_curve(states[..., :6], x[..., :6], 16).rows == 72


def test_by_default_there_are_twice_as_many_lags_as_units_but_sixteen_at_least_and_half_the_steps_at_most():
    x = noise(60, 4)
    assert [len(memory_curve(np.ones((60, N, 4)), x).r2) - 1 for N in (1, 8, 12, 40)] == [16, 16, 24, 30]
    assert len(memory_curve(np.ones((5, 1, 4)), x[:5]).r2) - 1 == 2


def test_a_lag_at_which_the_input_never_varied_has_nothing_to_explain():
    x = np.zeros((6, 1, 20))
    x[4:] = noise(2, 20)
    assert memory_curve(x, x, 4).r2[2:].tolist() == [0, 0, 0]


@pytest.mark.parametrize(("radius", "words"), [(1.0, "grows without end"), (1.5, "grows"), (0.9999, "too slowly")])
def test_what_never_forgets_has_no_exact_curve(radius, words):
    found = linear_memory_curve(radius * np.eye(3), np.ones((3, 1)), 5)
    assert isinstance(found, Undefined)
    assert words in found.reason


def test_a_net_that_x_does_not_reach_has_no_exact_curve():
    assert linear_memory_curve(np.eye(3) / 2, np.zeros((3, 1)), 5) == Undefined("x does not reach the hidden state")
    assert linear_memory_curve(np.eye(3) / 2, np.ones((3, 1)), 5, np.zeros((1, 1))) == Undefined("x never varies")
