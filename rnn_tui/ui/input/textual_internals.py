"""All code that uses private parts of Textual 8.2, each in its own function or class.

``tests/ui/input/test_textual_internals.py`` names for each what breaks if a new version of Textual has other parts;
``tests/test_architecture.py`` checks that no other module uses any.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import Any

from textual import constants, work
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.command import CommandPalette
from textual.css.query import NoMatches
from textual.events import Event, Paste
from textual.keys import _character_to_key
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.strip import Strip

from rnn_tui.ui.input.event_queue import EventQueue
from rnn_tui.ui.input.terminal_input import ESC, Pasted, TerminalInput, Unit

GATHERING = getattr(CommandPalette, "_GATHER_COMMANDS_GROUP", "gather commands")


# Names of keys.


def key_of_character(character: str) -> str:
    """Return Textual's name for the key of a character: ``less_than_sign`` for ``<``."""
    return _character_to_key(character)


# Output to the terminal.


def write_to_terminal(app: App[Any], text: str) -> None:
    """Write a control sequence after the drawing; do nothing without a driver."""
    if driver := getattr(app, "_driver", None):
        driver.write(text)


def unsent_writes(app: App[Any]) -> int:
    """Return the number of writes that wait for a slow terminal; 0 if it is unknown."""
    writer = getattr(getattr(app, "_driver", None), "_writer_thread", None)
    queue = getattr(writer, "_queue", None)
    return queue.qsize() if queue else 0


# Contents of a screen.


def drawn_rows(screen: Screen[Any]) -> list[Strip]:
    """Return the rows of a screen as they are drawn, also while another screen covers it."""
    return screen._compositor.render_strips()


# State of the app.


def standing_errors(app: App[Any]) -> list[str]:
    """Return the errors among the visible notifications; empty if Textual does not list them."""
    return [note.message for note in getattr(app, "_notifications", ()) if note.severity == "error"]


def is_exiting(app: App[Any]) -> bool:
    """Return whether the app has been asked to exit, so that its screens are gone or being removed."""
    return bool(getattr(app, "_exit", False))


def fail_test_with(app: App[Any], error: Exception) -> None:
    """Make a test that runs the app under a Pilot fail with the exception; the app continues."""
    if getattr(app, "_exception", error) is None:
        app._exception = error
    if event := getattr(app, "_exception_event", None):
        event.set()


class FaultTolerantApp(App[None]):
    """An app that may continue after an exception that Textual passes to ``_handle_exception``."""

    def survives(self, error: Exception) -> bool:
        """Return whether the exception was reported and the app continues."""
        raise NotImplementedError

    def _handle_exception(self, error: Exception) -> None:
        if not self.survives(error):
            super()._handle_exception(error)


class StoppableDriver:
    """Mixin for POSIX drivers: the handlers of SIGTSTP and SIGCONT that Textual installs."""

    _loop: Any
    _app: Any

    def on_stop(self) -> None:
        """Handle the shell's request to stop."""
        raise NotImplementedError

    def on_continue(self) -> None:
        """Handle the shell's request to continue."""
        raise NotImplementedError

    def _sigtstp_application(self, *_: Any) -> None:
        self.call_in_loop(self.on_stop)

    def _sigcont_application(self, *_: Any) -> None:
        self.call_in_loop(self.on_continue)

    def call_in_loop(self, act: Callable[[], None]) -> None:
        """Call a function between two events: a signal may come at any time."""
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(act)

    @property
    def app(self) -> Any:
        """The app of the driver."""
        return self._app


class PacketDriver:
    """Mixin for Textual's browser driver, which gives its private parts names."""

    _app: Any
    _input_reader: Any
    _on_meta: Callable[[str, bytes], None]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._write = partial(self.send_packet)

    def send_packet(self, data: bytes) -> int:
        """Write a whole packet to the server."""
        raise NotImplementedError

    @property
    def app(self) -> Any:
        """The app of the driver."""
        return self._app

    def packets(self) -> Iterator[list[tuple[str, bytes]]]:
        """Yield the received packets as (kind, payload), and regularly an empty list; end with the input or the lab."""
        from textual.drivers._byte_stream import ByteStream

        stream = ByteStream()
        try:
            for data in self._input_reader:
                yield list(stream.feed(data)) if data else []
        finally:
            self._input_reader.close()

    def handle_meta(self, kind: str, payload: bytes) -> bool:
        """Handle a packet of the page other than typed text; return False if it ends the input."""
        from textual.drivers.web_driver import _ExitInput

        try:
            self._on_meta(kind, payload)
        except _ExitInput:
            return False
        return True


