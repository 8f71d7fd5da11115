"""The terminal's state at the start of the program, and how to restore it without Textual."""

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

# Cancel open sequences; turn off synchronized output, mouse, focus, paste and size reports, and Kitty keys; wrap lines;
# default colors; main screen; show the cursor.
LEAVE = (
    "\x18\x1b[?2026l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?1004l\x1b[?2004l\x1b[?2048l"
    "\x1b[<u\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"
)
PATIENCE = 0.5  # seconds to try to write to a blocked terminal


class TerminalState:
    """The state of the terminal, saved by the main thread at the start.

    The watchdog's thread calls ``restore``, which never waits for the terminal.

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
        """Restore modes and screen, and print the last messages; pending drawing is discarded."""
        terminal, sequences = self._opened(), "" if self.left else LEAVE  # read before Textual is unblocked
        abandon()
        if terminal is None:
            return
        interrupt()
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])  # otherwise a lab in the background would be stopped
        with suppress(termios.error):
            if self._modes is not None:
                termios.tcsetattr(terminal, termios.TCSANOW, self._modes)
        rest = (sequences + words).encode(errors="backslashreplace")
        end = time.monotonic() + PATIENCE
        with suppress(OSError, termios.error):
            while rest and time.monotonic() < end:
                try:
                    rest = rest[os.write(terminal, rest) :]
                except BlockingIOError:  # the terminal is full, or another thread still writes
                    termios.tcflush(terminal, termios.TCOFLUSH)
                    time.sleep(0.005)

    def _opened(self) -> int | None:
        """Return a non-blocking descriptor of our own; the shell's descriptor must stay blocking."""
        with suppress(OSError):
            return os.open(self._name, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY) if self._name else None
        return None


def abandon() -> None:
    """Redirect the standard descriptors to the null device, so that no further call fails or blocks."""
    with suppress(OSError):
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)


def interrupt() -> None:
    """Interrupt blocked calls of other threads, so that they are repeated on the null device.

    This needs a signal with a handler; SIGTERM has one, and the process is ending anyway.
    """
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.ident and callable(signal.getsignal(signal.SIGTERM)):
            with suppress(OSError):  # the thread has just ended
                signal.pthread_kill(thread.ident, signal.SIGTERM)
