"""Queue of commands from the screen's thread to the training thread.  Only training_thread.py creates one."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Condition
from typing import Any, TypeAlias

MOST_WAITING = 20  # commands; a held key on a slow net must not queue minutes of work
KEY_PAUSE = 0.03  # seconds that training pauses after a key

Function: TypeAlias = Callable[..., str | None]


@dataclass(frozen=True)
class Command:
    """A task for the training thread.  It is immutable, so both threads may hold it.

    Attributes:
        function: called in the training thread with the TrainingThread and ``arguments``; returns a message.
        travels: whether it only goes to a step, so that a later one replaces it.
        action: id of the binding that sent it, reported when it is done; empty: not reported.
    """

    function: Function
    arguments: tuple[Any, ...] = ()
    travels: bool = False
    action: str = ""

    def run(self, thread: Any) -> str:
        """Execute the command in the training thread; return a message for the user, or an empty string."""
        return self.function(thread, *self.arguments) or ""


@dataclass(frozen=True)
class _Entry:
    """A queued command.  ``called_off``: it must not go to a step."""

    command: Command
    called_off: bool = False


class CommandQueue:
    """The only object with which both threads steer training.  Each operation holds its lock, so no order of the two
    threads' operations loses a command or the end.

    The screen's thread calls ``put``, ``put_latest``, ``call_off``, ``busy``, ``wake`` and ``pause_after_key``; the
    training thread calls ``get``, ``waiting``, ``called_off`` and ``key_pause``; every thread may call ``close`` and
    ``closed``.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._changed = Condition()
        self._waiting: deque[_Entry] = deque()
        self._under_way: _Entry | None = None
        self._closed = False
        self._quiet_until = 0.0
        self._woken = False

    # The screen's thread.

    def put(self, command: Command) -> bool:
        """Append a command; return False if too many are waiting or the queue is closed."""
        with self._changed:
            if self._closed or len(self._waiting) >= MOST_WAITING:
                return False
            self._append(command)
            return True

    def put_latest(self, command: Command) -> None:
        """Append a command that travels; it replaces those at the end of the queue, and stops one that is running.

        It is never refused: there is at most one more of these than of other commands.
        """
        with self._changed:
            while self._waiting and self._waiting[-1].command.travels:
                self._waiting.pop()
            if not self._waiting:
                self._under_way = self._under_way and replace(self._under_way, called_off=True)
            if not self._closed:
                self._append(command)

    def call_off(self) -> bool:
        """Stop commands that travel; return whether there were any."""
        with self._changed:
            present = [*([self._under_way] if self._under_way else []), *self._waiting]
            self._under_way = self._under_way and replace(self._under_way, called_off=True)
            staying = [each for each in self._waiting if not each.command.travels]
            self._waiting = deque(replace(each, called_off=True) for each in staying)
            return any(each.command.travels and not each.called_off for each in present)

    @property
    def busy(self) -> bool:
        """Return whether commands are waiting, or one is running that does more than travel."""
        with self._changed:
            return bool(self._waiting) or (self._under_way is not None and not self._under_way.command.travels)

    def wake(self) -> None:
        """Let ``get`` return at once, without a command if none waits."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def pause_after_key(self) -> None:
        """Pause training for a moment after a key, so that the screen gets the interpreter."""
        with self._changed:
            self._quiet_until = self._clock() + KEY_PAUSE

    # Every thread.

    def close(self) -> None:
        """Drop waiting commands, stop the running one, and accept no more."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify()

    @property
    def closed(self) -> bool:
        with self._changed:
            return self._closed

    # The training thread.

    def get(self, timeout: float | None) -> Command | None:
        """Return the next command; None after ``timeout`` seconds, after ``wake``, or if the queue is closed.

        The command taken before counts as done.
        """
        with self._changed:
            self._under_way = None
            self._changed.wait_for(lambda: self._waiting or self._closed or self._woken, timeout)
            self._woken = False
            if not self._waiting:
                return None
            self._under_way = self._waiting.popleft()
            return self._under_way.command

    @property
    def waiting(self) -> bool:
        """Return whether ``get`` would return at once."""
        with self._changed:
            return self._closed or bool(self._waiting)

    @property
    def called_off(self) -> bool:
        """Return whether the running command has to stop where it is."""
        with self._changed:
            return self._closed or (self._under_way is not None and self._under_way.called_off)

    @property
    def key_pause(self) -> float:
        """Seconds for which training still pauses."""
        with self._changed:
            return max(0.0, self._quiet_until - self._clock())

    def _append(self, command: Command) -> None:
        self._waiting.append(_Entry(command))
        self._changed.notify()
