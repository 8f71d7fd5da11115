import json
from dataclasses import replace

import numpy as np
import pytest
from support.preset_documents import echo

from rnn_tui.cli.report import as_document, as_text
from rnn_tui.presets.preset import parse
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.session import Session


def document_of(found, seconds=0.0, diverged=None, name="x"):
    return as_document(name, found, [""] * len(found.lanes), seconds, diverged)


@pytest.fixture
def found():
    session = Session(parse(echo(delay=2), "s"))
    session.forward(7)
    return session.evaluate()


def test_the_document_says_what_was_found(found):
    document = document_of(found, 1.23456, name="mine")
    assert {key: document[key] for key in ("preset", "seed", "steps", "seconds")} == {
        "preset": "mine", "seed": 0, "steps": 7, "seconds": 1.235,
    }  # fmt: skip
    experiment = Experiment(found.preset)
    for i, (row, lane) in enumerate(zip(document["lanes"], found.lanes, strict=True)):
        assert row["name"] == lane.name
        assert row["kind"] == lane.settings.kind
        assert row["parameters"] == sum(weights.size for weights in experiment.start(i).parameters.views.values())
        assert (row["loss"], row["accuracy"], row["r2"]) == (lane.score.loss, lane.score.accuracy, None)
        assert row["floor"] == lane.floor.loss
        assert row["loss_by_time"] == lane.score.loss_by_time[2:].tolist()
    assert document["references"] == [{"name": "chance", "loss": np.log(2)}]
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_what_is_not_a_number_is_null(found):
    lane = found.lanes[0]
    score = replace(lane.score, accuracy=None, r2=-np.inf)
    document = document_of(replace(found, lanes=(replace(lane, score=score, floor=None),)))
    (row,) = document["lanes"]
    assert row["accuracy"] is row["r2"] is row["floor"] is None


def test_losses_that_are_not_finite_are_null_where_they_are_scored_and_the_diverged_lane_is_named(found):
    lane = found.lanes[0]
    by_time = np.where(np.isnan(lane.score.loss_by_time), np.nan, np.inf)
    broken = replace(lane, score=replace(lane.score, loss=np.nan, loss_by_time=by_time))
    document = document_of(replace(found, lanes=(broken, *found.lanes[1:])), diverged=0)
    assert document["diverged"] == {"lane": "RNN", "step": 7}
    assert document["lanes"][0]["loss"] is None
    assert document["lanes"][0]["loss_by_time"] == [None] * (len(lane.score.loss_by_time) - 2)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document_of(found)["diverged"] is None


def test_the_table_for_people_has_a_row_for_every_lane_in_even_columns(found):
    text = as_text(document_of(found, 1.5, name="mine"), found)
    head, title, *rows, references = text.splitlines()
    assert head == "mine, seed 0: 7 steps in 1.50 s"
    assert title.split() == ["lane", "parameters", "loss", "accuracy", "floor"]
    assert [row.split()[0] for row in rows] == ["RNN", "FNN(1)"]
    for row, lane in zip(rows, found.lanes, strict=True):
        cells = row.split()
        assert cells[1:] == [
            str(lane.parameters), f"{lane.score.loss:.4f}", f"{lane.score.accuracy * 100:.1f}%",
            f"{lane.floor.loss:.4f}",
        ]  # fmt: skip
    assert len({len(line) for line in (title, *rows)}) == 1
    assert references == "without a network: chance 0.6931"


def test_numbers_are_graded_by_r2_and_an_estimated_floor_is_marked(tmp_path):
    (tmp_path / "x").write_text("\n".join(str(i % 7 + i / 100) for i in range(300)))
    task = {"kind": "csv", "path": str(tmp_path / "x")}
    found = Session(parse({**echo(), "task": task}, "s")).evaluate()
    _, title, rnn, fnn, unit, references, errors = as_text(document_of(found), found).splitlines()
    assert title.split()[3] == "R²"
    assert title.split()[-2:] == ["RMSE", "MAE"]
    assert rnn.split()[-3] == "–"
    assert fnn.split()[-4:-2] == ["≈", f"{found.lanes[1].floor.loss:.4f}"]
    assert unit == "RMSE and MAE in the unit of column 1"
    deviation = np.std([float(str(i % 7 + i / 100)) for i in range(240)])
    for line, lane, told in zip((rnn, fnn), found.lanes, document_of(found)["lanes"], strict=True):
        assert told["rmse"] == pytest.approx(deviation * lane.score.loss**0.5)
        assert told["mae"] == pytest.approx(deviation * lane.score.mae)
        assert line.split()[-2:] == [f"{told['rmse']:.4g}", f"{told['mae']:.4g}"]
    assert "mean" in references
    assert "persistence" in references
    persistence = document_of(found)["references"][1]
    assert persistence["rmse"] == pytest.approx(deviation * persistence["loss"] ** 0.5)
    assert f"persistence {persistence['rmse']:.4g}" in errors


def test_losses_are_split_by_phase_where_time_steps_have_roles():
    found = Session(parse({**echo(), "task": {"kind": "temporal-xor"}}, "s")).evaluate()
    lines = as_text(document_of(found), found).splitlines()[-2:]
    for line, lane in zip(lines, found.lanes, strict=True):
        label, numbers = line.split(" by phase: ")
        assert label == lane.label
        by_time = lane.score.loss_by_time
        assert numbers.split()[::2] == ["b", "a⊕b", "a"]
        assert [float(n) for n in numbers.split()[1::2]] == pytest.approx(
            [np.mean([by_time[t] for t in range(8) if t % 3 == phase]) for phase in range(3)], abs=1e-4
        )


def test_a_part_that_a_short_sequence_does_not_have_is_left_out():
    found = Session(parse({**echo(sequence_length=2), "task": {"kind": "temporal-xor"}}, "s")).evaluate()
    (line, _) = as_text(document_of(found), found).splitlines()[-2:]
    assert line.split(" by phase: ")[1].split()[::2] == ["b", "a⊕b"]


def test_a_loss_that_has_blown_up_is_shown_as_a_power_of_ten(found):
    lane = replace(found.lanes[0], score=replace(found.lanes[0].score, loss=1.23e190))
    blown = replace(found, lanes=(lane, *found.lanes[1:]))
    assert "1.23e+190" in as_text(document_of(blown), blown)


def test_what_nets_write_and_the_loss_by_symbol_are_reported():
    found = Session(parse({**echo(sequence_length=20), "task": {"kind": "letters"}}, "s")).evaluate()
    texts = ["badiiguuu", "aaa"]
    document = as_document("x", found, texts, 0.0)
    lines = as_text(document, found).splitlines()
    for row, lane, text in zip(document["lanes"], found.lanes, texts, strict=True):
        assert row["text"] == text
        assert row["loss_by_role"] == dict(zip("abdgiu", lane.score.loss_by_role.tolist(), strict=True))
        assert f"{lane.label} writes: {text}" in lines
        assert any(line.startswith(f"{lane.label} by symbol: a ") for line in lines)


def test_nrmse_is_the_fit_where_the_task_has_it_so():
    found = Session(parse({**echo(sequence_length=20), "task": {"kind": "mackey-glass"}}, "s")).evaluate()
    document = document_of(found)
    assert as_text(document, found).splitlines()[1].split()[3] == "NRMSE"
    for row in document["lanes"]:
        assert row["nrmse"] ** 2 == pytest.approx(1 - row["r2"])
