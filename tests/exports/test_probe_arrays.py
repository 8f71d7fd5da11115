import io

import numpy as np
import pytest
from support import reference_equations
from support.exported_scripts import LANES, TASKS, session_of

from rnn_tui.exports.probe_arrays import npz_of
from rnn_tui.session.experiment import Experiment

FOUR = [LANES[name] for name in ("rnn relu", "gru", "lstm", "window")]
STATES = [[], ["n", "r", "z"], ["c", "f", "g", "i", "o"], []]
T, B = 12, 5


def loaded(session):
    with np.load(io.BytesIO(npz_of(session)), allow_pickle=False) as file:
        return dict(file)


@pytest.mark.parametrize("loss", TASKS)
def test_the_probe_has_every_array_by_name_with_time_and_batch_first(monkeypatch, loss):
    session = session_of(monkeypatch, TASKS[loss], *FOUR)
    found, task = loaded(session), session.experiment.task
    I, O = task.input_size, task.output_size
    expected = {"inputs": (T, B, I), "targets": (T, B) if loss == "cross-entropy" else (T, B, O), "mask": (T, B)}
    expected["names"] = (4,)
    if task.alphabet:
        expected["symbols"] = (I,)
        assert tuple(found["symbols"]) == task.alphabet
    for i, (lane, states) in enumerate(zip(FOUR, STATES, strict=True)):
        expected |= {f"lanes.{i}.{name}": (T, B, lane["hidden_size"]) for name in ("hidden", *states)}
        expected[f"lanes.{i}.logits"] = (T, B, O)
    assert {name: array.shape for name, array in found.items()} == expected
    assert found["names"].tolist() == ["RNN", "GRU", "LSTM", "FNN"]
    assert found["targets"].dtype == ("int64" if loss == "cross-entropy" else "float64")
    assert found["mask"].dtype == bool


@pytest.mark.parametrize("loss", TASKS)
def test_the_first_sequence_is_what_the_screen_shows(monkeypatch, loss):
    session = session_of(monkeypatch, TASKS[loss], *FOUR)
    found, frame, batch = loaded(session), session.frame(), Experiment(session.preset).held_out
    np.testing.assert_array_equal(found["inputs"][:, 0], frame.inputs)
    np.testing.assert_array_equal(found["targets"][:, 0].reshape(T), frame.target)
    np.testing.assert_array_equal(found["mask"][:, 0], frame.mask > 0)
    np.testing.assert_array_equal(found["inputs"][:, 3], batch.x[..., 3])
    for i, lane in enumerate(frame.lanes):
        np.testing.assert_array_equal(found[f"lanes.{i}.logits"][:, 0], lane.logits)
        for name, values in lane.states.items():
            key = "hidden" if name == "h" else name
            np.testing.assert_array_equal(found[f"lanes.{i}.{key}"][:, 0], values)


def test_all_sequences_give_what_the_equations_say(monkeypatch):
    session = session_of(monkeypatch, TASKS["mean squared error"], *FOUR)
    found = loaded(session)
    lane = session.frame().lanes[2]
    states, y = reference_equations.lstm(lane.weights, found["inputs"].transpose(0, 2, 1))
    for name, values in {**states, "logits": y}.items():
        key = "hidden" if name == "h" else name
        np.testing.assert_allclose(found[f"lanes.2.{key}"], values.transpose(0, 2, 1), atol=1e-12)


def test_a_run_in_single_precision_gives_single_precision(monkeypatch):
    found = loaded(session_of(monkeypatch, TASKS["mean squared error"], *FOUR, precision="float32"))
    assert {array.dtype.name for name, array in found.items() if name not in ("mask", "names")} == {"float32"}


def test_the_same_session_gives_the_same_bytes(monkeypatch):
    one, two = (session_of(monkeypatch, TASKS["cross-entropy"], *FOUR) for _ in range(2))
    assert npz_of(one) == npz_of(two)
