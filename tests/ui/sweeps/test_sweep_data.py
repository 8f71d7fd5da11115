"""Runs by their points."""

from dataclasses import replace

from support.sweep_folders import data_of, row_of, rows_of

from rnn_tui.ui.sweeps.key_axis import LANES

GRID = {"task.delay": [2, 4], "lanes.0.hidden_size": [4, 8, 16]}


def test_runs_are_grouped_over_their_seeds():
    data = data_of(GRID, seeds=3)
    assert (data.total, data.seeds, len(data.runs), len(data.places)) == (18, 3, 18, 6)
    assert list(data.axes) == ["task.delay", "lanes.0.hidden_size", LANES]
    runs = data.at({"task.delay": 1, "lanes.0.hidden_size": 0, LANES: 1})
    assert [run["point"] for run in runs] == [
        {"task.delay": 4, "lanes.0.hidden_size": 4, "training.seed": seed} for seed in range(3)
    ]
    assert data.title() == "Sweep of echo: delay × hidden size, 3 seeds"
    assert data.run_name(runs[2]) == "delay 4, hidden size 4, seed 2"
    assert data.place_of(runs[2]) == {"task.delay": 1, "lanes.0.hidden_size": 0}
    assert not data.scattered


def test_a_run_counts_once_and_only_if_the_plan_has_it():
    data = data_of(GRID, seeds=1)
    data.add(rows_of(GRID, 1))
    data.add([row_of(99, {"task.delay": 3, "lanes.0.hidden_size": 4, "training.seed": 0})])
    assert len(data.runs) == 6


def test_runs_that_diverged_or_failed_are_counted():
    data = data_of(GRID, seeds=1, runs=[row_of(0, dict(data_of(GRID).outline.points[0]), "failed")])
    assert (data.failed, data.diverged) == (1, 0)


def test_a_sweep_of_seeds_alone_is_shown_by_lanes():
    data = data_of({}, seeds=4)
    assert (data.keys, list(data.axes), data.title()) == ([], [LANES], "Sweep of echo: 4 seeds")
    assert data.run_name(data.runs[2]) == "seed 2"


def test_zipped_keys_are_one_axis_and_random_points_are_no_grid():
    outline = data_of(GRID).outline
    zipped = type(data_of(GRID))(replace(outline, points=[{"a": 1, "b": 5}, {"a": 2, "b": 6}, {"a": 3, "b": 7}]))
    assert (zipped.keys, zipped.scattered) == (["a"], False)
    drawn = type(zipped)(replace(outline, points=[{"a": n, "b": n * n % 11} for n in range(11)]))
    assert drawn.scattered
