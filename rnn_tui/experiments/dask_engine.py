"""Jobs on a cluster: the workers of a running dask scheduler; needs ``pip install 'rnn-tui[cluster]'``.

Each worker has at most one job at a time.  So nothing piles up on the cluster or here, a job has a core for itself, and
if a worker dies it is certain which job it was computing.  Each job is sent to a named worker, and only workers that
have this version of rnn-tui get any.
"""

import logging
import pkgutil
from asyncio import wait_for
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, ParamSpec, TypeVar
from uuid import uuid4

from distributed import Client, Future, KilledWorker, get_worker

from rnn_tui import __version__
from rnn_tui.errors import RnnTuiError
from rnn_tui.experiments.blas_threads import limit_blas_threads, prepare_accelerate
from rnn_tui.experiments.job_queue import JobQueue
from rnn_tui.experiments.jobs import Job, Row, failed, run_job
from rnn_tui.experiments.run_errors import error_line
from rnn_tui.number_format import counted

CONNECT = 5  # seconds until a scheduler that does not answer is given up
LOOK = 0.5  # seconds between two looks at the workers while no job ends
DEATHS = 3  # workers that may die over a job; with one more it counts as failed
MOST_NAMED = 5  # workers in a message

P = ParamSpec("P")
R = TypeVar("R")


class Sent(NamedTuple):
    """A job that a worker has."""

    job: Job
    worker: str
    future: Future[Row]


@contextmanager
def connected(address: str, note: Callable[[str], None]) -> Iterator["Cluster"]:
    """Connect to the scheduler at an address such as ``tcp://127.0.0.1:8786``; ``note`` shows a line to the user.

    When the context ends, the scheduler and its workers stay as they are.  Raises RnnTuiError.
    """
    log = logging.getLogger("distributed.client")  # it writes to the terminal what is said here in one message
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with _opened(address) as client:
            yield Cluster(client, address, note)
    finally:
        log.setLevel(level)


@contextmanager
def _opened(address: str) -> Iterator["_Client"]:
    try:
        client = _Client(address, timeout=CONNECT, set_as_default=False, name="rnn-tui")
    except (ValueError, TypeError) as error:  # TypeError: tls:// without certificates
        raise RnnTuiError(f"{address!r} is not the address of a dask scheduler: {error}") from None
    except OSError:
        message = f"no dask scheduler answers at {address} within {CONNECT} seconds; start one with: dask scheduler"
        raise RnnTuiError(message) from None
    try:
        yield client
    finally:
        client.end()


class _Client(Client):
    """A client that never waits for a scheduler that is not there, not even when the interpreter ends."""

    def start(self, **kwargs: Any) -> None:
        """Connect; called by the constructor."""
        try:
            super().start(**kwargs)
        except BaseException:
            self.end()
            raise

    async def _start(self, timeout: Any = CONNECT, **kwargs: Any) -> None:
        """Connect in limited time, also if something else than dask listens there and never answers."""
        await wait_for(super()._start(timeout, **kwargs), timeout)

    def end(self) -> None:
        """Close the connection within a second."""
        with suppress(OSError):  # includes TimeoutError
            self.close(timeout=1)
        self.status = "closed"


