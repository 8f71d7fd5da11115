"""Events of the terminal, given to the screen one after the other, each when the one before has had its effect.

Textual hands a key from the widget with the focus up to the app, and each of them has a queue of its own.  Keys that
come in one burst overtake each other there: a letter is in the field before the ctrl+u that was to empty it, and what
follows a key that opens a dialog comes before the dialog does.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from contextvars import copy_context

from textual.events import Event, Key, MouseMove, Paste, Resize

from rnn_tui.number_format import counted

MOST_WAITING = 250  # events; a person types 15 a second, and a key held down sends 30
TOO_FAST = "{count} came faster than the lab can do them, and were dropped"


class EventQueue:
    """Every thread may call ``offer``, ``drop`` and ``full``; all else belongs to the screen's.

    Args:
        give: hands an event to the screen, and returns when its effect is seen.
        tell: shows a sentence.
    """

    def __init__(self, give: Callable[[Event], Awaitable[None]], tell: Callable[[str], None]) -> None:
        self._give, self._tell = give, tell
        self._loop, self._context = asyncio.get_running_loop(), copy_context()
        self._lock = threading.RLock()  # around all that follows, but the task
        self._waiting: deque[Event] = deque()
        self._size: Resize | None = None  # only the last one counts
        self._keys = self._others = 0  # how many have been dropped
        self._task: asyncio.Task[None] | None = None
        self._woken = self._is_open = False

    def open(self) -> None:
        """From now on events are given; before that they wait."""
        self._is_open = True
        self._wake()

    @property
    def full(self) -> bool:
        with self._lock:
            return len(self._waiting) >= MOST_WAITING

    @property
    def idle(self) -> bool:
        """Whether all that came has been given, and has had its effect."""
        with self._lock:
            return not self._waiting and self._task is None

    def offer(self, event: Event) -> None:
        """Have it given in its turn, or drop it where too many are waiting."""
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
        """Count what is not done, to tell it when there is time; None: a key."""
        with self._lock:
            if event is None or isinstance(event, Key | Paste):
                self._keys += count
            else:
                self._others += count

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
