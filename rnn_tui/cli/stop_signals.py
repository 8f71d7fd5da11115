"""Signals that ask the training to stop: ctrl+c, and those with which the system ends programs."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def stop_signals(then: Callable[[], None] = lambda: None) -> Iterator[Callable[[], bool]]:
    """Catch the signals; yield a function that returns whether one came.  A second signal has its former effect.

    ``then``: is called when the first one comes.
    """
    before, asked = {number: signal.getsignal(number) for number in SIGNALS}, False

    def ask(number: int, _: object) -> None:
        nonlocal asked
        asked = True
        signal.signal(number, before[number])
        then()

    for number in SIGNALS:
        signal.signal(number, ask)
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
