"""Worker processes that compute jobs on all cores of this machine.

A worker is started with "spawn": it inherits no threads, locks or open files.  Each has a pipe of its own, in which the
next job already waits while it computes one, so that it never waits for this process.
"""

import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext
from threading import Thread
from typing import Protocol

from rnn_tui.errors import RnnTuiError
from rnn_tui.experiments.blas_threads import limit_blas_threads, prepare_accelerate
from rnn_tui.experiments.jobs import Job, Row, failed, run_job

QUEUED = 2  # jobs in a worker's hands: the one that it computes, and the next one
MOST_TRIES = 2  # of a job whose worker dies
MOST_STARTS = 3  # of workers that fail, in a row
GUARD = 'a script must start them below: if __name__ == "__main__":'  # since each of them imports the script
GONE = (EOFError, OSError)  # what reading from the pipe of a dead worker raises


class Engine(Protocol):
    """Computes jobs somewhere: in local processes, or on a cluster."""

    @property
    def size(self) -> int:
        """Number of jobs that can be computed at the same time."""

    def completed(self, jobs: Iterable[Job]) -> Iterator[Row]:
        """Yield the result line of each job, in the order in which they end."""

    def stop(self) -> None:
        """Let ``completed`` end soon, without the results that are still missing; callable from any thread."""


def completed(jobs: Iterable[Job], engine: Engine) -> Iterator[Row]:
    """Yield the result line of each job, in the order in which they end."""
    return engine.completed(jobs)


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalProcesses:
    """An engine: worker processes on this machine.

    A worker that dies is replaced.  The job that it was computing is tried once more; then it has failed.
    """

    def __init__(self, processes: int | None = None) -> None:
        """``processes``: how many; None: one for each core.  Raises RnnTuiError if that is less than 1."""
        self.size = cores() if processes is None else processes
        if self.size < 1:
            raise RnnTuiError(f"jobs = {self.size}: must be at least 1")
        self._context = multiprocessing.get_context("spawn")
        self._waker, self._wake = self._context.Pipe(duplex=False)
        self._stopped = False

    def completed(self, jobs: Iterable[Job]) -> Iterator[Row]:
        """Yield the result line of each job, in the order in which they end; see :class:`Engine`.

        When the iteration ends, for whatever reason, so do the workers.

        Raises:
            RnnTuiError: workers cannot be started.
        """
        prepare_accelerate()  # workers inherit the environment
        pool = _Pool(self._context, self.size, JobQueue(jobs))
        try:
            while not self._stopped and pool.filled():
                for worker in self._heard(pool.workers):
                    row = pool.hear(worker)
                    if row is not None:
                        yield row
        finally:
            pool.end()

    def stop(self) -> None:
        """Let ``completed`` end soon, without the results that are still missing; callable from any thread."""
        self._stopped = True
        with suppress(OSError):
            self._wake.send_bytes(b"stop")

    def _heard(self, workers: list["_Worker"]) -> list["_Worker"]:
        """Return the workers that have sent something or have died, once there are any; none if stopped."""
        heard = set(wait([self._waker, *(worker.pipe for worker in workers)]))
        return [] if self._stopped else [worker for worker in workers if worker.pipe in heard]


class _Pool:
    """The workers at present, and the jobs that wait for them."""

    def __init__(self, context: SpawnContext, size: int, waiting: "JobQueue") -> None:
        self._context, self._size, self._waiting = context, size, waiting
        self._tries, self._failed_starts = Counter[int](), 0
        self.workers: list[_Worker] = []

    def filled(self) -> bool:
        """Start workers as long as jobs wait for one; return whether there are any workers."""
        while len(self.workers) < self._size and self._waiting:
            self.workers.append(_Worker(self._context))
            self.workers[-1].fill(self._waiting)
        return bool(self.workers)

    def hear(self, worker: "_Worker") -> Row | None:
        """Return the result that a worker has sent, if it is one, and give it another job; it may also have died.

        Raises:
            RnnTuiError: workers cannot be started.
        """
        try:
            row = worker.receive()
        except GONE:
            return self._replace(worker)
        self._failed_starts = 0
        worker.fill(self._waiting)
        if not worker.jobs:
            self.workers.remove(worker)
            worker.end()
        return row

    def _replace(self, worker: "_Worker") -> Row | None:
        """Put the jobs of a worker that died back; return a result if one of them has failed by that."""
        self.workers.remove(worker)
        code, held, row = worker.end(), worker.jobs, None
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts == MOST_STARTS:
                raise RnnTuiError(f"worker processes cannot be started ({_why(code)}); {GUARD}")
        elif held:
            self._tries[held[0].index] += 1
            if self._tries[held[0].index] == MOST_TRIES:
                row = failed(held.popleft(), f"its process ended {MOST_TRIES} times ({_why(code)})")
        self._waiting.put_back(held)
        return row

    def end(self) -> None:
        """End all workers at once."""
        for worker in self.workers:
            worker.kill()
        for worker in self.workers:
            worker.end()


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

    def put_back(self, jobs: Iterable[Job]) -> None:
        """Put jobs in front of all others."""
        self._front.extendleft(reversed(list(jobs)))


class _Worker:
    """A worker process, and the jobs that were sent to it and have no result yet.

    Attributes:
        jobs: in the order in which they were sent; it computes the first one.
        ready: it has loaded the program.
    """

    def __init__(self, context: SpawnContext) -> None:
        self.pipe, theirs = context.Pipe()
        self.jobs, self.ready = deque[Job](), False
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        with _interrupts_held():
            self._process.start()
        theirs.close()

    def fill(self, waiting: JobQueue) -> None:
        """Send jobs, as many as the worker may hold."""
        while len(self.jobs) < QUEUED and waiting:
            job = waiting.take()
            self.jobs.append(job)
            with suppress(OSError):  # it has died: receiving will say so
                self.pipe.send(job)

    def receive(self) -> Row | None:
        """Return the next result; None if the worker only says that it is ready.  Raises one of GONE."""
        row: Row | None = self.pipe.recv()
        if row is not None:
            self.jobs.popleft()
        self.ready = True
        return row

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> int | None:
        """Close the pipe, at which the process ends, and return its exit code."""
        self.pipe.close()
        self._process.join()
        code = self._process.exitcode
        self._process.close()
        return code


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold back ctrl+c: a process that is started here never gets it, since it inherits the mask."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _why(code: int | None) -> str:
    """Return in words how a process ended."""
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"by {signal.Signals(-code).name}"
    return f"with exit code {code}"


def _serve(pipe: Connection) -> None:
    """Compute jobs from the pipe until it is closed: what a worker process runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl+c is for the process that started this one
    Thread(target=_end_with_parent, daemon=True).start()
    limit_blas_threads()
    with suppress(*GONE):
        pipe.send(None)
        while True:
            pipe.send(run_job(pipe.recv()))


def _end_with_parent() -> None:
    """End this process, also in the middle of a job, when the process that started it is killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)
