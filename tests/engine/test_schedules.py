from math import cos, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.engine.schedules import SCHEDULES

periods, steps = st.integers(1, 10**9), st.integers(0, 10**12)


@pytest.mark.parametrize("name", SCHEDULES)
@given(period=periods, n=steps)
def test_a_schedule_begins_with_one_and_never_leaves_the_interval_from_there_to_zero(name, period, n):
    schedule = SCHEDULES[name](period)
    assert schedule(0) == 1
    assert 0 <= schedule(n + 1) <= schedule(n) + 1e-15 <= 1 + 1e-15


@given(period=periods, n=steps)
def test_the_constant_one_is_always_one(period, n):
    assert SCHEDULES["constant"](period)(n) == 1


def test_the_step_takes_off_nine_tenths_after_every_period():
    schedule = SCHEDULES["step"](3)
    found = [schedule(n) for n in range(8)]
    assert found == pytest.approx([1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01], rel=1e-12)


@given(period=periods, periods_gone=st.integers(0, 200))
def test_the_step_falls_between_the_last_step_of_a_period_and_the_next(period, periods_gone):
    schedule, next_one = SCHEDULES["step"](period), (periods_gone + 1) * period
    assert schedule(next_one - 1) == pytest.approx(10.0**-periods_gone, rel=1e-12)
    assert schedule(next_one) == pytest.approx(10.0 ** -(periods_gone + 1), rel=1e-12)


@given(period=st.integers(1, 10_000), n=st.integers(0, 10_000))
def test_the_cosine_is_its_formula_up_to_the_period(period, n):
    n = min(n, period)
    assert SCHEDULES["cosine"](period)(n) == pytest.approx((1 + cos(pi * n / period)) / 2, rel=1e-12, abs=1e-15)


@given(period=periods, n=steps)
def test_the_cosine_stays_at_zero_once_it_is_there(period, n):
    assert SCHEDULES["cosine"](period)(period + n) == 0


def test_the_cosine_is_halfway_down_at_half_of_the_period():
    assert SCHEDULES["cosine"](10)(5) == pytest.approx(0.5)
