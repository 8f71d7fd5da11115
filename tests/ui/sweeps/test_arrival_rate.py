"""The time that is left, from when runs arrive."""

import pytest

from rnn_tui.ui.sweeps.arrival_rate import ArrivalRate


def test_an_estimate_needs_some_runs_and_counts_down_between_them():
    now = [0.0]
    rate = ArrivalRate(lambda: now[0])
    rate.arrived(0)
    assert rate.left(10) is None
    for _ in range(4):
        now[0] += 2
        rate.arrived(1)
    assert rate.left(10) == pytest.approx(20)
    now[0] += 1
    assert rate.left(10) == pytest.approx(19)
    assert rate.idle() is None
    now[0] += 60
    assert rate.left(10) == 0
    assert rate.idle() == pytest.approx(61)


def test_a_slow_sweep_is_not_idle_between_two_runs():
    now = [0.0]
    rate = ArrivalRate(lambda: now[0])
    for _ in range(5):
        now[0] += 100
        rate.arrived(2)
    now[0] += 110
    assert rate.idle() is None
