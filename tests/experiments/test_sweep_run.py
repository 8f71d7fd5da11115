"""A sweep in its folder: written line by line, resumed, and never mixed with another one."""

import json
import random
from itertools import islice

import numpy as np
import pytest
from support.in_process_engine import InProcess
from support.reference_training import small

from rnn_tui.errors import RnnTuiError
from rnn_tui.experiments import read_results, sweep
from rnn_tui.experiments.sweep_folder import opened
from rnn_tui.experiments.sweep_plan import planned
from rnn_tui.experiments.sweep_results import PLAN, RESULTS
from rnn_tui.experiments.sweep_run import missing, results_of
from rnn_tui.presets import store

OVER = {"lanes.0.hidden_size": (2, 3), "training.learning_rate": "log:1e-3..1e-1:3"}


@pytest.fixture
def preset(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(store.written(small()))
    return path


def run(preset, folder, engine=None, **more):
    return sweep(preset, OVER, folder=folder, engine=engine or InProcess(), seeds=2, steps=4, **more)


def lines(folder):
    return (folder / RESULTS).read_text().splitlines()


def test_a_sweep_that_is_killed_at_any_byte_goes_on_to_the_same_lines(preset, tmp_path):
    whole = InProcess()
    results = run(preset, tmp_path / "whole", whole)
    assert len(results.rows) == 12
    assert sorted(lines(tmp_path / "whole")) == sorted(map(json.dumps, results.rows))
    killed, rng = tmp_path / "killed", random.Random(1)
    run(preset, killed)
    for _ in range(8):
        raw = (killed / RESULTS).read_bytes()
        at = rng.randrange(len(raw) + 1)
        (killed / RESULTS).write_bytes(raw[:at])
        engine = InProcess()
        run(preset, killed, engine)
        assert len(engine.computed) == 12 - raw[:at].count(b"\n")  # only what is missing
        assert sorted(lines(killed)) == sorted(lines(tmp_path / "whole"))
    assert (killed / "results.csv").read_bytes() == (tmp_path / "whole" / "results.csv").read_bytes()


def test_a_sweep_that_was_stopped_has_what_was_finished(preset, tmp_path):
    run(preset, tmp_path / "a", InProcess(most=5))
    first = lines(tmp_path / "a")
    assert len(first) == 5
    engine = InProcess()
    run(preset, tmp_path / "a", engine)
    assert lines(tmp_path / "a")[:5] == first
    assert len(engine.computed) == 7


def test_another_sweep_in_the_folder_is_refused_with_what_differs(preset, tmp_path):
    run(preset, tmp_path / "a", InProcess(most=1))
    before = lines(tmp_path / "a")
    with pytest.raises(RnnTuiError) as caught:
        sweep(preset, {**OVER, "lanes.0.hidden_size": [2, 3, 4]}, folder=tmp_path / "a", seeds=3, patience=9)
    said = str(caught.value)
    assert "has another sweep; choose another folder. What differs:" in said
    assert "--over lanes.0.hidden_size: [2, 3] there, [2, 3, 4] here" in said
    assert "seeds: 2 there, 3 here" in said
    assert "steps: 4 there, not set here" in said
    assert "patience: not set there, 9 here" in said
    assert "learning_rate" not in said
    assert lines(tmp_path / "a") == before
    document = json.loads((tmp_path / "a" / PLAN).read_text())
    (tmp_path / "a" / PLAN).write_text(json.dumps(document | {"rnn_tui": "0.0.9"}))
    with pytest.raises(RnnTuiError, match=r'rnn-tui: "0\.0\.9" there'):
        run(preset, tmp_path / "a")
    (tmp_path / "a" / PLAN).write_text(json.dumps(document | {"data": "0" * 64}))
    with pytest.raises(RnnTuiError, match="the content of the data file"):
        run(preset, tmp_path / "a")


def test_a_line_of_another_sweep_is_named_with_what_to_do(preset, tmp_path):
    run(preset, tmp_path / "a", InProcess(most=1))
    first = {**json.loads((tmp_path / "a" / RESULTS).read_text()), "index": 99}
    (tmp_path / "a" / RESULTS).write_text(json.dumps(first) + "\n")
    with pytest.raises(RnnTuiError, match="line 1 is not a result of this sweep; delete it, and"):
        run(preset, tmp_path / "a")


def test_text_that_no_result_depends_on_may_change(preset, tmp_path):
    run(preset, tmp_path / "a", InProcess(most=1))
    preset.write_text('title = "Other"\n' + preset.read_text())
    assert len(run(preset, tmp_path / "a").rows) == 12


def test_a_second_sweep_in_a_folder_is_refused_while_the_first_one_runs(preset, tmp_path):
    plan = planned(store.load(preset), {"over": {"lanes.0.hidden_size": [2, 3]}, "steps": 2})
    with opened(tmp_path / "a", plan) as folder:
        list(islice(results_of(missing(plan, folder), folder, InProcess()), 1))
        with pytest.raises(RnnTuiError, match="another sweep is running in this folder"), opened(tmp_path / "a", plan):
            pass
        assert len(read_results(tmp_path / "a").rows) == 1  # reading is always possible
    with opened(tmp_path / "a", plan) as folder:
        assert len(list(results_of(missing(plan, folder), folder, InProcess()))) == 1


def test_a_folder_that_is_not_of_a_sweep_is_not_touched(preset, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / RESULTS).write_text("mine")
    with pytest.raises(RnnTuiError, match="has results, but no"):
        run(preset, tmp_path / "a")
    assert (tmp_path / "a" / RESULTS).read_text() == "mine"
    with pytest.raises(RnnTuiError, match="is a file"):
        run(preset, tmp_path / "a" / RESULTS)


def test_values_without_an_order_and_numbers_of_processes_are_refused(preset, tmp_path):
    key = "lanes.0.hidden_size"
    for values, said in (
        (3, "must be a list of values"),
        ({1, 2}, "must be a list of values"),
        (np.eye(2), "= a list"),
    ):
        with pytest.raises(RnnTuiError, match=said):
            sweep(preset, {key: values}, folder=tmp_path / "a")
    with pytest.raises(RnnTuiError, match="jobs = 0: must be at least 1"):
        sweep(preset, {key: np.arange(1, 3)}, folder=tmp_path / "a", jobs=0)
