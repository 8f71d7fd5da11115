"""Processes that train further seeds beside the lab."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from rnn_tui.experiments.seed_run import SeedJob, SeedRun
from rnn_tui.experiments.worker_pool import WorkerPool, cores

Report: TypeAlias = Callable[[SeedRun], object]
NICENESS = 10  # of the processes, more than that of the lab, so that the lab stays fast


class SeedEngine(Protocol):
    """Trains jobs; tests have one without processes."""

    def run(self, jobs: Sequence[SeedJob], report: Report) -> None:
        """Train these jobs in place of all others; ``report`` gets their runs, in any thread."""

    def add(self, jobs: Sequence[SeedJob], report: Report) -> None:
        """Train these jobs after the others."""

    def stop(self) -> None:
        """Train nothing."""


class SeedProcesses:
    """Trains jobs in processes, one on each core but one; belongs to the screen's thread.

    Neither ``run`` nor ``stop`` waits for a process.
    """

    def __init__(self, workers: int | None = None) -> None:
        """``workers``: number of processes; None: one fewer than there are cores, but at least one."""
        self._workers = workers or max(1, cores() - 1)
        self._pool: WorkerPool[SeedJob, SeedRun] | None = None

    def run(self, jobs: Sequence[SeedJob], report: Report) -> None:
        """Train these jobs in place of all others; ``report`` gets their runs, in threads of the pool."""
        self.stop()
        self.add(jobs, report)

    def add(self, jobs: Sequence[SeedJob], report: Report) -> None:
        """Train these jobs after the others, which have the same ``report``."""
        if self._pool is None:
            self._pool = WorkerPool(
                self._workers,
                "rnn_tui.experiments.seed_run:reported",
                lambda run: run.ended,
                report,
                lambda job, death: report(SeedRun.failed(job, str(death))),
                niceness=NICENESS,
            )
        self._pool.add(jobs)

    def stop(self) -> None:
        """End the processes at once."""
        if self._pool is not None:
            self._pool.cancel()
            self._pool = None
