"""A real scheduler and worker processes on the loopback."""

import socket
import time

import pytest
from support.dask_cluster import DaskCluster

from rnn_tui import __version__
from rnn_tui.errors import RnnTuiError
from rnn_tui.experiments import dask_engine
from rnn_tui.experiments.dask_engine import connected
from rnn_tui.experiments.jobs import Job, run_job

PRESET = {"task": {"kind": "echo", "delay": 2}, "lanes": [{"kind": "rnn", "hidden_size": 4}]}
KILLER = 99  # index of a job that ends the process that computes it
DYING = f"""
import os, signal
from rnn_tui.experiments import dask_engine

def dying(job, *rest, compute=dask_engine.run_job):
    jobs.append(job.index)
    if job.index == {KILLER} or len(jobs) == LIFE:
        os.kill(os.getpid(), signal.SIGKILL)
    return compute(job, *rest)

jobs, dask_engine.run_job = [], dying
"""
OLD = "import rnn_tui; rnn_tui.__version__ = '0.0.9'"


def jobs(count, steps=20):
    return [Job(index, PRESET, {"training.seed": index}, steps) for index in range(count)]


@pytest.fixture
def cluster(tmp_path):
    found = DaskCluster(tmp_path)
    yield found
    found.close()


def wait_for(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_the_lines_are_those_of_one_process_whatever_happens_to_the_cluster(cluster, monkeypatch):
    notes, taken = [], []
    cluster.worker("mortal", f"LIFE = 1{DYING}")
    cluster.worker("w1", f"LIFE = 0{DYING}")
    with connected(cluster.address, notes.append) as engine:
        # one worker dies over its first job, and one with an old version comes later: nothing is lost or doubled
        wait_for(lambda: len(engine.threads()) == 2)
        rows = engine.completed(taken.append(job.index) or job for job in jobs(8))
        found = [next(rows)]
        cluster.worker("old", OLD)
        wait_for(lambda: cluster.processes["mortal"].poll() is not None and len(engine.threads()) == 2)
        for row in rows:
            found.append(row)
            assert len(taken) <= len(found) + 2, "only what the workers can compute now is taken"
        assert sorted(found, key=lambda row: row["index"]) == [run_job(job) for job in jobs(8)]
        refused = [note for note in notes if note.startswith("refused")]
        assert len(refused) == 1
        assert refused[0].startswith(f"refused worker with rnn-tui 0.0.9 instead of {__version__}: old (tcp://127.")

        # who stops early leaves the worker free, although its run would have taken hours
        rows = engine.completed([*jobs(1), Job(1, PRESET, {"training.seed": 1}, 10**7)])
        assert next(rows)["index"] == 0
        rows.close()
        assert next(engine.completed(jobs(1))) == run_job(*jobs(1))

        # a job that kills its workers is named; here there is no second worker that it may kill
        monkeypatch.setattr(dask_engine, "DEATHS", 0)
        (row,) = engine.completed([Job(KILLER, PRESET, {"training.seed": 7}, 20)])
        assert row["end"] == "failed"
        assert (row["index"], row["point"]) == (KILLER, {"training.seed": 7})
        assert row["error"] == "1 worker died while computing it"

        # now all that is left is too old
        with pytest.raises(RnnTuiError, match=r"no worker of \S+ can run this sweep\n.*rnn-tui 0\.0\.9 .*: old"):
            connected(cluster.address, notes.append).__enter__()

        cluster.processes["scheduler"].kill()
        with pytest.raises(RnnTuiError, match=f"the dask scheduler at {cluster.address} no longer answers"):
            next(engine.completed(jobs(1)))


def test_where_no_scheduler_is(monkeypatch):
    monkeypatch.setattr(dask_engine, "CONNECT", 0.2)
    silent = socket.create_server(("127.0.0.1", 0))  # something else than dask, which never answers
    port = silent.getsockname()[1]
    for address, said in {
        f"tcp://127.0.0.1:{port}": f"no dask scheduler answers at tcp://127.0.0.1:{port} within",
        "tls://127.0.0.1:1": "'tls://127.0.0.1:1' is not the address of a dask scheduler: TLS",
        "127.0.0.1:1": "no dask scheduler answers at 127.0.0.1:1 within",
        "http://127.0.0.1:8787": "'http://127.0.0.1:8787' is not the address of a dask scheduler: unknown",
        "here": "'here' is not the address of a dask scheduler: missing port",
    }.items():
        with pytest.raises(RnnTuiError) as refused, connected(address, print):
            pass
        assert str(refused.value).startswith(said)
    silent.close()
