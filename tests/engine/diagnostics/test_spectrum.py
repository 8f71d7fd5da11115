import numpy as np
import pytest
from support.linear_nets import rotation

from rnn_tui.engine.diagnostics import orthogonal_gain, spectrum


def test_the_eigenvalues_of_a_turn_are_on_the_circle_and_the_largest_comes_first():
    turn = np.array([[np.cos(1), -np.sin(1), 0], [np.sin(1), np.cos(1), 0], [0, 0, -2]])
    found = spectrum(turn)
    np.testing.assert_allclose(found.eigenvalues, [-2, np.exp(1j), np.exp(-1j)], atol=1e-12)
    assert found.radius == pytest.approx(2)
    assert found.norm == pytest.approx(2)


def test_the_norm_says_what_the_radius_hides():
    """A Jordan block has the eigenvalue 0 alone and stretches a vector tenfold; a Gaussian matrix has ρ → 1, σ → 2."""
    block = spectrum(np.array([[0.0, 10.0], [0.0, 0.0]]))
    assert (block.radius, block.norm) == pytest.approx((0, 10))
    gaussian = spectrum(np.random.default_rng(0).standard_normal((400, 400)) / 20)
    assert gaussian.radius == pytest.approx(1, abs=0.06)
    assert gaussian.norm == pytest.approx(2, abs=0.06)


@pytest.mark.parametrize(("gain", "steepest", "certain"), [(0.9, 1.0, True), (1.1, 1.0, False), (3.9, 0.25, True)])
def test_vanishing_is_certain_below_one_over_the_steepest_slope(gain, steepest, certain):
    assert spectrum(gain * rotation(np.random.default_rng(0), 3)).vanishes(steepest) is certain


def test_the_gain_of_an_orthogonal_matrix_is_found_and_others_have_none():
    W = rotation(np.random.default_rng(0), 5)
    assert orthogonal_gain(0.5 * W) == pytest.approx(0.5)
    assert orthogonal_gain(np.array([[-3.0]])) == pytest.approx(3)
    assert orthogonal_gain(W + 0.01 * np.eye(5)) is None
    assert orthogonal_gain(np.zeros((2, 2))) is None
    assert orthogonal_gain(np.full((2, 2), np.nan)) is None
    assert orthogonal_gain(np.full((2, 2), 1e200)) is None  # its square is infinite
