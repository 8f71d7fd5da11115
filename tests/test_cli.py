import json
import math
import os
import pty
import random
import re
import shlex
import subprocess
import sys
from pathlib import Path
from unittest.mock import ANY

import click
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from support.command_line import run
from support.preset_documents import EXAMPLE, keys

import rnn_tui
from rnn_tui.cli.app import lab

BURSTING = """
task = {kind = "wave"}
training = {optimizer = "sgd", learning_rate = 1000, clip_norm = 0}
lanes = [{kind = "rnn", activation = "relu"}]
"""

MIXED = """
task = {kind = "wave"}
training = {optimizer = "sgd", learning_rate = 0.01, clip_norm = 0}
lanes = [{kind = "rnn", name = "burst", activation = "identity", gain = 4.0}, {kind = "fnn", name = "calm"}]
"""


def refused(*args):
    """What is said on stderr; a user's mistake never prints on stdout."""
    done = run(*args, code=2)
    assert done.stdout == ""
    assert done.stderr
    done.stderr.encode()
    return done.stderr


def trained(*args):
    done = run("train", *args, "--json")
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    return json.loads(done.stdout, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))


def in_a_shell(*args, **more):
    return subprocess.run([sys.executable, "-m", "rnn_tui", *args], capture_output=True, text=True, timeout=60,
                          check=False, stdin=subprocess.DEVNULL, **more)  # fmt: skip


@pytest.fixture
def own(home):
    folder = home / "presets"
    folder.mkdir()
    return folder


# train


def test_the_rnn_learns_the_echo_and_the_fnn_stays_at_chance():
    document = trained("echo", "--steps", 600)
    assert list(document) == ["preset", "seed", "steps", "seconds", "diverged", "lanes", "references"]
    assert document["diverged"] is None
    assert (document["preset"], document["seed"], document["steps"]) == ("echo", 0, 600)
    assert document["seconds"] > 0
    for lane in document["lanes"]:
        assert list(lane) == ["name", "kind", "parameters", "loss", "accuracy", "nrmse", "r2", "floor", "loss_by_time"]
        assert lane["r2"] is None
        assert len(lane["loss_by_time"]) == 40 - 3
        assert np.mean(lane["loss_by_time"]) == pytest.approx(lane["loss"])
    rnn, fnn = document["lanes"]
    assert (rnn["kind"], fnn["kind"]) == ("rnn", "fnn")
    assert rnn["parameters"] == 8 * 8 + 8 + 8 + 8 + 1
    assert fnn["parameters"] == 8 + 8 + 8 + 1
    assert rnn["accuracy"] >= 0.99
    assert 0.45 < fnn["accuracy"] < 0.55
    assert fnn["floor"] == pytest.approx(math.log(2))
    assert fnn["loss"] == pytest.approx(math.log(2), abs=0.02)
    assert rnn["floor"] == 0
    assert document["references"] == [{"name": "chance", "loss": pytest.approx(math.log(2))}]


def test_the_rnns_error_at_temporal_xor_falls_at_every_third_bit_only():
    document = trained("temporal-xor", "--steps", 600)
    rnn = next(lane for lane in document["lanes"] if lane["kind"] == "rnn")
    first, third, second = (np.mean(rnn["loss_by_time"][phase::3]) for phase in range(3))
    assert third < 0.1
    assert first == pytest.approx(math.log(2), abs=0.05)
    assert second == pytest.approx(math.log(2), abs=0.05)
    fnn = next(lane for lane in document["lanes"] if lane["kind"] == "fnn")
    assert min(np.mean(fnn["loss_by_time"][phase::3]) for phase in range(3)) > 0.4


def test_the_same_seed_gives_the_same_numbers_and_another_one_others():
    one, two, other = (trained("echo", "--steps", 20, "--seed", seed) for seed in (5, 5, 6))
    assert other["seed"] == 6
    assert one["lanes"] == two["lanes"] != other["lanes"]


