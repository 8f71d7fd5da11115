"""Measures over the runs of a point."""

from math import inf, isnan

import pytest
from support.sweep_folders import row_of

from rnn_tui.ui.sweeps.measures import LOSS, MEASURES, available, measure_named


def run(loss=0.5, end="steps", solved=False, solved_at=None):
    lane = {"loss": loss, "accuracy": None, "r2": None, "solved": solved, "solved_at": solved_at}
    return {"index": 0, "point": {}, "step": 5, "end": end, "error": None, "lanes": [] if end == "failed" else [lane]}


def test_the_loss_has_its_median_and_quartiles():
    found = LOSS.summary([run(loss) for loss in (0.4, 0.1, 0.2, 0.3)], 0)
    assert (found.low, found.median, found.high) == pytest.approx((0.175, 0.25, 0.325))
    assert (found.known, found.runs, found.diverged, found.failed) == (4, 4, 0, 0)


def test_runs_that_diverged_are_counted_and_if_all_did_there_is_no_number():
    some = LOSS.summary([run(0.1), run(0.3), run(None, "diverged")], 0)
    assert (some.median, some.diverged) == (0.3, 1)
    assert LOSS.summary([run(0.9, "diverged"), run(None, "failed")], 0)[1:] == (inf, inf, 1, 2, 1, 1)


def test_runs_that_failed_have_no_number():
    found = LOSS.summary([run(None, "failed"), run(0.2)], 0)
    assert (found.median, found.known, found.runs, found.failed) == (0.2, 1, 2, 1)
    nothing = LOSS.summary([run(None, "failed")], 0)
    assert isnan(nothing.median)
    assert nothing.runs == 1


def test_the_share_of_solved_runs_is_a_mean_and_steps_are_those_of_solved_runs():
    runs = [run(solved=True, solved_at=100), run(solved=True, solved_at=300), run(), run()]
    assert measure_named("solved").summary(runs, 0).median == 0.5
    assert measure_named("steps").summary(runs, 0).median == 200
    assert isnan(measure_named("steps").summary([run(), run()], 0).median)


def test_measures_that_no_run_has_are_not_offered():
    assert [measure.name for measure in available([])] == ["loss"]
    assert [measure.name for measure in available([run()])] == ["loss", "solved"]
    assert [measure.name for measure in available([row_of(0, {"task.delay": 2})])] == [
        measure.name for measure in MEASURES if measure.name != "r2"
    ]
