"""Watchdog that ends the process in bounded time, even if threads are blocked.  Only app.py creates one."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from math import inf
from types import TracebackType

from rnn_tui.ui.shutdown.exit_signals import CLOSE, HANGUP, LOST, QUIT, SIGNALS, ExitSignals, watched
from rnn_tui.ui.shutdown.terminal_state import TerminalState, abandon

ASKED_LIMIT = 4.0  # seconds from a signal or the loss of the terminal to the end
HARD_LIMIT = 4.8  # seconds after which the kernel ends the process, if this thread cannot run
QUIT_LIMIT = 30.0  # seconds from quitting to the end: a large run may be saved on a slow disk
GRACE = 1.5  # seconds for Textual to restore the terminal after the run is saved
QUIT_GRACE = 2.0  # the same after quitting
TICK = 0.02  # seconds between two checks during the exit


class ExitWatchdog:
    """Waits for a signal, the loss of the terminal, or the user quitting.  Then it waits a limited time until the run
    is saved and the app has ended, and ends the process if necessary.

    It relies on no other thread, because each may be blocked: the event loop by a terminal that accepts no output,
    workers by a file.  The main thread enters and leaves it, around the app; every thread may call ``quitting`` and
    ``left``; the rest belongs to its own daemon thread.

    Args:
        stop: called at most once, if the user did not quit; saves the run and ends the app.
        saved: set when the run is saved.
        outcome: returns the exit code and the messages to print, after the time limit.
        end: ends the process.

    Attributes:
        signals, terminal: what it listens to and what it restores, while it is entered.
    """

    def __init__(
        self,
        stop: Callable[[], object],
        saved: threading.Event,
        outcome: Callable[[], tuple[int, str]],
        end: Callable[[int], object] = os._exit,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stop, self._saved, self._outcome, self._finish, self._clock = stop, saved, outcome, end, clock
        self._signal = 0  # the first signal
        self._end = inf  # time limit
        self._saved_at = inf  # time at which the run was saved during the exit
        self._thread = threading.Thread(target=self.watch, name="exit-watchdog", daemon=True)

    def __enter__(self) -> "ExitWatchdog":
        """Start watching, before the terminal is changed."""
        self.terminal = TerminalState()
        self.signals = ExitSignals(watched())
        self.signals.install()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop watching: the app has ended in time."""
        self.signals.tell(CLOSE)
        self._thread.join()
        self.signals.close()
        alarm(0)

    def quitting(self) -> None:
        """Tell the watchdog that the user quits."""
        self.signals.tell(QUIT)

    def left(self) -> None:
        """Tell the watchdog that Textual has restored the terminal."""
        self.terminal.left = True

    def code(self, default_code: int, words: str) -> int:
        """Return the exit code: 128 plus the signal, as in shells, if a signal ended the lab and there are no messages.

        An app whose terminal disappears during the start may crash; that is not reported.
        """
        return 128 + self._signal if self._signal and not words else default_code

    # The watchdog's thread.

    def watch(self) -> None:
        """Wait for the end and bring it about, in the watchdog's thread."""
        while not self._over():
            heard = self.signals.wait(TICK if self._end < inf else None)
            if CLOSE in heard:
                return
            if QUIT in heard:
                self._end = min(self._end, self._clock() + QUIT_LIMIT)
            if LOST in heard:
                abandon()
                heard.add(HANGUP)
            if asked := heard & {HANGUP, *SIGNALS}:
                self._leave(min(asked))
        code, words = 1, ""
        try:
            code, words = self._outcome()
            self.terminal.restore(words and f"{words}\n")
        finally:
            self._finish(self.code(code, words))

    def _leave(self, number: int) -> None:
        if self._signal:
            return
        self._signal = number
        alarm(HARD_LIMIT)
        self._end = min(self._end, self._clock() + ASKED_LIMIT)
        with suppress(Exception):  # the app may be incomplete; the watchdog ends it anyway
            self._stop()

    def _over(self) -> bool:
        now = self._clock()
        if self._end < inf and self._saved.is_set():
            self._saved_at = min(self._saved_at, now)
        return now >= min(self._end, self._saved_at + (GRACE if self._signal else QUIT_GRACE))


def end_at_once(code: int) -> None:
    """End the process if the interpreter would wait for a blocked thread; otherwise return."""
    main = threading.main_thread()
    if any(thread is not main and thread.is_alive() and not thread.daemon for thread in threading.enumerate()):
        with suppress(OSError):
            sys.stderr.flush()
        os._exit(code)


def alarm(seconds: float) -> None:
    """Let the kernel end the process after ``seconds``; 0 cancels that."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
