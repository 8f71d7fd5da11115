"""A job: the run that ``rnn-tui train`` makes with the same settings, as plain data."""

import json
import pickle
from dataclasses import replace

import pytest
from support.command_line import run as command
from support.reference_training import diverging, run_straight, small

from rnn_tui.experiments import jobs
from rnn_tui.experiments.early_stop import StopRules
from rnn_tui.experiments.jobs import Job, preset_at, run_job
from rnn_tui.presets import store
from rnn_tui.tasks.echo import Echo

ECHO = store.load(store.find("echo")).preset.document()


def test_a_run_has_the_bits_of_train_with_the_same_settings():
    row = run_job(Job(7, ECHO, {"lanes.0.kind": "gru", "task.delay": 1, "training.seed": 5}, 60))
    words = ["--set", "lanes.0.kind=gru", "--set", "task.delay=1", "--seed", "5", "--steps", "60"]
    trained = json.loads(command("train", "echo", "--json", *words).output)
    for lane, other in zip(row["lanes"], trained["lanes"], strict=True):
        assert [lane[key] for key in ("name", "kind", "loss", "accuracy", "r2", "floor")] == [
            other[key] for key in ("name", "kind", "loss", "accuracy", "r2", "floor")
        ]
    assert (row["index"], row["step"], row["end"], row["error"]) == (7, 60, "steps", None)
    gru = row["lanes"][0]
    assert gru["solved"]
    assert gru["solved_at"] == next(step for step in gru["held_out_steps"] if step >= gru["solved_at"])
    assert row["lanes"][1]["solved"] is False
    assert row["lanes"][1]["solved_at"] is None


def test_its_curves_are_those_of_the_lab():
    preset = small()
    row = run_job(Job(0, preset.document(), {}, 100))
    for lane, bits in zip(row["lanes"], run_straight(preset, 100), strict=True):
        measured = dict(zip(lane["held_out_steps"], lane["held_out_losses"], strict=True))
        assert [(step, measured[step]) for step, _ in bits.held_out] == list(bits.held_out)
        assert (lane["best_step"], lane["best_loss"]) == min(measured.items(), key=lambda it: (it[1], it[0]))
        steps = [step for step, _ in lane["train_losses"]]
        assert len(steps) == jobs.MOST_TRAIN_LOSSES
        assert steps[-1] == 100
        means = [sum(bits.losses[a:b]) / (b - a) for a, b in zip([0, *steps], steps, strict=False)]
        assert [loss for _, loss in lane["train_losses"]] == pytest.approx(means, rel=1e-5)


def test_a_result_depends_on_the_job_alone():
    first = Job(0, ECHO, {"task.delay": 1, "training.seed": 1}, 12)
    alone = json.dumps(run_job(first))
    others = [replace(first, point={"task.delay": 4, "training.seed": 1}), replace(first, preset=small().document())]
    for other in others:
        run_job(other)
        assert json.dumps(run_job(pickle.loads(pickle.dumps(first)))) == alone


def test_a_run_ends_early_by_its_rules():
    solved = run_job(Job(0, ECHO, {"training.seed": 0}, 600, StopRules(solved=True)))
    rnn, fnn = solved["lanes"]
    assert solved["end"] == "solved"
    assert solved["step"] == rnn["solved_at"] < 100  # the FNN cannot solve it and is not waited for
    assert not fnn["solved"]
    frozen = small().document() | {"training": {"schedule": "step", "schedule_steps": 1}}
    patient = run_job(Job(0, frozen, {}, 400, StopRules(patience=50)))
    assert patient["end"] == "patience"
    assert 50 <= patient["step"] < 400
    assert all(patient["step"] - lane["best_step"] >= 50 for lane in patient["lanes"])


def test_a_run_that_diverges_says_so_and_has_the_numbers_of_the_step_before():
    row = run_job(Job(0, diverging().document(), {}, 100))
    assert row["end"] == "diverged"
    assert "diverged at step" in row["error"]
    assert row["lanes"][0]["held_out_steps"][-1] <= row["step"] < 100
    json.dumps(row, allow_nan=False)


def test_a_run_that_fails_is_a_result_of_one_line(monkeypatch):
    wrong = run_job(Job(3, ECHO, {"lanes.0.hidden_size": 0}, 10))
    assert (wrong["index"], wrong["end"], wrong["lanes"]) == (3, "failed", [])
    assert "must be at least 1" in wrong["error"]

    def bug(*_):
        raise ZeroDivisionError("a\n\x1bb")

    monkeypatch.setattr(Echo, "batch", bug)
    assert run_job(Job(3, ECHO, {}, 10))["error"] == r"ZeroDivisionError: a \x1bb"


def test_the_preset_of_a_point_uses_a_task_again_only_if_it_is_the_same():
    before = preset_at(ECHO, {})
    assert preset_at(ECHO, {"training.seed": 3}, before).task is before.task
    assert preset_at(ECHO, {"task.delay": 5}, before).task == Echo(kind="echo", delay=5)
