"""The terminal in a browser: packets of bytes from ``rnn-tui serve``."""

import asyncio
import os
import signal
import sys
import threading
from typing import Any

from textual import messages
from textual.drivers.web_driver import WebDriver

from rnn_tui.ui.input.textual_internals import GuardedInput, PacketDriver

TAKEN = [signal.SIGINT, signal.SIGTERM]  # the signals for which Textual's driver sets handlers of its own


class BrowserDriver(GuardedInput, PacketDriver, WebDriver):
    """Textual's driver for browsers, which ends the lab when the server is gone and survives unexpected packets.

    However the server ends, even by SIGKILL, the system closes its ends of the pipes: reading then returns nothing,
    and writing fails.  Textual's own driver would then stop reading, and the lab would never end.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._writing, self._gone = threading.Lock(), threading.Event()

    def start_application_mode(self) -> None:
        """Start it, and give the signals back to the watchdog, which already handles them."""
        before = [signal.getsignal(number) for number in TAKEN]
        if sys.platform == "win32" or not all(callable(handler) for handler in before):
            super().start_application_mode()
            return
        wakeup = signal.set_wakeup_fd(-1)
        super().start_application_mode()
        for number, handler in zip(TAKEN, before, strict=True):
            asyncio.get_running_loop().remove_signal_handler(number)
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)

    def run_input_thread(self) -> None:
        """Read until the lab or the server ends."""
        for packets in self.packets():
            if not all(self._handle(kind, payload) for kind, payload in packets):
                break
            self._take(b"")
        if not self.exit_event.is_set():
            self._hang_up()

    def _handle(self, kind: str, payload: bytes) -> bool:
        """Handle a packet; return False if it is the last."""
        if kind == "D":
            self._take(payload)
            return True
        try:
            return self.handle_meta(kind, payload)
        except (ValueError, TypeError, LookupError, AttributeError) as error:  # invalid JSON, or missing parts
            self.app.log.error(f"a packet of the browser: {error}")
            return True

    def send_packet(self, data: bytes) -> int:
        """Write a whole packet; drop it if nobody can read it."""
        left = memoryview(data)
        with self._writing:
            try:
                while left and not self._gone.is_set():
                    left = left[os.write(self.fileno, left) :]
            except OSError:
                self._hang_up()
        return len(data)

    def _hang_up(self) -> None:
        """End the lab like a terminal that disappears."""
        if self._gone.is_set():
            return
        self._gone.set()
        if sys.platform == "win32":  # there the signal would end the process before its run is saved
            self.app.post_message(messages.ExitApp())
        else:
            signal.raise_signal(signal.SIGTERM)
