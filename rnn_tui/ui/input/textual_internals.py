"""What uses private parts of Textual 8.2 on every platform: how bytes become events, and what becomes of an exception.

``tests/ui/input/test_textual_internals.py`` fails where a new version of Textual has other parts.
"""

from collections.abc import Callable
from itertools import chain
from typing import Any, Protocol, runtime_checkable

from textual import constants
from textual._xterm_parser import XTermParser
from textual.events import Event, Paste
from textual.message import Message
from textual.message_pump import MessagePump

from rnn_tui.ui.input.event_queue import EventQueue
from rnn_tui.ui.input.terminal_input import ESC, Pasted, TerminalInput, Unit


class Interpreter:
    """Has Textual's parser say what a unit of input means.  What that does not know, or fails on, means nothing."""

    def __init__(self) -> None:
        self._parser = XTermParser()

    def events(self, unit: Unit) -> list[Message]:
        if isinstance(unit, Pasted):
            return [Paste(unit.text)]
        try:
            found = list(self._parser.feed(unit))
            if found or not unit.startswith(ESC):
                return found
            if len(unit) <= 2:  # ESC alone or a key with alt, behind which more could have come
                found = list(self._parser.feed(""))
        except Exception:  # of numbers that no terminal has
            found = []
        self._begin_again()
        return found

    def _begin_again(self) -> None:
        """A parser that waits for nothing, and knows what the terminal has told of itself."""
        old, self._parser = self._parser, XTermParser()
        for name in ("last_x", "last_y", "mouse_pixels", "terminal_size"):
            setattr(self._parser, name, getattr(old, name))
        pixels = old.terminal_pixel_size
        self._parser.terminal_pixel_size = pixels if pixels and all(pixels) else None


class GuardedInput:
    """What our drivers have in common: they read by our own rules, and put events into the app's queue."""

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
        """Called in the thread that reads; without bytes where nothing has come for a moment."""
        try:
            for unit in chain(self._input.feed(data), self._input.tick()):
                if isinstance(unit, Pasted):
                    self._queue.drop(count=unit.lost)
                elif self._queue.full and len(unit) == 1:  # not worth being understood
                    self._queue.drop()
                    continue
                for event in self._interpreter.events(unit):
                    self.process_message(event)
        except Exception:  # whatever it was, the next key must be read
            self._input = TerminalInput(constants.ESCAPE_DELAY)


@runtime_checkable
class Forgiving(Protocol):
    """An app that may go on after an exception."""

    def forgives(self, error: Exception) -> bool:
        """Whether it has been told, and the app goes on."""


_dispatch = MessagePump._dispatch_message


async def _dispatch_and_forgive(pump: MessagePump, message: Message) -> None:
    """Textual ends the queue in which a handler fails, and the app with it: what ``App._handle_exception`` is told
    comes too late.  So it is caught where a message is handled, of whatever widget.
    """
    try:
        await _dispatch(pump, message)
    except Exception as error:
        app = pump.app
        if not (isinstance(app, Forgiving) and app.forgives(error)):
            raise


def forgive_in_queues() -> None:
    """Ask apps that are :class:`Forgiving` before an exception in any queue of messages ends them."""
    MessagePump._dispatch_message = _dispatch_and_forgive  # type: ignore[method-assign, assignment]
