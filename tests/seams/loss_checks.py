"""Run in a copy in which a task ``absolute-mean`` has the loss of ``absolute_error.py``."""

import numpy as np
import pytest
from rnn_tui.engine.absolute_error import mean_absolute_error
from seams.walkthrough import (
    assert_explained,
    assert_exports_numpy,
    assert_learns,
    assert_reopens,
    preset_of,
    pytorch_files,
)
from support.numeric_gradients import CLOSE, numeric_gradient, random_batch

from rnn_tui.session.probe_reading import UNSCORED

PRESET = preset_of({"kind": "rnn", "hidden_size": 6}, {"kind": "fnn"}, task={"kind": "absolute-mean"})


@pytest.fixture(scope="module")
def trained():
    return assert_learns(PRESET, 200)


def test_its_gradient_is_that_of_central_differences():
    rng = np.random.default_rng(0)
    batch, y = random_batch(rng, mean_absolute_error, 1, 2, 5, 3, "ragged"), rng.standard_normal((5, 2, 3))
    _, slope = mean_absolute_error.mean(y, batch.target, batch.mask)
    expected = numeric_gradient(lambda y: mean_absolute_error.mean(y, batch.target, batch.mask)[0], y)
    np.testing.assert_allclose(slope, expected, **CLOSE)


def test_its_answers_are_numbers_that_are_scored_as_such(trained):
    lane, batch = trained.frame().lanes[0], trained.experiment.held_out
    targets = batch.target[:, 0][batch.mask > 0]
    assert lane.score.mse is not None
    assert lane.score.loss == pytest.approx(lane.score.mae)
    assert lane.score.r2 == pytest.approx(1 - lane.score.mse / targets.var())
    assert lane.score.accuracy is None
    assert set(np.flatnonzero(lane.verdicts == UNSCORED)) == {0}


def test_it_is_saved_exported_and_explained(trained, tmp_path):
    assert_reopens(trained, tmp_path / "seam.safetensors")
    assert_exports_numpy(trained, tmp_path)
    assert 'each = F.l1_loss(y, target, reduction="none").mean(-1)' in pytorch_files(trained)["seam-RNN.py"]
    assert_explained(trained, words=("l_t = |y_t − target|", "sign(y_t − target)"))
