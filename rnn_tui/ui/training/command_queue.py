"""Commands on their way from the screen's thread to the training thread.  Only training_thread.py makes a queue."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Condition
from typing import Any, TypeAlias

MOST_WAITING = 20  # commands; a key held down on a slow net must not queue up minutes of work
COURTESY = 0.03  # seconds that training stands back after a key

Function: TypeAlias = Callable[..., str | None]


@dataclass(frozen=True)
class Command:
    """What the training thread is to do, once.  It is never changed, so both threads may hold it.

    Attributes:
        function: called in the training thread, with the TrainingThread and ``arguments``; it returns what to tell the
            user.
        travels: it does nothing but go to a step, so that a later one makes it needless.
        action: the id of the binding that asked for it, reported when it is done; empty: nothing is reported.
    """

    function: Function
    arguments: tuple[Any, ...] = ()
    travels: bool = False
    action: str = ""

    def run(self, thread: Any) -> str:
        """Carry it out; return what to tell the user, empty if nothing.  The training thread calls it."""
        return self.function(thread, *self.arguments) or ""


@dataclass(frozen=True)
class _Entry:
    """``called_off``: the command is to begin no journey."""

    command: Command
    called_off: bool = False


class CommandQueue:
    """The only object that both threads use to steer training.  Each operation holds the one lock, so no order of the
    two threads' operations loses a command or the end.

    The screen's thread calls ``put``, ``put_latest``, ``call_off``, ``busy``, ``wake`` and ``stand_back``; the
    training thread calls ``get``, ``waiting``, ``called_off`` and ``courtesy``; every thread may call ``close`` and
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
        """Append a command; False where too many are waiting, or the end has come."""
        with self._changed:
            if self._closed or len(self._waiting) >= MOST_WAITING:
                return False
            self._append(command)
            return True

    def put_latest(self, command: Command) -> None:
        """Append a command that travels, in place of those that wait last and of the one under way before them.

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
        """Have the command under way and those that wait go nowhere; whether there was any that travels."""
        with self._changed:
            present = [*([self._under_way] if self._under_way else []), *self._waiting]
            self._under_way = self._under_way and replace(self._under_way, called_off=True)
            staying = [each for each in self._waiting if not each.command.travels]
            self._waiting = deque(replace(each, called_off=True) for each in staying)
            return any(each.command.travels and not each.called_off for each in present)

    @property
    def busy(self) -> bool:
        """Whether commands are waiting, or one is under way that does more than travel."""
        with self._changed:
            return bool(self._waiting) or (self._under_way is not None and not self._under_way.command.travels)

    def wake(self) -> None:
        """Have ``get`` return at once, without a command where none waits."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def stand_back(self) -> None:
        """A key was pressed: training leaves the interpreter to the screen for a moment."""
        with self._changed:
            self._quiet_until = self._clock() + COURTESY

    # Every thread.

    def close(self) -> None:
        """Drop what is waiting, call off what is under way, and accept nothing more."""
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
        """Take the next command; None where none comes within ``timeout`` seconds, it is woken, or the queue is closed.
        What was taken before is done.
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
        """Whether ``get`` would return at once."""
        with self._changed:
            return self._closed or bool(self._waiting)

    @property
    def called_off(self) -> bool:
        """Whether the command under way is to stop where it is."""
        with self._changed:
            return self._closed or (self._under_way is not None and self._under_way.called_off)

    @property
    def courtesy(self) -> float:
        """Seconds for which training still stands back."""
        with self._changed:
            return max(0.0, self._quiet_until - self._clock())

    def _append(self, command: Command) -> None:
        self._waiting.append(_Entry(command))
        self._changed.notify()
