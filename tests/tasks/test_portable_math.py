import math
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rnn_tui.tasks import portable_math

NORMAL = NormalDist()


def share_below(z):
    """Of a normal distribution, by the error function of C."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def quantile(q):
    return portable_math.normal_quantile(np.array([q]))[0]


@given(st.floats(-1e6, 1e6))
@example(0.25)
@example(0.5)
@example(-0.125)
@example(1e-300)
def test_the_sine_is_that_of_the_c_library_to_the_last_digits(turns):
    part = float(Fraction(turns) - round(Fraction(turns)))  # without a rounding error
    assert portable_math.sine(np.array(turns)) == pytest.approx(math.sin(2 * math.pi * part), abs=5e-16)


def test_quarters_of_a_turn_have_a_sine_without_any_error():
    quarters = np.arange(-8, 9) / 4
    np.testing.assert_array_equal(np.abs(portable_math.sine(quarters)), np.arange(-8, 9) % 2)
    assert portable_math.sine(np.array([0.25, 0.75])).tolist() == [1, -1]


@given(st.integers(-1000, 1000), st.integers(1, 2**40 - 1))
def test_whole_turns_more_change_no_bit(turns, part):
    once = part / 2**40  # so that the turns can be added without a rounding error
    assert portable_math.sine(np.array(once + turns)) == portable_math.sine(np.array(once))


@given(st.floats(5e-324, 1e308))
@example(1.0)
@example(2.0**-0.5)
@example(1 - 2.0**-53)
@example(1 + 2.0**-52)
def test_the_logarithm_is_that_of_the_c_library_to_the_last_digits(x):
    assert portable_math.log(np.array(x)) == pytest.approx(math.log(x), rel=1e-15)


@given(st.floats(1e-12, 0.5))
@example(0.075)  # where the tail begins
@example(math.exp(-25))  # where the far tail begins
@example(2.0**-54)
def test_below_a_quantile_lies_as_much_as_was_asked_for(p):
    q = p - 0.5
    assert share_below(quantile(q)) == pytest.approx(q + 0.5, rel=1e-13)


@given(st.floats(0.01, 0.99))
def test_quantiles_are_those_of_the_standard_library(p):
    assert quantile(p - 0.5) == pytest.approx(NORMAL.inv_cdf(p), abs=1e-13)


@given(st.floats(0, 0.5, exclude_max=True))
def test_the_normal_distribution_is_even(q):
    assert quantile(q) == -quantile(-q)


@pytest.mark.parametrize("edge", [0.425, 0.5 - math.exp(-25)])
def test_quantiles_go_on_smoothly_from_one_approximation_to_the_next(edge):
    below, at, above = (quantile(edge + i * 1e-15) for i in (-1, 0, 1))
    assert below <= at <= above
    assert above == pytest.approx(below, rel=1e-3)


def test_an_even_number_at_either_end_makes_a_finite_deviate():
    class Ends:
        def random(self, shape):
            return np.resize([0.0, 1 - 2.0**-53], shape)

    low, high = portable_math.standard_normal(Ends(), 2)
    assert low == -high
    assert share_below(low) == pytest.approx(2.0**-54, rel=1e-12)


def test_deviates_have_the_moments_of_a_normal_distribution():
    deviates = portable_math.standard_normal(np.random.default_rng(0), 200_000, 2)
    assert deviates.shape == (200_000, 2)
    for power, moment, within in ((1, 0, 0.006), (2, 1, 0.01), (3, 0, 0.03), (4, 3, 0.06), (6, 15, 0.8)):
        assert (deviates**power).mean() == pytest.approx(moment, abs=within)
    assert np.corrcoef(deviates.T)[0, 1] == pytest.approx(0, abs=0.006)


def test_even_numbers_lie_between_their_bounds():
    numbers = portable_math.uniform(np.random.default_rng(0), -3, 5, 10_000)
    assert -3 <= numbers.min() < -2.99
    assert 4.99 < numbers.max() < 5
    assert numbers.mean() == pytest.approx(1, abs=0.1)
    assert numbers.var() == pytest.approx(64 / 12, rel=0.03)


@given(st.lists(st.floats(-2, 2), min_size=1, max_size=6), st.floats(-2, 2))
def test_a_polynomial_is_the_sum_of_its_terms(coefficients, x):
    exact = sum(Fraction(c) * Fraction(x) ** i for i, c in enumerate(coefficients))
    assert portable_math.polynomial(np.array(x), coefficients) == pytest.approx(float(exact), abs=1e-13)
