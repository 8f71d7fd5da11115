"""Results of a sweep: read, and summarized over seeds; the same numbers in memory while it runs."""

import json

import pytest

from rnn_tui.errors import RnnTuiError
from rnn_tui.experiments import read_results
from rnn_tui.experiments.sweep_plan import planned
from rnn_tui.experiments.sweep_results import RESULTS, Quartiles
from rnn_tui.experiments.sweep_tally import SweepTally
from rnn_tui.exports.sweep_csv import as_csv
from rnn_tui.presets import store

ECHO = store.load(store.find("echo"))


def lane(name, loss, solved_at=None, accuracy=0.5):
    solved = solved_at is not None
    return {
        "name": name, "kind": "rnn", "loss": loss, "accuracy": accuracy, "r2": None, "floor": 0.0, "solved": solved,
        "solved_at": solved_at, "best_loss": loss, "best_step": 9, "held_out_steps": [0, 9], "held_out_losses": [1, 2],
        "train_losses": [[9, 1.0]],
    }  # fmt: skip


def row(index, delay, seed, *lanes, end="steps", error=None):
    point = {"task.delay": delay, "training.seed": seed}
    return {"index": index, "point": point, "step": 9, "end": end, "error": error, "lanes": list(lanes)}


ROWS = [
    row(4, 2, 1, lane("RNN", None), lane("FNN", 0.5), end="diverged", error="RNN diverged"),
    row(0, 1, 0, lane("RNN", 0.1, 20), lane("FNN", 0.7)),
    row(2, 1, 2, lane("RNN", 0.3), lane("FNN", 0.6)),
    row(1, 1, 1, lane("RNN", 0.2, 40), lane("FNN", 0.8)),
    row(5, 2, 2, end="failed", error="not enough memory"),
]


@pytest.fixture
def folder(tmp_path):
    plan = planned(ECHO, {"over": {"task.delay": [1, 2]}, "seeds": 3, "steps": 9})
    (tmp_path / "sweep.json").write_text(json.dumps(plan.document()))
    (tmp_path / RESULTS).write_text("".join(json.dumps(row) + "\n" for row in [*ROWS, ROWS[0]]) + '{"index": 3, "po')
    return tmp_path


def test_results_are_read_in_order_each_once_and_a_torn_line_is_left_out(folder):
    found = read_results(folder)
    assert [row["index"] for row in found.rows] == [0, 1, 2, 4, 5]
    assert found.plan.keys == ["task.delay"]
    assert found.rows[0]["lanes"][0]["train_losses"]
    assert "train_losses" not in read_results(folder, curves=False).rows[0]["lanes"][0]
    preset = found.preset(found.rows[3])
    assert (preset.task.delay, preset.training.seed) == (2, 1)


def test_points_are_summarized_over_seeds(folder):
    one, other = read_results(folder).by_point()
    rnn, fnn = one.lanes
    assert one.point == {"task.delay": 1}
    assert (rnn.loss, rnn.solved, rnn.runs) == (Quartiles(0.2, pytest.approx(0.15), pytest.approx(0.25)), 2, 3)
    assert rnn.solved_share == pytest.approx(2 / 3)
    assert rnn.steps_to_solve == Quartiles(30, 25, 35)
    assert (fnn.solved, fnn.steps_to_solve) == (0, None)
    assert (other.diverged, other.failed, other.lanes[0].loss.median, other.lanes[0].runs) == (1, 1, float("inf"), 2)


def test_a_running_sweep_is_summarized_alike(folder):
    found = read_results(folder)
    tally = SweepTally(found.plan)
    assert (tally.best(5), tally.started) == ([], [])
    for each in ROWS:
        tally.add(each)
    assert [tally.lanes(point) for point in (0, 1)] == [list(point.lanes) for point in found.by_point()]
    assert (tally.done, tally.run_count, tally.ends["failed"], tally.started) == (5, 6, 1, [0, 1])
    assert tally.best(1) == [0]


def test_quartiles_of_values_in_any_order():
    assert Quartiles.of([3, 1, 5]) == Quartiles(median=3, low=2, high=4)
    assert Quartiles.of([]) is None
    assert Quartiles.of([1, float("inf"), float("inf")]) == Quartiles(float("inf"), float("inf"), float("inf"))


def test_csv_has_a_row_for_each_run_and_lane(folder):
    found = read_results(folder)
    lines = as_csv(found.plan.keys, found.rows).decode().splitlines()
    assert lines[0].startswith("index,task.delay,training.seed,lane,kind,step,end,error,loss,accuracy,r2,floor,solved,")
    assert lines[1] == "0,1,0,RNN,rnn,9,steps,,0.1,0.5,,0.0,true,20,0.1,9"
    assert lines[-1] == "5,2,2,,,9,failed,not enough memory,,,,,,,,"
    assert len(lines) == 1 + 2 * 4 + 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (RESULTS, "{}\n"),
        (RESULTS, "x\n"),
        (RESULTS, json.dumps({**ROWS[1], "index": -1}) + "\n"),
        (RESULTS, json.dumps({**ROWS[1], "lanes": [1]}) + "\n"),
        ("sweep.json", "["),
        ("sweep.json", "{}"),
    ],
)
def test_a_file_that_is_not_of_a_sweep_is_named(folder, name, text):
    (folder / name).write_text(text)
    with pytest.raises(RnnTuiError, match=name):
        read_results(folder)
    with pytest.raises(RnnTuiError, match="no sweep"):
        read_results(folder / "nowhere")
