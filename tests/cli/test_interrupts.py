"""ctrl+c before the first frame and in commands: an exit code that shells know, and no traceback."""

import signal
import subprocess
import sys

import pytest

START = """
import os, signal, sys
from rnn_tui.cli import launch, main
def interrupted():
    os.kill(os.getpid(), signal.SIGINT)
    raise AssertionError("it has gone on")
launch.at_a_terminal = interrupted
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = ["rnn-tui"]
main()
"""
COMMAND = """
import os, signal, sys
from rnn_tui.cli import main, presets
presets.presets.callback = lambda **_: os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = ["rnn-tui", "presets"]
main()
"""
WRAPPED = """
import os, signal, sys
import pydantic
from rnn_tui.cli import main, presets
class Model(pydantic.BaseModel):
    @pydantic.model_serializer
    def interrupted(self):
        os.kill(os.getpid(), signal.SIGINT)
        return sum(range(10**6))
presets.presets.callback = lambda **_: Model().model_dump()
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = ["rnn-tui", "presets"]
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills otherwise")
@pytest.mark.parametrize("script", [START, COMMAND, WRAPPED], ids=["start", "command", "wrapped by pydantic"])
def test_ctrl_c_leaves_a_line_and_no_traceback(script) -> None:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (128 + signal.SIGINT, "", "Aborted!")
