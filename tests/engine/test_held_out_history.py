import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.engine.held_out_history import HeldOutHistory, is_measured


def test_the_steps_are_dense_at_first_and_then_sixteen_for_each_power_of_ten():
    found = [step for step in range(601) if is_measured(step)]
    assert found == [
        *range(11), 12, 14, 16, 18, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90, 100,
        120, 140, 160, 180, 200, 250, 300, 350, 400, 450, 500, 600,
    ]  # fmt: skip
    for power in (3, 4, 5):
        assert sum(map(is_measured, range(10**power + 1, 10 ** (power + 1) + 1))) == 16


@given(st.dictionaries(st.integers(0, 10**12), st.floats(), max_size=8), st.integers(0, 10**12))
def test_measurements_are_in_the_order_of_their_steps_in_whatever_order_they_are_made(losses, step):
    history = HeldOutHistory()
    for at, loss in losses.items():
        assert at not in history
        history = history.added(at, loss)
        assert at in history
    assert history.steps.tolist() == sorted(losses)
    assert not np.isnan(history.losses).any()
    assert history.until(step).steps.tolist() == [at for at in sorted(losses) if at <= step]


@pytest.mark.parametrize(
    ("losses", "best"), [([], None), ([np.inf, np.nan], None), ([3.0, 1.0, np.nan, 1.0, 2.0], (1, 1.0))]
)
def test_the_best_is_the_first_lowest_finite_loss(losses, best):
    history = HeldOutHistory()
    for step, loss in enumerate(losses):
        history = history.added(step, loss)
    assert history.best == best
