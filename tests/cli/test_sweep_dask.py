"""``rnn-tui sweep --dask``; tests/experiments/test_dask_engine.py has a real cluster."""

import sys

from support.command_line import run

from rnn_tui.experiments import dask_engine

SWEEP = ("sweep", "echo", "--seeds", 2, "--steps", 5, "--dask", "127.0.0.1:1", "-o")


def test_a_cluster_that_cannot_be_used_is_said_before_anything_runs(monkeypatch, tmp_path):
    monkeypatch.setattr(dask_engine, "CONNECT", 0.2)
    said = run(*SWEEP, tmp_path / "sweep", code=2).stderr
    assert said.startswith("Error: no dask scheduler answers at 127.0.0.1:1 within 0.2 seconds; start one with: dask ")
    assert "exclude each other" in run(*SWEEP, tmp_path / "sweep", "--jobs", 2, code=2).stderr
    monkeypatch.delitem(sys.modules, "rnn_tui.experiments.dask_engine")
    monkeypatch.delattr("rnn_tui.experiments.dask_engine")
    monkeypatch.setitem(sys.modules, "distributed", None)
    said = run(*SWEEP, tmp_path / "sweep", code=2).stderr
    assert said == "Error: --dask needs more packages: pip install 'rnn-tui[cluster]'\n"
    assert not (tmp_path / "sweep").exists()
