import csv
import errno
import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from safetensors.numpy import load
from support.exported_scripts import run_alone
from support.preset_documents import EXAMPLE

from rnn_tui.cli.app import lab
from rnn_tui.cli.export import FORMATS
from rnn_tui.cli.options import opened_run
from rnn_tui.exports import EXPORTS
from rnn_tui.exports.metrics_csv import METRICS

RUN = "../runs/small.safetensors"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """An empty folder to stand in, and a RUN in another."""
    for name in ("here", "runs"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    preset = tmp_path / "runs" / "small.toml"
    preset.write_text(EXAMPLE.replace("sequence_length = 40", "sequence_length = 8"))
    run("train", preset, "--steps", 3, "-o", RUN)
    return tmp_path / "here"


def run(*args, code=0):
    done = CliRunner().invoke(lab, [str(arg) for arg in args])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert done.exit_code == code, done.output
    return done.stdout if code == 0 else done.stderr


def refused(*args):
    """What is said in one line, with nothing written."""
    before = sorted(Path().rglob("*"))
    said = run(*args, code=2)
    assert sorted(Path().rglob("*")) == before
    assert said.startswith("Error: ")
    assert said.count("\n") == 1
    return said


def names(folder="."):
    return sorted(path.name for path in Path(folder).iterdir())


def test_every_export_is_offered():
    assert list(EXPORTS) == list(FORMATS)


def test_scripts_with_their_weights_go_into_the_folder_and_are_named():
    said = run("export", RUN, "--to", "pytorch", "-o", "out")
    assert names("out") == [
        "small-FNN.py", "small-FNN.safetensors", "small-RNN.py", "small-RNN.safetensors", "small-held-out.safetensors",
    ]  # fmt: skip
    for line in said.splitlines():
        path, size = line.removesuffix(" bytes").split(": ")
        assert Path(path).stat().st_size == int(size.replace(",", ""))
    assert len(said.splitlines()) == 5
    assert load(Path("out/small-RNN.safetensors").read_bytes())["rnn.weight_hh_l0"].shape == (8, 8)


def test_a_numpy_script_prints_the_labs_loss():
    run("export", RUN, "--to", "numpy")
    assert names() == ["small_FNN.py", "small_RNN.py"]
    session, _ = opened_run(RUN)
    for lane in session.frame().lanes:
        assert float(run_alone(Path(f"small_{lane.name}.py"))) == pytest.approx(lane.score.loss, rel=1e-11)


@pytest.mark.parametrize(
    ("output", "path"),
    [
        ("x.csv", "x.csv"),
        ("x.txt", "x.txt"),
        ("x", "x/small.csv"),
        ("a/b.csv", "a/b.csv"),
        ("x.d/", "x.d/small.csv"),
        ("~/x", "x/small.csv"),
    ],
)
def test_metrics_go_to_a_file_or_into_a_folder(monkeypatch, here, output, path):
    monkeypatch.setenv("HOME", str(here))
    run("export", RUN, "--to", "csv", "-o", output)
    with Path(path).open(newline="") as file:
        assert next(csv.reader(file)) == [
            "step",
            *(f"{lane} {metric}" for lane in ("RNN", "FNN") for metric in METRICS),
        ]
        assert len(list(csv.reader(file))) == 4


def test_a_folder_that_looks_like_a_file_is_a_folder():
    Path("x.csv").mkdir()
    run("export", RUN, "--to", "csv", "-o", "x.csv")
    assert names("x.csv") == ["small.csv"]


def test_a_lane_is_known_by_what_the_lab_calls_it_too():
    run("export", RUN, "--to", "numpy", "--lane", "FNN", "-o", "one.py")
    run("export", RUN, "--to", "numpy", "--lane", "FNN(1)", "-o", "other.py")
    assert Path("one.py").read_bytes() == Path("other.py").read_bytes()


def test_lanes_are_chosen_by_name():
    run("export", RUN, "--to", "numpy", "--lane", "FNN", "-o", "mine.py")
    assert names() == ["mine.py"]
    assert "Lane FNN of small" in Path("mine.py").read_text()
    run("export", RUN, "--to", "numpy", "--lane", "FNN", "--lane", "RNN")
    assert names() == ["mine.py", "small_FNN.py", "small_RNN.py"]


def test_the_probe_is_a_file_that_loads_without_pickle():
    said = run("probe", RUN, "-o", "p.npz")
    assert said.startswith("p.npz: ")
    with np.load("p.npz", allow_pickle=False) as file:
        assert file["inputs"].shape == (8, 256, 1)
        assert file["lanes.0.hidden"].shape == (8, 256, 8)
        assert file["names"].tolist() == ["RNN", "FNN"]


@pytest.mark.parametrize("args", [["export", RUN, "--to", "numpy"], ["probe", RUN, "-o", "p.npz"]])
def test_what_is_there_already_is_overwritten_by_force_alone(args):
    run(*args)
    before = {name: Path(name).read_bytes() for name in names()}
    for name in names():
        Path(name).write_text("mine")
    assert "exists; --force overwrites it" in refused(*args)
    assert {Path(name).read_text() for name in names()} == {"mine"}
    run(*args, "--force")
    assert {name: Path(name).read_bytes() for name in names()} == before


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["export", RUN, "--to", "csv", "--lane", "RN"], "no lane 'RN'; did you mean 'RNN'?"),
        (["export", RUN, "--to", "csv", "--lane", "\n"], "no lane '\\n'; the lanes are 'RNN', 'FNN'"),
        (["export", RUN, "--to", "numpy", "-o", "file/x"], "file is a file; give a folder"),
        (["export", RUN, "--to", "numpy", "-o", "file"], "file is a file; give a folder"),
        (["export", RUN, "--to", "numpy", "-o", "x.py"], "x.py: there are 2 files to write; give a folder"),
        (["export", RUN, "--to", "numpy", "-o", "x" * 300], "name too long"),
        (["export", RUN, "--to", "csv", "-o", "file/x.csv"], "file is a file; give a folder"),
        (["probe", RUN, "-o", "file/x.npz"], "file is a file; give a folder"),
        (["probe", RUN, "-o", "."], ". is a folder; give a file"),
        (["export", "../runs/smal.safetensors", "--to", "csv"], "../runs/smal.safetensors: no such file"),
    ],
)
def test_a_users_mistake_is_one_line_and_nothing_is_written(args, said):
    Path("file").write_text("mine")
    assert said in refused(*args)


