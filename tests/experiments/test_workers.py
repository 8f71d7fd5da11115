"""Worker processes: the results of the jobs, whatever happens to a worker."""

import multiprocessing
import os
from threading import Timer

from support.reference_training import small

from rnn_tui.experiments.jobs import Job, run_job
from rnn_tui.experiments.workers import LocalProcesses, completed

PRESET = small().document()


class Deadly:
    """Ends the process that unpickles it."""

    def __reduce__(self):
        return os._exit, (9,)


def job(index, preset=PRESET, steps=30):
    return Job(index, preset, {"training.seed": index}, steps)


def test_a_worker_that_is_killed_is_replaced_and_no_result_is_lost():
    jobs = [job(index) for index in range(12)]
    jobs[3] = job(3, Deadly())
    rows, killed = [], False
    for row in completed(iter(jobs), LocalProcesses(2)):
        rows.append(row)
        if not killed:
            killed = True
            multiprocessing.active_children()[0].kill()
    assert [row["index"] for row in sorted(rows, key=lambda row: row["index"])] == list(range(12))
    (failed,) = (row for row in rows if row["end"] == "failed")
    assert (failed["index"], failed["lanes"]) == (3, [])
    assert failed["error"] == "its process ended 2 times (with exit code 9)"
    assert all(row == run_job(job(row["index"])) for row in rows if row is not failed)
    assert not multiprocessing.active_children()


def test_it_stops_in_the_middle_of_a_run():
    engine = LocalProcesses(1)
    jobs = [job(0, steps=1), job(1, steps=10**9)]
    for row in engine.completed(iter(jobs)):
        assert row["index"] == 0
        Timer(0.1, engine.stop).start()
    assert not multiprocessing.active_children()
    assert list(engine.completed(iter(jobs))) == []
