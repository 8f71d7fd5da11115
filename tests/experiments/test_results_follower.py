"""Results are read once each, also while they are written."""

import json

import pytest
from support.sweep_folders import append, row_of

from rnn_tui.errors import FileError
from rnn_tui.experiments.results_follower import ResultsFollower


def rows(*indices):
    return [row_of(index, {"task.delay": 2}) for index in indices]


def test_only_what_was_appended_is_read(tmp_path):
    follower = ResultsFollower(tmp_path)
    assert follower.fresh() == []
    append(tmp_path, rows(0, 1))
    first = follower.fresh()
    assert [row["index"] for row in first] == [0, 1]
    assert "held_out_losses" not in first[0]["lanes"][0]
    assert follower.fresh() == []
    append(tmp_path, rows(2))
    assert [row["index"] for row in follower.fresh()] == [2]


def test_a_line_is_read_when_it_is_complete(tmp_path):
    line = json.dumps(rows(0)[0])
    path = tmp_path / "results.jsonl"
    path.write_text(line[:40])
    follower = ResultsFollower(tmp_path)
    assert follower.fresh() == []
    path.write_text(f"{line}\n{line[:9]}")
    assert len(follower.fresh()) == 1
    path.write_text(f"{line}\n")  # the rest was removed when the sweep was resumed
    assert follower.fresh() == []
    path.write_text("")
    assert follower.fresh() == []
    append(tmp_path, rows(5))
    assert [row["index"] for row in follower.fresh()] == [5]


def test_a_line_that_is_no_result_is_reported_with_its_number(tmp_path):
    append(tmp_path, rows(0))
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write("[1]\n")
    with pytest.raises(FileError, match="line 2 is not a result"):
        ResultsFollower(tmp_path).fresh()