def test_settings_reach_the_net():
    pairs = ["lanes.0.hidden_size=32", "task.delay=5", "lanes[1].name=blind", "lanes.1.window = 2", "training.seed=9"]
    document = trained("echo", "--steps", 3, *(word for pair in pairs for word in ("--set", pair)))
    rnn, fnn = document["lanes"]
    assert rnn["parameters"] == 32 * 32 + 32 + 32 + 32 + 1
    assert len(rnn["loss_by_time"]) == 35
    assert fnn["name"] == "blind"
    assert fnn["parameters"] == 2 * 8 + 8 + 8 + 1
    assert document["seed"] == 9


@pytest.mark.parametrize(
    ("kind", "name", "count"),
    [("rnn", "RNN", 64 + 8 + 8), ("gru", "GRU", 3 * 80 + 8), ("lstm", "LSTM", 4 * 80), ("fnn", "FNN 2", 16)],
)
def test_a_lane_of_any_kind_is_trained_where_another_kind_stood(kind, name, count):
    document = trained("echo", "--steps", 3, "--set", f"lanes.0.kind={kind}", "--set", "lanes.1.window=3")
    changed, other = document["lanes"]
    assert (changed["kind"], changed["name"]) == (kind, name)
    assert changed["parameters"] == count + 8 + 1
    assert other["parameters"] == 3 * 8 + 8 + 8 + 1


def test_a_matched_lane_has_as_many_parameters_as_the_other():
    rnn, fnn = trained("echo", "--steps", 1, "--set", "lanes.1.match=0")["lanes"]
    assert (rnn["parameters"], fnn["parameters"]) == (89, 29 * 3 + 1)


def test_training_goes_on_over_several_batches_of_a_sequence_with_a_schedule_and_a_decay():
    pairs = ["batches_per_sequence=3", "schedule=cosine", "schedule_steps=20", "weight_decay=0.001"]
    words = [word for pair in pairs for word in ("--set", f"training.{pair}")]
    usual = trained("echo", "--steps", 20)["lanes"][0]["loss"]
    words += ["--set", "lanes.0.truncation=5", "--json"]
    runs = [run("train", "echo", "--steps", n, *words) for n in (20, 30)]
    ended, later = ([lane["loss"] for lane in json.loads(done.stdout)["lanes"]] for done in runs)
    assert ended[0] != usual
    assert ended == later  # the learning rate is zero by then
    assert [done.stderr for done in runs] == ["", (
        "note: the cosine schedule ends at step 20; from then on the learning rate is 0, so 10 of these 30 updates "
        "change nothing; for a longer schedule: --set training.schedule_steps=30; for a constant rate: --set "
        "training.schedule=constant\n"
    )]  # fmt: skip


def test_without_steps_the_presets_own_number_of_them_is_made(own):
    (own / "short.toml").write_text(EXAMPLE.replace("steps = 600", "steps = 4"))
    assert trained("short")["steps"] == 4
    assert trained("short", "--steps", 0)["steps"] == 0


def test_people_get_a_table():
    done = run("train", "echo", "--steps", 2)
    assert done.stdout.startswith("echo, seed 0: 2 steps in ")
    assert "FNN(1)" in done.stdout
    assert done.stderr == ""


def test_a_csv_column_is_learnt(tmp_path):
    path = tmp_path / "rain.csv"
    path.write_text("day;mm\n" + "".join(f"{i};{math.sin(i / 3):.5f}\n" for i in range(400)))
    document = trained("--csv", path, "--column", "mm", "--horizon", 2, "--steps", 60)
    assert document["preset"] == "rain"
    assert [reference["name"] for reference in document["references"]] == ["mean", "persistence", "linear(10)"]
    values = np.array([round(math.sin(i / 3), 5) for i in range(400)])
    held_out = (values[320:] - values[:320].mean()) / values[:320].std()
    # scored where the lanes are: windows of 40 targets over the 80 rows held out, 42 rows each with the horizon
    starts = np.unique(np.linspace(0, 80 - 42, 2).round().astype(int))
    errors = [held_out[start + t + 2] - held_out[start + t] for start in starts for t in range(10, 40)]
    assert document["references"][1]["loss"] == pytest.approx(np.mean(np.square(errors)))
    for lane in document["lanes"]:
        assert lane["accuracy"] is None
        assert lane["r2"] < 1
    assert trained("--csv", path, "--column", "2", "--horizon", 2, "--steps", 60)["lanes"] == document["lanes"]
    changed = trained("--csv", path, "--column", "mm", "--steps", 1, "--set", "lanes.0.hidden_size=2", "--seed", 4)
    assert changed["lanes"][0]["parameters"] == 4 + 2 + 2 + 2 + 1
    assert changed["seed"] == 4


