"""Sweeps as files, without a screen."""

import pytest
from support.command_line import run
from support.sweep_folders import plan_of, rows_of, write_sweep

GRID = {"task.delay": [2, 8], "lanes.0.hidden_size": [4, 16]}


@pytest.fixture
def folder(tmp_path):
    return write_sweep(tmp_path / "sweep", plan_of(GRID), rows_of(GRID))


def test_a_sweep_is_drawn_or_written_into_a_file(folder, tmp_path):
    picture, table = tmp_path / "map.svg", tmp_path / "points.csv"
    run("sweep", "--show", str(folder), "-o", str(picture), "--split", "lanes", "--measure", "accuracy", "--dark")
    assert ">FNN<" in picture.read_text()
    run("sweep", "--show", str(folder), "-o", str(table))
    assert len(table.read_text().splitlines()) == 1 + 4 * 2
    again = run("sweep", "--show", str(folder), "-o", str(picture), code=2)
    assert "--force" in again.stderr
    printed = run("sweep", "--show", str(folder), "-o", "-", "--drawing", "curves", "--across", "hidden_size")
    assert "at delay 2" in printed.stdout


def test_a_broken_folder_is_named_with_what_is_wrong_in_it(folder):
    with (folder / "results.jsonl").open("a") as file:
        file.write('{"index": 99, "point": {}, "step": 1, "end": "steps", "error": null, "lanes": [{}]}\n')
    assert "line 9 is not a result" in run("sweep", "--show", folder, "-o", "-", code=2).stderr
    (folder / "sweep.json").write_text('{"name": "x", "preset": {"lanes": [{}]}}')
    assert "is not the plan of a sweep" in run("sweep", "--show", folder, "-o", "-", code=2).stderr
    (folder / "sweep.json").write_text("[1")
    assert "not JSON" in run("sweep", "--show", folder, "-o", "-", code=2).stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--show", "nowhere"], "nowhere: no sweep (sweep.json is missing)"),
        (["--show", "HERE"], "give a file: -o picture.svg"),
        (["--show", "HERE", "-o", "a.txt"], "the name must end in .svg, .png, .pdf, .csv"),
        (["--show", "HERE", "-o", "-", "--measure", "los"], "did you mean 'loss'?"),
        (["--show", "HERE", "-o", "-", "--down", "tsk.delay"], "did you mean 'task.delay'?"),
        (["--show", "HERE", "-o", "-", "--lane", "GRU"], "--lane GRU: not one of RNN, FNN"),
        (["--show", "HERE", "-o", "-", "--size", "20x5"], "needs --size 40x10"),
        (["echo", "--show", "HERE"], "PRESET: --show trains nothing"),
        (["echo", "-o", "x", "--split", "lanes"], "--split needs --show DIR"),
    ],
)
def test_a_mistake_is_named_with_what_is_allowed(folder, words, said):
    assert said in run("sweep", *(word.replace("HERE", str(folder)) for word in words), code=2).stderr
