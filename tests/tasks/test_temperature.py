from math import cos, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from support.examples import fewer_examples

from rnn_tui.tasks.temperature import LONGEST_WINDOW, Temperature

OPTIONS = [{}, {"memory": 0.0}, {"memory": 0.95, "noise": 0.0}, {"memory": 0.5, "noise": 6.0}]


def covariance(task, lag):
    """Of two days of the process so far apart, in °C², by the formula of each of its parts."""
    return 32 * cos(2 * pi * lag / 365) + 9 * task.memory**lag + (task.noise**2 if lag == 0 else 0)


def sample(task, size, length):
    """(length + 1, size) days in °C."""
    batch = task.batch(np.random.default_rng(1), size, length)
    return task.in_units(np.concatenate([batch.x, batch.target[-1:]])[:, 0])


@given(memory=st.floats(0, 0.99), length=st.integers(1, 20), size=st.integers(1, 4), seed=st.integers(0, 2**32))
@fewer_examples
def test_the_target_is_tomorrow_and_all_is_scored(memory, length, size, seed):
    batch = Temperature(memory=memory).batch(np.random.default_rng(seed), size, length)
    assert batch.x.shape == batch.target.shape == (length, 1, size)
    np.testing.assert_array_equal(batch.target[:-1], batch.x[1:])
    np.testing.assert_array_equal(batch.mask, 1)
    assert Temperature().ahead == 1


@pytest.mark.parametrize("options", OPTIONS)
def test_days_have_the_mean_the_variance_and_the_correlations_of_the_formula(options):
    task = Temperature(**options)
    days = sample(task, 40_000, 8) - 10
    assert days.mean() == pytest.approx(0, abs=0.15)
    for first, lag in [(0, 0), (8, 0), (0, 1), (5, 1), (2, 3), (0, 8)]:
        found = (days[first] * days[first + lag]).mean()
        assert found == pytest.approx(covariance(task, lag), abs=0.04 * covariance(task, 0))


def test_the_season_comes_again_after_a_year_and_is_opposite_after_half_of_one():
    task = Temperature(memory=0.0, noise=0.0)
    days = sample(task, 4, 10_000) - 10
    for lag in (91, 182, 365, 7391):  # after 20¼ years a day more or less in a year would have come to 20
        found = (days[lag:] * days[:-lag]).mean()
        assert found == pytest.approx(covariance(task, lag), abs=2.5)


def test_every_day_of_the_year_is_as_likely_to_be_the_first():
    days = sample(Temperature(), 60_000, 1)[0]
    assert np.mean(days > 10) == pytest.approx(0.5, abs=0.01)


def test_noise_has_the_deviation_asked_for_and_no_memory():
    extra = sample(Temperature(noise=3.0), 4000, 20) - sample(Temperature(noise=0.0), 4000, 20)
    assert extra.std() == pytest.approx(3, rel=0.02)
    assert np.corrcoef(extra[:-1].ravel(), extra[1:].ravel())[0, 1] == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("options", OPTIONS)
def test_inputs_are_normalized_and_told_in_degrees(options):
    task = Temperature(**options)
    x = task.batch(np.random.default_rng(1), 40_000, 4).x
    assert x.mean() == pytest.approx(0, abs=0.02)
    assert x.var() == pytest.approx(1, rel=0.03)
    assert task.in_units(np.zeros(1))[0] == 10
    assert task.in_units(np.ones(1))[0] == pytest.approx(10 + sqrt(41 + task.noise**2))


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("window", [1, 2, 4, None])
def test_the_floor_is_least_squares_at_every_time_step_of_a_large_sample(options, window):
    task, left = Temperature(**options), []
    batch = task.batch(np.random.default_rng(2), 30_000, 5)
    for t in range(5):
        seen = batch.x[max(0, t + 1 - (window or 5)) : t + 1, 0].T
        weights = np.linalg.lstsq(seen, batch.target[t, 0], rcond=None)[0]
        left.append(np.square(seen @ weights - batch.target[t, 0]).mean())
    assert task.floor(window, 5).loss == pytest.approx(np.mean(left), rel=0.02)
    assert not task.floor(window, 5).exact


@pytest.mark.parametrize("options", OPTIONS)
def test_one_day_leaves_what_its_correlation_with_the_next_does_not_explain(options):
    task = Temperature(**options)
    r = covariance(task, 1) / covariance(task, 0)
    assert task.floor(1, 30).loss == pytest.approx(1 - r**2)


@pytest.mark.parametrize("options", OPTIONS)
def test_two_days_leave_what_the_formula_of_two_correlations_says(options):
    task = Temperature(**options)
    r1, r2 = (covariance(task, lag) / covariance(task, 0) for lag in (1, 2))
    both = (r1**2 + r2**2 - 2 * r1**2 * r2) / (1 - r1**2)  # the squared multiple correlation
    first = task.floor(1, 50).loss
    assert task.floor(2, 50).loss == pytest.approx((first + 49 * (1 - both)) / 50)


def test_a_window_longer_than_the_sequence_sees_the_sequence():
    assert Temperature().floor(50, 10) == Temperature().floor(10, 10) == Temperature().floor(None, 10)


def test_a_longer_window_is_never_worse_and_beyond_the_longest_no_better():
    task = Temperature()
    floors = [task.floor(window, 100).loss for window in (1, 2, 3, 7, 20, LONGEST_WINDOW)]
    assert floors == sorted(floors, reverse=True)
    assert task.floor(LONGEST_WINDOW + 1, 100).loss == floors[-1] == task.floor(None, 100).loss


def test_no_floor_is_under_what_weather_and_noise_leave_of_tomorrow():
    task = Temperature(memory=0.0, noise=2.0)
    assert task.floor(None, 100).loss > (9 + 4) / (32 + 9 + 4)


@pytest.mark.parametrize("options", OPTIONS)
def test_references_are_what_the_mean_and_the_last_day_reach_on_a_sample(options):
    task = Temperature(**options)
    batch = task.batch(np.random.default_rng(0), 20_000, 20)
    found = {reference.name: reference.loss for reference in task.references(20)}
    assert found["mean"] == pytest.approx(np.square(batch.target).mean(), rel=0.03)
    assert found["persistence"] == pytest.approx(np.square(batch.target - batch.x).mean(), rel=0.03)


@pytest.mark.parametrize(
    "options",
    [{"memory": -0.1}, {"memory": 1.0}, {"noise": -1.0}, {"noise": 20.5}, {"noise": float("nan")}, {"memory": "0.8"}],
)
def test_options_out_of_range_are_refused(options):
    with pytest.raises(ValidationError):
        Temperature.model_validate(options)