def test_further_columns_are_inputs_too(tmp_path):
    path = tmp_path / "weather.csv"
    path.write_text("day,mm,wind,sun\n" + "".join(f"{i},{i * i % 31},{i % 7},{i % 5}\n" for i in range(400)))
    one, two, three = (
        trained("--csv", path, "--column", "mm", *words, "--steps", 1)["lanes"]
        for words in ([], ["--input", "wind"], ["--input", "wind", "--input", "4"])
    )
    sizes = [lanes[0]["parameters"] for lanes in (one, two, three)]
    assert np.diff(sizes).tolist() == [16, 16]  # each column more is a weight more for each hidden unit
    assert "'mm' is the predicted column" in refused("train", "--csv", path, "--column", "mm", "--input", "mm")
    assert "did you mean 'wind'?" in refused("train", "--csv", path, "--column", "mm", "--input", "wnd")


def test_gaps_in_the_data_are_noted_beside_the_result(tmp_path):
    path = tmp_path / "gaps.csv"
    path.write_text("mm\n" + "".join(f"{i * i % 31 if i % 10 else 'NA'}\n" for i in range(400)))
    done = run("train", "--csv", path, "--steps", 1, "--json")
    assert json.loads(done.stdout)["preset"] == "gaps"
    assert done.stderr.startswith("note: 40 of 400 values of 'mm' are missing: ")


