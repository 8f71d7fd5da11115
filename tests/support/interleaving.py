"""Two threads that take turns as they are told: every order of their operations can be tried, without any luck.

Exactly one of the threads runs at a time.  It can be stopped before each line, or each bytecode, of the watched files,
and where it waits for a ``Condition`` of this module.  ``explore`` tries all orders with few such switches, for a race
that needs many is a rare one (Musuvathi & Qadeer 2007, "Iterative context bounding").
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import ModuleType

STUCK = 20.0  # seconds; a switch takes microseconds


class Deadlock(Exception):
    """No thread can run, and something is left to do."""


class Task:
    """One of the threads."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.work = work
        self.go = threading.Semaphore(0)
        self.blocked: Callable[[], bool] | None = None  # until it holds
        self.patient = True  # whether it waits without a timeout
        self.done = False
        self.error: BaseException | None = None

    @property
    def ready(self) -> bool:
        return not self.done and (self.blocked is None or self.blocked())


class Schedule:
    """One order: the first thread begins, and at each of the points ``switches`` the other one takes over.

    ``at_rest`` is called once, by the thread that blocks last, when none can run; it may make one ready again.
    """

    current: "Schedule | None" = None

    def __init__(self, switches: tuple[int, ...], files: set[str], opcodes: bool) -> None:
        self._switches, self._files, self._opcodes = set(switches), files, opcodes
        self.points = 0
        self._over = threading.Semaphore(0)

    def run(self, works: list[Callable[[], object]], at_rest: Callable[[], object]) -> None:
        self._tasks, self._at_rest, self._rested = [Task(work) for work in works], at_rest, False
        self._now = self._tasks[0]
        Schedule.current = self
        threads = [threading.Thread(target=self._body, args=[task], daemon=True) for task in self._tasks]
        for thread in threads:
            thread.start()
        self._now.go.release()
        assert self._over.acquire(timeout=STUCK), "the threads under test wait for something that is not watched"
        for thread in threads:
            thread.join(STUCK)
        Schedule.current = None
        for task in self._tasks:
            if task.error:
                raise task.error

    def _body(self, task: Task) -> None:
        task.go.acquire()
        sys.settrace(self._trace)
        try:
            task.work()
        except BaseException as error:
            task.error = error
        finally:
            sys.settrace(None)
            task.done = True
            self._hand_over(task)

    def _trace(self, frame, _, __):  # type: ignore[no-untyped-def]
        if frame.f_code.co_filename not in self._files:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = self._opcodes, not self._opcodes
        return self._step

    def _step(self, _, event, __):  # type: ignore[no-untyped-def]
        if event in ("line", "opcode"):
            self.points += 1
            if self.points in self._switches:
                self._hand_over(self._now)
        return self._step

    def block(self, until: Callable[[], bool], patient: bool = True) -> bool:
        """Let the other thread run until the condition holds; whether it does, which may fail for an impatient one."""
        task = self._now
        if not until():
            task.blocked, task.patient = until, patient
            self._hand_over(task)
            task.blocked = None
        return until()

    def _hand_over(self, task: Task) -> None:
        """To the other thread if it can run, else back to this one."""
        following = self._following(task)
        if following is None:
            self._over.release()
        elif following is not task:
            self._now = following
            following.go.release()
            if not task.done:
                task.go.acquire()
        if task.error and not task.done:
            raise task.error

    def _following(self, task: Task) -> Task | None:
        """The one that runs next; None when all are done."""
        order = [other for other in self._tasks if other is not task] + [task]
        left = [each for each in order if not each.done]
        while left:
            if found := next((each for each in left if each.ready), None):
                return found
            if impatient := next((each for each in left if not each.patient), None):
                return impatient
            self._rest(left)
        return None

    def _rest(self, left: list[Task]) -> None:
        trace = sys.gettrace()
        sys.settrace(None)
        try:
            if self._rested:
                raise Deadlock("each thread waits for ever")
            self._rested = True
            self._at_rest()
        except BaseException as error:
            for each in left:
                each.error, each.blocked = error, None
        finally:
            sys.settrace(trace)


class Condition:
    """As ``threading.Condition`` with a plain lock, for the threads of a Schedule, and for the one that set it up."""

    def __init__(self) -> None:
        self._held = False
        self._waiters: list[list[bool]] = []

    def __enter__(self) -> None:
        if Schedule.current:
            Schedule.current.block(lambda: not self._held)
        assert not self._held
        self._held = True

    def __exit__(self, *_: object) -> None:
        self._held = False

    def wait_for(self, predicate: Callable[[], object], timeout: float | None = None) -> bool:
        while not predicate():
            if timeout == 0:
                return False
            assert Schedule.current
            waiter = [False]
            self._waiters.append(waiter)
            self._held = False
            told = Schedule.current.block(lambda waiter=waiter: waiter[0] and not self._held, timeout is None)  # type: ignore[misc]
            assert not self._held
            self._held = True
            if not told:
                self._waiters.remove(waiter)
                return bool(predicate())
        return True

    def notify(self) -> None:
        if self._waiters:
            self._waiters.pop(0)[0] = True


def schedules(run: Callable[[tuple[int, ...]], int], most: int, before: tuple[int, ...] = ()) -> Iterator[int]:
    """``run`` with every choice of at most ``most`` switches; it returns the number of points there were."""
    points = run(before)
    yield points
    if len(before) < most:
        for at in range(before[-1] + 1 if before else 1, points + 1):
            yield from schedules(run, most, (*before, at))


def explore(
    scenario: Callable[[], tuple[list[Callable[[], object]], Callable[[], object]]],
    modules: list[ModuleType],
    most: int = 1,
    opcodes: bool = False,
) -> int:
    """Try all orders of a scenario, which makes the threads' works and the check at rest anew; how many there were.

    Raises what a thread or a check raises, with the switches that led to it.
    """
    files = {module.__file__ or "" for module in modules}

    def run(switches: tuple[int, ...]) -> int:
        works, at_rest = scenario()
        schedule = Schedule(switches, files, opcodes)
        try:
            schedule.run(works, at_rest)
        except BaseException as error:
            with suppress(AttributeError):
                error.add_note(f"switches at {switches}")
            raise
        return schedule.points

    return sum(1 for _ in schedules(run, most))
