"""The process of a worker: it computes the jobs that it reads, and writes their results.

It ends with the process that started it, however that one ends: its standard input is a pipe that closes then.
"""

import os
import pickle
import pkgutil
import signal
import sys
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

from rnn_tui.experiments.blas_threads import limit_blas_threads, prepare_accelerate

COMMAND = "import sys; sys.path[:] = {path!r}; from rnn_tui.experiments.worker_process import serve; serve({args})"


def command(compute: str, niceness: int) -> list[str]:
    """Return the command that starts a worker: an interpreter with the import path of this one.

    It imports nothing of the script that runs in this process.  See :func:`serve` for the arguments.
    """
    return [sys.executable, "-P", "-c", COMMAND.format(path=sys.path, args=f"{compute!r}, {niceness}")]


def serve(compute: str, niceness: int) -> None:
    """Compute one job after the other until the standard input ends; first, write None.

    Args:
        compute: name of a function that yields the results of a job, as ``package.module:function``.
        niceness: is added to that of the process that started this one, where the system has such a number.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl+c is for the process that started this one
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not get among the results
    prepare_accelerate()
    results_of = pkgutil.resolve_name(compute)
    limit_blas_threads()
    _write(None, results)
    jobs: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_read, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        for result in results_of(jobs.get()):
            _write(result, results)


def _write(result: Any, target: BinaryIO) -> None:
    pickle.dump(result, target)
    target.flush()


def _read(source: BinaryIO, jobs: "SimpleQueue[Any]") -> None:
    """Read jobs; at the end of the input, end the process at once, whatever it computes."""
    try:
        while True:
            jobs.put(pickle.load(source))
    finally:
        os._exit(0)
