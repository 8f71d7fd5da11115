import json
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load
from support.exported_scripts import LANES, LAST_ONLY, TASKS, exported, printed, run_alone, session_of, written

from rnn_tui.checkpoints.torch_names import to_torch
from rnn_tui.errors import RnnTuiError, escaped
from rnn_tui.exports.probe_arrays import forward, held_out_of

ECHO = TASKS["binary cross-entropy"]
every_loss = pytest.mark.parametrize("loss", TASKS)
every_lane = pytest.mark.parametrize("lane", LANES)


def test_there_is_a_state_dict_and_a_script_for_each_lane_and_the_sequences_once(monkeypatch):
    session = session_of(monkeypatch, ECHO, LANES["gru"], {**LANES["window"], "name": "held-out"})
    files = exported("pytorch", session)
    assert sorted(files) == sorted(
        f"mine-{name}"
        for name in ("GRU.py", "GRU.safetensors", "held-out-2.py", "held-out-2.safetensors", "held-out.safetensors")
    )
    assert sorted(exported("pytorch", session, lanes=[0])) == [
        "mine-GRU.py", "mine-GRU.safetensors", "mine-held-out.safetensors",
    ]  # fmt: skip
    for lane, name in zip(session.frame().lanes, ("GRU", "held-out-2"), strict=True):
        found, expected = load(files[f"mine-{name}.safetensors"]), to_torch(lane.settings.architecture, lane.weights)
        assert found.keys() == expected.keys()
        for key, values in expected.items():
            assert found[key].dtype == values.dtype
            np.testing.assert_array_equal(found[key], values)
    for key, values in held_out_of(session).items():
        np.testing.assert_array_equal(load(files["mine-held-out.safetensors"])[key], values)


def test_the_same_session_gives_the_same_bytes(monkeypatch):
    one, two = (session_of(monkeypatch, ECHO, LANES["lstm"]) for _ in range(2))
    assert exported("pytorch", one) == exported("pytorch", two)


def test_scripts_are_formatted_as_black_would_and_have_no_dead_code(monkeypatch, tmp_path):
    for i, task in enumerate(TASKS.values()):
        for j, lane in enumerate(LANES.values()):
            files = exported("pytorch", session_of(monkeypatch, task, lane, steps=0), f"{i}-{j}")
            written(tmp_path, {name: data for name, data in files.items() if name.endswith(".py")})
    for words in (["format", "--diff"], ["check", "--select", "E4,E7,F"]):
        done = subprocess.run([sys.executable, "-m", "ruff", *words, "--isolated", "-q", tmp_path],
                              capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stdout


odd = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=' "\\$'), max_size=24)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lane=odd, name=st.text(max_size=60))
def test_any_names_give_a_script_that_says_them(monkeypatch, lane, name):
    session = session_of(monkeypatch, ECHO, {**LANES["window"], "name": lane}, steps=0, sequences=1)
    files = exported("pytorch", session, name)
    (source,) = (data.decode() for file, data in files.items() if file.endswith(".py"))
    code = compile(source, "exported.py", "exec")
    assert f"Lane {lane or 'FNN'} of {escaped(name)} at step 0: " in code.co_consts[0]
    assert {json.loads(f'"{file}"') for file in re.findall(r'here / "(.*)"', source)} <= files.keys()


def test_a_net_without_a_finite_loss_is_refused(monkeypatch):
    lane = {"kind": "rnn", "activation": "relu", "gain": 100, "hidden_size": 64}
    session = session_of(monkeypatch, TASKS["mean squared error"], lane, steps=0, sequence_length=600)
    with pytest.raises(RnnTuiError, match="no finite loss"):
        exported("pytorch", session)


# In PyTorch itself, where it is installed.


@pytest.fixture
def torch():
    found = pytest.importorskip("torch")
    before, threads = found.get_default_dtype(), found.get_num_threads()
    found.set_num_threads(1)
    yield found
    found.set_default_dtype(before)
    found.set_num_threads(threads)


def assert_agrees(session, folder, tolerance):
    """That the script's states, outputs and loss are the session's."""
    (lane,) = session.frame().lanes
    files = written(folder, exported("pytorch", session))
    (path,) = (path for path in files.values() if path.suffix == ".py")
    output, variables = printed(path.read_text(), path)
    ours = forward(session, lane)
    for name, values in (("h", ours["hidden"]), ("y", ours["logits"])):
        assert str(variables[name].dtype) == f"torch.{values.dtype}"
        np.testing.assert_allclose(variables[name], values, rtol=0, atol=tolerance)
    assert float(output) == pytest.approx(lane.score.loss, rel=max(10 * tolerance, 1e-11))
    said = re.search(r"held-out sequences, [a-z -]+: (\S+)", variables["__doc__"]).group(1)
    assert float(said) == pytest.approx(float(output), rel=1e-11 if tolerance < 1e-6 else 1e-4)  # of 12 or 5 digits


@pytest.mark.usefixtures("torch")
@every_loss
@every_lane
def test_pytorch_has_our_states_outputs_and_loss(monkeypatch, tmp_path, lane, loss):
    assert_agrees(session_of(monkeypatch, TASKS[loss], LANES[lane]), tmp_path, 1e-12)


@pytest.mark.usefixtures("torch")
@every_loss
@pytest.mark.parametrize("lane", ["rnn softplus", "gru", "lstm", "window"])
def test_so_it_has_in_single_precision(monkeypatch, tmp_path, lane, loss):
    assert_agrees(session_of(monkeypatch, TASKS[loss], LANES[lane], precision="float32"), tmp_path, 1e-6)


@pytest.mark.usefixtures("torch")
@pytest.mark.parametrize("task", LAST_ONLY, ids=lambda task: task["kind"])
def test_so_it_has_where_the_last_time_step_alone_is_scored(monkeypatch, tmp_path, task):
    assert_agrees(session_of(monkeypatch, task, LANES["rnn tanh"]), tmp_path, 1e-12)


@pytest.mark.usefixtures("torch")
@pytest.mark.parametrize("window", [2, 12, 30])
def test_so_it_has_with_a_window_of_any_length(monkeypatch, tmp_path, window):
    assert_agrees(session_of(monkeypatch, ECHO, {**LANES["window"], "window": window}), tmp_path, 1e-12)


@pytest.mark.usefixtures("torch")
def test_a_softplus_far_out_is_not_cut_short(monkeypatch, tmp_path):
    lane = {**LANES["rnn softplus"], "gain": 5.0}
    session = session_of(monkeypatch, {"kind": "adding"}, lane, steps=0, sequence_length=4, seed=4)
    assert 20 < session.frame().lanes[0].hidden.max() < 30
    assert_agrees(session, tmp_path, 1e-12)


@pytest.mark.usefixtures("torch")
def test_a_script_runs_on_its_own(monkeypatch, tmp_path):
    session = session_of(monkeypatch, ECHO, LANES["lstm"])
    files = written(tmp_path, exported("pytorch", session))
    assert float(run_alone(files["mine-LSTM.py"])) == pytest.approx(session.frame().lanes[0].score.loss, rel=1e-11)
