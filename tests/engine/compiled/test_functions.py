"""σ and tanh, compared with those of the C library in a higher precision.

NumPy's ``longdouble`` is not longer than a float64 everywhere; the bounds leave room for the C library's own error.
"""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

DTYPES = [np.float32, np.float64]
NAMES = ["tanh", "sigmoid"]
LONGER = {np.float32: np.float64, np.float64: np.longdouble}
ULPS = 4

pytestmark = pytest.mark.usefixtures("in_python")


def functions():
    return import_module("rnn_tui.engine.compiled.functions")


def true(name, x):
    """Return the values of a function at ``x`` in the next longer precision."""
    x = x.astype(LONGER[x.dtype.type])
    e = np.exp(-np.abs(x))
    return np.tanh(x) if name == "tanh" else np.where(x < 0, e, 1) / (1 + e)


def errors(found, expected):
    """Return the errors in units in the last place."""
    return np.abs(found - expected) / np.spacing(np.abs(expected).astype(found.dtype))


def numbers(dtype):
    """Return numbers of all sizes, dense where the functions change, with both signs."""
    sizes = np.concatenate([np.linspace(0, 30, 1000), np.logspace(-37, 2.5, 500), np.arange(1, 130) * np.log(2) / 4])
    return np.concatenate([sizes, -sizes]).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NAMES)
def test_they_are_true_to_the_last_places(name, dtype):
    x, function = numbers(dtype), getattr(functions(), name)
    found, expected = np.array([function(number) for number in x]), true(name, x)
    assert found.dtype == dtype
    normal = np.abs(expected) > np.finfo(dtype).tiny  # no accuracy is promised below
    assert normal.sum() > len(x) / 2
    assert np.max(errors(found, expected)[normal]) < ULPS


@example(x=np.float32(0.34657362))  # where k becomes 1
@example(x=np.float32(-87.5))
@given(x=st.floats(-90, 90, width=32).map(np.float32) | st.floats(-720, 720).map(np.float64))
def test_they_are_true_at_any_number(x):
    for name in NAMES:
        found, expected = np.array([getattr(functions(), name)(x)]), true(name, np.array([x]))
        if abs(expected) > np.finfo(found.dtype).tiny:
            assert errors(found, expected) < ULPS


@pytest.mark.parametrize("dtype", DTYPES)
def test_they_have_the_limits_and_symmetries_of_the_functions(dtype):
    tanh, sigmoid = functions().tanh, functions().sigmoid
    for x in map(dtype, (0, 1e-30, 0.3, 1, 7.5, 19, 50, 1000, np.inf)):
        assert tanh(-x) == -tanh(x)
        assert abs(tanh(x)) <= 1
        assert sigmoid(x) + sigmoid(-x) == pytest.approx(1, rel=2 * float(np.finfo(dtype).eps))
    assert [tanh(dtype(x)) for x in (0, 50, 1000, np.inf, -np.inf)] == [0, 1, 1, 1, -1]
    assert [sigmoid(dtype(x)) for x in (0, 50, 1000, np.inf, -1000, -np.inf)] == [0.5, 1, 1, 1, 0, 0]
    least = np.nextafter(dtype(0), dtype(1))
    assert tanh(least) == least
    assert np.isnan(tanh(dtype(np.nan)))
    assert np.isnan(sigmoid(dtype(np.nan)))
