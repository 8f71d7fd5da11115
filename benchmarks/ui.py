"""Measure how fast the lab responds on a pseudo-terminal of 120 × 36 (Linux):

    python benchmarks/ui.py            # four minutes
    python benchmarks/ui.py --memory   # only the memory lab, two minutes

Prints the time from the start of the process to the first frame, compared with a minimal Textual and NumPy program; the
share of a core and the memory while idle; and for nets of three sizes the time from a key to its effect on the screen,
idle and while playing at full speed, the bytes that go to the terminal, and the training speed compared with that
without a screen.  The key is l, which redraws the heat map, the controls and the equation.  The same for the page of
the memory lab: its panels as they open, with the table of units, and with the states in their plane.
"""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress
from dataclasses import dataclass
from statistics import median

PLAIN = [sys.executable, "-m", "rnn_tui"]
LAB = [*PLAIN, "--set", "training.steps=0", "--set", "training.speed=0"]
MINIMAL = """
import numpy
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    BINDINGS = [("q", "quit", "Quit")]
    def compose(self):
        yield Static("q Quit")
Minimal().run()
"""
RAW = """
import sys, time
from rnn_tui.cli.options import setting
from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.experiments.train import train
from rnn_tui.presets.store import find, load
from rnn_tui.session.session import Session
limit_blas_threads()
session = Session(load(find("echo"), setting(None, None, sys.argv[1:])).preset)
session.forward(3)
begin = time.perf_counter()
for event in train(session, 10**9):
    if time.perf_counter() - begin >= 4:
        break
print((event.step - 3) / (time.perf_counter() - begin))
"""
COLOR = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


@dataclass(frozen=True)
class Size:
    """The size of a net, and what the lab shows of it.

    Attributes:
        sets: the changes of the default preset for it.
        keys: pressed before the measurement.
        titles: texts that only a title has, when each of the two lanes is shown.
    """

    name: str
    sets: tuple[str, ...] = ()
    keys: str = ""
    titles: tuple[str, str] = ("t of FNN", "t of RNN")

    @property
    def options(self) -> list[str]:
        return [word for each in self.sets for word in ("--set", each)]


MIDDLE = ("lanes.0.hidden_size=64", "training.sequence_length=50")
SIZES = [
    Size("default preset"),
    Size("H = 64, T = 50", MIDDLE),
    Size("H = 512, T = 50, B = 64", ("lanes.0.hidden_size=512", "training.sequence_length=50", "training.batch_size=64",
                                     "training.precision=float32")),
]  # fmt: skip
MEMORY = [
    Size("H = 64, T = 50, memory lab", MIDDLE, "v"),
    Size("the same, with the table of units", MIDDLE, "vU", ("units of FNN(1)", "units of RNN")),
    Size("the same, with the states in their plane", MIDDLE, "v9\r\r\r"),
]


class Program:
    """A program in its own pseudo-terminal."""

    def __init__(self, command: list[str]) -> None:
        self.begin, self.bytes, self.tail = time.perf_counter(), 0, b""
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            os.environ.update(COLOR)
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
            os.execvp(command[0], command)
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))

    def until(self, text: str, seconds: float = 10.0) -> float:
        """Return the seconds until the program writes ``text``; ``seconds`` if it does not."""
        begin, seen = time.perf_counter(), b""
        while (passed := time.perf_counter() - begin) < seconds:
            seen += self._read(0.005)
            if text.encode() in seen:
                return passed
        return seconds

    def let(self, seconds: float) -> None:
        """Read and ignore the output for some seconds."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self._read(0.01)

    def press(self, key: str) -> None:
        os.write(self._file, key.encode())

    def cpu(self) -> float:
        """Return the seconds of processor time so far, from /proc; NaN without /proc."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else float("nan")

    def memory(self) -> float:
        """Return the resident memory in MiB, from /proc; NaN without /proc."""
        found = re.search(r"VmRSS:\s+(\d+)", self._proc("status"))
        return int(found[1]) / 1024 if found else float("nan")

    def step(self) -> int:
        """Return the step that the status line showed last; panels name earlier ones."""
        found = re.findall(rb"step ([\d,]+)", self.tail)
        return max((int(number.replace(b",", b"")) for number in found), default=0)

    def quit(self) -> None:
        self.press("q")
        with suppress(OSError):  # the program has ended and closed its terminal
            self.let(0.5)
            self.press("y")
            self.let(1.5)
        os.waitpid(self.pid, 0)
        os.close(self._file)

    def _proc(self, name: str) -> str:
        with suppress(OSError), open(f"/proc/{self.pid}/{name}") as file:  # noqa: PTH123
            return file.read()
        return ""

    def _read(self, patience: float) -> bytes:
        ready, _, _ = select.select([self._file], [], [], patience)
        found = os.read(self._file, 65536) if ready else b""
        self.bytes, self.tail = self.bytes + len(found), (self.tail + found)[-200_000:]
        return found


