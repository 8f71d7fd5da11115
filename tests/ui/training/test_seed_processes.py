"""Real worker processes: the same results as in this process, one that dies is replaced, and none is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import SimpleQueue

import pytest
from support.widget_hosts import preset_of

from rnn_tui.experiments.seed_run import SeedJob, reported
from rnn_tui.ui.training.seed_processes import SeedProcesses, processors

PRESET = preset_of({"kind": "rnn", "hidden_size": 4}, training={"sequence_length": 8, "batch_size": 3})
SECONDS = 60.0  # however busy the machine is
LAB = """
import sys, time
from rnn_tui.experiments.seed_run import SeedJob
from rnn_tui.ui.training.seed_processes import SeedProcesses
engine = SeedProcesses(1)
engine.run([SeedJob(((0, {document!r}),), 1, 10**9)], lambda run: print(*engine.pids, flush=True))
time.sleep(600)
"""


def job(goal, seed=1):
    return SeedJob(((0, PRESET.document()),), seed, goal)


def is_alive(pid):
    """Whether the process runs; one that has ended may still wait for its parent to ask."""
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
def test_processes_train_as_this_one_does_and_end_with_the_lab_however_it_ends():
    lab = subprocess.Popen([sys.executable, "-c", LAB.format(document=PRESET.document())], stdout=subprocess.PIPE)
    engine, runs = SeedProcesses(1), SimpleQueue()
    engine.run([job(10**9), job(40, 2)], runs.put)
    engine.add([job(10**9, 3)], runs.put)
    assert runs.get(timeout=SECONDS).step == 1
    for _ in range(2):  # a second process is tried for the job whose first one dies
        (pid,) = engine.pids
        os.kill(pid, signal.SIGKILL)
        ends(pid)
        last = runs.get(timeout=SECONDS)
        while last.step > 1:  # those that were on the way
            last = runs.get(timeout=SECONDS)
    assert (last.seed, last.ended) == (1, True)
    assert last.error == "its process ended with code -9"
    while not last.finished:  # a third one trains the next jobs
        last = runs.get(timeout=SECONDS)
    *_, same = reported(job(40, 2))
    assert [lane.loss for lane in last.lanes] == [lane.loss for lane in same.lanes]
    assert runs.get(timeout=SECONDS).seed == 3
    (pid,) = engine.pids
    assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
    engine.stop()
    assert ends(pid)
    orphan = int(lab.stdout.readline())
    assert is_alive(orphan)
    lab.kill()
    lab.wait()
    assert ends(orphan)
    lab.stdout.close()


def test_one_processor_is_left_to_the_lab():
    assert 1 <= processors() <= (os.cpu_count() or 1)
