"""Jobs that wait, and come back if they are lost."""

from collections import deque
from collections.abc import Iterable
from itertools import islice

from rnn_tui.experiments.jobs import Job


class JobQueue:
    """Jobs that wait; they are taken one by one from an iterable, which may be long."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._front, self._rest = deque[Job](), iter(jobs)

    def __bool__(self) -> bool:
        if not self._front:
            self._front.extend(islice(self._rest, 1))
        return bool(self._front)

    def take(self) -> Job:
        """Return the next job; the queue must not be empty."""
        return self._front.popleft()

    def put_back(self, job: Job) -> None:
        """Put a job in front of all others."""
        self._front.appendleft(job)
