"""A program in a pseudo-terminal of its own, which can be left unread, or closed."""

import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress


class PseudoTerminal:
    """``seen``: all that the program has written and somebody has read."""

    def __init__(self, home, script, *words):
        self._master, self._slave = os.openpty()
        self.modes_before = self.modes
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self.seen, self._closed = b"", False
        env = os.environ | {"RNN_TUI_HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        env = {name: value for name, value in env.items() if name not in ("LINES", "COLUMNS")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, *words],
            stdin=self._slave, stdout=self._slave, stderr=self._slave, env=env, start_new_session=True,
        )  # fmt: skip

    @property
    def modes(self):
        return termios.tcgetattr(self._slave)[:4]

    def press(self, keys):
        os.write(self._master, keys.encode())

    def read(self, patience=0.05):
        ready, _, _ = select.select([self._master], [], [], patience)
        if ready:
            with suppress(OSError):  # the program has gone
                self.seen += os.read(self._master, 65536)

    def when(self, condition, seconds=30.0):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"it did not happen:\n{self.seen[-2000:]!r}"
            self.read()

    def until(self, pattern):
        self.when(lambda: re.search(pattern, self.seen))

    def until_step(self, step):
        """The screen shows that step, or a later one."""
        self.when(
            lambda: any(int(found.replace(b",", b"")) >= step for found in re.findall(rb"step ([\d,]+)", self.seen))
        )

    def until_full(self, seconds=30.0):
        """Nothing more fits in, for nobody reads."""
        waiting, same, end = -1, 0, time.monotonic() + seconds
        while same < 30:
            now = struct.unpack("i", fcntl.ioctl(self._master, termios.FIONREAD, b"\0" * 4))[0]
            waiting, same = now, same + 1 if now == waiting else 0
            assert time.monotonic() < end
            time.sleep(0.02)

    def rest(self):
        """What is left to be read."""
        before = len(self.seen)
        while select.select([self._master], [], [], 0)[0]:
            self.read()
        return self.seen[before:]

    def close(self):
        """The terminal is gone."""
        self._closed = True
        os.close(self._master)
        os.close(self._slave)

    def code(self, reading=False, seconds=60.0):
        """The program's exit code."""
        if reading:
            self.when(lambda: self.process.poll() is not None, seconds)
            self.rest()
        return self.process.wait(seconds)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if not self._closed:
            self.close()
