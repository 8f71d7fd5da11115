"""Real worker processes: one that dies is replaced, and none is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import SimpleQueue

import pytest
from support.reference_training import small

from rnn_tui.experiments.seed_run import SeedJob
from rnn_tui.experiments.worker_pool import WorkerPool, cores

JOB = SeedJob(((0, small().document()),), 1, 10**9)  # it trains for hours
REPORTED = "rnn_tui.experiments.seed_run:reported"
SECONDS = 60.0  # however busy the machine is
PARENT = """
import time
from rnn_tui.experiments.seed_run import SeedJob
from rnn_tui.experiments.worker_pool import WorkerPool
pool = WorkerPool(1, {reported!r}, lambda run: run.ended, lambda run: print(*pool.pids, flush=True), print)
pool.add([SeedJob({settings!r}, 1, 10**9)])
time.sleep(600)
"""


def is_alive(pid):
    """Return whether the process runs; one that has ended may still wait for its parent to ask."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def ends(pid):
    end = time.monotonic() + SECONDS
    while is_alive(pid):
        assert time.monotonic() < end, "it did not end in time"
        time.sleep(0.01)
    return True


@pytest.mark.skipif(os.name != "posix", reason="it kills processes as POSIX does")
def test_a_process_that_is_killed_is_replaced_and_all_end_with_their_parent_however_it_ends():
    script = PARENT.format(reported=REPORTED, settings=JOB.settings)
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    runs = SimpleQueue()
    pool = WorkerPool(1, REPORTED, lambda run: run.ended, runs.put, print, niceness=3)
    pool.add([JOB])
    assert runs.get(timeout=SECONDS).step == 1
    (first,) = pool.pids
    os.kill(first, signal.SIGKILL)
    while runs.get(timeout=SECONDS).step > 1:  # those that were on the way
        pass
    (second,) = pool.pids
    assert first != second
    assert os.getpriority(os.PRIO_PROCESS, second) == os.getpriority(os.PRIO_PROCESS, 0) + 3
    pool.cancel()
    pool.join()
    assert not is_alive(second)

    orphan = int(parent.stdout.readline())
    assert is_alive(orphan)
    parent.kill()
    parent.wait()
    assert ends(orphan)
    parent.stdout.close()


def test_one_core_at_least_can_be_used():
    assert 1 <= cores() <= (os.cpu_count() or 1)
