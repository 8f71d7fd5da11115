"""Engines, which compute the jobs of a sweep, and the one that does so on all cores of this machine."""

from collections.abc import Iterable, Iterator
from queue import SimpleQueue
from threading import Semaphore
from typing import Protocol

from rnn_tui.errors import RnnTuiError
from rnn_tui.experiments.jobs import Job, Row, failed, run_job
from rnn_tui.experiments.worker_pool import Death, WorkerPool, cores


class Engine(Protocol):
    """Computes jobs somewhere: in local processes, or on a cluster."""

    @property
    def size(self) -> int:
        """Number of jobs that can be computed at the same time."""

    def completed(self, jobs: Iterable[Job]) -> Iterator[Row]:
        """Yield the result line of each job, in the order in which they end."""

    def stop(self) -> None:
        """Let ``completed`` end soon, without the results that are still missing; callable from any thread."""


class LocalProcesses:
    """An engine: worker processes on this machine.

    A worker that dies is replaced.  The job that it was computing is tried once more; then it has failed.
    """

    def __init__(self, processes: int | None = None) -> None:
        """``processes``: how many; None: one for each core.  Raises RnnTuiError if that is less than 1."""
        self.size = cores() if processes is None else processes
        if self.size < 1:
            raise RnnTuiError(f"jobs = {self.size}: must be at least 1")
        self._news = SimpleQueue[Row | RnnTuiError | None]()  # None: no more results come
        self._stopped = False

    def completed(self, jobs: Iterable[Job]) -> Iterator[Row]:
        """Yield the result line of each job, in the order in which they end; see :class:`Engine`.

        The jobs are taken in other threads.  When the iteration ends, for whatever reason, so do the workers.

        Raises:
            RnnTuiError: workers cannot be started.
        """
        news = self._news = SimpleQueue[Row | RnnTuiError | None]()
        room = Semaphore(2 * self.size)  # results that wait for a slow disk; then the workers wait too

        def report(row: Row) -> None:
            room.acquire()
            news.put(row)

        def lost(job: Job, death: Death) -> None:
            unable = RnnTuiError(f"worker processes cannot be started ({death.why})")
            if death.started:
                report(failed(job, str(death)))
            else:
                news.put(unable)

        pool = WorkerPool[Job, Row](
            self.size, f"{__name__}:rows", lambda _: True, report, lost, on_done=lambda: news.put(None)
        )
        pool.add(jobs)
        try:
            while not self._stopped and (row := news.get()) is not None:
                if isinstance(row, RnnTuiError):
                    raise row
                yield row
                room.release()
        finally:
            pool.cancel()
            room.release(self.size)
            pool.join()

    def stop(self) -> None:
        """Let ``completed`` end soon, without the results that are still missing; callable from any thread."""
        self._stopped = True
        self._news.put(None)


def rows(job: Job) -> Iterator[Row]:
    """Yield the result line of a job: what a worker process calls."""
    yield run_job(job)
