"""The terminal: read by our own rules, stopped and continued by the shell, and given back as it was at the start."""

import os
import selectors
import signal
import termios
from contextlib import suppress
from typing import Any

from textual.drivers.linux_driver import LinuxDriver

from rnn_tui.ui.input.textual_internals import GuardedInput, StoppableDriver, is_exiting

READ = 65_536  # bytes at once
LOOK = 0.1  # seconds between two looks at what was waited for too long


class TerminalDriver(GuardedInput, StoppableDriver, LinuxDriver):
    """Gives the terminal back as it was at the start, however often it was stopped and continued meanwhile."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._at_start: list[Any] | None = None
        self._is_on = False  # whether the terminal is the app's
        with suppress(termios.error):
            self._at_start = termios.tcgetattr(self.fileno)

    def on_stop(self) -> None:
        self._leave()
        os.kill(os.getpid(), signal.SIGSTOP)

    def on_continue(self) -> None:
        """After SIGTSTP, or after SIGSTOP, which cannot be noticed before; the shell may have changed the terminal."""
        if self._in_background():  # which must not touch the terminal
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
        for number in (signal.SIGUSR1, signal.SIGUSR2):  # which would end the lab with the terminal as it is
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
        """What there is; nothing, after a moment, where the terminal is gone."""
        with suppress(OSError):
            if data := os.read(self.fileno, READ):
                return data
        self.exit_event.wait(LOOK)
        return b""
