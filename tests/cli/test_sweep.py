"""``rnn-tui sweep``: what it takes, what it prints, and how it ends."""

import json
import os
import re
import signal
import subprocess
import sys

import pytest
from support.command_line import run
from support.in_process_engine import InProcess
from support.reference_training import diverging, small

from rnn_tui.cli import sweep_progress
from rnn_tui.experiments import dask_engine, read_results, sweep_plan, workers
from rnn_tui.presets import store

KEYS = ["--over", "lanes.0.hidden_size=2,3", "--over", "training.learning_rate=log:1e-3..1e-1:3"]


@pytest.fixture
def preset(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "LocalProcesses", lambda _: InProcess())
    path = tmp_path / "small.toml"
    path.write_text(store.written(small()))
    return path


def test_it_prints_a_line_for_each_run_and_a_summary_and_goes_on_where_it_was(preset, tmp_path):
    words = ["sweep", preset, *KEYS, "--seeds", 2, "--steps", 4, "-o", tmp_path / "a"]
    done = run(*words)
    lines = done.stdout.splitlines()
    assert re.fullmatch(
        r" 1 of 12  hidden_size \d, learning_rate [\d.]+, seed \d: RNN \d\.\d{4}; FNN \d\.\d{4}", lines[0]
    )
    assert lines[12:14] == [
        "small: 12 runs of 12",
        "hidden_size  learning_rate  runs    lane  loss    quartiles         solved  steps to solve",
    ]
    assert re.match(r"2            0\.001          2 of 2  RNN   0\.\d{4}  0\.\d{4} to 0\.\d{4}  0 of 2  –", lines[14])
    assert len(lines) == 14 + 6 * 2
    results = read_results(tmp_path / "a")
    assert [len(point.rows) for point in results.by_point()] == [2] * 6
    assert len((tmp_path / "a" / "results.csv").read_text().splitlines()) == 1 + 12 * 2

    again = run(*words)
    assert again.stderr == f"12 runs of 12 found in {tmp_path / 'a'}\n"
    assert again.stdout.splitlines() == lines[12:]
    as_json = [json.loads(line) for line in run(*words, "--json").stdout.splitlines()]
    assert sorted(as_json, key=lambda row: row["index"]) == list(results.rows)


def test_faults_are_named_and_counted_and_the_others_go_on(tmp_path, preset):
    preset.write_text(store.written(diverging()))
    done = run("sweep", preset, "--over", "training.learning_rate=0.001,1000.0", "--steps", 30, "-o", tmp_path / "a")
    assert "(1 diverged)" in done.stdout
    assert re.search(r"learning_rate 1000, seed 0: RNN \S+; diverged at step \d+", done.stdout)
    assert re.search(r"learning_rate 0\.001, seed 0: RNN \d", done.stdout)


def test_a_dry_run_lists_the_points_and_trains_nothing(preset, tmp_path):
    said = run("sweep", preset, *KEYS, "--seeds", 8, "--dry-run", "-o", tmp_path / "a").stdout
    assert said.startswith(
        "small: 6 points × 8 seeds = 48 runs of 600 steps\nhidden_size  learning_rate\n2            0.001\n"
    )
    assert re.search(r"with 1 process\n$", said)
    assert not (tmp_path / "a").exists()


def test_checking_many_points_is_told(preset, monkeypatch):
    words = ["sweep", preset, *KEYS, "--dry-run"]
    assert run(*words).stderr == "", "it is too short"
    monkeypatch.setattr(sweep_progress, "SILENT", 0.0)
    assert re.fullmatch(r"checking 6 points, about .+ left; ctrl\+c cancels\n", run(*words).stderr)


