"""The worker process for further seeds: it trains the jobs that it reads, and writes how far they have come.

It has a low priority, so that the lab stays fast, and it ends with the lab, however the lab ends: its standard input is
a pipe that closes then.
"""

import os
import pickle
import sys
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

from rnn_tui.experiments.blas_threads import limit_blas_threads, prepare_accelerate
from rnn_tui.experiments.seed_run import SeedJob, reported

NICE = 10  # added to the niceness of the lab
COMMAND = "import sys; sys.path[:] = {path!r}; from rnn_tui.ui.training.seed_worker import main; main()"


def command() -> list[str]:
    """Return the command that starts a worker: an interpreter with the import path of this one."""
    return [sys.executable, "-P", "-c", COMMAND.format(path=sys.path)]


def main() -> None:
    """Train one job after the other until the standard input ends."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    prepare_accelerate()
    limit_blas_threads()
    jobs: SimpleQueue[SeedJob] = SimpleQueue()
    Thread(target=_read, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        for run in reported(jobs.get()):
            pickle.dump(run, sys.stdout.buffer)
            sys.stdout.buffer.flush()


def _read(source: BinaryIO, jobs: "SimpleQueue[SeedJob]") -> None:
    """Read jobs; at the end of the input, end the process at once, whatever it computes."""
    try:
        while True:
            jobs.put(pickle.load(source))
    finally:
        os._exit(0)
