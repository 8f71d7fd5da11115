"""Gives one event of the terminal to the app, and waits until all its immediate effects are done."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, runtime_checkable

from textual.app import App, ScreenStackError
from textual.dom import DOMNode
from textual.events import Event, Key, Paste
from textual.message_pump import MessagePump

PATIENCE = 5.0  # seconds to wait for the effect of a key before the next key
GLANCE = 0.01  # seconds between two checks whether a screen takes a key
ROUNDS = 8  # through the queues; a dialog whose answer opens another dialog takes four


@runtime_checkable
class Holding(Protocol):
    """A screen that is not always ready for every key."""

    def holds(self, key: Key) -> bool:
        """Return whether the key has to wait because what it needs is not loaded yet."""


class Delivery:
    """Delivers events; belongs to the screen's thread.  ``given``: the event on its way."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self.given: Event | None = None
        self.overdue = 0  # number of events whose wait was cut short

    async def give(self, event: Event) -> None:
        if not self._app.is_running:
            return
        typed = isinstance(event, Key | Paste)
        if isinstance(event, Key) and self._held(event):
            await self._within_patience(self._free(event))
        before, self.given = self._standing(), event
        if self._app.post_message(event) and before:
            await self._within_patience(self._done(before) if typed else _reached(self._app))

    async def _within_patience(self, what: Awaitable[None]) -> None:
        try:
            await asyncio.wait_for(what, PATIENCE)
        except TimeoutError:
            self.overdue += 1

    def _held(self, key: Key) -> bool:
        before = self._standing()
        return bool(before) and isinstance(before[0], Holding) and before[0].holds(key)

    async def _free(self, key: Key) -> None:
        while self._held(key):
            await asyncio.sleep(GLANCE)

    async def _done(self, before: Sequence[DOMNode]) -> None:
        """Wait for every queue that the key passes and for what it causes, until no screen opens or closes and the
        focus
        stays.
        """
        path, rounds = before[1].ancestors_with_self, 0
        while rounds < ROUNDS:
            for node in path:
                await _reached(node)
            now = self._standing()
            if not now:
                return
            if now[0] is not before[0]:
                await _done_by(now[0].call_after_refresh)  # wait for the layout, so that pages and lines are known
            elif now == before and rounds:
                return
            before, path, rounds = now, now[1].ancestors_with_self, rounds + 1

    def _standing(self) -> Sequence[DOMNode]:
        """Return the screen on top and the widget that gets keys; nothing after the exit."""
        try:
            return self._app.screen, self._app.focused or self._app.screen
        except ScreenStackError:
            return ()


async def _reached(node: MessagePump) -> None:
    """Return when the node has handled its queue."""
    await _done_by(node.call_later)


async def _done_by(call: Callable[[Callable[[], None]], bool]) -> None:
    done = asyncio.Event()
    if call(done.set):
        await done.wait()
