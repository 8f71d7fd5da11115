"""Runs that are kept and gone on with from the command line."""

import json
import os
import signal

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
from support.command_line import run
from support.held_out import few_held_out
from support.preset_documents import EXAMPLE

from rnn_tui.checkpoints import reader, writer
from rnn_tui.presets.store import find, load
from rnn_tui.session.checkpointing import checkpoint_of
from rnn_tui.session.session import Session


def refused(*args):
    return run(*args, code=2).stderr


@pytest.fixture
def kept(tmp_path):
    """A run of echo at step 30."""
    path = tmp_path / "run.safetensors"
    run("train", "echo", "--steps", 30, "-o", path)
    return path


def same(one, other):
    """Whether two files hold the same bits."""
    first, second = load_file(one), load_file(other)
    return first.keys() == second.keys() and all(first[name].tobytes() == second[name].tobytes() for name in first)


@pytest.mark.parametrize("preset", ["echo", "gates", "truncation", "letters"])
@few_held_out()
def test_going_on_from_step_n_to_m_gives_the_file_of_a_straight_run_to_m(tmp_path, preset):
    first, second, straight = (tmp_path / f"{name}.safetensors" for name in ("first", "second", "straight"))
    run("train", preset, "--steps", 10, "-o", first)  # of truncation, in the middle of a sequence
    run("train", "--resume", first, "--steps", 22, "-o", second)
    run("train", preset, "--steps", 22, "-o", straight)
    assert same(second, straight)
    assert not same(first, straight)


def test_what_is_printed_is_that_of_a_straight_run_too(kept):
    numbers = [
        json.loads(run("train", *args, "--steps", 90, "--json").stdout) for args in (["echo"], ["--resume", kept])
    ]
    for document in numbers:
        del document["seconds"]
    assert numbers[0] == numbers[1]


def test_another_run_is_not_overwritten_unasked(kept, tmp_path):
    before = kept.read_bytes()
    assert "exists; --force overwrites it" in refused("train", "echo", "--steps", 1, "-o", kept)
    other = tmp_path / "other.safetensors"
    run("train", "echo", "--steps", 2, "-o", other)
    assert "exists; --force" in refused("train", "--resume", kept, "--steps", 40, "-o", other)
    assert kept.read_bytes() == before
    run("train", "echo", "--steps", 1, "-o", kept, "--force")
    assert reader.load(kept).step == 1


def test_people_are_told_how_many_steps_were_made_now_and_where_the_run_is(kept):
    done = run("train", "--resume", kept, "--steps", 40, "-o", kept)
    assert "40 steps, 10 of them new" in done.stdout
    assert f"run saved as {kept}" in done.stderr


def test_a_full_disk_at_the_end_costs_the_run_but_not_the_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    done = run("train", "echo", "--steps", 1, "-o", tmp_path / "run.safetensors", code=2)
    assert "No space left on device" in done.stderr
    assert "echo, seed 0: 1 steps" in done.stdout


def test_a_run_may_go_on_in_its_own_file(kept):
    run("train", "--resume", kept, "--steps", 40, "-o", kept)
    assert reader.load(kept).step == 40
    run("train", "--resume", kept, "--steps", 40)  # there already: nothing to do


def test_without_steps_a_run_goes_on_as_far_as_its_preset_says(tmp_path):
    preset = tmp_path / "short.toml"
    preset.write_text(EXAMPLE.replace("steps = 600", "steps = 12"))
    run("train", preset, "--steps", 5, "-o", tmp_path / "a.safetensors")
    done = run("train", "--resume", tmp_path / "a.safetensors", "--json")
    assert json.loads(done.stdout)["steps"] == 12


def test_settings_may_change_on_the_way_as_in_the_lab(kept, tmp_path):
    slow = tmp_path / "slow.safetensors"
    run("train", "--resume", kept, "--steps", 40, "--set", "training.learning_rate=1e-9", "-o", slow)
    checkpoint = reader.load(slow)
    assert [(step, preset.training.learning_rate) for step, preset in checkpoint.settings] == [(0, 0.01), (30, 1e-9)]
    before, after = (load_file(path)["lanes.0.rnn.weight_hh_l0"] for path in (kept, slow))
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-6)