def first_frame(command: list[str]) -> float:
    program = Program(command)
    seconds = program.until("Quit")
    program.let(0.3)
    program.quit()
    return seconds


def first_frames(rounds: int = 7) -> None:
    """Time all programs in turn, so that the machine's load affects all; the first round only fills caches."""
    minimal = "a minimal Textual and NumPy program"
    commands = {"rnn-tui": PLAIN, "rnn-tui -p xor": [*PLAIN, "-p", "xor"],
                "rnn-tui --set training.seed=1": [*PLAIN, "--set", "training.seed=1"],
                minimal: [sys.executable, "-c", MINIMAL]}  # fmt: skip
    every = [{name: first_frame(command) for name, command in commands.items()} for _ in range(rounds + 1)]
    passed = {name: median(times[name] for times in every[1:]) for name in commands}
    print("| first frame | seconds | compared with a minimal program |\n|---|---|---|")
    for name, seconds in passed.items():
        print(f"| {name} | {seconds:.2f} s | {seconds / passed[minimal]:.2f} times |")


def key_latency(lab: Program, titles: tuple[str, str], presses: int = 40) -> str:
    """Return the median and 95th percentile in milliseconds from key l to the title of the other lane."""
    passed = []
    for i in range(presses):
        lab.let(0.15 + 0.013 * (i % 7))
        lab.press("l")
        passed.append(1000 * lab.until(titles[i % 2], 2.0))
    passed.sort()
    return f"{median(passed):.0f} and {passed[int(0.95 * presses)]:.0f} ms"


def raw_speed(size: Size) -> float:
    """Return the steps per second without a screen."""
    done = subprocess.run([sys.executable, "-c", RAW, *size.sets], capture_output=True, text=True, check=True)
    return float(done.stdout)


def measured(size: Size) -> str:
    before = raw_speed(size)
    lab = Program([*LAB, *size.options])
    lab.until("Quit")
    for key in size.keys:
        lab.let(0.5)
        lab.press(key)
    lab.let(1.5)
    idle = key_latency(lab, size.titles)
    lab.press(" ")
    lab.let(2.0)
    bytes_before, step, start = lab.bytes, lab.step(), time.perf_counter()
    lab.let(8.0)
    passed = time.perf_counter() - start
    share, rate = (lab.bytes - bytes_before) / passed, (lab.step() - step) / passed
    playing = key_latency(lab, size.titles)
    lab.press(" ")
    lab.let(1.0)
    memory = lab.memory()
    lab.quit()
    raw = (before + raw_speed(size)) / 2
    return (
        f"| {size.name} | {idle} | {playing} | {share / 1000:.0f} kB/s | {rate:,.0f} of {raw:,.0f} steps/s, "
        f"{rate / raw:.0%} | {memory:.0f} MiB |"
    )


def idle_cost() -> None:
    """Print the share of a core and the memory while nothing happens."""
    program = Program(LAB)
    program.until("Quit")
    program.let(1.5)
    before = program.cpu()
    program.let(5.0)
    print(f"idle: {(program.cpu() - before) / 5:.1%} of a core, {program.memory():.0f} MiB\n")
    program.quit()


def main() -> None:
    only_memory = "--memory" in sys.argv[1:]
    if not only_memory:
        first_frames()
        idle_cost()
    heads = ("", "key to screen, idle: median and 95th percentile", "while playing at full speed", "to the terminal",
             "relative speed", "memory")  # fmt: skip
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for size in MEMORY if only_memory else SIZES + MEMORY:
        print(measured(size), flush=True)


if __name__ == "__main__":
    main()
