"""The commands, each loaded when it is asked for."""

import subprocess
import sys

import click
import pytest

from rnn_tui.cli.app import COMMANDS, lab

MODULES = ("train", "presets", "export", "serve", "config")


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
        (["check", "echo"], {"presets"}),
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
