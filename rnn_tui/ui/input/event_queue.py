"""Queue of the terminal's events: the screen gets each event when the one before has had its effect.

Textual passes a key from the widget with the focus up to the app, and each of them has its own queue.  Keys of one
burst overtake each other there: a letter reaches a field before the ctrl+u that was to empty it, and the key after one
that opens a dialog comes before the dialog opens.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from contextvars import copy_context

from textual.events import Event, Key, MouseMove, Paste, Resize

from rnn_tui.number_format import counted

MOST_WAITING = 250  # events; a person types 15 a second, and a key held down sends 30
TOO_FAST = "ignored {count} that came too fast"


class EventQueue:
    """A queue of events.  Every thread may call ``offer``, ``drop`` and ``full``; the rest belongs to the screen's
    thread.

    Args:
        give: gives an event to the screen, and returns when its effect is visible.
        tell: shows a message.
    """

    def __init__(self, give: Callable[[Event], Awaitable[None]], tell: Callable[[str], None]) -> None:
        self._give, self._tell = give, tell
        self._loop, self._context = asyncio.get_running_loop(), copy_context()
        self._lock = threading.RLock()  # guards all that follows except the task
        self._waiting: deque[Event] = deque()
        self._size: Resize | None = None  # only the last size matters
        self._keys = 0  # dropped ones
        self._task: asyncio.Task[None] | None = None
        self._woken = self._is_open = False

    def open(self) -> None:
        """Start to give events; until now they waited."""
        self._is_open = True
        self._wake()

    @property
    def full(self) -> bool:
        with self._lock:
            return len(self._waiting) >= MOST_WAITING

    @property
    def idle(self) -> bool:
        """Return whether all events have been given and have had their effect."""
        with self._lock:
            return not self._waiting and self._task is None

    def offer(self, event: Event) -> None:
        """Queue an event, or drop it if too many are waiting."""
        with self._lock:
            if isinstance(event, Resize):
                self._size = event
            elif isinstance(event, MouseMove) and self._waiting and isinstance(self._waiting[-1], MouseMove):
                self._waiting[-1] = event
            elif self.full:
                self.drop(event)
            else:
                self._waiting.append(event)
            asleep, self._woken = not self._woken, True
        if asleep and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, context=self._context)

    def drop(self, event: Event | None = None, count: int = 1) -> None:
        """Count dropped keys, to report them later; None counts as a key."""
        with self._lock:
            if event is None or isinstance(event, Key | Paste):
                self._keys += count

    def _wake(self) -> None:
        with self._lock:
            self._woken = False
            anything = bool(self._waiting or self._size)
        if self._is_open and self._task is None and anything:
            self._task = self._loop.create_task(self._drain(), name="terminal events")

    async def _drain(self) -> None:
        try:
            while event := self._next():
                await self._give(event)
        finally:
            self._task = None
        with self._lock:
            count, self._keys = self._keys, 0
        if count:
            self._tell(TOO_FAST.format(count=counted(count, "key")))

    def _next(self) -> Event | None:
        with self._lock:
            if self._size:
                event, self._size = self._size, None
                return event
            return self._waiting.popleft() if self._waiting else None
