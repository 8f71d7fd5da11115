"""What is measured on held-out sequences, with and without a screenful around it."""

import numpy as np
import pytest
from support.held_out import few_held_out
from support.reference_training import diverging, small

from rnn_tui.presets import store
from rnn_tui.session import generation
from rnn_tui.session.evaluation import label
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.session import Session

BUNDLED = sorted(path.stem for path in store.bundled_folder().glob("*.toml"))


@pytest.mark.parametrize("name", BUNDLED)
@few_held_out()
def test_it_says_what_the_frame_says(name):
    session = Session(store.load(store.bundled_folder() / f"{name}.toml").preset)
    session.forward(2)
    found, frame = session.evaluate(), session.frame()
    assert (found.preset, found.step, found.references) == (frame.preset, 2, frame.references)
    for one, other in zip(found.lanes, frame.lanes, strict=True):
        assert (one.name, one.label, one.settings) == (other.name, other.label, other.settings)
        assert (one.parameters, one.floor) == (other.parameters, other.floor)
        for field in ("loss", "accuracy", "r2", "mae", "loss_by_time", "loss_by_role"):
            np.testing.assert_array_equal(getattr(one.score, field), getattr(other.score, field))


def test_it_predicts_nothing_freely_and_writes_no_text(monkeypatch):
    session = Session(store.load(store.bundled_folder() / "letters.toml").preset)
    monkeypatch.delattr(generation.Reader, "read")
    assert session.evaluate().lanes[0].score.loss > 0


def test_a_net_that_is_no_longer_finite_scores_so_without_a_warning():
    session = Session(diverging())
    with pytest.raises(DivergenceError):
        session.forward(1000)
    session.histories.timelines[0].state.parameters.flat[...] = np.nan
    assert np.isnan(session.evaluate().lanes[0].score.loss)


@pytest.mark.parametrize(
    ("lane", "said"),
    [
        ({"kind": "rnn"}, "RNN"),
        ({"kind": "fnn", "window": 3}, "FNN(3)"),
        ({"kind": "fnn", "window": 3, "name": "FNN3"}, "FNN3"),
        ({"kind": "fnn", "window": 3, "name": "FNN13"}, "FNN13(3)"),
    ],
)
def test_a_label_names_the_window_once(lane, said):
    preset = small(lane)
    assert label(preset.names[0], preset.lanes[0]) == said
