"""What the lab of a browser draws on: pipes to ``rnn-tui serve``."""

import os
import signal
import sys
import threading
from functools import partial
from typing import Any

from textual import messages
from textual.drivers.web_driver import WebDriver


class LabDriver(WebDriver):
    """Textual's driver for browsers, which ends the lab when the server is gone.

    However the server ends, SIGKILL included, the system closes its ends of the pipes: reading then returns nothing,
    and writing fails.  Textual's own driver stops reading at that, and the lab would stay for ever.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._write = partial(self._send)
        self._writing, self._gone = threading.Lock(), threading.Event()

    def run_input_thread(self) -> None:
        """Read until the lab or the server ends."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._hang_up()

    def _send(self, data: bytes) -> int:
        """Write all of a packet, which is dropped if nobody can read it."""
        left = memoryview(data)
        with self._writing:
            try:
                while left and not self._gone.is_set():
                    left = left[os.write(self.fileno, left) :]
            except OSError:
                self._hang_up()
        return len(data)

    def _hang_up(self) -> None:
        """Do what a terminal does that disappears."""
        if self._gone.is_set():
            return
        self._gone.set()
        if sys.platform == "win32":  # where the signal would end the process before its run is saved
            self._app.post_message(messages.ExitApp())
        else:
            signal.raise_signal(signal.SIGTERM)
