"""The terminal in a browser: packets of bytes from textual-serve, of which none ends the lab."""

from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver, _ExitInput

from rnn_tui.ui.input.textual_internals import GuardedInput


class BrowserDriver(GuardedInput, WebDriver):
    """Textual's own, but for what it does with bytes and packets that it does not expect."""

    def run_input_thread(self) -> None:
        packets = ByteStream()
        try:
            for data in self._input_reader:
                for kind, payload in packets.feed(data) if data else ():
                    self._packet(kind, payload)
                self._take(b"")
        except _ExitInput:
            pass
        finally:
            self._input_reader.close()

    def _packet(self, kind: str, payload: bytes) -> None:
        if kind == "D":
            self._take(payload)
            return
        try:
            self._on_meta(kind, payload)
        except (ValueError, TypeError, LookupError) as error:  # of JSON, and of what is not in it
            self._app.log.error(f"a packet of the browser: {error}")
