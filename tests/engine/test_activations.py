import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import reference_equations
from support.examples import fewer_examples

from rnn_tui.engine.activations import ACTIVATIONS

NAMES = list(ACTIVATIONS)


def apply(name, z):
    h = np.empty_like(z)
    ACTIVATIONS[name].apply(z, h)
    return h


def slope(name, h):
    out = np.full_like(h, np.nan)
    ACTIVATIONS[name].slope(h, out)
    return out


def test_every_activation_has_a_plain_formula_to_be_held_against():
    assert set(NAMES) == set(reference_equations.ACTIVATIONS)


@pytest.mark.parametrize("name", NAMES)
@given(z=st.floats(-30, 30))
@fewer_examples
def test_an_activation_is_its_formula(name, z):
    assert apply(name, np.array([z]))[0] == pytest.approx(
        reference_equations.ACTIVATIONS[name](z), rel=1e-12, abs=1e-12
    )


@pytest.mark.parametrize("name", NAMES)
@given(z=st.floats(-5, 5).filter(lambda z: abs(z) > 1e-3))
@fewer_examples
def test_a_slope_is_the_central_difference(name, z):
    f, e = reference_equations.ACTIVATIONS[name], 1e-5
    h = apply(name, np.array([z]))
    assert slope(name, h)[0] == pytest.approx((f(z + e) - f(z - e)) / (2 * e), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_no_slope_is_greater_than_the_steepest(name):
    slopes = slope(name, apply(name, np.linspace(-40, 40, 8001)))
    assert slopes.max() == pytest.approx(ACTIVATIONS[name].steepest, abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_extreme_values_stay_finite_and_warn_of_nothing(name):
    z = np.array([-1e300, -1e4, -750.0, 0.0, 750.0, 1e4, 1e300])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        h = apply(name, z)
        assert np.isfinite(h).all()
        assert np.isfinite(slope(name, h)).all()


@pytest.mark.parametrize("name", NAMES)
def test_float32_stays_float32_and_follows_float64(name):
    z = np.linspace(-4, 4, 33)
    h = np.empty(33, np.float32)
    ACTIVATIONS[name].apply(z.astype(np.float32), h)
    np.testing.assert_allclose(h, apply(name, z), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(slope(name, h), slope(name, apply(name, z)), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_the_input_is_left_as_it_was(name):
    z = np.linspace(-2, 2, 5)
    h = apply(name, z)
    kept = h.copy()
    slope(name, h)
    np.testing.assert_array_equal(z, np.linspace(-2, 2, 5))
    np.testing.assert_array_equal(h, kept)
