"""Ends the process in bounded time, whatever its other threads wait for.  Only app.py makes one."""

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

ASKED_LIMIT = 4.0  # seconds from a signal, or the loss of the terminal, to the end
HARD_LIMIT = 4.8  # seconds after which the kernel ends the process, should even this thread not get the interpreter
QUIT_LIMIT = 30.0  # seconds from the user's leave to the end: a large run may go to a slow disk
GRACE = 1.5  # seconds from when the run is saved, in which Textual may leave the terminal
QUIT_GRACE = 2.0  # the same after the user's leave
TICK = 0.02  # seconds between two looks, while the end is near


class ExitWatchdog:
    """Waits for a signal, the loss of the terminal, or the user's leave.  Then it has the run saved and the
    application end by themselves, waits for both, but not long, and ends the process where they do not.

    It relies on no other thread, for each may be blocked: the event loop by a write that no terminal takes, workers by
    a file.  The main thread enters and leaves it, around the application; ``quitting`` and ``left`` may be called by
    every thread; the rest belongs to a daemon thread of its own.

    Args:
        stop: called at most once, when the user has not asked; has the run saved and the application end.
        saved: set when the run is saved.
        outcome: the exit code, and the last words; asked when it is over.
        end: ends the process.
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
        self._signal = 0  # the first that came
        self._end = inf  # by when it must be over
        self._saved_at = inf  # since when the end is near and the run is saved
        self._thread = threading.Thread(target=self._watch, name="exit-watchdog", daemon=True)

    def __enter__(self) -> "ExitWatchdog":
        """Before the terminal is changed."""
        self._terminal = TerminalState()
        self._signals = ExitSignals(watched())
        self._signals.install()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """It is over in time."""
        self._signals.tell(CLOSE)
        self._thread.join()
        self._signals.close()
        _alarm(0)

    def quitting(self) -> None:
        """The application ends."""
        self._signals.tell(QUIT)

    def left(self) -> None:
        """Textual has restored the terminal."""
        self._terminal.left = True

    def code(self, default_code: int, words: str) -> int:
        """The exit code: 128 and the signal, as a shell has it, for a lab that was ended and has nothing to tell.

        An application whose terminal goes while it starts may crash, too; nobody wants to know.
        """
        return 128 + self._signal if self._signal and not words else default_code

    # The watchdog's thread.

    def _watch(self) -> None:
        while not self._over():
            heard = self._signals.wait(TICK if self._end < inf else None)
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
            self._terminal.restore(words and f"{words}\n")
        finally:
            self._finish(self.code(code, words))

    def _leave(self, number: int) -> None:
        if self._signal:
            return
        self._signal = number
        _alarm(HARD_LIMIT)
        self._end = min(self._end, self._clock() + ASKED_LIMIT)
        with suppress(Exception):  # the application is half made, or half gone: it is ended from here
            self._stop()

    def _over(self) -> bool:
        now = self._clock()
        if self._end < inf and self._saved.is_set():
            self._saved_at = min(self._saved_at, now)
        return now >= min(self._end, self._saved_at + (GRACE if self._signal else QUIT_GRACE))


def end_at_once(code: int) -> None:
    """End the process if the interpreter would wait for a thread that nobody ends; else it can end by itself."""
    main = threading.main_thread()
    if any(thread is not main and thread.is_alive() and not thread.daemon for thread in threading.enumerate()):
        with suppress(OSError):
            sys.stderr.flush()
        os._exit(code)


def _alarm(seconds: float) -> None:
    """Have the kernel end the process then; 0: not any more."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
