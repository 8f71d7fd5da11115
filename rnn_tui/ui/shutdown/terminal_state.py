"""The terminal as it was when the program began, and how to leave it so without Textual's help."""

import os
import signal
import threading
import time
from contextlib import suppress
from typing import Any

try:
    import termios
except ImportError:  # Windows
    termios = None  # type: ignore[assignment]

# Cancel what was begun; no synchronized output, mouse, focus, paste and size reports, Kitty keys; wrap lines; plain
# colors; the main screen; a cursor.
LEAVE = (
    "\x18\x1b[?2026l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?1004l\x1b[?2004l\x1b[?2048l"
    "\x1b[<u\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"
)
PATIENCE = 0.5  # seconds for which a terminal that takes nothing is tried


class TerminalState:
    """Made in the main thread at the start; the watchdog's thread calls the rest, and never waits for the terminal.

    Attributes:
        left: whether Textual has restored the screen.
    """

    def __init__(self) -> None:
        self.left = False
        self._modes: list[Any] | None = None
        self._name = ""
        with suppress(Exception):  # no terminal
            self._name = os.ttyname(2)
            self._modes = termios.tcgetattr(2)

    def restore(self, words: str = "") -> None:
        """Bring the modes and the screen back, and say the last words; what was still to be drawn is thrown away."""
        terminal, sequences = self._opened(), "" if self.left else LEAVE  # asked before Textual is set free
        abandon()
        if terminal is None:
            return
        interrupt()
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])  # else a lab in the background would be stopped
        with suppress(termios.error):
            if self._modes is not None:
                termios.tcsetattr(terminal, termios.TCSANOW, self._modes)
        rest = (sequences + words).encode(errors="backslashreplace")
        end = time.monotonic() + PATIENCE
        with suppress(OSError, termios.error):
            while rest and time.monotonic() < end:
                try:
                    rest = rest[os.write(terminal, rest) :]
                except BlockingIOError:  # it is full, or another thread has not left it yet
                    termios.tcflush(terminal, termios.TCOFLUSH)
                    time.sleep(0.005)

    def _opened(self) -> int | None:
        """A descriptor of our own, for it must not wait, and the shell's must."""
        with suppress(OSError):
            return os.open(self._name, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY) if self._name else None
        return None


def abandon() -> None:
    """Read and write nothing any more, so that no call fails or blocks, but for those that are blocked already."""
    with suppress(OSError):
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)


def interrupt() -> None:
    """Have the calls of other threads that are blocked begin anew, which they do with what ``abandon`` has left them.

    For that a signal needs a handler; SIGTERM has one, and we are leaving anyway.
    """
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.ident and callable(signal.getsignal(signal.SIGTERM)):
            with suppress(OSError):  # it has just ended
                signal.pthread_kill(thread.ident, signal.SIGTERM)
