"""The terminal driver: reads input by our rules, handles stop and continue, and restores the terminal at the end."""

import os
import selectors
import signal
import termios
from contextlib import suppress
from typing import Any

from textual.drivers.linux_driver import LinuxDriver

from rnn_tui.ui.input.textual_internals import GuardedInput, StoppableDriver, is_exiting

READ = 65_536  # bytes at once
LOOK = 0.1  # seconds between two checks for timeouts


class TerminalDriver(GuardedInput, StoppableDriver, LinuxDriver):
    """Restores the terminal to its state at the start, however often the lab was stopped and continued."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._at_start: list[Any] | None = None
        self._is_on = False  # whether the app controls the terminal
        with suppress(termios.error):
            self._at_start = termios.tcgetattr(self.fileno)

    def on_stop(self) -> None:
        self._leave()
        os.kill(os.getpid(), signal.SIGSTOP)

    def on_continue(self) -> None:
        """Redraw after SIGTSTP, or after SIGSTOP, which cannot be caught; the shell may have changed the terminal."""
        if self._in_background():  # a background process must not touch the terminal
            self.on_stop()
        elif not is_exiting(self.app):
            self._leave()
            self.start_application_mode()
            self.app.refresh(layout=True)

    def _leave(self) -> None:
        if self._is_on:
            self.suspend_application_mode()

    def _in_background(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) != os.getpgrp()
        except OSError:
            return False

    def start_application_mode(self) -> None:
        for number in (signal.SIGUSR1, signal.SIGUSR2):  # they would end the lab without restoring the terminal
            signal.signal(number, lambda *_: None)
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self.attrs_before, self._is_on = self._at_start, True

    def stop_application_mode(self) -> None:
        self._is_on = False
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                self._take(self._bytes() if selector.select(LOOK) else b"")

    def _bytes(self) -> bytes:
        """Return the bytes that are available; after a moment nothing, if the terminal is gone."""
        with suppress(OSError):
            if data := os.read(self.fileno, READ):
                return data
        self.exit_event.wait(LOOK)
        return b""
