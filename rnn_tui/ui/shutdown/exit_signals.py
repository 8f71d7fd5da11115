"""Requests to exit: signals, the loss of the terminal, and messages of other threads.  The watchdog waits for them."""

import os
import select
import signal
import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

SIGNALS = [getattr(signal, name) for name in ("SIGHUP", "SIGTERM", "SIGINT", "SIGQUIT") if hasattr(signal, name)]
HANGUP = 1  # number of SIGHUP, even if the system does not have it
LOST, QUIT, CLOSE = 0xFD, 0xFE, 0xFF  # not numbers of signals


class ExitSignals:
    """Waits for signals and for the loss of the terminal, even while the main thread runs no Python code.

    The interpreter writes each signal's number to its wakeup descriptor at once; the loss of a terminal is found by
    polling.  The main thread creates it and calls ``install`` and ``close``; one thread calls ``wait``; every thread
    may
    call ``tell``.
    """

    def __init__(self, watched: Iterable[int]) -> None:
        """Watch descriptors whose other end may disappear."""
        self._before: dict[int, Any] = {}
        self._wakeup = -1
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._poll = select.poll() if hasattr(select, "poll") else None  # Windows has none
        if self._poll:
            self._poll.register(self._reader, select.POLLIN)
            for descriptor in watched:
                self._poll.register(descriptor, 0)  # reports only its loss

    def install(self) -> None:
        """Handle the signals, except those that the parent process told us to ignore, as nohup does."""
        signals = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        # in a browser, the event loop uses the wakeup descriptor, so the handlers call tell too
        self._before = {number: signal.signal(number, lambda number, _: self.tell(number)) for number in signals}
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)

    def close(self) -> None:
        """Restore the former handlers."""
        if self._before:
            signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def tell(self, word: int) -> None:
        with suppress(OSError):  # it is full of signals, or closed
            self._writer.send(bytes([word]))

    def wait(self, timeout: float | None) -> set[int]:
        """Return what has come: numbers of signals, LOST, and words."""
        heard: set[int] = set()
        for descriptor, event in self._events(timeout):
            if descriptor == self._reader.fileno():
                with suppress(BlockingIOError):
                    heard |= set(self._reader.recv(4096))
                continue
            if self._poll:
                self._poll.unregister(descriptor)
            if not event & select.POLLNVAL:  # some systems cannot poll terminals
                heard.add(LOST)
        return heard

    def _events(self, timeout: float | None) -> list[tuple[int, int]]:
        if self._poll:
            return self._poll.poll(None if timeout is None else 1000 * timeout)
        ready, _, _ = select.select([self._reader], [], [], timeout)
        return [(self._reader.fileno(), 0) for _ in ready]


def watched() -> list[int]:
    """Return the standard descriptors that the user holds: terminals, and in a browser the server's pipe."""
    web = "TEXTUAL_DRIVER" in os.environ
    return [descriptor for descriptor in (0, 1, 2) if os.isatty(descriptor) or (web and descriptor == 0)]
