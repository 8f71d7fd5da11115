"""How fast the lab answers, on a real pseudo-terminal of 120 × 36 (Linux, macOS):

    python benchmarks/ui.py            # half a minute

Prints the time from the start of the process to the first frame, beside a minimal Textual and NumPy program in the
same run; from a key to its effect on the screen, idle and while playing flat out; and the share of a core used idle.
The key is l, which draws the heat map, the controls and the equation anew.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from contextlib import suppress
from statistics import median

LAB = [sys.executable, "-m", "rnn_tui", "--set", "training.steps=0", "--set", "training.speed=0"]
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
COLOUR = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


class Program:
    """A program in a pseudo-terminal of its own."""

    def __init__(self, command: list[str]) -> None:
        self.begin = time.perf_counter()
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            os.environ.update(COLOUR)
            os.execvp(command[0], command)
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))

    def until(self, text: str, seconds: float = 10.0) -> float:
        """Seconds until the program writes ``text``; ``seconds`` if it does not."""
        begin, seen = time.perf_counter(), b""
        while (passed := time.perf_counter() - begin) < seconds:
            seen += self._read(0.005)
            if text.encode() in seen:
                return passed
        return seconds

    def let(self, seconds: float) -> None:
        """Read on, without looking for anything."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self._read(0.01)

    def press(self, key: str) -> None:
        os.write(self._file, key.encode())

    def cpu(self) -> float:
        """Seconds of processor time so far, by /proc; NaN where there is none."""
        try:
            fields = open(f"/proc/{self.pid}/stat").read().rpartition(")")[2].split()  # noqa: PTH123, SIM115
        except OSError:
            return float("nan")
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def quit(self) -> None:
        self.press("q")
        with suppress(OSError):  # it has gone, and its terminal with it
            self.let(1.0)
        os.waitpid(self.pid, 0)
        os.close(self._file)

    def _read(self, patience: float) -> bytes:
        ready, _, _ = select.select([self._file], [], [], patience)
        return os.read(self._file, 65536) if ready else b""


def first_frame(command: list[str]) -> float:
    program = Program(command)
    seconds = program.until("Quit")
    program.let(0.3)
    program.quit()
    return seconds


def key_latency(lab: Program, presses: int = 40) -> str:
    """Median and 95th percentile in milliseconds from l to the title of the other lane."""
    passed = []
    for i in range(presses):
        lab.let(0.15 + 0.013 * (i % 7))
        lab.press("l")
        passed.append(1000 * lab.until("t of FNN" if i % 2 == 0 else "t of RNN", 1.0))
    passed.sort()
    return f"median {median(passed):.0f} ms, 95 % within {passed[int(0.95 * presses)]:.0f} ms"


def main() -> None:
    pairs = [(first_frame(LAB), first_frame([sys.executable, "-c", MINIMAL])) for _ in range(5)]
    lab, minimal = (median(times) for times in zip(*pairs, strict=True))
    print(f"first frame: {lab:.2f} s; a minimal Textual and NumPy program {minimal:.2f} s")
    program = Program(LAB)
    program.until("Quit")
    program.let(1.5)
    before = program.cpu()
    program.let(5.0)
    print(f"idle: {(program.cpu() - before) / 5:.1%} of a core")
    print(f"key to screen, idle: {key_latency(program)}")
    program.press(" ")
    program.let(0.5)
    print(f"key to screen, playing flat out: {key_latency(program)}")
    program.press(" ")
    program.let(0.5)
    program.quit()


if __name__ == "__main__":
    main()