def test_at_a_terminal_a_bar_shows_how_many_points_are_checked(monkeypatch, capsys):
    monkeypatch.setattr(sweep_progress, "SILENT", 0.0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with sweep_progress.checking() as watch:
        for done in range(3):
            watch(done, 9)
    said = capsys.readouterr().err
    assert "checking" in said
    assert "ctrl+c cancels" in said
    assert "1/9" in said


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent")
def test_ctrl_c_cancels_the_check_at_the_next_point(preset, monkeypatch, tmp_path):
    checked = []

    def interrupting(*args, system=sweep_plan.preset_at):
        checked.append(args)
        os.kill(os.getpid(), signal.SIGINT)
        return system(*args)

    monkeypatch.setattr(sweep_plan, "preset_at", interrupting)
    done = run("sweep", preset, *KEYS, "-o", tmp_path / "a", code=130)
    assert (done.stdout, done.stderr) == ("", "Aborted!\n")
    assert len(checked) == 1
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ([], "give a preset"),
        (["echo"], "give the folder for the results: -o DIR"),
        (["echo", "--over", "task.delay", "--dry-run"], "is not KEY=V1,V2,…"),
        (["echo", "--over", "task.delay=1", "--over", "task.delay=2", "--dry-run"], "task.delay is given twice"),
        (["echo", "--over", "task.dely=1,2", "--dry-run"], "task.dely: unknown key; did you mean 'delay'?"),
        (["echo", "--over", "lanes.0.kind=rnn,gur", "--dry-run"], "unknown; did you mean 'gru'?"),
        (["echo", "--over", "task.delay=lgo:1..3:3", "--dry-run"], "unknown range; did you mean 'log'?"),
        (["echo", "--seeds", "0", "--dry-run"], "not in the range"),
    ],
)
def test_a_mistake_is_explained(words, problem):
    assert problem in " ".join(run("sweep", *words, code=2).output.split())


def test_check_reads_the_table_at_every_point(preset):
    whole = preset.read_text()
    preset.write_text(whole + '\n[sweep]\nseeds = 2\n[sweep.over]\n"lanes.0.hidden_size" = [2, 0]\n')
    assert "sweep: lanes.0.hidden_size = 0: must be at least 1" in run("check", preset, code=2).output
    preset.write_text(whole + "\n[sweep]\nseds = 2\n[sweep.over]\nlanes.0.hidden_size = [2, 0]\nlanes.0.gain = []\n")
    found = run("check", preset, code=2).output
    assert "sweep: seds: unknown key; did you mean 'seeds'?" in found
    assert "sweep: lanes.0.gain: must have at least one value" in found
    assert "sweep: lanes.0.hidden_size = 0: must be at least 1" in found
    preset.write_text(whole + "\n[sweep]\nover = 3\n")
    assert "sweep: over = 3: must be a table" in run("check", preset, code=2).output


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent")
def test_interrupted_it_leaves_whole_lines(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(store.written(small()))
    words = ["sweep", str(path), "--seeds", "600", "--steps", "150", "-o", str(tmp_path / "a")]
    script = "from rnn_tui.cli import main; main()"
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    process = subprocess.Popen([sys.executable, "-c", script, *words, "--jobs", "1"], **pipe)
    assert "seed" in process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert re.search(r"stopped after \d+ of 600 runs; the same command goes on\n$", said)
    assert "Traceback" not in said
    rows = {row["index"]: row for row in read_results(tmp_path / "a").rows}
    assert 1 <= len(rows) < 600
    jobs = {job.index: job for job in read_results(tmp_path / "a").plan.jobs()}
    assert all(rows[index] == workers.run_job(jobs[index]) for index in list(rows)[:3])


DASK = ("sweep", "echo", "--seeds", 2, "--steps", 5, "--dask", "127.0.0.1:1", "-o")


def test_a_cluster_that_cannot_be_used_is_said_before_anything_runs(monkeypatch, tmp_path):
    monkeypatch.setattr(dask_engine, "CONNECT", 0.2)
    said = run(*DASK, tmp_path / "sweep", code=2).stderr
    assert said.startswith("Error: no dask scheduler answers at 127.0.0.1:1 within 0.2 seconds; start one with: dask ")
    assert "exclude each other" in run(*DASK, tmp_path / "sweep", "--jobs", 2, code=2).stderr
    monkeypatch.delitem(sys.modules, "rnn_tui.experiments.dask_engine")
    monkeypatch.delattr("rnn_tui.experiments.dask_engine")
    monkeypatch.setitem(sys.modules, "distributed", None)
    said = run(*DASK, tmp_path / "sweep", code=2).stderr
    assert said == "Error: --dask needs more packages: pip install 'rnn-tui[cluster]'\n"
    assert not (tmp_path / "sweep").exists()
