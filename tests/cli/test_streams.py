"""Streams that are closed, full or of another encoding: one line, and never a traceback."""

import json
import os
import shlex
import subprocess
import sys
import tomllib

import click
import pytest
from click.testing import CliRunner
from support.command_line import run

from rnn_tui.cli.app import COMMANDS, lab
from rnn_tui.cli.options import words


def shell(line, **environment):
    """What a shell makes of a line in which ``rnn-tui`` is the program."""
    line = line.replace("rnn-tui", f"{shlex.quote(sys.executable)} -m rnn_tui")
    return subprocess.run(["bash", "-c", line], capture_output=True, timeout=60, check=False,
                          stdin=subprocess.DEVNULL, env={**os.environ, **environment})  # fmt: skip


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("rnn-tui presets <&- | tail -1", 0, b""),
        ("rnn-tui check echo >&- 2>&-", 0, b""),
        ("rnn-tui <&-", 2, b"Error: the lab needs a terminal; without a terminal, use: rnn-tui train PRESET\n"),
        ("rnn-tui check echo >/dev/full", 2, b"Error: the output could not be written (No space left on device)\n"),
        ("rnn-tui check nothing 2>/dev/full", 2, b""),
    ],
)
def test_a_stream_that_takes_nothing_is_no_bug(line, code, said):
    done = shell(line)
    assert (done.returncode, done.stderr) == (code, said)


def test_what_a_stream_does_not_have_is_substituted_and_json_is_whole():
    line = "rnn-tui train temporal-xor --steps 0 --describe; rnn-tui train temporal-xor --steps 0 --json --describe"
    done = shell(line, PYTHONIOENCODING="ascii")
    *text, document = done.stdout.decode("ascii").splitlines()
    assert json.loads(document)["preset"] == "temporal-xor"
    assert len(text) > 5
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_what_config_prints_is_a_file_on_any_locale(home, encoding):
    path = home / "config.toml"
    path.write_text('[keys]\nrun.step = "é, », f5"\n', encoding="utf-8")
    done = CliRunner(charset=encoding).invoke(lab, ["config"])
    path.write_bytes(done.stdout_bytes)
    assert run("config", "--check").stdout == f"{path}: no problems\n"
    assert tomllib.loads(path.read_text(encoding="utf-8"))["keys"] == {"run": {"step": "é, », f5"}}


@pytest.mark.parametrize("code", ["KeyboardInterrupt", "MemoryError"])
def test_ctrl_c_and_too_little_memory_end_a_command_with_a_line(code, monkeypatch):
    def ends(*_, **__):
        raise {"KeyboardInterrupt": KeyboardInterrupt, "MemoryError": MemoryError}[code]

    monkeypatch.setattr("rnn_tui.presets.store.entries", ends)
    done = run("presets", code=130 if code == "KeyboardInterrupt" else 2)
    assert done.stderr.count("\n") == 1
    assert ("Aborted!" if code == "KeyboardInterrupt" else "not enough memory") in done.stderr


def test_ctrl_c_before_a_run_can_be_saved_says_that_it_was_not(tmp_path, monkeypatch):
    def ends(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("rnn_tui.checkpoints.writer.save", ends)
    path = tmp_path / "x.safetensors"
    assert f"{path}: the run was not saved" in run("train", "xor", "--steps", 1, "-o", path, code=130).stderr


def test_every_option_and_argument_that_is_a_text_refuses_an_empty_one():
    for name, command in {"": lab, **{name: lab.commands[name] for name in COMMANDS if name != "serve"}}.items():
        for option in command.params:
            assert not isinstance(option.type, click.types.StringParamType), f"{name} {option.name}"
    for line in ("train --resume", "train -o", "train --set", "train --csv", "train --text", "train", "-p", "check"):
        assert "is empty; give a value or omit the option" in run(*line.split(), "", code=2).stderr
    with pytest.raises(click.BadParameter):
        words("")


def test_another_run_that_comes_meanwhile_is_not_replaced(tmp_path, monkeypatch):
    from rnn_tui.checkpoints import reader
    from rnn_tui.session.session import Session

    path, forward = tmp_path / "x.safetensors", Session.forward

    def other(session, count):
        monkeypatch.setattr(Session, "forward", forward)
        run("train", "xor", "--steps", 5, "-o", path)
        return forward(session, count)

    monkeypatch.setattr(Session, "forward", other)
    done = run("train", "xor", "--steps", 1, "-o", path)
    assert f"run saved as {tmp_path / 'x-2.safetensors'}, because another run" in done.stderr
    assert [reader.load(tmp_path / name).step for name in ("x.safetensors", "x-2.safetensors")] == [5, 1]


def test_that_no_update_is_made_is_said(tmp_path):
    (tmp_path / "x.toml").write_text('task = {kind = "xor"}\nlanes = [{kind = "rnn"}]\ntraining = {steps = 0}')
    assert (
        "training.steps of the preset is 0, so there is nothing to train; give a number: --steps M"
        in run("train", tmp_path / "x.toml").stderr
    )
    assert "no update" not in run("train", tmp_path / "x.toml", "--steps", 0).stderr
