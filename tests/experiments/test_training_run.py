"""A run without a history: what a session says of the same steps, in the memory of one state."""

import gc

import numpy as np
import pytest
from support.reference_training import carried, diverging, small

from rnn_tui.engine.training import TrainState
from rnn_tui.errors import PresetError
from rnn_tui.experiments.training_run import TrainingRun
from rnn_tui.presets import available_memory
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.session import Session


@pytest.mark.parametrize("preset", [small(), carried(schedule="cosine", weight_decay=0.1)], ids=["small", "carried"])
def test_it_evaluates_to_what_a_session_does(preset):
    run, session = TrainingRun.from_preset(preset), Session(preset)
    run.forward(9)
    session.forward(9)
    for one, other in zip(run.evaluate().lanes, session.evaluate().lanes, strict=True):
        assert (one.name, one.parameters, one.score.loss) == (other.name, other.parameters, other.score.loss)


def test_with_curves_it_records_what_a_session_records_and_without_them_nothing():
    run, bare, session = (
        TrainingRun.from_preset(small(), curves=True),
        TrainingRun.from_preset(small()),
        Session(small()),
    )
    for each in (run, bare, session):
        each.forward(20)
    for one, none, other in zip(run.timelines, bare.timelines, session.timelines, strict=True):
        np.testing.assert_array_equal(one.losses.exact, other.losses.exact)
        np.testing.assert_array_equal(one.norms.exact, other.norms.exact)
        assert len(none.losses) == len(none.norms) == 0


def test_it_keeps_one_state_of_each_lane_however_long_it_trains():
    run = TrainingRun.from_preset(small())
    gc.collect()
    before = sum(isinstance(each, TrainState) for each in gc.get_objects())
    run.forward(200)
    gc.collect()
    assert sum(isinstance(each, TrainState) for each in gc.get_objects()) == before


def test_an_update_of_all_lanes_or_of_none():
    run = TrainingRun.from_preset(diverging({"kind": "fnn"}))
    with pytest.raises(DivergenceError) as caught:
        run.forward(1000)
    assert caught.value.lane == 1
    states = [timeline.state for timeline in run.timelines]
    with pytest.raises(DivergenceError):
        run.forward()
    assert [timeline.state for timeline in run.timelines] == states


def test_what_does_not_fit_into_memory_is_refused_before_anything_is_built(monkeypatch):
    monkeypatch.setattr(available_memory, "available", lambda: 1)
    with pytest.raises(PresetError, match="GiB are free"):
        TrainingRun.from_preset(small({"kind": "rnn", "hidden_size": 1024}, training={"sequence_length": 2000}))
