"""Run in a copy that has the activations of ``softsign.py``; ``test_seams.py`` makes it."""

import numpy as np
import pytest
from seams.walkthrough import (
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

from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.session.frame import state_of
from rnn_tui.ui.panels.control_rows import settings_of
from rnn_tui.ui.panels.hidden_state import color_scale

RNN, FNN = ({"kind": kind, "hidden_size": 4, "activation": "softsign"} for kind in ("rnn", "fnn"))
PRESET = preset_of(RNN, {**FNN, "window": 3})


@pytest.fixture(scope="module")
def trained():
    return assert_learns(PRESET, 250, lane=1)


@pytest.mark.parametrize(
    "model",
    [RecurrentModel(CELL_KINDS["rnn-softsign"](2, 3), 2), FeedForwardModel(2, 3, 2, 2, "softsign")],
    ids=["rnn", "fnn"],
)
def test_its_gradient_is_that_of_central_differences(model):
    rng = np.random.default_rng(0)
    parameters, batch = random_parameters(model, rng), random_batch(rng, mean_squared_error, 2, 2, 5, 3)
    _, gradient = loss_and_gradient(model, parameters, batch, mean_squared_error)
    expected = numeric_gradient(truncated_loss(model, parameters, batch, mean_squared_error), parameters.flat)
    expected[model.layout.holes] = 0
    np.testing.assert_allclose(gradient, expected, **CLOSE)


def test_it_is_saved_exported_and_explained(trained, tmp_path):
    assert_reopens(trained, tmp_path / "seam.safetensors")
    assert_exports_numpy(trained, tmp_path)
    for lane in range(2):
        assert_explained(trained, lane, ("h_t = softsign(",))


def test_its_limits_are_those_of_the_colors(trained):
    (lane, _) = trained.frame().lanes
    assert state_of(lane, "h").limits == (-1, 1)
    assert color_scale(0 * lane.hidden, lane, "h") == (0, 1)


def test_pytorch_has_it_or_the_export_says_that_it_has_not(trained):
    texts = pytorch_files(trained)
    assert "h_t = F.softsign(z_t)" in texts["seam-RNN.py"]
    assert "h = F.softsign(z)" in texts["seam-FNN.py"]
    lanes = [{**lane, "activation": "own softsign"} for lane in (RNN, FNN)]
    texts = pytorch_files(assert_learns(preset_of(*lanes), 250))
    assert "no equivalent of a recurrent net (own softsign 4)" in texts["seam-RNN.txt"]
    assert "no equivalent of a feed-forward net (own softsign 4)" in texts["seam-FNN.txt"]


def test_it_is_a_choice_in_the_controls():
    (row,) = (row for row in settings_of(PRESET, 0) if row.key == "lanes.0.activation")
    assert row.value == "softsign"
    assert row.beside(-1) == "softplus"
