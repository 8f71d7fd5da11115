"""The program at a pseudo-terminal: bytes are put in, what it draws is read out, until a condition holds."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

PATIENCE = 30.0  # seconds


class PseudoTerminal:
    """One run of the program; ``seen``: all that it has drawn."""

    def __init__(self, *words: str, folder: Path, size: tuple[int, int] = (120, 36), **environment: str) -> None:
        self.master, self.slave = pty.openpty()
        self.resize(*size)
        self.at_start = termios.tcgetattr(self.slave)
        env = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "RNN_TUI_HOME": str(folder)}
        env = {name: value for name, value in env.items() if name not in ("LINES", "COLUMNS")} | environment
        line = [sys.executable, "-m", "rnn_tui", *words]
        self.process = subprocess.Popen(
            line, stdin=self.slave, stdout=self.slave, stderr=self.slave, env=env, cwd=folder, start_new_session=True
        )
        self.seen = b""

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def send(self, data: bytes) -> None:
        """Put it in, and read what is drawn meanwhile, so that neither side waits for the other."""
        while data:
            _, free, _ = select.select([], [self.master], [], 0.01)
            self.read(0)
            if free:
                data = data[os.write(self.master, data[:1024]) :]

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def read(self, seconds: float = 0.05) -> None:
        while select.select([self.master], [], [], seconds)[0]:
            try:
                self.seen += os.read(self.master, 65536)
            except OSError:
                return
            seconds = 0

    def until(self, words: str, since: int = 0, seconds: float = PATIENCE) -> None:
        """Read until it has drawn the words; ``since``: a length of ``seen``."""
        end = time.monotonic() + seconds
        while words.encode() not in self.seen[since:]:
            assert self.process.poll() is None, f"left with {self.process.returncode}: {self.tail}"
            assert time.monotonic() < end, f"{words!r} did not show up: {self.tail}"
            self.read()

    def left(self, seconds: float = PATIENCE) -> int:
        """The exit code, when it has left."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it did not end: {self.tail}"
            self.read()
        self.read()
        return self.process.returncode

    @property
    def as_at_start(self) -> bool:
        """Whether the terminal echoes, and all else, as before."""
        return termios.tcgetattr(self.slave) == self.at_start

    @property
    def tail(self) -> str:
        return self.seen[-2000:].decode("utf-8", "replace")

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait()
        os.close(self.slave)
        os.close(self.master)


@contextlib.contextmanager
def terminal(*words: str, **options) -> Iterator[PseudoTerminal]:
    it = PseudoTerminal(*words, **options)
    try:
        yield it
    finally:
        it.close()
