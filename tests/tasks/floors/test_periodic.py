from math import pi, sin, sqrt
from typing import get_args

import numpy as np
import pytest

from rnn_tui.tasks.floors.periodic import (
    PHASES,
    SUM_PEAK,
    Waveform,
    _posterior,
    on_grid,
    signal,
    variance_given_value,
    variance_given_windows,
)

SHAPES = get_args(Waveform)
every_shape = pytest.mark.parametrize("shape", SHAPES)


def sample(shape, omega, noise, window, count, seed=0):
    """(count, window) of values seen, newest first, and (count,) the next one."""
    rng = np.random.default_rng(seed)
    phase = rng.random(count)
    seen = [
        signal(shape, phase - k * omega / (2 * pi)) + noise * rng.standard_normal(count) for k in range(1, window + 1)
    ]
    return np.column_stack(seen), signal(shape, phase) + noise * rng.standard_normal(count)


def variance_within_cells(seen, following, width):
    """E Var(following | seen) by sorting the windows into small cells, unbiased within a cell."""
    places = np.round(seen / width).astype(int) + 2**15
    cells = np.unique(places @ (2**16) ** np.arange(seen.shape[1]), return_inverse=True)[1]
    counts = np.bincount(cells)
    mean = np.bincount(cells, following) / counts
    return np.square(following - mean[cells]).sum() / (len(cells) - len(counts))


def variance_by_quadrature(shape, omega, noise):
    """E Var(x_{t+1} | x_t) = E x_{t+1}² − ∫ E(x_{t+1} | x)² p(x) dx, over a fine grid of phases and of x."""
    phase = (np.arange(2000) + 0.5) / 2000
    following, now = signal(shape, phase), signal(shape, phase - omega / (2 * pi))
    x = np.linspace(-1 - 8 * noise, 1 + 8 * noise, 1000)
    density = np.exp(-np.square((x[:, None] - now) / noise) / 2) / (noise * sqrt(2 * pi))
    p, together = density.mean(axis=1), (density * following).mean(axis=1)
    known = np.divide(together**2, p, out=np.zeros_like(p), where=p > 0).sum() * (x[1] - x[0])
    return noise**2 + np.square(following).mean() - known


def variance_by_roots(omega):
    """E Var(x_{t+1} | x_t) of the sum, over a fine grid of phases: sin φ (1 + 2 cos φ) = v is a quartic in c = cos φ,
    (1 - c²) (1 + 2c)² = v², and a phase that has the value v is as likely as 1 / |slope|.
    """
    phase = (np.arange(30_000) + 0.5) * 2 * pi / 30_000
    v = np.sin(phase) + np.sin(2 * phase)
    companion = np.zeros((len(v), 4, 4))
    companion[:, 1:, :3] = np.eye(3)
    companion[:, :, 3] = np.stack(
        [(1 - v**2) / 4, np.ones(len(v)), np.full(len(v), 0.75), np.full(len(v), -1.0)], axis=1
    )
    roots = np.linalg.eigvals(companion)
    real = (np.abs(roots.imag) < 1e-9) & (np.abs(roots.real) < 1)
    c = np.where(real, roots.real, 0)
    at = np.arctan2(v[:, None] / (1 + 2 * c), c)
    likely = np.where(real, 1 / np.abs(np.cos(at) + 2 * np.cos(2 * at)), 0)
    likely /= likely.sum(axis=1, keepdims=True)
    following = np.sin(at + omega) + np.sin(2 * (at + omega))
    mean = (likely * following).sum(axis=1, keepdims=True)
    return (likely * np.square(following - mean)).sum(axis=1).mean() / SUM_PEAK**2


@every_shape
def test_a_signal_repeats_after_one_turn_and_stays_within_one(shape):
    phase = np.linspace(0.001, 0.99, 1001)
    np.testing.assert_allclose(signal(shape, phase + 1), signal(shape, phase), atol=1e-9)
    np.testing.assert_allclose(signal(shape, phase - 1), signal(shape, phase), atol=1e-9)
    assert np.abs(signal(shape, phase)).max() <= 1 + 1e-7


def test_the_peak_of_the_sum_is_the_greatest_value_there_is():
    phase = np.linspace(0, 2 * pi, 1_000_001)
    assert (np.sin(phase) + np.sin(2 * phase)).max() == pytest.approx(SUM_PEAK, abs=1e-7)


def test_shapes_have_the_values_that_their_names_say():
    phase = np.array([0.25, 0.5, 0.75])
    np.testing.assert_allclose(signal("sine", phase), [1, 0, -1], atol=1e-12)
    np.testing.assert_allclose(signal("sawtooth", phase), [-0.5, 0, 0.5], atol=1e-12)
    np.testing.assert_allclose(signal("square", phase + 0.01), [1, -1, -1])
    np.testing.assert_allclose(signal("sum", phase) * SUM_PEAK, [1, 0, -1], atol=1e-12)


@every_shape
def test_the_grid_covers_one_turn_evenly(shape):
    values = on_grid(shape, 0.0)
    assert len(values) == PHASES
    assert values.mean() == pytest.approx(0, abs=1e-3)
    power = {"sine": 1 / 2, "sum": 1 / SUM_PEAK**2, "sawtooth": 1 / 3, "square": 1}[shape]
    assert np.square(values).mean() == pytest.approx(power, rel=1e-4)


@pytest.mark.parametrize("omega", [0.001, 0.3, 1.0, 2.0, 3.1])
def test_integrating_over_values_gives_the_formula_of_the_sine(omega):
    found = variance_given_value("sine", omega / (2 * pi), (0.25,))
    assert found == pytest.approx(0.5 * sin(omega) ** 2, rel=1e-9)
    assert variance_given_windows("sine", omega, 0.0, 3) == [0.5 * sin(omega) ** 2, 0.0, 0.0]


