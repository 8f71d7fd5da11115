"""Some dozens of updates of every bundled preset; benchmarks/endurance.py makes thousands of them."""

import numpy as np
import pytest
from support.held_out import few_held_out

from rnn_tui.presets import store
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.session import Session

BUNDLED = sorted(path.stem for path in store.bundled_folder().glob("*.toml"))
DIVERGE = ["exploding"]  # on purpose


def session_of(name):
    return Session(store.load(store.bundled_folder() / f"{name}.toml").preset)


def assert_all_finite(frame):
    for lane in frame.lanes:
        arrays = {**lane.weights, **lane.states, "logits": lane.logits, "answers": lane.answers, "losses": lane.losses}
        for name, array in arrays.items():
            assert np.isfinite(array).all(), f"{name} of {lane.name}"
        assert np.isfinite(lane.score.loss)


@pytest.mark.parametrize("name", BUNDLED)
@few_held_out()
def test_a_dozen_updates_leave_every_number_finite(name):
    session = session_of(name)
    session.forward(12)
    frame = session.frame()
    assert (frame.step, frame.notice) == (12, "")
    assert {len(lane.losses) for lane in frame.lanes} == {12}
    assert_all_finite(frame)


@pytest.mark.parametrize("name", DIVERGE)
def test_what_diverges_on_purpose_stops_with_a_notice_and_learns_on_with_a_clip_from_a_few_steps_before(name):
    session = session_of(name)
    with pytest.raises(DivergenceError) as caught:
        session.forward(session.preset.training.steps)
    step = caught.value.step
    assert session.step == step > 0
    assert session.notice == f"relu diverged at step {step}; try a learning rate below 0.2 or a clip norm of 1"
    assert session.frame().notice == session.notice
    session.back()
    assert session.step == step - 1
    assert_all_finite(session.frame())
    session.back(4)
    session.change({"training.clip_norm": 1.0})
    session.forward(20)
    frame = session.frame()
    assert (frame.step, frame.notice) == (step + 15, "")
    assert_all_finite(frame)