def test_a_text_is_learnt_by_words(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("the cat sat on the mat , the dog sat . " * 30)
    document = trained("--text", path, "--level", "words", "--steps", 5)
    assert document["references"][0] == {"name": "chance", "loss": pytest.approx(math.log(8))}
    assert trained("--text", path, "--level", "characters", "--steps", 5) == {
        **trained("--text", path, "--steps", 5), "seconds": ANY
    }  # fmt: skip


def test_a_text_is_learnt_by_characters(tmp_path):
    path = tmp_path / "words.txt"
    rng = random.Random(0)
    path.write_text("".join(rng.choice("abc ") for _ in range(500)))
    document = trained("--text", path, "--steps", 5)
    references = {reference["name"]: reference["loss"] for reference in document["references"]}
    assert references["chance"] == pytest.approx(math.log(4))
    assert document["lanes"][0]["floor"] is None
    assert document["lanes"][0]["loss"] < 2


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["ecoh"], "no preset 'ecoh'; did you mean 'echo'?"),
        (["/no/such.toml"], "/no/such.toml: 1 problem\n  no such file"),
        (["~nobody-of-that-name/x"], "no such file"),
        (["x" * 300], "no preset 'xxx"),
        (["\0"], "no preset '\\x00'"),
        (["echo", "--steps", "-1"], "-1 is not in the range"),
        (["echo", "--steps", "many"], "'many' is not a valid whole number"),
        (["echo", "--seed", "-1"], "-1 is not in the range"),
        (["echo", "--set", "training.learning_rate"], "'training.learning_rate' is not KEY=VALUE"),
        (["echo", "--set", "=3"], "'=3' is not KEY=VALUE"),
        (["echo", "--set", "training.seeed=1"], "training.seeed: unknown key; did you mean 'seed'?"),
        (["echo", "--set", "task.delay=40"], "task.delay = 40: must be less than training.sequence_length = 40"),
        (["echo", "--set", "task.delay=nan"], "task.delay = nan: must be a whole number"),
        (["echo", "--set", "task.delay=" + "9" * 5000], "must be a whole number"),
        (["echo", "--set", "task.delay=0x" + "f" * 5000], "task.delay: the number is too long"),
        (["echo", "--set", "task.delay=" + "[" * 5000], "must be a whole number"),
        (["echo", "--set", "lanes.7.gain=1"], "there is no lane '7'; there are 2 lanes: the next is lanes.2"),
        (["echo", "--set", "lanes.2.gain=1"], "lanes.2.kind"),
        (["echo", "--set", "lanes.0.kind=lst"], "lanes.0.kind = 'lst': unknown; did you mean 'lstm'?"),
        (["echo", "--set", "lanes.0.kind=[1]"], "lanes.0.kind = a list: unknown; must be one of 'rnn', 'gru', 'lstm'"),
        (["echo", "--set", "lanes.0.forget_bias=1"], "lanes.0.forget_bias: not a setting of kind 'rnn', only of lstm"),
        (["echo", "--set", "lanes.0.truncation=-1"], "lanes.0.truncation = -1: must be at least 0"),
        (["echo", "--set", "lanes.1.match=1"], "must be a recurrent lane's number, from 0; the recurrent lanes are 0"),
        (["echo", "--set", "training.schedule=cosin"], "did you mean 'cosine'?"),
        (["echo", "--set", "training.weight_decay=1e9"], "training.weight_decay = 1000000000.0: must be at most 1000"),
        (["echo", "--set", "training.batches_per_sequence=0"], "must be at least 1"),
        (["text", "--set", "training.batches_per_sequence=999"], "training.batches_per_sequence 999 times"),
        (["echo", "--set", "lanes.0=1"], "lanes.0 = 1: must be a table"),
        (["echo", "--set", "a.b.c=1"], "a: unknown key"),
        (["echo", "--set", "\udcff=1"], "must be text in UTF-8"),
        (["echo", "--csv", "x.csv"], "exclude each other"),
        (["--text", "x.txt", "--csv", "x.csv"], "exclude each other"),
        (["echo", "--column", "a"], "--column needs --csv FILE"),
        (["echo", "--horizon", "2"], "--horizon needs --csv FILE"),
        (["echo", "--horizon", "x"], "'x' is not a valid whole number"),
        (["--text", "x.txt", "--input", "a"], "--input needs --csv FILE"),
        (["echo", "--level", "words"], "--level needs --text FILE"),
        (["--csv", "x.csv", "--level", "characters"], "--level needs --text FILE"),
        (["--text", "x.txt", "--level", "lines"], "'lines' is not one of 'characters', 'words'"),
        (["--csv", "/no/such.csv"], "/no/such.csv: no such file"),
        (["--csv", ""], "is empty; give a value or omit the option"),
        (["--csv", "/"], "/: is a folder"),
        (["--csv", "a\nb"], "a\\nb: no such file"),
        (["--text", "\udcff"], "must be text in UTF-8"),
        (["echo", "xor"], "unexpected extra argument"),
        (["--no-such-option"], "No such option"),
    ],
)  # fmt: skip
def test_a_users_mistake_is_said_on_stderr_with_exit_code_2(args, said):
    assert said in refused("train", *args, "--json")


def test_several_mistakes_are_said_at_once():
    said = refused(
        "train", "echo", "--set", "task.dely=3", "--set", "training.optimizer=adm", "--set", "lanes.1.window=0"
    )
    assert "3 problems" in said
    assert "did you mean 'delay'?" in said
    assert "did you mean 'adam'?" in said
    assert "lanes.1.window = 0: must be at least 1" in said


@given(st.lists(st.tuples(keys, st.text(max_size=10)), max_size=2), st.text(max_size=5))
def test_any_settings_train_or_are_refused(pairs, plain):
    words = [f"{key}={value}" for key, value in pairs] + [plain]
    args = [word for each in words for word in ("--set", each)]
    done = CliRunner().invoke(lab, ["train", "echo", "--steps", "0", "--json", *args])
    assert done.exit_code in (0, 2), done.exc_info
    assert bool(done.stdout) == (done.exit_code == 0)


