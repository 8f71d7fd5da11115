import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.exported_scripts import (
    LANES,
    LAST_ONLY,
    TASKS,
    exported,
    imported,
    printed,
    run_alone,
    session_of,
    written,
)

from rnn_tui.errors import RnnTuiError, escaped
from rnn_tui.exports import numpy_script
from rnn_tui.exports.numpy_script import in_numpy
from rnn_tui.exports.probe_arrays import forward, held_out_of
from rnn_tui.presets.preset import parse
from rnn_tui.presets.store import find, load
from rnn_tui.session.session import Session

ECHO = TASKS["binary cross-entropy"]
every_loss = pytest.mark.parametrize("loss", TASKS)
every_lane = pytest.mark.parametrize("lane", LANES)


def script_of(session):
    """The one script of a session with one lane."""
    (source,) = exported("numpy", session).values()
    return source.decode()


def assert_agrees(session, module, tolerance):
    """That the module's states, outputs and loss are the session's."""
    (lane,), held_out = session.frame().lanes, held_out_of(session)
    for name, values in held_out.items():
        assert module.data[name].dtype == values.dtype
        np.testing.assert_array_equal(module.data[name], values)
    h, y = module.forward(held_out["inputs"])
    ours = forward(session, lane)
    assert h.dtype == y.dtype == ours["hidden"].dtype
    np.testing.assert_allclose(h, ours["hidden"], rtol=0, atol=tolerance)
    np.testing.assert_allclose(y, ours["logits"], rtol=0, atol=tolerance)
    loss = module.loss(y, held_out["targets"], held_out["mask"])
    assert loss == pytest.approx(lane.score.loss, rel=10 * tolerance, abs=tolerance)


@every_loss
@every_lane
def test_a_script_has_our_states_outputs_and_loss(monkeypatch, lane, loss):
    session = session_of(monkeypatch, TASKS[loss], LANES[lane])
    assert_agrees(session, imported(script_of(session)), 1e-14)


@every_loss
@pytest.mark.parametrize("lane", ["rnn softplus", "gru", "lstm", "window"])
def test_so_it_has_in_single_precision(monkeypatch, lane, loss):
    session = session_of(monkeypatch, TASKS[loss], LANES[lane], precision="float32")
    assert_agrees(session, imported(script_of(session)), 1e-6)


@pytest.mark.parametrize("task", LAST_ONLY, ids=lambda task: task["kind"])
def test_so_it_has_where_the_last_time_step_alone_is_scored(monkeypatch, task):
    session = session_of(monkeypatch, task, LANES["rnn tanh"])
    assert session.experiment.held_out.mask.sum() == 5
    assert_agrees(session, imported(script_of(session)), 1e-14)


@pytest.mark.parametrize("window", [2, 12, 30])
def test_so_it_has_with_a_window_of_any_length(monkeypatch, window):
    session = session_of(monkeypatch, ECHO, {**LANES["window"], "window": window})
    assert_agrees(session, imported(script_of(session)), 1e-14)


@pytest.mark.parametrize("lane", ["rnn sigmoid", "gru", "lstm"])
def test_many_weights_are_packed_and_read_again_by_name(monkeypatch, lane):
    monkeypatch.setattr(numpy_script, "MOST_WRITTEN", 5)
    session = session_of(monkeypatch, TASKS["cross-entropy"], LANES[lane])
    source = script_of(session)
    assert "# fmt: off" not in source
    assert 'W_hy = data["W_hy"]  # (O, H)' in source
    assert_agrees(session, imported(source), 1e-14)


def test_a_large_net_lies_in_a_file_beside_the_script(monkeypatch, tmp_path):
    monkeypatch.setattr(numpy_script, "MOST_PACKED", 1000)
    session = session_of(monkeypatch, ECHO, {"kind": "lstm", "hidden_size": 32})
    files = written(tmp_path, exported("numpy", session))
    assert list(files) == ["mine_LSTM.npz", "mine_LSTM.py"]
    assert files["mine_LSTM.py"].stat().st_size < 3000
    assert float(run_alone(files["mine_LSTM.py"])) == pytest.approx(session.frame().lanes[0].score.loss, rel=1e-11)