def test_a_folder_that_may_not_be_written_to_is_said(monkeypatch):
    Path("locked").mkdir(mode=0o500)
    if os.geteuid() == 0:  # root may write anywhere: answer as the system answers others
        system = os.access
        monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "locked" and system(path, mode))
    said = refused("export", RUN, "--to", "csv", "-o", "locked/new")
    there = Path("locked").absolute()
    assert f"small.csv: nothing can be written in {there}; give another folder, or change its permissions" in said


def test_a_folder_that_may_no_longer_be_written_to_is_said(monkeypatch):
    Path("locked").mkdir()

    def locked(path, *rest, system=os.open):
        if "locked" in Path(path).parts:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return system(path, *rest)

    monkeypatch.setattr(os, "open", locked)
    assert "not saved (Permission denied)" in run("export", RUN, "--to", "csv", "-o", "locked", code=2)


def test_a_write_protected_file_is_not_overwritten(monkeypatch):
    run("export", RUN, "--to", "csv")
    Path("small.csv").chmod(0o400)
    if os.geteuid() == 0:
        system = os.access
        monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "small.csv" and system(path, mode))
    assert "small.csv is write-protected; give another file" in refused("export", RUN, "--to", "csv", "--force")


def test_no_export_replaces_a_run():
    before = Path(RUN).read_bytes()
    said = refused("export", RUN, "--to", "csv", "-o", RUN, "--force")
    assert f"{RUN}: .safetensors is for runs; give a name that ends in .csv" in said
    assert "a name that ends in .py" in refused("export", RUN, "--to", "numpy", "--lane", "FNN", "-o", RUN, "--force")
    assert Path(RUN).read_bytes() == before


def test_an_unknown_format_and_arrays_of_an_altered_net_are_usage_errors():
    assert "'onnx' is not one of 'pytorch', 'numpy', 'csv'" in run("export", RUN, "--to", "onnx", code=2)
    assert "it allows only --force" in run("probe", RUN, "-o", "p.npz", "--what-if", "cut", code=2)
