"""What ctrl+c does, from the first line of the program to the last, so that it never shows a traceback."""

import os
import signal
from collections.abc import Callable

INTERRUPTED = 128 + signal.SIGINT  # the exit code that shells expect


def at_interrupt(act: Callable[[], object]) -> None:
    """Have SIGINT do that from now on; not where it is ignored, as in the background of a script."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: act())


def raise_at_interrupt() -> None:
    """Have SIGINT raise KeyboardInterrupt, as Python does."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def leave_at_once() -> None:
    """For when nothing can be lost, and the terminal is as it was."""
    os._exit(INTERRUPTED)
