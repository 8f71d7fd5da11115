"""``rnn-tui probe`` without -o: answers with and without interventions."""

import json
import shutil

import numpy as np
import pytest
from support.altered_equations import altered
from support.command_line import run

from rnn_tui.checkpoints.reader import load
from rnn_tui.session.checkpointing import restored

ECHO = ("echo", "--set", "training.sequence_length=12", "--steps", 60)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A run that was moved to another folder after it was saved."""
    made = tmp_path_factory.mktemp("made") / "run.safetensors"
    run("train", *ECHO, "-o", made)
    return shutil.move(made, tmp_path_factory.mktemp("moved") / "moved.safetensors")


def probed(*args):
    document = json.loads(run("probe", *args, "--json").stdout)
    return document, {lane["name"]: lane for lane in document["lanes"]}


def test_the_object_has_what_a_plain_loop_computes_and_no_file_is_written(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    document, found = probed(path, "--what-if", "silence:u3", "--what-if", "x:7=0", "--what-if", "reset:5@RNN")
    assert list(tmp_path.iterdir()) == []
    assert document["what_if"] == ["silence:u3", "x:7=0", "reset:5@RNN"]
    session = restored(load(path))
    batch = session.experiment.held_out
    steps = [("hold", 3, 0.0), ("x", 7, 0, 0.0)]
    for kind, lane, what in (("rnn", session.frame().lanes[0], [*steps, ("reset", 5)]),
                             ("fnn", session.frame().lanes[1], steps)):  # fmt: skip
        one = found[lane.name]
        for document_of, done in ((one, what), (one["without"], [])):
            _, y = altered(kind, lane.weights, batch.x, done)
            p = 1 / (1 + np.exp(-y[:, 0]))
            scored, target = batch.mask > 0, batch.target[:, 0]
            losses = -np.log(np.where(target == 1, p, 1 - p))
            assert document_of["loss"] == pytest.approx(losses[scored].mean(), rel=1e-9)
            assert document_of["accuracy"] == pytest.approx(((p > 0.5) == target)[scored].mean())
            np.testing.assert_allclose(document_of["answers"], p[:, 0], rtol=1e-9)
        assert one["without"]["loss"] == lane.score.loss
    assert found["RNN"]["not_acting"] == {}
    assert found["FNN"]["interventions"] == ["silence:u3", "x:7=0"]
    assert found["FNN"]["not_acting"] == {"reset:5@RNN": "it acts on RNN"}


def test_a_run_and_a_preset_trained_alike_and_an_earlier_step(path):
    assert probed(path, "--what-if", "cut")[0]["lanes"] == probed(*ECHO, "--what-if", "cut")[0]["lanes"]
    earlier, _ = probed(path, "--steps", 20)
    assert (earlier["step"], earlier["what_if"]) == (20, [])
    assert earlier["lanes"][0]["loss"] == earlier["lanes"][0]["without"]["loss"]


def test_the_text_compares_the_lanes_and_names_the_answers_that_change(path):
    text = run("probe", path, "--what-if", "cut").stdout
    head, _, columns, first, *_ = text.splitlines()
    assert head == "echo, seed 0, step 60; what if: cut"
    assert columns.split() == ["lane", "loss", "without", "change", "accuracy", "without"]
    assert first.split()[0] == "RNN"
    assert "cut does not act on FNN: a feed-forward net carries no state" in text
    assert "answers on the probe that become right or wrong" in text


def test_all_errors_are_named_at_once_with_what_there_is(path):
    words = (
        "silence:u9",
        "x:77=0",
        "x:77777777777=0",
        "W_hr:0,0=1",
        "open:f.",
        "sil:u3",
        "cut@FNN",
        "cut@RN",
        "reset:5",
    )
    said = run("probe", path, *(word for text in words for word in ("--what-if", text)), code=2).output
    for part in ("--what-if: 9 problems", "'silence:u9': it has no u9; its units are u0 to u7",
                 "there is no t = 77; the time steps are 0 to 11", "did you mean 'silence'?",
                 "there is no t = 77777777777;", "RNN: it has no W_hr; it has W_hh, W_xh, b_h, W_hy, b_y",
                 "'open:f.': '' is not a unit", "'cut@FNN': a feed-forward net carries no state",
                 "there is no lane 'RN'; did you mean 'RNN'?"):  # fmt: skip
        assert part in said
    assert "there is no lane 'X'; there are RNN, FNN" in run("probe", path, "--what-if", "cut@X", code=2).output


def test_a_diagnosis_has_both_versions_and_each_intervention_in_turn(path):
    document = json.loads(run("diagnose", path, "--what-if", "reset:6", "--in-turn", "--json").stdout)
    recurrent, window = document["lanes"]
    assert (document["what_if"], recurrent["interventions"], window["interventions"]) == (["reset:6"], ["reset:6"], [])
    plain = json.loads(run("diagnose", path, "--json").stdout)["lanes"][0]
    for key in ("memory", "gradient"):
        assert recurrent["without"][key] == plain[key]
        assert recurrent[key] != plain[key]
    assert "without" not in window
    resets = recurrent["in_turn"]["resets"]
    assert sorted(row["what_if"] for row in resets) == sorted(f"reset:{t}" for t in range(1, 12))
    assert (window["in_turn"]["resets"], len(window["in_turn"]["removed_inputs"])) == (None, 12)
    (same,) = (row for row in resets if row["what_if"] == "reset:6")
    assert same["change"] == 0  # it is reset there already
    text = run("diagnose", path, "--what-if", "reset:6", "--in-turn").stdout
    assert "RNN, without" in text
    assert "loss with the state reset before each time step in turn" in text


def test_a_run_is_resumed_with_an_intervention_that_stays_in_its_file(path, tmp_path):
    other = tmp_path / "cut.safetensors"
    setting = 'lanes.0.interventions=["cut"]'
    run("train", "--resume", path, "--steps", 80, "--set", setting, "-o", other)
    session = restored(load(other))
    assert (session.step, session.preset.lanes[0].interventions) == (80, ["cut"])
    assert (session.frame().lanes[0].weights["W_hh"] == 0).all()
    session.seek(59)
    assert (session.frame().lanes[0].weights["W_hh"] != 0).all()
    _, found = probed(other, "--what-if", "cut")
    assert (found["RNN"]["applied"], found["FNN"]["applied"]) == (["cut"], [])
    assert "RNN is trained with cut\n" in run("probe", other).stdout
    assert found["RNN"]["loss"] == found["RNN"]["without"]["loss"]  # it is cut already
