import os
import subprocess
import sys

from rnn_tui.processes import alive


def test_a_process_is_there_as_long_as_it_runs():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert alive(process.pid)
    process.communicate(b"\n")
    assert not alive(process.pid)


def test_oneself_is_there_and_nobody_has_a_number_that_is_too_large():
    assert alive(os.getpid())
    assert not alive(10**30)
