import csv
import io

from scripts import LANES, TASKS, exported, session_of

ECHO = TASKS["binary cross-entropy"]


def rows_of(data):
    return list(csv.reader(io.StringIO(data.decode())))


def test_there_is_a_row_for_every_step_with_exact_numbers(monkeypatch):
    session = session_of(monkeypatch, ECHO, LANES["gru"], {**LANES["window"], "name": 'a "b", c'}, steps=7)
    session.back(3)
    ((name, data),) = exported("csv", session).items()
    assert name == "mine.csv"
    header, *rows = rows_of(data)
    assert header == ["step", "GRU loss", "GRU gradient norm", 'a "b", c loss', 'a "b", c gradient norm']
    assert [row[0] for row in rows] == [str(step) for step in range(7)]
    first, second = session.frame().lanes
    for column, values in enumerate((first.losses, first.norms, second.losses, second.norms), 1):
        assert [float(row[column]) for row in rows] == values.exact.tolist()
    assert b"\r" not in data


def test_a_lane_alone_has_columns_of_its_own(monkeypatch):
    session = session_of(monkeypatch, ECHO, LANES["gru"], LANES["lstm"], steps=2)
    header, *rows = rows_of(exported("csv", session, lanes=[1])["mine.csv"])
    assert header == ["step", "LSTM loss", "LSTM gradient norm"]
    assert len(rows) == 2


def test_cells_are_empty_where_a_lane_has_a_shorter_history(monkeypatch):
    session = session_of(monkeypatch, ECHO, LANES["gru"], LANES["lstm"], steps=5)
    session.change({"lanes.1.hidden_size": 4})
    session.forward(2)
    rows = rows_of(exported("csv", session)["mine.csv"])[1:]
    assert [row[3:] == ["", ""] for row in rows] == [False] * 2 + [True] * 3
    assert all(float(cell) > 0 for row in rows for cell in row[1:3])


def test_without_a_step_there_is_the_header_alone(monkeypatch):
    session = session_of(monkeypatch, ECHO, LANES["gru"], steps=0)
    assert exported("csv", session)["mine.csv"] == b"step,GRU loss,GRU gradient norm\n"
