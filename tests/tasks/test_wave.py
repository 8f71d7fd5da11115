from math import pi, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rnn_tui.tasks.wave import Wave


def test_the_first_time_step_is_not_scored():
    mask = Wave().batch(np.random.default_rng(0), 3, 5).mask
    np.testing.assert_array_equal(mask, [[0] * 3] + [[1] * 3] * 4)


@pytest.mark.parametrize("shape", ["sine", "sum", "sawtooth", "square"])
def test_the_target_is_the_next_input(shape):
    batch = Wave(shape=shape, noise=0.1).batch(np.random.default_rng(0), 3, 9)
    np.testing.assert_array_equal(batch.target[:-1], batch.x[1:])


@given(omega=st.floats(0.05, pi), seed=st.integers(0, 2**32))
def test_a_sine_obeys_its_recurrence(omega, seed):
    x = Wave(omega=omega).batch(np.random.default_rng(seed), 4, 12).x
    np.testing.assert_allclose(x[2:], 2 * np.cos(omega) * x[1:-1] - x[:-2], atol=1e-9)


def test_a_sawtooth_climbs_by_the_same_amount_but_at_its_edge():
    x = Wave(shape="sawtooth", omega=0.5).batch(np.random.default_rng(0), 20, 30).x
    climb = np.diff(x, axis=0)
    np.testing.assert_allclose(np.where(climb < 0, climb + 2, climb), 0.5 / pi, atol=1e-9)


def test_noise_has_the_deviation_asked_for():
    quiet = Wave().batch(np.random.default_rng(0), 500, 40).x
    noisy = Wave(noise=0.3).batch(np.random.default_rng(0), 500, 40).x
    assert (noisy - quiet).std() == pytest.approx(0.3, rel=0.02)


def test_phases_are_spread_evenly():
    x = Wave().batch(np.random.default_rng(0), 20_000, 2).x[0, 0]
    assert x.mean() == pytest.approx(0, abs=0.02)
    assert x.var() == pytest.approx(0.5, rel=0.03)


def test_one_time_step_is_too_short():
    assert Wave().problems(2) == []
    (problem,) = Wave().problems(1)
    assert problem.startswith("training.sequence_length = 1: ")


@pytest.mark.parametrize("options", [{"omega": 0.0}, {"omega": 3.2}, {"noise": -0.1}, {"noise": float("nan")}])
def test_options_out_of_range_are_refused(options):
    with pytest.raises(ValidationError):
        Wave.model_validate(options)


@pytest.mark.parametrize("omega", [0.3, 1.0])
def test_the_floor_of_the_sine_is_that_of_its_formula(omega):
    task = Wave(omega=omega)
    assert task.floor(1, 40).loss == pytest.approx(0.5 * sin(omega) ** 2)
    assert task.floor(2, 40).loss == 0
    assert task.floor(None, 40).loss == 0


def test_the_published_floor_of_the_sine():
    assert round(Wave(omega=0.3).floor(1, 40).loss, 4) == 0.0437


def test_before_a_window_is_full_the_floor_is_that_of_the_values_there_are():
    task = Wave(shape="square", omega=1.0)
    alone = [task.floor(k, 10_000).loss for k in (1, 2, 3)]  # so long that the beginning hardly counts
    expected = np.mean([alone[min(t + 1, 3) - 1] for t in range(1, 6)])
    assert task.floor(3, 6).loss == pytest.approx(expected, rel=2e-3)
    assert task.floor(1, 6).loss == pytest.approx(alone[0], rel=2e-3)


def test_the_slowest_square_wave_is_told_by_windows_that_reach_back_to_its_edge():
    task = Wave(shape="square", omega=0.02)  # an edge every 157 time steps
    short, long = task.floor(100, 400), task.floor(None, 400)
    assert long.loss < 0.7 * short.loss
    assert long.exact
    assert not task.floor(None, 1500).exact
    assert task.floor(900, 1500).exact
    assert Wave(shape="sum").floor(None, 1500).exact
    assert not Wave(shape="sum", noise=0.1).floor(2, 20).exact


def test_a_window_longer_than_the_sequence_sees_the_sequence():
    task = Wave(shape="sum", noise=0.1)
    assert task.floor(50, 10) == task.floor(10, 10) == task.floor(None, 10)


@pytest.mark.parametrize("task", [Wave(), Wave(shape="square", noise=0.2), Wave(shape="sawtooth", omega=1.0)])
def test_references_are_what_the_mean_and_the_last_value_reach_on_a_sample(task):
    batch = task.batch(np.random.default_rng(0), 4000, 20)
    found = {reference.name: reference.loss for reference in task.references(20)}
    assert found["mean"] == pytest.approx(batch.target.var(), rel=0.03)
    assert found["persistence"] == pytest.approx(np.square(batch.target - batch.x).mean(), rel=0.03)
