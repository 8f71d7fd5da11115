"""The installed program in a real terminal, driven from outside."""

import itertools
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rnn_tui.checkpoints import autosaves

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


NUMBERS = itertools.count()


class Terminal:
    """A tmux server of its own, with one window."""

    def __init__(self, home: Path) -> None:
        self._socket = f"rnn-tui-test-{os.getpid()}-{next(NUMBERS)}"  # a server that is going would refuse us
        self._home = home

    def tmux(self, *words: str) -> str:
        command = ["tmux", "-L", self._socket, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    def start(self, *arguments: str, columns: int = 120, rows: int = 36) -> None:
        program = [sys.executable, "-m", "rnn_tui", *arguments]
        env = [
            "env",
            "-u",
            "LINES",
            "-u",
            "COLUMNS",
            "COLORTERM=truecolor",
            "TERM=xterm-256color",
            f"RNN_TUI_HOME={self._home}",
        ]
        line = subprocess.list2cmdline([*env, *program]) + "; echo left with $?; sleep 60"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), line)

    def keys(self, *keys: str) -> None:
        self.tmux("send-keys", *keys)

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p")

    def until(self, pattern: str, seconds: float = 15.0) -> str:
        return self.when(lambda text: re.search(pattern, text), seconds)

    def when(self, condition: Callable[[str], object], seconds: float = 15.0) -> str:
        end = time.monotonic() + seconds
        while not condition(text := self.screen()):
            assert time.monotonic() < end, f"it did not show up:\n{text}"
            time.sleep(0.05)
        return text


@pytest.fixture
def terminal(home: Path) -> Iterator[Terminal]:
    terminal = Terminal(home)
    yield terminal
    terminal.tmux("kill-server")


def test_a_first_minute_shows_the_fnn_on_its_floor_and_the_rnn_below(terminal: Terminal) -> None:
    terminal.start("--set", "training.speed=0")
    terminal.until("space Play")
    terminal.keys("Right", "Right")
    terminal.until(r"t = 2/39")
    terminal.keys("Space")
    terminal.until(r"paused step 600", 30)
    text = terminal.until(r"FNN\(1\) is at its floor, 0\.693")
    assert re.search(r"RNN +89 +0\.00\d\d +100\.0%", text)
    terminal.keys("q")
    terminal.until("left with 0")


def test_settings_are_saved_found_again_and_the_bundled_preset_stays(terminal: Terminal, home: Path) -> None:
    terminal.start()
    terminal.until("space Play")
    terminal.keys("+")
    terminal.until(r"hidden units +9")
    terminal.keys("w")
    terminal.until("Save preset")
    terminal.until("settings only; W saves the trained nets")
    terminal.keys("Enter")
    terminal.until("saved as")
    assert "hidden_size = 9" in (home / "presets" / "my-echo.toml").read_text()


def test_it_survives_a_tiny_terminal_and_comes_back(terminal: Terminal) -> None:
    terminal.start(columns=80, rows=24)
    terminal.until("q Quit")
    terminal.tmux("resize-window", "-x", "20", "-y", "5")
    terminal.until("needs")
    terminal.tmux("resize-window", "-x", "120", "-y", "36")
    terminal.until("1 controls")
    terminal.keys("q")
    terminal.until("left with 0")


def test_a_broken_file_is_one_line_and_exit_code_2(terminal: Terminal, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text("day,value\n1,2\n2,warm\n")
    terminal.start("--csv", str(broken), "--column", "value", columns=200)
    text = terminal.until("left with 2")
    assert "row 3, column 'value': found 'warm'" in text
    assert "Traceback" not in text


def test_a_lost_connection_costs_nothing_and_the_next_lab_takes_the_run_up(terminal: Terminal) -> None:
    terminal.start("--set", "training.speed=0", "--set", "training.steps=0")
    terminal.until("space Play")
    terminal.keys("S", "S", "s")
    terminal.until(r"step 21\b")
    terminal.tmux("kill-server")  # which hangs up
    end = time.monotonic() + 15
    while not autosaves.left():  # its process is gone, and its file there
        assert time.monotonic() < end
        time.sleep(0.05)
    terminal.start()
    terminal.until(r"ctrl\+r: last run \(echo, step 21\)")
    terminal.keys("C-r")
    terminal.until(r"paused step 21\b")
    terminal.keys("q")
    terminal.until("left with 0")