class Cluster:
    """The workers of a scheduler, as an engine for jobs."""

    def __init__(self, client: Client, address: str, note: Callable[[str], None]) -> None:
        """Look at the workers that are there.  Raises RnnTuiError if there are some and all are refused."""
        self._client, self._address, self._note = client, address, note
        self._accepted: dict[str, bool] = {}  # by the address of each present worker whose version is known
        self._sent: dict[str, Sent] = {}  # by the key of the future
        self._ended: SimpleQueue[Future[Any] | None] = SimpleQueue()  # None wakes the one who waits
        self._stopped = False
        self._threads_noted = False
        refused = self._look()
        if refused and not any(self._accepted.values()):
            raise RnnTuiError(f"no worker of {address} can run this sweep", *refused)
        for line in refused:
            note(line)
        if not self._accepted:
            note(f"{address} has no workers yet; start one with: dask worker {address} --nthreads 1")

    @property
    def size(self) -> int:
        """Number of workers that can be used now."""
        return sum(self._accepted.values())

    def completed(self, jobs: Iterable[Job]) -> Iterator[Row]:
        """Yield the result line of each job, in the order in which they end; see :class:`~workers.Engine`.

        A job whose worker dies is sent to another one, up to DEATHS times.  When the iteration ends, for whatever
        reason, the jobs that still run are canceled.

        Raises:
            RnnTuiError: the scheduler is gone.
        """
        waiting, deaths, unseen = JobQueue(jobs), Counter[int](), 0
        try:
            while not self._stopped and (waiting or self._sent):
                for worker in self._idle():
                    if waiting:
                        self._send(waiting.take(), worker)
                ended, lost = self._next_ended(), list[Job]()
                if ended is not None:
                    row = self._row(ended)
                    if row is None:
                        lost.append(ended.job)
                    else:
                        yield row
                unseen += 1
                if ended is None or unseen >= len(self._accepted):  # often enough, at the same cost for each job
                    unseen = 0
                    for line in self._look():
                        self._note(line)
                    lost += self._lost()
                for job in lost:
                    deaths[job.index] += 1
                    if deaths[job.index] > DEATHS:
                        yield failed(job, f"{counted(deaths[job.index], 'worker')} died while computing it")
                    else:
                        waiting.put_back(job)
        finally:
            self._cancel()

    def threads(self) -> dict[str, int]:
        """Return how many threads each present worker has, by its address.  Raises RnnTuiError without a scheduler."""
        return dict(self._asked(self._client.nthreads))

    def stop(self) -> None:
        """Let ``completed`` end soon, without the results that are still missing; callable from any thread."""
        self._stopped = True
        self._ended.put(None)

    def _idle(self) -> list[str]:
        """Return the workers that can take a job."""
        busy = {sent.worker for sent in self._sent.values()}
        return [worker for worker, accepted in self._accepted.items() if accepted and worker not in busy]

    def _send(self, job: Job, worker: str) -> None:
        key = f"rnn-tui-run-{job.index}-{uuid4()}"
        future = self._client.submit(_computed, job, key, key=key, workers=[worker], allow_other_workers=False)
        self._sent[key] = Sent(job, worker, future)
        future.add_done_callback(self._ended.put)

    def _next_ended(self) -> Sent | None:
        """Wait for the next job that ends; return None if none does within LOOK seconds."""
        try:
            future = self._ended.get(timeout=LOOK)
        except Empty:
            return None
        return None if future is None else self._sent.pop(str(future.key), None)

    def _row(self, sent: Sent) -> Row | None:
        """Return the result line of a job that has ended; None if its worker died before it could be fetched."""
        try:
            row: Row = sent.future.result(timeout=CONNECT)
        except (KilledWorker, CancelledError, OSError):
            self._check()
            return None
        except Exception as error:  # the job could not be sent or started; a fault in a job does not end the others
            return failed(sent.job, error_line(error))
        return row

    def _lost(self) -> list[Job]:
        """Forget the jobs whose worker is gone, and return them."""
        lost = [sent for sent in self._sent.values() if sent.worker not in self._accepted]
        for sent in lost:
            del self._sent[str(sent.future.key)]
            self._client.cancel([sent.future], force=True)
        return [sent.job for sent in lost]

    def _cancel(self) -> None:
        """Cancel all jobs; the workers end those that run."""
        futures = [sent.future for sent in self._sent.values()]
        self._sent.clear()
        if futures and self._client.status == "running":
            with suppress(OSError):
                self._client.cancel(futures, force=True)

    def _look(self) -> list[str]:
        """Update the workers; return a line for each other version that new workers have.

        Raises:
            RnnTuiError: the scheduler is gone.
        """
        present = self.threads()
        self._accepted = {worker: known for worker, known in self._accepted.items() if worker in present}
        new = [worker for worker in present if worker not in self._accepted]
        if not new:
            return []
        found = self._asked(
            self._client.run, pkgutil.resolve_name, "rnn_tui:__version__", workers=new, on_error="return"
        )
        refused: dict[str, list[str]] = defaultdict(list)
        for worker, version in found.items():
            if isinstance(version, OSError):
                continue  # it is gone already
            self._accepted[worker] = version == __version__
            if version != __version__:
                refused[f"rnn-tui {version}" if isinstance(version, str) else "no rnn-tui"].append(worker)
        self._note_threads(present)
        return [self._refusal(has, workers) for has, workers in refused.items()]

    def _note_threads(self, threads: Mapping[str, int]) -> None:
        """Say once that some workers leave cores idle."""
        most = max((threads[worker] for worker, accepted in self._accepted.items() if accepted), default=1)
        if most > 1 and not self._threads_noted:
            self._threads_noted = True
            better = f"--nworkers {most} --nthreads 1"
            self._note(f"a worker with {most} threads computes only one run at a time; start it with {better}")

    def _refusal(self, has: str, workers: Sequence[str]) -> str:
        """Return a line that names workers, and why they get no jobs."""
        known = self._asked(self._client.scheduler_info, n_workers=-1)["workers"]
        names = [f"{known[worker]['name']} ({worker})" for worker in workers[:MOST_NAMED] if worker in known]
        more = len(workers) - len(names)
        listed = ", ".join(names) + (f" and {more:,} more" if more else "")
        plural = "s" if len(workers) > 1 else ""
        return f"refused worker{plural} with {has} instead of {__version__}: {listed}"

    def _asked(self, ask: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Ask the scheduler something, and return its answer.  Raises RnnTuiError if it is gone."""
        self._check()
        try:
            return ask(*args, **kwargs)
        except OSError:
            raise RnnTuiError(self._gone) from None

    def _check(self) -> None:
        """Raise RnnTuiError if the scheduler is gone."""
        if self._client.status != "running":
            raise RnnTuiError(self._gone)

    @property
    def _gone(self) -> str:
        return f"the dask scheduler at {self._address} no longer answers; to continue, give the command again"


def _computed(job: Job, key: str) -> Row:
    """Return the result line of a job; called on a worker.  It ends early if the future ``key`` is canceled."""
    worker = get_worker()

    def end_if_canceled() -> None:
        task = worker.state.tasks.get(key)
        if task is None or task.state == "cancelled":
            raise _Canceled

    prepare_accelerate()
    limit_blas_threads()
    try:
        return run_job(job, end_if_canceled)
    except _Canceled:
        return failed(job, "canceled")  # nobody reads it


class _Canceled(BaseException):
    """Ends a job whose result is no longer wanted."""