def test_values_of_settings_are_toml_or_else_text(own):
    (own / "x.toml").write_text(EXAMPLE)
    for value, name in (("plain words", "plain words"), ('"quoted"', "quoted"), ("", "RNN"), ("a=b", "a=b")):
        assert trained("x", "--steps", 0, "--set", f"lanes.0.name={value}")["lanes"][0]["name"] == name
    assert "lanes.0.name = 3: must be text in quotes" in refused("train", "x", "--set", "lanes.0.name=3")


def test_divergence_is_a_users_matter_with_the_step_and_a_way_out(own):
    (own / "bursting.toml").write_text(BURSTING)
    said = CliRunner().invoke(lab, ["train", "bursting", "--steps", "500"]).stderr
    assert "diverged at step" in said
    assert "try a learning rate below 1000 or a clip norm of 1" in said
    assert "press" not in said
    assert " b " not in said


def test_what_is_wrong_with_a_lane_is_told_with_options_that_train_takes(own):
    (own / "bursting.toml").write_text(BURSTING)
    done = CliRunner().invoke(lab, ["train", "bursting", "--steps", "500", "--diagnose", "--describe"])
    assert done.stdout.count("RNN: divergence") == 2, "in the findings and in the description"
    options = shlex.split(next(line for line in done.stdout.splitlines() if line.startswith("  --set")))
    assert options == ["--set", "training.learning_rate=0.1", "--set", "training.clip_norm=1.0"]
    document = trained("bursting", "--steps", 60, "--diagnose", *options)
    assert {each["kind"] for each in document["findings"]} <= {"fault", "limit", "done"}
    assert all(each["lane"] == "RNN" and each["evidence"] and each["reason"] for each in document["findings"])


