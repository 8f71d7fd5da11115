"""The program in a pseudo-terminal of its own: bytes are put in, what it draws is read or left unread.

Waiting is for a condition, and fails after half a minute.
"""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PATIENCE = 30.0  # seconds
FULL_AFTER = 30  # looks at a terminal that takes no more


class PseudoTerminal:
    """One run of the program.

    Args:
        words: its arguments.
        home: the user's folder, and the current one.
        script: Python that is run in place of ``python -m rnn_tui``.
        size: columns and rows.

    Attributes:
        seen: all that it has drawn and somebody has read.
    """

    def __init__(
        self, *words: str, home: Path, script: str = "", size: tuple[int, int] = (120, 36), **environment: str
    ) -> None:
        self._master, self._slave = pty.openpty()
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self._at_start = self._modes
        self._gone = False
        self.seen = b""
        env = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "RNN_TUI_HOME": str(home)}
        env = {name: value for name, value in env.items() if name not in ("LINES", "COLUMNS")} | environment
        program = ["-c", script] if script else ["-m", "rnn_tui"]
        self.process = subprocess.Popen(
            [sys.executable, *program, *words],
            stdin=self._slave, stdout=self._slave, stderr=self._slave, env=env, cwd=home, start_new_session=True,
        )  # fmt: skip

    # What is put in.

    def send(self, data: bytes) -> None:
        """Put it in, and read what is drawn meanwhile, so that neither side waits for the other."""
        while data:
            _, free, _ = select.select([], [self._master], [], 0.01)
            self.read(0)
            if free:
                data = data[os.write(self._master, data[:1024]) :]

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def disappear(self) -> None:
        """Close the terminal under the program."""
        self._gone = True
        os.close(self._slave)
        os.close(self._master)

    # What is seen.

    def read(self, seconds: float = 0.05) -> None:
        """Read what is there, or comes within that time."""
        while select.select([self._master], [], [], seconds)[0]:
            try:
                self.seen += os.read(self._master, 65536)
            except OSError:  # the program has gone
                return
            seconds = 0

    def until(self, words: str, since: int = 0) -> None:
        """Read until it has drawn the words; ``since``: a length of ``seen``."""
        self._read_until(lambda: words.encode() in self.seen[since:], f"{words!r} did not show up")

    def until_step(self, step: int) -> None:
        """Read until it has drawn that step, or a later one."""
        steps = re.compile(rb"step ([\d,]+)")
        self._read_until(
            lambda: any(int(found.replace(b",", b"")) >= step for found in steps.findall(self.seen)),
            f"step {step} did not show up",
        )

    def until_full(self) -> None:
        """Wait until nothing more fits into the terminal, which nobody reads."""
        waiting, same, end = -1, 0, time.monotonic() + PATIENCE
        while same < FULL_AFTER:
            now = struct.unpack("i", fcntl.ioctl(self._master, termios.FIONREAD, b"\0" * 4))[0]
            waiting, same = now, same + 1 if now == waiting else 0
            assert time.monotonic() < end, "it is never full"
            time.sleep(0.02)

    @property
    def as_at_start(self) -> bool:
        """Whether the terminal echoes, and all else, as before."""
        return self._modes == self._at_start

    # How it ends.

    def left(self) -> int:
        """Read until it has ended; return its exit code."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it did not end: {self._tail}"
            self.read()
        self.read(0)
        return self.process.returncode

    def left_unread(self) -> int:
        """Wait until it has ended, without reading; return its exit code."""
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait()
        if not self._gone:
            self.disappear()

    @property
    def _modes(self) -> list[object]:
        return termios.tcgetattr(self._slave)

    @property
    def _tail(self) -> str:
        return self.seen[-2000:].decode("utf-8", "replace")

    def _read_until(self, condition: Callable[[], object], otherwise: str) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, f"left with {self.process.returncode}: {self._tail}"
            assert time.monotonic() < end, f"{otherwise}: {self._tail}"
            self.read()


@contextlib.contextmanager
def pseudo_terminal(*words: str, **options) -> Iterator[PseudoTerminal]:
    it = PseudoTerminal(*words, **options)
    try:
        yield it
    finally:
        it.close()
