"""The lab opened without arguments: at once, and in all that a user sees as the command line opens it."""

import gc
import os
import signal
import subprocess
import sys

import pytest

from rnn_tui import cli
from rnn_tui.presets.store import own_folder
from rnn_tui.ui import app


@pytest.fixture
def opened(monkeypatch):
    """Whose lab would have been opened, at a terminal, without arguments."""
    found = []

    def open_lab(file, *more, welcomes=False):
        found.append((file, more, welcomes, gc.isenabled()))
        return 3

    monkeypatch.setattr(app, "open_lab", open_lab)
    monkeypatch.setattr(sys, "argv", ["rnn-tui"])
    monkeypatch.setenv("TEXTUAL_DRIVER", "a browser's")
    before = signal.getsignal(signal.SIGINT)
    yield found
    signal.signal(signal.SIGINT, before)
    gc.enable()


def ended():
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return caught.value.code


def test_the_usual_preset_is_opened_and_what_the_lab_ends_with_is_the_exit_code(opened, monkeypatch):
    monkeypatch.setitem(sys.modules, "rnn_tui.cli.app", None)  # nothing has to be parsed
    assert ended() == 3
    ((file, more, welcomes, collecting),) = opened
    assert (file.name, file.preset.task.kind, more, welcomes, collecting) == ("echo", "echo", (), True, False)


def test_the_users_own_preset_of_that_name_comes_first(opened):
    own_folder().mkdir(parents=True)
    (own_folder() / "echo.toml").write_text('task = {kind = "xor"}\nlanes = [{kind = "gru"}]')
    assert ended() == 3
    assert opened[0][0].preset.task.kind == "xor"


def test_what_is_wrong_with_it_is_said_without_a_traceback(opened, capsys):
    own_folder().mkdir(parents=True)
    (own_folder() / "echo.toml").write_text("lanes = []")
    assert ended() == 2
    assert not opened
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"Error: {own_folder() / 'echo.toml'}: 2 problems\n  ")


def test_who_breaks_off_while_it_opens_gets_one_word(opened, monkeypatch, capsys):
    def broken_off(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "open_lab", broken_off)
    assert not opened
    assert ended() == 130
    assert capsys.readouterr() == ("", "Aborted!\n")


def test_arguments_are_parsed_and_may_open_another(opened, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["rnn-tui", "-p", "xor", "--ascii"])
    assert ended() == 3
    ((file, more, welcomes, collecting),) = opened
    assert (file.name, more, welcomes, collecting) == ("xor", (None, True), False, False)


def test_a_command_collects_its_garbage(opened, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["rnn-tui", "check", "echo"])
    assert ended() == 0
    assert not opened
    assert gc.isenabled()
    assert capsys.readouterr().out == "echo: no problems\n"


def shell(**environment):
    script = "import sys; sys.argv = ['rnn-tui']; from rnn_tui.cli import main; main()"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False,
                          stdin=subprocess.DEVNULL, env={**os.environ, **environment})  # fmt: skip


def test_without_a_terminal_the_way_out_is_said():
    done = shell()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: the lab needs a terminal; without a terminal, use: rnn-tui train PRESET\n"


def test_a_shell_is_told_what_could_come_next():
    done = shell(_RNN_TUI_COMPLETE="bash_complete", COMP_WORDS="rnn-tui tr", COMP_CWORD="1", TEXTUAL_DRIVER="x")
    assert (done.stdout, done.stderr) == ("plain,train\n", "")