@pytest.mark.parametrize("lane", ["rnn tanh", "gru", "lstm", "window"])
def test_scripts_run_in_an_interpreter_that_has_numpy_alone(monkeypatch, tmp_path, lane):
    session = session_of(monkeypatch, TASKS["cross-entropy"], LANES[lane])
    ((name, data),) = exported("numpy", session).items()
    spy = '\nimport sys\nassert not [name for name in sys.modules if name.startswith("rnn_tui")]\n'
    path = tmp_path / name
    path.write_bytes(data + spy.encode())
    assert float(run_alone(path)) == pytest.approx(session.frame().lanes[0].score.loss, rel=1e-11)
    assert set(re.findall(r"^(?:import|from) (\w+)", data.decode(), re.M)) == {"base64", "io", "numpy"}


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_what_it_prints_is_what_its_docstring_says(monkeypatch, precision):
    session = session_of(monkeypatch, ECHO, LANES["gru"], precision=precision)
    output, variables = printed(script_of(session))
    said = re.search(r"\(binary cross-entropy\): (\S+)", variables["__doc__"]).group(1)
    assert float(output) == pytest.approx(float(said), rel=1e-11 if precision == "float64" else 1e-4)
    assert float(said) == pytest.approx(session.frame().lanes[0].score.loss, rel=1e-4)


def test_scripts_are_formatted_as_black_would_and_have_no_dead_code(monkeypatch, tmp_path):
    for i, task in enumerate(TASKS.values()):
        for j, lane in enumerate(LANES.values()):
            (tmp_path / f"{i}_{j}.py").write_text(script_of(session_of(monkeypatch, task, lane, steps=0)))
    for words in (["format", "--diff"], ["check", "--select", "E4,E7,F"]):
        done = subprocess.run([sys.executable, "-m", "ruff", *words, "--isolated", "-q", tmp_path],
                              capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stdout


def test_each_lane_is_a_module_that_python_can_import(monkeypatch):
    lanes = [{**LANES["gru"], "name": name} for name in ("GRU (α)", "gru α", "β")]
    session = session_of(monkeypatch, ECHO, *lanes)
    names = ["my_run_GRU.py", "my_run_gru_2.py", "my_run_lane_2.py"]
    assert list(exported("numpy", session, "my run")) == names
    assert list(exported("numpy", session, "my run", [2])) == names[2:]


odd = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=' "\\$'), max_size=24)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lane=odd, name=st.text(max_size=60))
def test_any_names_give_a_script_that_says_them(monkeypatch, lane, name):
    session = session_of(monkeypatch, ECHO, {**LANES["window"], "name": lane}, steps=0, sequences=1)
    (source,) = exported("numpy", session, name).values()
    assert f"Lane {lane or 'FNN'} of {escaped(name)} at step 0: " in imported(source).__doc__


def test_a_net_without_a_finite_loss_is_refused_with_a_way_out(monkeypatch):
    lane = {"kind": "rnn", "activation": "relu", "gain": 100, "hidden_size": 64, "name": "wild"}
    session = session_of(monkeypatch, TASKS["mean squared error"], lane, steps=0, sequence_length=600)
    with pytest.raises(RnnTuiError, match="wild has no finite loss at step 0; go back to an earlier step"):
        exported("numpy", session)


def test_what_symbols_and_normalized_numbers_mean_stands_in_the_docstring():
    lanes = [{"kind": "rnn", "hidden_size": 2}]
    letters = Session(parse({"task": {"kind": "letters"}, "lanes": lanes}, "x"))
    text = in_numpy(letters, "x", [0])["x_RNN.py"]
    assert "Inputs are one-hot, with 6 symbols in this order: 'a' 'b' 'd' 'g' 'i' 'u'" in text.decode()
    series = Session(load(find("csv")).preset)
    mean, one = series.experiment.task.in_units(np.array([0.0, 1.0]))
    text = in_numpy(series, "x", [0])["x_RNN.py"].decode()
    assert f"in original units = {mean:.10g} + {one - mean:.10g} * value" in " ".join(text.split())
    bits = Session(parse({"task": {"kind": "xor"}, "lanes": lanes}, "x"))
    assert "normalized" not in in_numpy(bits, "x", [0])["x_RNN.py"].decode()


def test_a_script_has_the_weights_that_an_intervention_has_changed_and_names_it():
    session = Session(parse({"task": {"kind": "echo"}, "lanes": [{"kind": "gru", "hidden_size": 3}]}, "x"))
    session.forward(3)
    session.change({"lanes.0.interventions": ["silence:u1", "prune=0.1"]})
    session.forward(3)
    source = script_of(session)
    assert "Its weights include these interventions: silence:u1, prune=0.1." in source
    module = imported(source)
    assert (module.W_hn[:, 1] == 0).all()
    assert_agrees(session, module, 1e-14)