def test_settings_that_begin_a_new_run_are_refused(kept):
    said = refused("train", "--resume", kept, "--set", "lanes.0.hidden_size=3")
    assert "lanes.0.hidden_size would restart the run; a run can change only learning rate," in said


def test_going_back_is_refused_with_the_way_out(kept):
    assert "the run is already at step 30; give a later step: --steps M" in refused(
        "train", "--resume", kept, "--steps", 20
    )


@pytest.mark.parametrize(
    "more", [["echo"], ["--seed", "1"], ["--csv", "x.csv"], ["--text", "x.txt"], ["--horizon", "2"]]
)
def test_what_would_be_another_run_does_not_go_with_resume(kept, more):
    assert "--resume continues a run with its own data and preset" in refused("train", "--resume", kept, *more)


def test_files_that_are_no_runs_are_refused_before_anything_is_trained(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("mine")
    assert "the name of a run must end in .safetensors" in refused("train", "echo", "-o", text)
    mine = tmp_path / "mine.safetensors"
    mine.write_text("mine")
    assert "exists and is not a run; choose another name" in refused("train", "echo", "-o", mine)
    assert mine.read_text() == "mine"
    assert "not a saved run (.safetensors), or damaged" in refused("train", "--resume", mine)
    assert "no such file" in refused("train", "--resume", tmp_path / "nothing.safetensors")


@pytest.mark.parametrize("command", [["train", "--resume", "echo"], ["export", "echo", "--to", "csv"]])
def test_a_presets_name_in_the_place_of_a_run_is_told_how_to_become_one(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = refused(*command)
    assert "echo is a preset, not a run; to make a run: rnn-tui train echo -o echo.safetensors" in said


def test_where_nothing_can_be_written_it_is_said_before_anything_is_trained(tmp_path, monkeypatch):
    monkeypatch.setattr(Session, "forward", lambda *_: pytest.fail("it was trained"))
    (tmp_path / "file").write_text("no folder")
    assert "cannot be saved" in refused("train", "echo", "--steps", 1, "-o", tmp_path / "file" / "run.safetensors")


def test_a_run_that_diverges_is_kept_as_far_as_it_came(tmp_path):
    preset, path = tmp_path / "bursting.toml", tmp_path / "run.safetensors"
    preset.write_text(
        'task = {kind = "wave"}\ntraining = {optimizer = "sgd", learning_rate = 1000, clip_norm = 0}\n'
        'lanes = [{kind = "rnn", activation = "relu"}]\n'
    )
    assert "diverged at step" in refused("train", preset, "-o", path)
    assert reader.load(path).step > 0


def test_ctrl_c_ends_training_keeps_the_run_and_prints_how_far_it_is(tmp_path, monkeypatch):
    path, forward = tmp_path / "run.safetensors", Session.forward

    def press(self, count):
        metrics = forward(self, count)
        if self.step == 57:
            signal.raise_signal(signal.SIGINT)
        return metrics

    monkeypatch.setattr(Session, "forward", press)
    done = run("train", "echo", "--steps", 1_000_000, "-o", path, code=130)
    assert reader.load(path).step == 57
    assert "stopped at step 57" in done.stderr
    assert "echo, seed 0: 57 steps" in done.stdout
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_future_that_was_cut_off_goes_on_in_the_file_as_a_curve(tmp_path):
    session, path = Session(load(find("echo")).preset), tmp_path / "run.safetensors"
    session.forward(20)
    session.back(10)
    session.change({"training.learning_rate": 0.5})
    writer.save(checkpoint_of(session, "echo"), path)
    run("train", "--resume", path, "--steps", 10, "-o", path)  # nothing to do
    assert reader.load(path).undecided.last_step == 20
    run("train", "--resume", path, "--steps", 12, "-o", path)
    found = reader.load(path)
    assert found.undecided is None
    assert [pin.last_step for pin in found.pinned_runs] == [20]


@pytest.mark.parametrize("command", [["train", "--resume", "{}"], ["train", "echo", "-o", "{}"], ["--resume", "{}"],
                                     ["export", "{}", "--to", "csv"], ["probe", "{}", "-o", "x.npz"]])  # fmt: skip
def test_a_name_that_no_file_can_have_is_a_users_mistake(command):
    name = "x" * 300 + ".safetensors"
    assert "cannot be accessed (File name too long)" in refused(*(word.format(name) for word in command))


def test_the_lab_wants_a_terminal_for_a_run_too_and_names_a_broken_file_first(kept, tmp_path):
    assert "the lab needs a terminal" in refused("--resume", kept)
    assert "no such file" in refused("--resume", tmp_path / "nothing.safetensors")
    assert "--resume continues a run with its own data and preset" in refused("--resume", kept, "-p", "echo")


def test_what_is_seen_at_the_end_is_said_in_words_below_the_table_or_within_the_object():
    plain, said = (run("train", "echo", "--steps", 30, *more).stdout.splitlines() for more in ([], ["--describe"]))
    words = said[len(plain) :]
    assert words[0] == "Step 30"
    assert words[1].startswith("  FNN(1) is at its floor, 0.693: one input carries no more information. RNN ")
    assert "Hidden state h of RNN at t = 39" in words
    document = json.loads(run("train", "echo", "--steps", 30, "--describe", "--json").stdout)
    assert document["description"] == words
    assert "description" not in json.loads(run("train", "echo", "--steps", 30, "--json").stdout)


def test_a_run_that_cannot_be_replayed_here_goes_on_and_it_is_said(kept):
    with safe_open(kept, framework="numpy") as file:
        texts = file.metadata()
    arrays = load_file(kept)
    arrays["lanes.0.metrics.loss"] *= 1.01
    save_file(arrays, kept, texts)
    done = run("train", "--resume", kept, "--steps", 31, "--json")
    assert json.loads(done.stdout)["steps"] == 31
    assert done.stderr.startswith("note: this run cannot be replayed exactly: RNN's loss at step 0 was")


def test_going_on_where_the_schedule_has_ended_is_said_with_the_ways_out(tmp_path):
    path = tmp_path / "run.safetensors"
    cosine = ("--set", "training.schedule=cosine", "--set", "training.schedule_steps=10")
    assert "note" not in run("train", "echo", "--steps", 10, *cosine, "-o", path).stderr
    done = run("train", "--resume", path, "--steps", 30, "--json")
    assert "the cosine schedule ends at step 10" in done.stderr
    assert "20 of these 20 updates change nothing" in done.stderr
    assert "no weight" not in done.stderr
    stuck = json.loads(done.stdout)["lanes"][0]["loss"]
    for way in ("training.schedule_steps=30", "training.schedule=constant"):
        assert f"--set {way}" in done.stderr
        again = run("train", "--resume", path, "--steps", 30, "--set", way, "--json")
        assert again.stderr == ""
        assert json.loads(again.stdout)["lanes"][0]["loss"] != stuck


def test_going_on_to_the_step_the_run_is_at_is_said_to_change_nothing(kept):
    done = run("train", "--resume", kept, "--steps", 30)
    assert "the run is already at step 30, so there is nothing to train; give a later step: --steps M" in done.stderr


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["learning_rate=1e-30"], "no weight of RNN and FNN has changed in 3 updates: a learning rate of 1e-30 is too "
                                  "small for float64"),
        (["learning_rate=1e-10", "precision=float32"], "a learning rate of 1e-10 is too small for float32"),
        (["schedule=step", "schedule_steps=1"], ""),
    ],
)  # fmt: skip
def test_updates_that_move_no_weight_are_noticed(settings, said):
    words = [word for setting in settings for word in ("--set", f"training.{setting}")]
    stderr = run("train", "echo", "--steps", 3, *words).stderr
    assert said in stderr
    assert bool(stderr) == bool(said)
