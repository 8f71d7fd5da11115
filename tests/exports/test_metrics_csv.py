import csv
import io

import pytest
from support.exported_scripts import LANES, TASKS, exported, session_of

from rnn_tui.engine import metric_history

ECHO = TASKS["binary cross-entropy"]


def rows_of(data):
    return list(csv.reader(io.StringIO(data.decode())))


def test_there_is_a_row_for_every_step_with_exact_numbers(monkeypatch):
    session = session_of(monkeypatch, ECHO, LANES["gru"], {**LANES["window"], "name": 'a "b", c'}, steps=7)
    session.back(3)
    ((name, data),) = exported("csv", session).items()
    assert name == "mine.csv"
    header, *rows = rows_of(data)
    metrics = ("training loss", "held-out loss", "gradient norm")
    assert header == ["step", *(f"{name} {metric}" for name in ("GRU", 'a "b", c') for metric in metrics)]
    assert [row[0] for row in rows] == [str(step) for step in range(8)]
    first, second = session.frame().lanes
    for column, values in enumerate((first.losses, first.norms, second.losses, second.norms)):
        assert [float(row[(1, 3, 4, 6)[column]]) for row in rows[:-1]] == values.exact.tolist()
    session.forward(3)
    for column, lane in zip((2, 5), session.evaluate().lanes, strict=True):
        assert float(rows[7][column]) == lane.score.loss  # after the last update, which has no other numbers
        assert all(float(row[column]) > 0 for row in rows)
    assert [rows[7][column] for column in (1, 3, 4, 6)] == [""] * 4
    assert b"\r" not in data


def test_a_lane_alone_has_columns_of_its_own(monkeypatch):
    session = session_of(monkeypatch, ECHO, LANES["gru"], LANES["lstm"], steps=2)
    header, *rows = rows_of(exported("csv", session, lanes=[1])["mine.csv"])
    assert header == ["step", "LSTM training loss", "LSTM held-out loss", "LSTM gradient norm"]
    assert len(rows) == 3


def test_cells_are_empty_where_a_lane_has_a_shorter_history(monkeypatch):
    session = session_of(monkeypatch, ECHO, LANES["gru"], LANES["lstm"], steps=5)
    session.change({"lanes.1.hidden_size": 4})
    session.forward(2)
    rows = rows_of(exported("csv", session)["mine.csv"])[1:]
    assert [row[4::2] == ["", ""] for row in rows[:-1]] == [False] * 2 + [True] * 3
    assert all(float(cell) > 0 for row in rows[:-1] for cell in row[1:4])


def test_without_a_step_there_is_the_header_alone(monkeypatch):
    session = session_of(monkeypatch, ECHO, LANES["gru"], steps=0)
    assert exported("csv", session)["mine.csv"] == b"step,GRU training loss,GRU held-out loss,GRU gradient norm\n"


@pytest.fixture
def long_run(monkeypatch):
    """Of whose first steps blocks are kept; and the exact numbers of the first lane."""
    session = session_of(monkeypatch, ECHO, LANES["gru"], LANES["lstm"], steps=50)
    exact = session.frame().lanes[0].losses.exact.copy()
    for name, value in {"EXACT": 20, "SLACK": 10, "WIDTH": 8}.items():
        monkeypatch.setattr(metric_history, name, value)
    long = session_of(monkeypatch, ECHO, LANES["gru"], LANES["lstm"], steps=50)
    assert [lane.losses.first for lane in long.frame().lanes] == [16, 16]
    return long, exact


def test_a_block_has_a_row_that_says_for_how_many_steps_it_stands(long_run):
    session, exact = long_run
    header, *rows = rows_of(exported("csv", session)["mine.csv"])
    metrics = ("training loss", "held-out loss", "gradient norm")
    assert header[:11] == [
        "step",
        "steps",
        *(f"GRU {metric}{end}" for metric in metrics for end in ("", " min", " max")),
    ]
    assert [row[:2] for row in rows] == [["0", "8"], ["8", "8"], *([str(step), "1"] for step in range(16, 51))]
    held_out = session.frame().lanes[0].held_out_losses.until(7).losses
    assert [float(cell) for cell in rows[0][5:8]] == pytest.approx([held_out.mean(), held_out.min(), held_out.max()])
    for row in rows[:2]:
        block = exact[int(row[0]) : int(row[0]) + 8]
        assert [float(cell) for cell in row[2:5]] == pytest.approx([block.mean(), block.min(), block.max()])
    assert [float(row[2]) for row in rows[2:-1]] == exact[16:].tolist()
    assert {row[0]: row[5] for row in rows[2:] if row[5]}.keys() == {
        "16",
        "18",
        "20",
        "25",
        "30",
        "35",
        "40",
        "45",
        "50",
    }
    assert {tuple(row[3:5]) for row in rows[2:]} == {("", "")}


def test_steps_of_which_nothing_is_known_any_more_have_empty_cells(long_run):
    session, _ = long_run
    session.seek(13)
    session.change({"training.learning_rate": 0.5})  # cuts the second block apart
    session.forward(4)
    _, *rows = rows_of(exported("csv", session)["mine.csv"])
    assert [row[:3] for row in rows[1:6]] == [[str(step), "1", ""] for step in range(8, 13)]
    assert all(row[2] for row in rows[6:])


def test_lanes_of_which_not_the_same_steps_are_in_blocks_share_the_rows_of_the_others(long_run):
    session, _ = long_run
    session.change({"lanes.1.hidden_size": 5})
    session.forward(4)  # of the other lane, the steps are there already
    _, *rows = rows_of(exported("csv", session)["mine.csv"])
    assert [row[:2] for row in rows[:3]] == [["0", "8"], ["8", "8"], ["0", "1"]]
    assert [(row[2] != "", row[11] != "") for row in rows[:-1]] == [
        (True, False), (True, False), *[(False, True)] * 4, *[(False, False)] * 12, *[(True, False)] * 34
    ]  # fmt: skip
