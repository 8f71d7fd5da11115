"""The sentences about a point, a run, and the progress."""

from dataclasses import replace

from support.sweep_folders import data_of, row_of, rows_of

from rnn_tui.ui.sweeps.readout import progress_text, readout, run_sentence
from rnn_tui.ui.sweeps.sweep_view import RUNS, SweepView

GRID = {"task.delay": [2, 8], "lanes.0.hidden_size": [4, 16]}


def test_a_point_has_its_exact_numbers_and_counts():
    data = data_of(GRID, 3)
    assert readout(data, SweepView.first(data)) == (
        "delay 2, hidden size 4, RNN: held-out loss 0.1604 (median of 3 runs; quartiles 0.1215 to 0.2193); "
        "accuracy 88.5%; solved by 1 of 3 runs; steps to solve 150."
    )


def test_a_point_without_numbers_says_why():
    data = data_of({"task.delay": [2], "training.learning_rate": [1.0, 2.0]})
    assert readout(data, SweepView.first(data)) == "learning rate 1, RNN: all 2 runs diverged."
    some = data_of(GRID, 1, runs=rows_of(GRID, 1)[1:])
    assert readout(some, SweepView.first(some)) == "delay 2, hidden size 4, RNN: no run has finished yet."


def test_a_run_says_how_it_ended():
    data = data_of(GRID, 1)
    said = readout(data, replace(SweepView.first(data), drawing=RUNS, run=0))
    assert said.startswith("delay 2, hidden size 4, seed 0: ended at its last step, 600; RNN: held-out loss 0.08261")
    failed = row_of(0, data.runs[0]["point"], "failed")
    assert run_sentence(data_of(GRID, 1, runs=[failed]), failed, 0).endswith("failed: not enough memory.")


def test_the_formula_of_the_line_has_its_value_at_the_cursor():
    contour = {"base": "lanes.0.gain", "exponent": "task.delay", "level": 1e-2}
    data = data_of({"task.delay": [2, 4], "lanes.0.gain": [0.2, 0.9]}, 1, contour=contour)
    assert readout(data, SweepView.first(data)).endswith("gain^delay = 0.04.")


def test_the_progress_says_what_is_left():
    data = data_of(GRID, 2, runs=rows_of(GRID, 2)[:5])
    assert progress_text(data) == "5 of 8 runs"
    assert progress_text(data, left=250) == "5 of 8 runs, about 4 min left"
    assert progress_text(data, left=250, idle=70) == "5 of 8 runs, no new run for 70 s"
    wild = {"task.delay": [2], "training.learning_rate": [0.01, 1.0]}
    assert progress_text(data_of(wild, 2)) == "all 4 runs, 2 diverged"
