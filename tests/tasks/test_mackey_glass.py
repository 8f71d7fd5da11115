import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from support.examples import fewer_examples

from rnn_tui.tasks import mackey_glass
from rnn_tui.tasks.mackey_glass import DELAY, SAMPLES, TRANSIENT, MackeyGlass, solution

TASK = MackeyGlass()
HELD_OUT = 2500  # the last fifth


def runge_kutta(until, step=0.01):
    """x at t = 0, 1, …, until by the classical fourth-order method; delayed values between steps are averaged."""

    def slope(x, before):
        return 0.2 * before / (1 + before**10) - 0.1 * x

    delay, unit = round(17 / step), round(1 / step)
    x = [1.2] * (delay + 1)
    for n in range(until * unit):
        then, now = x[n], x[n + 1]
        k1 = slope(x[-1], then)
        k2 = slope(x[-1] + step / 2 * k1, (then + now) / 2)
        k3 = slope(x[-1] + step / 2 * k2, (then + now) / 2)
        k4 = slope(x[-1] + step * k3, now)
        x.append(x[-1] + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
    return np.array(x[delay::unit])


@pytest.fixture(scope="module")
def values():
    """The series that the task is made of, in its own units and normalized."""
    raw = solution(TRANSIENT + SAMPLES)[TRANSIENT:]
    return raw, (raw - raw.mean()) / raw.std()


def test_from_where_it_leaves_its_first_value_the_series_solves_the_equation():
    found = solution(100)
    start = np.flatnonzero(found == 1.2)[-1]
    np.testing.assert_allclose(found[start : start + 61], runge_kutta(60), atol=1e-5)


def test_the_series_begins_at_time_0():
    np.testing.assert_allclose(solution(40), runge_kutta(39), atol=1e-5)


def test_half_the_step_gives_the_same_series_until_chaos_takes_over(monkeypatch):
    found = solution(300)
    monkeypatch.setattr(mackey_glass, "FINE", 2 * mackey_glass.FINE)
    np.testing.assert_allclose(solution.__wrapped__(300), found, atol=1e-6)


@pytest.mark.parametrize("samples", [1, 16, 17, 18, 50])
def test_a_shorter_series_is_the_beginning_of_a_longer_one(samples):
    np.testing.assert_array_equal(solution(samples), solution(100)[:samples])


def test_the_series_stays_in_its_band_and_never_repeats(values):
    raw, _ = values
    assert len(raw) == 12_500
    assert 0.1 < raw.min() < 0.5
    assert 1.2 < raw.max() < 1.5
    assert len(np.unique(raw.round(9))) > 0.99 * len(raw)


@given(horizon=st.integers(1, 100), length=st.integers(1, 40), size=st.integers(1, 5), seed=st.integers(0, 2**32))
@fewer_examples
def test_the_target_is_the_value_horizon_later_and_no_training_window_reaches_the_held_out_part(
    values, horizon, length, size, seed
):
    _, x = values
    batch = MackeyGlass(horizon=horizon).batch(np.random.default_rng(seed), size, length)
    np.testing.assert_array_equal(batch.mask, np.repeat(np.arange(length)[:, None] > DELAY, size, axis=1))
    for b in range(size):
        (start,) = np.flatnonzero(np.abs(x - batch.x[0, 0, b]) < 1e-12)
        assert start + length + horizon <= len(x) - HELD_OUT
        np.testing.assert_allclose(batch.x[:, 0, b], x[start : start + length])
        np.testing.assert_allclose(batch.target[:, 0, b], x[start + horizon : start + horizon + length])


def test_held_out_sequences_lie_in_the_last_fifth(values):
    _, x = values
    batch = TASK.held_out(np.random.default_rng(0), 64, 30)
    assert batch.x.shape == (30, 1, 64)
    for b in range(64):
        (start,) = np.flatnonzero(np.abs(x - batch.x[0, 0, b]) < 1e-12)
        assert start >= len(x) - HELD_OUT
        np.testing.assert_allclose(batch.x[:, 0, b], x[start : start + 30])
        np.testing.assert_allclose(batch.target[:, 0, b], x[start + 6 : start + 36])


def test_training_windows_come_from_all_over_the_earlier_part(values):
    _, x = values
    first = TASK.batch(np.random.default_rng(0), 4000, 1).x[0, 0]
    starts = np.searchsorted(np.sort(x[:10_000]), first)
    assert len(np.unique(starts)) > 3000


def test_persistence_has_the_published_error(values):
    _, x = values
    assert np.square(x[6:] - x[:-6]).mean() ** 0.5 == pytest.approx(0.818, abs=0.01)


def test_references_are_measured_on_what_is_scored():
    batch = TASK.held_out(np.random.default_rng(0), 256, 50)
    found = {reference.name: reference.loss for reference in TASK.references(50)}
    x, target = batch.x[DELAY + 1 :], batch.target[DELAY + 1 :]  # what is scored
    assert found["mean"] == pytest.approx(np.square(target).mean())
    assert found["persistence"] == pytest.approx(np.square(target - x).mean())


@pytest.mark.parametrize("horizon", [1, 6, 17])
@pytest.mark.parametrize("window", [1, 4, 20])
def test_the_floor_is_least_squares_fitted_on_the_earlier_part_and_measured_on_what_is_scored(values, window, horizon):
    _, x = values

    def system(part):
        lags = [part[lag : len(part) - window + 1 - horizon + lag] for lag in range(window)]
        return np.column_stack([np.ones(len(lags[0])), *lags]), part[window - 1 + horizon :]

    seen, following = system(x[:-HELD_OUT])
    weights = np.linalg.lstsq(seen, following, rcond=None)[0]
    seen, following = system(x[-HELD_OUT:])
    task = MackeyGlass(horizon=horizon)
    scored = np.isin(following, task.held_out(np.random.default_rng(0), 256, 50).target[DELAY + 1 :])
    floor = task.floor(window, 50)
    assert floor.loss == pytest.approx(np.square(seen @ weights - following)[scored].mean(), rel=1e-6)
    assert not floor.exact


def test_no_floor_is_known_for_all_inputs_nor_for_more_than_there_are():
    assert TASK.floor(None, 20) is None
    assert TASK.floor(21, 20) is None
    assert TASK.floor(20, 20) is not None


def test_numbers_are_told_in_the_units_of_the_equation(values):
    raw, x = values
    np.testing.assert_allclose(TASK.in_units(x), raw)


def test_fits_are_told_as_nrmse_and_inputs_are_targets_of_horizon_steps_before():
    assert TASK.shown_as == "NRMSE"
    assert MackeyGlass(horizon=9).ahead == 9


@pytest.mark.parametrize("horizon", [1, 6, 100])
def test_a_sequence_and_its_horizon_must_fit_in_the_held_out_part(horizon):
    task, most = MackeyGlass(horizon=horizon), HELD_OUT - horizon
    assert task.problems(most) == []
    assert task.held_out(np.random.default_rng(0), 3, most).x.shape == (most, 1, 1)
    (problem,) = task.problems(most + 1)
    assert problem.startswith(f"training.sequence_length = {most + 1}: ")
    assert f"at most {most} " in problem


@pytest.mark.parametrize("horizon", [0, 101, 6.0, "6", True])
def test_the_horizon_is_a_whole_number_from_1_to_100(horizon):
    with pytest.raises(ValidationError):
        MackeyGlass.model_validate({"horizon": horizon})


def test_a_sequence_must_reach_beyond_the_delay():
    (problem,) = TASK.problems(DELAY + 1)
    assert problem == "training.sequence_length = 18: must be at least 19 for task.kind = 'mackey-glass'"
    assert TASK.problems(DELAY + 2) == []