def test_divergence_is_told_in_the_object_with_the_numbers_of_the_other_lanes(own, tmp_path):
    (own / "bursting.toml").write_text(MIXED)
    ends = [CliRunner().invoke(lab, ["train", "bursting", "--steps", str(n), "--json"]) for n in (0, 1, 2, 500)]
    assert {done.exit_code for done in ends} == {0, 2}
    for done in ends:
        told = json.loads(done.stdout, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
        burst, calm = told["lanes"]
        assert (told["diverged"] is None) == (done.exit_code == 0) == ("diverged at step" not in done.stderr)
        assert told["diverged"] in (None, {"lane": burst["name"], "step": told["steps"]})
        assert len(burst["loss_by_time"]) == len(calm["loss_by_time"]) > 0
        assert None not in (calm["loss"], *calm["loss_by_time"])
        assert done.exit_code == 2 or burst["loss"] is not None
    file = str(tmp_path / "kept.safetensors")
    done = CliRunner().invoke(lab, ["train", "bursting", "--steps", "500", "-o", file, "--describe"])
    assert (done.exit_code, json.loads(ends[-1].stdout)["diverged"] is None) == (2, False)
    step = json.loads(ends[-1].stdout)["diverged"]["step"]
    assert f"diverged at step {step:,}" in done.stderr
    assert f": {step} steps in" in done.stdout
    assert "calm(1)" in done.stdout
    again = json.loads(run("train", "--resume", file, "--steps", str(step), "--json", code=2).stdout)
    assert again["lanes"][1] == json.loads(ends[-1].stdout)["lanes"][1]


# presets and check


def test_the_listing_is_json_on_request(own):
    (own / "mine.toml").write_text(EXAMPLE)
    (own / "bad.toml").write_text("")
    rows = json.loads(run("presets", "--json").stdout)
    for row in rows:
        assert {"name", "source", "title", "question"} <= row.keys()
    by_name = {row["name"]: row for row in rows}
    assert by_name["echo"]["source"] == "bundled"
    assert by_name["echo"]["title"]
    assert by_name["echo"]["question"]
    assert by_name["mine"]["source"] == by_name["bad"]["source"] == "own"
    assert by_name["mine"]["question"] == "Can a net without memory repeat what it heard three steps ago?"
    assert by_name["mine"]["problem"] is None
    assert "task: missing" in by_name["bad"]["problem"]


def test_the_listing_names_every_preset_for_people_too(own):
    (own / "mine.toml").write_text(EXAMPLE)
    (own / "bad.toml").write_text("x =")
    (own / "odd\n\udcff.toml").write_text(EXAMPLE)
    done = run("presets")
    assert f"your own presets, in {own}:" in done.stdout
    for row in json.loads(run("presets", "--json").stdout):
        assert repr(row["name"]).strip("'") in done.stdout
    assert "broken: " in done.stdout


def test_check_says_which_files_are_in_order(tmp_path):
    (tmp_path / "a.toml").write_text(EXAMPLE)
    done = run("check", tmp_path / "a.toml", "echo")
    assert done.stdout == f"{tmp_path / 'a.toml'}: no problems\necho: no problems\n"
    assert done.stderr == ""


def test_check_shows_every_problem_of_every_file(tmp_path):
    good, bad, worse = (tmp_path / f"{name}.toml" for name in ("good", "bad", "worse"))
    good.write_text(EXAMPLE)
    bad.write_text(EXAMPLE.replace("delay = 3", "delay = -3").replace("[training]", "[trainin]"))
    worse.write_text("not toml")
    done = run("check", bad, good, worse, tmp_path / "gone.toml", code=2)
    assert done.stdout == f"{good}: no problems\n"
    for said in (
        f"{bad}: 2 problems\n",
        "task.delay = -3: must be at least 0",
        "trainin: unknown key; did you mean 'training'?",
        f"{worse}: 1 problem\n",
        "not TOML",
        f"{tmp_path / 'gone.toml'}: 1 problem\n  no such file",
    ):
        assert said in done.stderr


def test_check_names_every_mistake_in_what_lanes_and_training_may_say(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(
        EXAMPLE.replace("batches_per_sequence = 1 ", "batches_per_sequence = 0 ")
        .replace('schedule = "constant"', 'schedule = "linear"')
        .replace("schedule_steps = 1000", "schedule_steps = 1e3")
        .replace("weight_decay = 0.0", "weight_decay = -0.1")
        .replace("truncation = 0 ", "truncation = -2 ")
        .replace('name = "RNN"', "forget_bias = 1.0")
        .replace('name = "FNN"', "match = 7")
        + '[[lanes]]\nkind = "gru"\nactivation = "relu"\n[[lanes]]\nkind = "lstm"\nforget_bias = "none"\n'
    )
    said = run("check", path, code=2).stderr.splitlines()
    assert said == [
        f"{path}: 9 problems",
        "  training.batches_per_sequence = 0: must be at least 1",
        "  training.schedule = 'linear': unknown; must be one of 'constant', 'step', 'cosine'",
        "  training.schedule_steps = 1000.0: must be a whole number",
        "  training.weight_decay = -0.1: must be at least 0",
        "  lanes.0.truncation = -2: must be at least 0",
        "  lanes.0.forget_bias: not a setting of kind 'rnn', only of lstm",
        "  lanes.1.match = 7: must be at most 3",
        "  lanes.2.activation: not a setting of kind 'gru', only of rnn, fnn",
        "  lanes.3.forget_bias = 'none': must be a number",
    ]


def test_check_wants_a_file():
    assert "Missing argument" in refused("check")


# The lab's own options.


@pytest.mark.parametrize("command", [["train", "echo"], ["presets"], ["check", "echo"]])
@pytest.mark.parametrize(
    "option", [["-p", "echo"], ["--seed", "3"], ["--csv", "x"], ["--input", "x"], ["--set", "title=x"]]
)
def test_options_before_a_command_are_refused_for_they_would_do_nothing(command, option):
    assert f"write options after the command '{command[0]}', not before it" in refused(*option, *command)


def test_without_a_terminal_the_lab_is_refused_and_a_way_out_is_said():
    assert "the lab needs a terminal; without a terminal, use: rnn-tui train PRESET" in refused()
    assert "the lab needs a terminal" in refused("-p", "echo", "--set", "task.delay=5")


@pytest.mark.parametrize(
    ("args", "said"),
    [(["-p", "ecoh"], "did you mean 'echo'?"), (["--csv", "/no/such"], "no such file"), (["--set", "x"], "KEY=VALUE")],
)
def test_the_lab_is_not_opened_on_what_cannot_be_used(args, said):
    assert said in refused(*args)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("echo", "'echo' is a preset, not a command; to open it: rnn-tui --preset echo"),
        ("ecoh", "no such command: 'ecoh'; did you mean the preset 'echo'? To open it: rnn-tui --preset echo"),
        ("trian", "no such command: 'trian'; did you mean 'train'?"),
        ("zzzz", "no such command: 'zzzz'; rnn-tui --help lists the commands"),
        ("x" * 5000, "no such command: 'xxx"),
    ],
)
def test_a_first_word_that_is_no_command_is_explained(word, said):
    assert said in refused(word)


