"""What ctrl+c does, from the first line of the program to the last, so that it never shows a traceback."""

import os
import signal
from collections.abc import Callable

INTERRUPTED = 128 + signal.SIGINT  # the exit code that shells expect


class Interrupt:
    """A handler that was set here, and may be replaced here."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act = act

    def __call__(self, *_: object) -> None:
        self._act()


def at_interrupt(act: Callable[[], object]) -> None:
    """Have SIGINT do that from now on; not where it is ignored, as in the background of a script, nor where something
    else handles it.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler or isinstance(before, Interrupt):
        signal.signal(signal.SIGINT, Interrupt(act))


def raise_at_interrupt() -> None:
    """Have SIGINT raise KeyboardInterrupt, as Python does."""
    if isinstance(signal.getsignal(signal.SIGINT), Interrupt):
        signal.signal(signal.SIGINT, signal.default_int_handler)


def leave_at_once() -> None:
    """For when nothing can be lost, and the terminal is as it was."""
    os._exit(INTERRUPTED)
