"""The numbers of a sweep as CSV."""

import csv
import io

from support.sweep_folders import data_of

from rnn_tui.ui.sweeps.sweep_csv import POINTS_CSV, RUNS_CSV, csv_of


def rows(data, kind):
    return list(csv.DictReader(io.StringIO(csv_of(data, kind).decode())))


def test_a_line_for_each_point_and_lane_and_for_each_run_and_lane():
    data = data_of({"task.delay": [2, 8], "training.learning_rate": [0.01, 1.0]}, 3)
    points = rows(data, POINTS_CSV)
    assert len(points) == 2 * 2 * 2
    assert {key: points[0][key] for key in ("task.delay", "training.learning_rate", "lane", "runs", "diverged")} == {
        "task.delay": "2", "training.learning_rate": "0.01", "lane": "RNN", "runs": "3", "diverged": "0",
    }  # fmt: skip
    assert float(points[0]["loss_first_quartile"]) < float(points[0]["loss_median"])
    assert (points[2]["diverged"], points[2]["loss_median"]) == ("3", "")
    assert len(rows(data, RUNS_CSV)) == 12 * 2
