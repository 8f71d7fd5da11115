"""The rules by which a run ends."""

import pytest

from rnn_tui.experiments.early_stop import SolvedRule, out_of_patience
from rnn_tui.presets import store
from rnn_tui.session.experiment import Experiment


def test_patience_ends_when_no_lane_has_improved_for_so_long():
    improving, stuck, never_finite = 20, 10, 0
    assert not out_of_patience(10, 20, [improving, stuck])
    assert not out_of_patience(11, 20, [stuck])
    assert out_of_patience(10, 20, [stuck])
    assert out_of_patience(10, 20, [stuck, never_finite])


@pytest.mark.parametrize(
    ("name", "able", "cases"),
    [
        ("echo", (0,), {(0.5, 0.9): False, (0.5, 1.0): True, (0.001, 0.99): True, (0.01, 0.99): False}),
        ("adding", (0,), {(0.1, None): False, (0.001, None): True}),
        ("letters", (0, 3), {(0.5, 0.7): False, (0.36, 0.7): True}),  # its floor is not 0
        ("csv", (), {(0.0, None): None}),  # no floor is known
    ],
)
def test_solved_is_the_measure_of_the_task_and_windows_that_are_too_short_cannot(name, able, cases):
    rule = SolvedRule.of(Experiment(store.load(store.find(name)).preset))
    assert rule.able == able
    assert {case: rule.met(*case) for case in cases} == cases
