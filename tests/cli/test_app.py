"""The commands, each loaded when it is asked for."""

import subprocess
import sys
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from rnn_tui.cli.app import COMMANDS, Commands, lab

MODULES = tuple(COMMANDS)


def test_every_command_is_found_by_its_name():
    context = click.Context(lab)
    assert lab.list_commands(context) == sorted(COMMANDS)
    for name in COMMANDS:
        command = lab.get_command(context, name)
        assert isinstance(command, click.Command)
        assert command.name == name
    assert lab.get_command(context, "trian") is None


@pytest.mark.parametrize(
    ("words", "loaded"),
    [
        (["--version"], set()),
        (["check", "echo"], {"check"}),
        (["--help"], set(MODULES)),
        (["train", "-h"], {"train"}),
    ],
)
def test_no_command_is_loaded_but_the_one_that_is_used(words, loaded):
    script = f"""
import sys
from rnn_tui.cli.app import lab
try:
    lab({words})
finally:
    print("loaded", *(name.removeprefix("rnn_tui.cli.") for name in sys.modules if name.startswith("rnn_tui.cli.")))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(done.stdout.splitlines()[-1].split()[1:]) & set(MODULES) == loaded


def test_a_command_of_ones_own_takes_a_module_of_its_name_and_the_name_in_one_line(monkeypatch):
    @click.command()
    @click.argument("whom")
    def greet(whom):
        """Greet somebody."""
        click.echo(f"hello, {whom}")

    module = ModuleType("rnn_tui.cli.greet")
    module.greet = greet
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(lab, "commands", Commands(*COMMANDS, "greet"))
    assert CliRunner().invoke(lab, ["greet", "world"]).output == "hello, world\n"
    assert "Greet somebody." in CliRunner().invoke(lab, ["--help"]).output