@pytest.mark.parametrize("omega", [0.01, 0.3, 1.0, 2.0, pi])
def test_one_value_of_the_sum_leaves_what_the_roots_of_its_quartic_say(omega):
    found = variance_given_windows("sum", omega, 0.0, 3)
    assert found[0] == pytest.approx(variance_by_roots(omega), rel=1e-3)
    assert found[1:] == [0.0, 0.0]


def test_the_floor_of_the_sum_is_the_converged_one():
    assert variance_given_windows("sum", 0.3, 0.0, 1)[0] == pytest.approx(0.0664, abs=5e-5)
    assert variance_given_windows("sum", 1.0, 0.0, 1)[0] == pytest.approx(0.2816, abs=5e-5)


@pytest.mark.parametrize("omega", [0.05, 0.3, 1.0, pi / 2, 2.0, 3.0])
def test_windows_of_a_square_wave_leave_what_counting_those_of_a_fine_grid_says(omega):
    phase = (np.arange(30_000) + 0.25) / 30_000
    following = signal("square", phase) > 0
    seen = np.array([signal("square", phase - k * omega / (2 * pi)) > 0 for k in range(1, 101)])
    found = variance_given_windows("square", omega, 0.0, 100)
    for k in (1, 2, 5, 12, 40, 100):
        words = np.packbits(seen[:k], axis=0).T.copy()
        _, window = np.unique(words.view(f"V{words.shape[1]}"), return_inverse=True)
        rises = np.bincount(window.ravel(), following) / np.bincount(window.ravel())
        expected = (4 * rises * (1 - rises))[window].mean()
        assert found[k - 1] == pytest.approx(expected, rel=5e-3, abs=2e-3)


def test_half_a_turn_per_step_is_foretold_by_one_value():
    assert variance_given_windows("sine", pi, 0.0, 1)[0] == pytest.approx(0, abs=1e-12)
    assert variance_given_windows("square", pi, 0.0, 1)[0] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("omega", [0.3, 1.0, 2.5])
def test_a_square_wave_keeps_its_value_with_the_probability_of_no_edge(omega):
    # given x_t = ±1, the phase is uniform over half a turn, and ω of its π radians lie before the edge
    change = omega / pi
    assert variance_given_windows("square", omega, 0.0, 1)[0] == pytest.approx(4 * change * (1 - change))


@pytest.mark.parametrize("window", [2, 3])
@pytest.mark.parametrize("shape", ["sum", "square"])
def test_without_noise_many_windows_sorted_into_cells_leave_as_much_open(shape, window):
    seen, following = sample(shape, 1.0, 0.0, window, 200_000)
    expected = variance_within_cells(seen, following, 0.002)
    assert variance_given_windows(shape, 1.0, 0.0, 3)[window - 1] == pytest.approx(expected, rel=0.05, abs=1e-3)


@every_shape
@pytest.mark.parametrize(("omega", "noise"), [(0.3, 0.1), (0.3, 0.5), (1.0, 0.1)])
def test_with_noise_one_value_tells_what_quadrature_says(shape, omega, noise):
    found = variance_given_windows(shape, omega, noise, 1)[0]
    close = 0.07 if shape == "sawtooth" else 0.02  # its rare edges decide, and few of the drawn windows are near one
    assert found == pytest.approx(variance_by_quadrature(shape, omega, noise), rel=close)


def test_little_noise_on_a_sawtooth_is_felt_at_its_rare_edges_alone():
    found = variance_given_windows("sawtooth", 0.3, 0.02, 1)[0]
    assert found == pytest.approx(variance_by_quadrature("sawtooth", 0.3, 0.02), rel=0.15)


@every_shape
@pytest.mark.parametrize("window", [2, 3])
def test_with_noise_many_windows_sorted_into_cells_leave_as_much_open(shape, window):
    noise = 0.3
    seen, following = sample(shape, 0.8, noise, window, 300_000)
    expected = variance_within_cells(seen, following, 0.1)
    assert variance_given_windows(shape, 0.8, noise, 3)[window - 1] == pytest.approx(expected, rel=0.04)


@every_shape
@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_no_linear_predictor_gets_under_it(shape, noise):
    found = variance_given_windows(shape, 0.5, noise, 6)
    for window in (1, 2, 6):
        seen, following = sample(shape, 0.5, noise, window, 20_000)
        seen = np.column_stack([seen, np.ones(len(seen))])
        weights = np.linalg.lstsq(seen[:10_000], following[:10_000], rcond=None)[0]
        reached = np.square(seen[10_000:] @ weights - following[10_000:]).mean()
        assert found[window - 1] <= reached * 1.05 + 1e-6


@every_shape
def test_the_noise_on_the_next_value_itself_cannot_be_foretold(shape):
    long = variance_given_windows(shape, 0.3, 0.2, 28)[-1]
    assert 0.04 <= long < 0.04 * 1.6


def test_a_longer_list_begins_with_the_shorter_one():
    assert variance_given_windows("sum", 0.3, 0.1, 5)[:2] == variance_given_windows("sum", 0.3, 0.1, 2)
    assert variance_given_windows("sum", 0.3, 0.0, 5)[:2] == variance_given_windows("sum", 0.3, 0.0, 2)


def test_much_noise_hides_all_of_the_signal():
    (value,) = _posterior(on_grid("sine", 0.0)[::24], [on_grid("sine", -0.3)[::24]], 100.0)
    assert value == pytest.approx(0.5, rel=0.01)  # the variance of a sine