@pytest.mark.parametrize(
    ("name", "option"),
    [("my.toml", "--preset"), ("my.safetensors", "--resume"), ("MY.CSV", "--csv"), ("my essay", "--text")],
)
def test_a_file_in_the_place_of_a_command_is_told_how_it_is_opened(tmp_path, name, option):
    path = tmp_path / name
    path.touch()
    assert f"is a file, not a command; to open it: {shlex.join(['rnn-tui', option, str(path)])}" in refused(str(path))
    if option in ("--resume", "--csv"):
        assert f"not a preset; give it as {option} {path}" in refused("train", str(path))


def test_help_names_every_command():
    text = run("--help").stdout
    assert set(lab.commands) == {
        "train",
        "sweep",
        "diagnose",
        "lessons",
        "presets",
        "check",
        "export",
        "probe",
        "picture",
        "serve",
        "config",
    }
    for name, command in lab.commands.items():
        assert re.search(rf"^  {name} +[A-Z]", text, re.MULTILINE)
        assert isinstance(command, click.Command)
        assert run(name, "-h").stdout.startswith("Usage")


# In a real shell.


def test_the_package_can_be_run_and_says_its_version():
    done = in_a_shell("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["rnn-tui,", "version", rnn_tui.__version__]


def test_nothing_but_the_object_is_printed_where_output_is_piped():
    done = in_a_shell("train", "echo", "--steps", "30", "--json", cwd="/")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["steps"] == 30


def test_a_mistake_in_a_real_shell_has_no_traceback(own, tmp_path):
    odd = os.fsencode(tmp_path) + b"/\xff\n.toml"
    Path(os.fsdecode(odd)).write_text("x")
    done = in_a_shell("check", os.fsdecode(odd))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[0] == f"{tmp_path}/\\udcff\\n.toml: 1 problem"
    (own / "bursting.toml").write_text(BURSTING)
    done = in_a_shell("train", "bursting", "--steps", "500")
    assert done.returncode == 2
    assert "not finite" in done.stdout
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr
    assert "Warning" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals here")
def test_a_progress_bar_is_shown_on_a_terminal():
    parent, child = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "rnn_tui", "train", "echo", "--steps", "50", "--json"],
                          stdin=child, stdout=child, stderr=child) as process:  # fmt: skip
        os.close(child)
        written = b""
        while True:
            try:
                chunk = os.read(parent, 65536)
            except OSError:  # Linux: the other end is closed
                break
            if not chunk:
                break
            written += chunk
    os.close(parent)
    assert process.returncode == 0
    assert b"training" in written
    assert b"100%" in written
    last = written.decode().strip().splitlines()[-1]
    assert json.loads(last)["steps"] == 50
