"""Quartiles over runs: at each step over those that have come so far, and with divergences as the highest."""

import numpy as np

from rnn_tui.engine.held_out_history import HeldOutHistory
from rnn_tui.engine.held_out_quartiles import HeldOutQuartiles


def history(**losses):
    return HeldOutHistory(np.array([int(step[1:]) for step in losses]), np.array([*losses.values()]))


def test_each_step_has_the_quartiles_of_the_runs_that_have_come_so_far():
    found = HeldOutQuartiles.of([history(s0=1.0, s5=4.0), history(s0=3.0, s5=2.0, s9=7.0), history(s0=5.0)])
    assert found.steps.tolist() == [0, 5, 9]
    assert found.median.tolist() == [3, 3, 7]
    assert found.low.tolist() == [2, 2.5, 7]
    assert found.high.tolist() == [4, 3.5, 7]
    assert len(HeldOutQuartiles.of([])) == 0


def test_a_run_that_diverged_is_above_all_others_and_never_gives_nan():
    few = HeldOutQuartiles.of([history(s1=loss) for loss in (1.0, 2.0, 3.0, np.inf)])
    assert (few.low[0], few.median[0], few.high[0]) == (1.75, 2.5, np.inf)
    every = HeldOutQuartiles.of([history(s1=np.inf)] * 3)
    assert every.low.tolist() == every.median.tolist() == every.high.tolist() == [np.inf]
