"""Worker processes that train further seeds beside the lab, and the threads that talk with them."""

import os
import pickle
import subprocess
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from threading import Lock, Thread
from typing import Any, BinaryIO, Protocol, TypeAlias

from rnn_tui.errors import escaped
from rnn_tui.experiments.seed_run import SeedJob, SeedRun
from rnn_tui.ui.training.seed_worker import command

Report: TypeAlias = Callable[[SeedRun], object]
ATTEMPTS = 2  # a job whose process dies is tried once more
LOW_PRIORITY = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # Windows; elsewhere the worker lowers its own
MOST_OF_REASON = 200  # characters


class SeedEngine(Protocol):
    """What trains jobs; tests have one without processes."""

    def run(self, jobs: Sequence[SeedJob], report: Report) -> None:
        """Train these jobs in place of all others; ``report`` gets their runs, in any thread."""

    def add(self, jobs: Sequence[SeedJob], report: Report) -> None:
        """Train these jobs after the others."""

    def stop(self) -> None:
        """Train nothing."""


class SeedProcesses:
    """Trains jobs in processes, one on each processor but one; belongs to the screen's thread.

    Neither ``run`` nor ``stop`` waits for a process.
    """

    def __init__(self, workers: int | None = None) -> None:
        """``workers``: number of processes; None: one fewer than there are processors, but at least one."""
        self._workers = workers or max(1, processors() - 1)
        self._batch: _Batch | None = None

    def run(self, jobs: Sequence[SeedJob], report: Report) -> None:
        """Train these jobs in place of all others; ``report`` gets their runs, in threads of this object."""
        self.stop()
        self.add(jobs, report)

    def add(self, jobs: Sequence[SeedJob], report: Report) -> None:
        """Train these jobs after the others, which have the same ``report``."""
        self._batch = self._batch or _Batch(self._workers, report)
        self._batch.add(jobs)

    @property
    def pids(self) -> list[int]:
        """The ids of the processes that run."""
        return self._batch.pids if self._batch else []

    def stop(self) -> None:
        """End the processes at once."""
        if self._batch is not None:
            self._batch.cancel()
            self._batch = None


def processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Batch:
    """Jobs that are trained together.  The screen's thread calls ``add`` and ``cancel``; ``_drive`` runs in a thread
    for each process.
    """

    def __init__(self, workers: int, report: Report) -> None:
        """``workers``: most processes."""
        self._workers = workers
        self._lock = Lock()  # guards the attributes that several threads use:
        self._jobs: deque[SeedJob] = deque()
        self._drivers = 0  # threads
        self._processes: list[subprocess.Popen[bytes]] = []
        self._cancelled = False
        self._report = report

    def add(self, jobs: Sequence[SeedJob]) -> None:
        """Train more jobs, in more processes if there may be more."""
        with self._lock:
            self._jobs += jobs
            more = min(self._workers - self._drivers, len(jobs))
            self._drivers += more
        for _ in range(more):
            Thread(target=self._drive, name="seeds", daemon=True).start()

    def cancel(self) -> None:
        """Report nothing from now on, and kill the processes."""
        with self._lock:
            self._cancelled = True
            for process in self._processes:
                process.kill()

    @property
    def pids(self) -> list[int]:
        """The ids of the processes that run."""
        with self._lock:
            return [process.pid for process in self._processes if process.poll() is None]

    def _drive(self) -> None:
        """Train jobs in one process until there are no more."""
        worker: _Worker | None = None
        attempts = 0  # at the present job
        job = self._next()
        while job is not None:
            attempts += 1
            try:
                worker = worker or _Worker(self._adopted)
                self._train(worker, job)
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                reason = worker.end() if worker else str(error)
                worker = None
                if attempts < ATTEMPTS and not self._is_cancelled:
                    continue
                self._tell(SeedRun.failed(job, reason))
            job, attempts = self._next(), 0
        if worker:
            worker.end()

    @property
    def _is_cancelled(self) -> bool:
        with self._lock:
            return self._cancelled

    def _next(self) -> SeedJob | None:
        """Return the next job; None if there is none, which ends the driver."""
        with self._lock:
            if self._jobs and not self._cancelled:
                return self._jobs.popleft()
            self._drivers -= 1
            return None

    def _adopted(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill the process with the others; at once if they are killed already."""
        with self._lock:
            self._processes.append(process)
            if self._cancelled:
                process.kill()

    def _train(self, worker: "_Worker", job: SeedJob) -> None:
        worker.send(job)
        while not (run := worker.receive()).ended:
            self._tell(run)
        self._tell(run)

    def _tell(self, run: SeedRun) -> None:
        if not self._is_cancelled:
            self._report(run)


class _Worker:
    """One process; belongs to the thread that drives it."""

    def __init__(self, adopted: Callable[["subprocess.Popen[bytes]"], object]) -> None:
        """Start the process, out of reach of the terminal's signals.  Raises OSError."""
        self._errors: Any = TemporaryFile()  # noqa: SIM115, closed at the end
        self._process = subprocess.Popen(
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
            creationflags=LOW_PRIORITY,
        )
        adopted(self._process)

    def send(self, job: SeedJob) -> None:
        pickle.dump(job, self._stream("stdin"))
        self._stream("stdin").flush()

    def receive(self) -> SeedRun:
        """Wait for the next run.  Raises EOFError if the process has ended."""
        run: SeedRun = pickle.load(self._stream("stdout"))
        return run

    def end(self) -> str:
        """Close the pipes, which ends the process; return why it had ended, if it had."""
        with suppress(OSError):
            self._stream("stdin").close()
        self._stream("stdout").close()
        code = self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").split("\n")
        self._errors.close()
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f"its process ended with code {code}" + (f": {escaped(last)[:MOST_OF_REASON]}" if last else "")

    def _stream(self, name: str) -> BinaryIO:
        stream: BinaryIO = getattr(self._process, name)
        return stream
