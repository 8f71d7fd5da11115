"""The engine of a sweep on this machine, with real worker processes."""

import os
import time

import pytest
from support.reference_training import small

from rnn_tui.errors import RnnTuiError
from rnn_tui.experiments import workers
from rnn_tui.experiments.jobs import Job, run_job
from rnn_tui.experiments.workers import LocalProcesses

PRESET = small().document()


class Deadly:
    """Ends the process that unpickles it."""

    def __reduce__(self):
        return os._exit, (9,)


def job(index, preset=PRESET, steps=30):
    return Job(index, preset, {"training.seed": index}, steps)


def test_results_are_those_of_this_process_and_neither_a_death_nor_a_stop_loses_one():
    jobs = [job(0), job(1, Deadly()), job(2), job(3, steps=10**9)]
    engine, rows = LocalProcesses(1), []
    for row in engine.completed(iter(jobs)):
        rows.append(row)
        if row["index"] == 2:
            engine.stop()  # in the middle of a run
    assert [rows[0], rows[2]] == [run_job(job(0)), run_job(job(2))]
    assert (rows[1]["index"], rows[1]["end"], rows[1]["lanes"]) == (1, "failed", [])
    assert rows[1]["error"] == "its process ended 2 times (with exit code 9)"
    assert len(rows) == 3
    assert list(engine.completed(iter(jobs))) == []


def test_all_results_have_come_when_it_ends_and_without_jobs_it_ends_at_once():
    taken, rows = [], []
    for row in LocalProcesses(2).completed(taken.append(index) or job(index, steps=1) for index in range(16)):
        if not rows:
            time.sleep(0.3)  # a slow disk: the workers wait
        rows.append(row["index"])
        assert len(taken) <= len(rows) + 2 * 2 + 2
    assert sorted(rows) == list(range(16))
    assert list(LocalProcesses(2).completed(iter([]))) == []


def test_workers_that_cannot_be_started_are_no_result(monkeypatch):
    monkeypatch.setattr(workers, "__name__", "no_such_module")
    with pytest.raises(RnnTuiError, match=r"cannot be started \(with exit code 1: .*No module named 'no_such_module'"):
        list(LocalProcesses(1).completed([job(0)]))
