"""ctrl+c before the first frame and after the last, and in commands."""

import signal
import subprocess
import sys

import pytest

from rnn_tui.interrupts import INTERRUPTED

START = """
import os, signal, sys
from rnn_tui.cli import main, opening
def interrupted():
    os.kill(os.getpid(), signal.SIGINT)
    raise AssertionError("it has gone on")
opening.at_a_terminal = interrupted
sys.argv = ["rnn-tui"]
main()
"""
END = """
import os, signal, sys
from rnn_tui.cli import main, opening
from rnn_tui.ui import app
class Lab:
    return_code, faults, ended_with = 0, [], 0
    def __init__(self, *_): self.lab = self.player = self.ended = self
    def run(self): pass
    def wait(self): pass
    @property
    def problem(self): os.kill(os.getpid(), signal.SIGINT); raise AssertionError("it has gone on")
app.LabApp = Lab
opening.at_a_terminal = lambda: True
sys.argv = ["rnn-tui"]
main()
"""
COMMAND = """
import os, signal, sys
from rnn_tui.cli import main, listing
listing.presets.callback = lambda **_: os.kill(os.getpid(), signal.SIGINT)
sys.argv = ["rnn-tui", "presets"]
main()
"""


def run(script):
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="kills otherwise")
@pytest.mark.parametrize("script", [START, END], ids=["start", "end"])
def test_ctrl_c_at_the_start_and_at_the_end_leaves_no_traceback(script) -> None:
    done = run(script)
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "", "")
    assert INTERRUPTED == 128 + signal.SIGINT


@pytest.mark.skipif(sys.platform == "win32", reason="kills otherwise")
def test_a_command_is_still_interrupted_as_a_command() -> None:
    done = run(COMMAND)
    assert done.returncode != 0
    assert "Aborted!" in done.stderr