class GuardedPalette(CommandPalette):
    """Textual's command palette, which fails on keys that come while its list is read, laid out or removed."""

    @property
    def can_turn_pages(self) -> bool:
        """Return whether the list has been laid out."""
        raise NotImplementedError

    @property
    def gathering(self) -> bool:
        """Return whether the list is still being read."""
        return any(
            worker.node is self and worker.group == GATHERING and not worker.is_finished for worker in self.workers
        )

    @work(exclusive=True, group=GATHERING)
    async def _gather_commands(self, search_value: str) -> None:
        with suppress(NoMatches):  # the palette was closed meanwhile
            await CommandPalette._gather_commands.__wrapped__(self, search_value)  # type: ignore[attr-defined]

    def _action_command_list(self, action: str) -> None:
        if action not in ("page_up", "page_down") or self.can_turn_pages:
            super()._action_command_list(action)


# From bytes to events.


class Interpreter:
    """Lets Textual's parser interpret input units; units that it does not know or fails on mean nothing."""

    def __init__(self) -> None:
        self._parser = XTermParser()

    def events(self, unit: Unit) -> list[Message]:
        if isinstance(unit, Pasted):
            return [Paste(unit.text)]
        try:
            found = list(self._parser.feed(unit))
            if found or not unit.startswith(ESC):
                return found
            if len(unit) <= 2:  # ESC or a key with alt, after which the parser expects more
                found = list(self._parser.feed(""))
        except Exception:  # numbers that no terminal sends
            found = []
        self._begin_again()
        return found

    def _begin_again(self) -> None:
        """Replace the parser by a new one that keeps what the terminal has reported."""
        old, self._parser = self._parser, XTermParser()
        for name in ("last_x", "last_y", "mouse_pixels", "terminal_size"):
            setattr(self._parser, name, getattr(old, name))
        pixels = old.terminal_pixel_size
        self._parser.terminal_pixel_size = pixels if pixels and all(pixels) else None


class GuardedInput:
    """Common part of our drivers: they read by our rules, and put events into the app's queue."""

    _app: Any
    process_message: Callable[[Message], None]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._input = TerminalInput(constants.ESCAPE_DELAY)
        self._interpreter = Interpreter()

    @property
    def _queue(self) -> EventQueue:
        queue: EventQueue = self._app.terminal_events
        return queue

    def send_message(self, message: Message) -> None:
        if isinstance(message, Event):
            self._queue.offer(message)
        else:
            super().send_message(message)  # type: ignore[misc]

    def _take(self, data: bytes) -> None:
        """Process bytes; called by the reading thread, without bytes if nothing has come for a moment."""
        try:
            for unit in chain(self._input.feed(data), self._input.tick()):
                if isinstance(unit, Pasted):
                    self._queue.drop(count=unit.lost)
                elif self._queue.full and len(unit) == 1:  # not interpreted, because it would be dropped
                    self._queue.drop()
                    continue
                for event in self._interpreter.events(unit):
                    self.process_message(event)
        except Exception:  # whatever happened, the next key must be read
            self._input = TerminalInput(constants.ESCAPE_DELAY)


# Exceptions.

_dispatch = MessagePump._dispatch_message


async def _dispatch_and_survive(pump: MessagePump, message: Message) -> None:
    """Handle a message, and let the app survive an exception.

    Textual ends the queue in which a handler fails, and the app with it, before ``App._handle_exception`` is called.
    So
    exceptions are caught here, where a message of any widget is handled.
    """
    try:
        await _dispatch(pump, message)
    except Exception as error:
        app = pump.app
        if not (isinstance(app, FaultTolerantApp) and app.survives(error)):
            raise


def survive_in_queues() -> None:
    """Install the handler that asks a FaultTolerantApp before an exception ends a message queue."""
    MessagePump._dispatch_message = _dispatch_and_survive  # type: ignore[method-assign, assignment]
