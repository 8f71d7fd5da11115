"""Run in a copy that has the cell of ``update_gate.py``; ``test_seams.py`` makes it."""

from pathlib import Path

import numpy as np
import pytest
from seams.walkthrough import (
    assert_drawn,
    assert_explained,
    assert_exports_numpy,
    assert_learns,
    assert_reopens,
    preset_of,
    pytorch_files,
)
from support.numeric_gradients import (
    CELL_KINDS,
    CLOSE,
    loss_and_gradient,
    numeric_gradient,
    random_batch,
    random_parameters,
    truncated_loss,
)

import rnn_tui
from rnn_tui.engine.diagnostics import StateMap, saliency
from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.errors import PresetError
from rnn_tui.session.session import Session
from rnn_tui.ui.panels.control_rows import settings_of

LANE = {"kind": "ugrnn", "hidden_size": 4}
PRESET = preset_of(LANE, {"kind": "rnn", "hidden_size": 3})


@pytest.fixture(scope="module")
def trained():
    return assert_learns(PRESET, 250)


@pytest.mark.parametrize("truncation", [0, 2])
def test_its_gradient_is_that_of_central_differences(truncation):
    rng, model = np.random.default_rng(0), RecurrentModel(CELL_KINDS["ugrnn"](2, 3), 2, truncation=truncation)
    parameters, batch = random_parameters(model, rng), random_batch(rng, mean_squared_error, 2, 2, 5, 3)
    _, gradient = loss_and_gradient(model, parameters, batch, mean_squared_error)
    expected = numeric_gradient(truncated_loss(model, parameters, batch, mean_squared_error), parameters.flat)
    expected[model.layout.holes] = 0
    np.testing.assert_allclose(gradient, expected, **CLOSE)


def test_its_jacobian_and_its_saliency_come_out_of_its_backward_pass():
    rng, model = np.random.default_rng(0), RecurrentModel(CELL_KINDS["ugrnn"](2, 3), 1)
    parameters, x = random_parameters(model, rng), rng.standard_normal((4, 2))
    step, state = StateMap(model, parameters), rng.standard_normal((3, 1))
    nudges = 1e-6 * np.eye(3)
    columns = [step(state + e[:, None], x[0][:, None]) - step(state - e[:, None], x[0][:, None]) for e in nudges]
    expected = np.concatenate(columns, axis=1) / 2e-6
    np.testing.assert_allclose(step.jacobian(state, x[0][:, None])[0], expected, **CLOSE)

    def last(seen):
        return float(model.forward(parameters, seen[..., None], model.trace(4, 1))[-1, 0, 0])

    np.testing.assert_allclose(saliency(model, parameters, x)[-1], numeric_gradient(last, x), **CLOSE)


def test_it_holds_as_many_numbers_as_it_declares():
    trace = RecurrentModel(CELL_KINDS["ugrnn"](2, 3), 2, truncation=2).trace(5, 4)
    assert sum(buffer.size for buffer in trace.buffers.values()) == RecurrentModel(
        CELL_KINDS["ugrnn"](2, 3), 2, truncation=2
    ).numbers(5, 4)


def test_it_is_the_copy_that_is_tried():
    assert Path(rnn_tui.__file__).is_relative_to(Path.cwd())


def test_it_learns_and_is_saved(trained, tmp_path):
    assert_reopens(trained, tmp_path / "seam.safetensors")


def test_its_script_in_numpy_has_its_loss(trained, tmp_path):
    assert_exports_numpy(trained, tmp_path)


def test_pytorch_has_no_such_cell_and_the_export_says_so(trained):
    texts = pytorch_files(trained)
    assert set(texts) == {"seam-UGRNN.txt", "seam-RNN.py"}
    assert "no equivalent of an update gate RNN" in texts["seam-UGRNN.txt"]


def test_it_is_explained(trained):
    assert_explained(trained)


def test_its_option_is_a_setting_that_is_checked_and_matters():
    (row,) = (row for row in settings_of(PRESET, 0) if row.key == "lanes.0.gate_bias")
    assert (row.label, row.value, row.beside(1)) == ("gate", 1.0, 2.0)
    biases = [Session(preset_of({**LANE, "gate_bias": bias})).frame().lanes[0].weights["b_g"] for bias in (0.0, 2.0)]
    np.testing.assert_allclose(biases[1] - biases[0], 2)
    with pytest.raises(PresetError, match="gate_bias"):
        preset_of({**LANE, "gate_bias": 1000})
    with pytest.raises(PresetError, match="forget_bias"):
        preset_of({**LANE, "forget_bias": 1})


async def test_it_is_drawn():
    words = "g_t = σ(W_hg h_(t-1)", "−ln", "A running mean of each gradient"
    await assert_drawn(PRESET, "UGRNN", "gate", slow_motion=words)
