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


@pytest.mark.parametrize("gains", [(2.0, 3.0), (3.0, 2.0)])
def test_lanes_that_diverge_at_different_steps_all_stop_where_a_session_does(gains):
    lanes = [{"kind": "rnn", "activation": "identity", "gain": gain, "hidden_size": 4} for gain in gains]
    preset = small(*lanes, training={"optimizer": "sgd", "clip_norm": 0.0, "learning_rate": 2.0})
    run, session = TrainingRun.from_preset(preset, curves=True), Session(preset)
    errors = []
    for each in (run, session):
        with pytest.raises(DivergenceError) as caught:
            each.forward(1000)
        errors.append((caught.value.lane, caught.value.step))
    assert errors[0] == errors[1]
    assert 1 < run.step == errors[0][1]
    for one, other in zip(run.timelines, session.timelines, strict=True):
        assert one.step == run.step
        np.testing.assert_array_equal(one.state.parameters.flat, other.state.parameters.flat)
        np.testing.assert_array_equal(one.losses.exact, other.losses.exact)


def test_lanes_that_are_trained_in_turn_share_each_batch(monkeypatch):
    run = TrainingRun.from_preset(small({"kind": "rnn"}, {"kind": "gru"}, {"kind": "fnn"}))
    drawn, draw = [], type(run.preset.task).batch
    monkeypatch.setattr(type(run.preset.task), "batch", lambda *args: drawn.append(args) or draw(*args))
    for count in (1, 4, 90):
        run.forward(count)
    assert len(drawn) == 3 * run.experiment.block == 96, "of 95 steps"


def test_what_does_not_fit_into_memory_is_refused_before_anything_is_built(monkeypatch):
    monkeypatch.setattr(available_memory, "available", lambda: 1)
    with pytest.raises(PresetError, match="GiB are free"):
        TrainingRun.from_preset(small({"kind": "rnn", "hidden_size": 1024}, training={"sequence_length": 2000}))
