"""Run in a copy that has the intervention of ``mirror.py``; ``test_seams.py`` makes it."""

import json

import numpy as np
from seams.walkthrough import assert_explained, assert_exports_numpy, assert_reopens, preset_of
from support.command_line import run

from rnn_tui.checkpoints.writer import save
from rnn_tui.session.checkpointing import checkpoint_of
from rnn_tui.session.diagnosis import gradient
from rnn_tui.session.frame import Demand
from rnn_tui.session.session import Session
from rnn_tui.session.what_if import altered_net, parsed

PRESET = preset_of({"kind": "rnn", "hidden_size": 4}, {"kind": "fnn", "window": 3})


def trained(steps=20):
    session = Session(PRESET)
    session.forward(steps)
    return session


def test_as_a_lens_it_is_shown_and_diagnosed_and_changes_nothing():
    session = trained()
    before = session.frame().lanes[0].weights["W_hh"].copy()
    lens = parsed(["mirror"], session.experiment)
    recurrent, window = session.frame(Demand.EVERYTHING, lens).lanes
    assert [each.said for each in recurrent.altered.interventions] == ["sign of W_hh changed"]
    assert recurrent.altered.score.loss != recurrent.score.loss
    assert window.altered is None
    net = altered_net(session.experiment, 0, session.timelines[0], lens)
    np.testing.assert_array_equal(net.parameters["W_hh"], -before)
    assert gradient(net).by_lag.by_lag[0] == 1
    np.testing.assert_array_equal(session.frame().lanes[0].weights["W_hh"], before)


def test_applied_training_goes_on_with_it_and_it_is_saved_resumed_undone_exported_and_explained(tmp_path):
    session = trained()
    before = session.frame().lanes[0].weights["W_hh"].copy()
    session.change({"lanes.0.interventions": ["mirror"]})
    np.testing.assert_array_equal(session.frame().lanes[0].weights["W_hh"], -before)
    session.forward(10)
    np.testing.assert_array_equal(session.frame().lanes[0].weights["W_hh"], -before)
    assert_reopens(session, tmp_path / "seam.safetensors")
    assert_exports_numpy(session, tmp_path)
    session.seek(30)
    assert_explained(session)
    session.undo()
    np.testing.assert_array_equal(session.frame().lanes[0].weights["W_hh"], before)


def test_the_command_line_knows_it(tmp_path):
    session = trained()
    path = tmp_path / "run.safetensors"
    save(checkpoint_of(session, "seam"), path)
    lane, other = json.loads(run("probe", path, "--what-if", "mirror", "--json").stdout)["lanes"]
    (shown, _) = session.frame(Demand.WHAT_IF, parsed(["mirror"], session.experiment)).lanes
    assert (lane["interventions"], lane["loss"]) == (["mirror"], shown.altered.score.loss)
    assert "feed-forward" in other["not_acting"]["mirror"]
    assert "did you mean 'mirror'?" in run("probe", path, "--what-if", "miror", code=2).output
