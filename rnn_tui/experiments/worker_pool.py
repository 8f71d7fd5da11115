"""Worker processes on this machine, and the threads that talk with them."""

import os
import pickle
import signal
import subprocess
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import chain
from tempfile import TemporaryFile
from threading import Lock, Thread
from typing import Any, BinaryIO, Generic, NamedTuple, TypeVar

from rnn_tui.errors import escaped
from rnn_tui.experiments.worker_process import command

ATTEMPTS = 2  # at a job whose process dies
LOW_PRIORITY = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # Windows; elsewhere the worker lowers its own
MOST_OF_REASON = 200  # characters
GONE = (OSError, EOFError, pickle.UnpicklingError)  # what talking with a dead process raises

J = TypeVar("J")
R = TypeVar("R")


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Death(NamedTuple):
    """How the process of a job ended, at each attempt.

    Attributes:
        why: such as "by SIGKILL".
        started: whether it had loaded the program before.
    """

    why: str
    started: bool

    def __str__(self) -> str:
        return f"its process ended {ATTEMPTS} times ({self.why})"


class WorkerPool(Generic[J, R]):
    """Computes jobs in processes; a process that dies is replaced.  All but ``_drive``, and what it calls, is for the
    thread that made it; ``_drive`` runs in a thread for each process.
    """

    def __init__(
        self,
        size: int,
        compute: str,
        is_last: Callable[[R], bool],
        report: Callable[[R], object],
        lost: Callable[[J, Death], object],
        on_done: Callable[[], object] = lambda: None,
        niceness: int = 0,
    ) -> None:
        """Start nothing yet.

        Args:
            size: most processes.
            compute: as for :func:`worker_process.serve`.
            is_last: returns whether a result is the last one of its job.
            report: gets the results.
            lost: gets a job whose process has died at each attempt.
            on_done: is called when there are no more jobs, and all are computed.
            niceness: as for :func:`worker_process.serve`.

        The pool calls all but the first in its own threads.
        """
        self._size, self._command, self._flags = size, command(compute, niceness), LOW_PRIORITY if niceness else 0
        self._is_last, self._report, self._lost, self._on_done = is_last, report, lost, on_done
        self._threads: list[Thread] = []
        self._lock = Lock()  # guards the attributes that several threads use:
        self._jobs = iter(list[J]())
        self._drivers = 0  # threads that may take another job
        self._processes: list[subprocess.Popen[bytes]] = []
        self._canceled = False

    def add(self, jobs: Iterable[J]) -> None:
        """Compute jobs after those that are there.  They are taken one by one, in threads of the pool."""
        with self._lock:
            self._jobs = chain(self._jobs, jobs)
            more = self._size - self._drivers
            self._drivers = self._size
        for _ in range(more):
            self._threads.append(Thread(target=self._drive, name="worker", daemon=True))
            self._threads[-1].start()

    def cancel(self) -> None:
        """Report nothing from now on, and kill the processes; wait for none of them."""
        with self._lock:
            self._canceled = True
            for process in self._processes:
                process.kill()

    def join(self) -> None:
        """Wait until all processes have ended."""
        for thread in self._threads:
            thread.join()

    @property
    def pids(self) -> list[int]:
        """The ids of the processes that run."""
        with self._lock:
            return [process.pid for process in self._processes if process.poll() is None]

    def _drive(self) -> None:
        """Compute jobs in one process until there are no more."""
        worker: _Worker | None = None
        while (job := self._next()) is not None:
            worker = self._compute(job, worker)
        if worker:
            worker.end()

    def _compute(self, job: J, worker: "_Worker | None") -> "_Worker | None":
        """Compute a job in a process, or in a new one; return it, unless it has died."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                worker = worker or _Worker(self._command, self._flags, self._adopt)
                worker.send(job)
                while not self._is_last(result := worker.receive()):
                    self._unless_canceled(self._report, result)
                self._unless_canceled(self._report, result)
                return worker
            except GONE as error:
                death = worker.end() if worker else Death(str(error), False)
                worker = None
                if attempt == ATTEMPTS:
                    self._unless_canceled(self._lost, job, death)
                elif self._is_canceled:
                    break
        return None

    def _next(self) -> J | None:
        """Return the next job; None if there is none, which ends the driver."""
        with self._lock:
            job = None if self._canceled else next(self._jobs, None)
            self._drivers -= job is None
            is_done = not self._drivers
        if is_done:
            self._on_done()
        return job

    def _adopt(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill the process with the others; at once if they are killed already."""
        with self._lock:
            self._processes = [each for each in self._processes if each.poll() is None] + [process]
            if self._canceled:
                process.kill()

    @property
    def _is_canceled(self) -> bool:
        with self._lock:
            return self._canceled

    def _unless_canceled(self, tell: Callable[..., object], *args: Any) -> None:
        if not self._is_canceled:
            tell(*args)


class _Worker:
    """One process; belongs to the thread that drives it."""

    def __init__(self, words: list[str], flags: int, adopt: Callable[["subprocess.Popen[bytes]"], object]) -> None:
        """Start the process, out of reach of the terminal's signals.  Raises OSError."""
        self._started = False
        self._errors: Any = TemporaryFile()  # noqa: SIM115, closed at the end
        self._process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
            creationflags=flags,
        )
        adopt(self._process)

    def send(self, job: Any) -> None:
        pickle.dump(job, self._stream("stdin"))
        self._stream("stdin").flush()

    def receive(self) -> Any:
        """Wait for the next result.  Raises one of GONE if the process has ended."""
        if not self._started:
            pickle.load(self._stream("stdout"))
            self._started = True
        return pickle.load(self._stream("stdout"))

    def end(self) -> Death:
        """Close the pipes, which ends the process; return how it had ended, if it had."""
        with suppress(OSError):
            self._stream("stdin").close()
        self._stream("stdout").close()
        code = self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").split("\n")
        self._errors.close()
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return Death(_how(code) + (f": {escaped(last)[:MOST_OF_REASON]}" if last else ""), self._started)

    def _stream(self, name: str) -> BinaryIO:
        stream: BinaryIO = getattr(self._process, name)
        return stream


def _how(code: int) -> str:
    """Return in words how a process ended."""
    if code < 0:
        with suppress(ValueError):
            return f"by {signal.Signals(-code).name}"
    return f"with exit code {code}"
