"""One update taken apart: what it shows is what training does, and looking changes nothing."""

import numpy as np
import pytest
from support import reference_equations
from support.numeric_gradients import numeric_gradient, numeric_nudges

from rnn_tui.presets.preset import parse
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.session import Session

LANES = [
    {"kind": "rnn", "hidden_size": 3},
    {"kind": "rnn", "name": "cut", "hidden_size": 3, "truncation": 2},
    {"kind": "gru", "hidden_size": 3},
    {"kind": "lstm", "hidden_size": 3},
]
FNN = {"kind": "fnn", "hidden_size": 3, "window": 2}
SHORT = {"sequence_length": 5, "batch_size": 2}
TASKS = {"bits": {"kind": "echo", "delay": 1}, "classes": {"kind": "letters"}, "numbers": {"kind": "wave"}}
every_set_of_lanes = pytest.mark.parametrize("lanes", [LANES, [FNN]], ids=["recurrent", "fnn"])
every_task = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)


def session_of(*lanes, task=None, steps=3, **training):
    document = {"task": task or TASKS["bits"], "training": SHORT | training, "lanes": list(lanes)}
    session = Session(parse(document, "made up"))
    session.forward(steps)
    return session


def state_of(session, lane=0):
    return session.histories.timelines[lane].state


def bits_of(session):
    states = [timeline.state for timeline in session.histories.timelines]
    return [
        (state.step, state.parameters.flat.tobytes(), {name: slot.tobytes() for name, slot in state.slots.items()})
        for state in states
    ]


@pytest.mark.parametrize(
    "training",
    [
        {},
        {"optimizer": "sgd", "clip_norm": 0.01, "weight_decay": 0.1},
        {"optimizer": "momentum", "schedule": "step", "schedule_steps": 2},
        {"optimizer": "rmsprop", "schedule": "cosine", "schedule_steps": 10, "precision": "float32"},
        {"batches_per_sequence": 3},
    ],
)
@every_set_of_lanes
def test_the_update_that_is_shown_is_the_one_that_is_made_bit_for_bit(lanes, training):
    session = session_of(*lanes, **training)
    for _ in range(3):
        seen = [session.trace_update(lane) for lane in range(len(lanes))]
        session.forward()
        for lane, slow in enumerate(seen):
            made = state_of(session, lane).parameters.views
            assert {name: values.tobytes() for name, values in slow.after.items()} == {
                name: values.tobytes() for name, values in made.items()
            }
            assert slow.loss == session.histories.timelines[lane].losses[-1]


@every_set_of_lanes
def test_looking_changes_nothing_and_leaves_no_trace_in_what_follows(lanes):
    looked, never = session_of(*lanes), session_of(*lanes)
    kept, stamp = bits_of(looked), looked.stamp
    for lane in range(len(lanes)):
        looked.trace_update(lane)
    assert bits_of(looked) == kept
    assert (looked.stamp, looked.step) == (stamp, 3)
    for session in (looked, never):
        session.forward(2)
    assert bits_of(looked) == bits_of(never)


def test_a_kept_look_is_not_overwritten_by_later_updates():
    session = session_of(*LANES)
    slow = session.trace_update(0)
    kept = [array.copy() for array in (slow.dh, slow.dy, slow.losses, slow.lane.hidden, slow.frame.inputs)]
    session.forward(3)
    for array, before in zip((slow.dh, slow.dy, slow.losses, slow.lane.hidden, slow.frame.inputs), kept, strict=True):
        np.testing.assert_array_equal(array, before)
        assert not array.flags.writeable
    for values in (*slow.gradient.values(), *slow.after.values()):
        assert not values.flags.writeable


@pytest.mark.parametrize("batches", [1, 3])
@pytest.mark.parametrize("kind", ["rnn", "gru", "lstm"])
def test_the_gradient_at_each_hidden_state_is_how_the_loss_moves_when_it_is_nudged(kind, batches):
    session = session_of({"kind": kind, "hidden_size": 3}, task={"kind": "wave"}, steps=2, batches_per_sequence=batches)
    state, batch, slow = state_of(session), session.experiment.batch(2), session.trace_update(0)

    def net(parameters, x, **more):
        if kind == "rnn":
            return reference_equations.rnn(parameters, x, "tanh", **more)
        return {"gru": reference_equations.gru, "lstm": reference_equations.lstm}[kind](parameters, x, **more)

    lab = state.parameters, batch, None if batch.begins else state.memory, None
    assert batch.begins == (batches == 1)
    expected = numeric_nudges(net, lab, 3, lambda nudge: {"to_h": nudge})
    np.testing.assert_allclose(slow.dh, expected[..., 0], rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(slow.norms, np.sqrt((expected[..., 0] ** 2).sum(axis=1)), rtol=1e-5, atol=1e-8)


def test_the_gradient_at_each_sum_is_how_the_loss_moves_when_it_is_nudged():
    session = session_of({"kind": "rnn", "hidden_size": 3}, task={"kind": "wave"})
    lab = state_of(session).parameters, session.experiment.batch(3), None, None
    expected = numeric_nudges(
        lambda *args, **more: reference_equations.rnn(*args, "tanh", **more), lab, 3, lambda nudge: {"to_z": nudge}
    )
    np.testing.assert_allclose(session.trace_update(0).dz, expected[..., 0], rtol=1e-5, atol=1e-8)


@every_task
def test_losses_and_slopes_are_those_of_the_definition(task):
    session = session_of(FNN, task=task)
    batch, slow = session.experiment.batch(3), session.trace_update(0)
    _, y = reference_equations.fnn(state_of(session).parameters, batch.x, "tanh", 2)
    name = session.experiment.task.loss.name
    assert slow.loss == pytest.approx(reference_equations.loss(name, y, batch.target, batch.mask))
    first = batch.first()
    assert np.nanmean(slow.losses) == pytest.approx(
        reference_equations.loss(name, y[..., :1], first.target, first.mask)
    )
    np.testing.assert_array_equal(np.isnan(slow.losses), first.mask[:, 0] == 0)
    slopes = numeric_gradient(lambda at: reference_equations.loss(name, at, batch.target, batch.mask), y)
    np.testing.assert_allclose(slow.dy, slopes[..., 0], rtol=1e-5, atol=1e-8)
    assert (slow.scored, slow.sequences) == (batch.mask.sum(), 2)


def test_in_a_net_without_memory_all_of_the_gradient_comes_from_the_answer():
    slow = session_of(FNN).trace_update(0)
    assert not slow.recurrent
    for t in range(slow.length):
        np.testing.assert_allclose(slow.dh[t], slow.from_output(t), rtol=1e-12)
        assert not slow.from_later(t).any()


@pytest.mark.parametrize("lane", range(4))
def test_the_two_shares_of_a_gradient_make_it_up_and_nothing_crosses_a_cut_or_the_end(lane):
    slow = session_of(*LANES).trace_update(lane)
    assert slow.cuts == ((1, 3) if lane == 1 else ())
    for t in range(slow.length):
        np.testing.assert_allclose(slow.from_output(t) + slow.from_later(t), slow.dh[t], rtol=1e-9, atol=1e-15)
        assert slow.from_later(t).any() == (t not in (*slow.cuts, slow.length - 1))


def test_where_the_end_alone_is_scored_all_else_comes_from_there():
    session = session_of({"kind": "rnn"}, task={"kind": "adding"}, sequence_length=12)
    slow = session.trace_update(0)
    assert slow.last_scored == 11
    assert np.flatnonzero(slow.dy.any(axis=1)).tolist() == [11]
    assert slow.dh.any(axis=1).all()


@pytest.mark.parametrize("limit", [0.0, 0.001, 100.0])
def test_norms_are_of_the_whole_gradient_before_and_after_clipping(limit):
    slow = session_of(LANES[2], clip_norm=limit).trace_update(0)
    squares = sum(float((values**2).sum()) for values in slow.gradient.values())
    assert slow.norm == pytest.approx(np.sqrt(squares))
    assert slow.norm == pytest.approx(np.sqrt(sum(change.gradient**2 for change in slow.changes)))
    assert slow.clipped == pytest.approx(0.001 if limit == 0.001 else slow.norm, rel=1e-3)
    assert slow.share == pytest.approx(slow.clipped / slow.norm)
    for change in slow.changes:
        before = slow.lane.weights[change.name]
        assert change.shape == before.shape
        assert change.moved == pytest.approx(np.linalg.norm(slow.after[change.name] - before))


def test_the_learning_rate_is_the_schedules():
    slow = session_of(FNN, learning_rate=0.5, schedule="step", schedule_steps=2).trace_update(0)
    assert slow.learning_rate == pytest.approx(0.05)


def test_what_the_batch_before_has_left_is_there_before_the_first_time_step():
    session = session_of(LANES[3], FNN, batches_per_sequence=3, steps=1)
    lstm, fnn = (session.trace_update(lane) for lane in (0, 1))
    np.testing.assert_array_equal(lstm.lane.before["h"][-1], state_of(session).memory[0, :, 0])
    np.testing.assert_array_equal(lstm.lane.before["c"][-1], state_of(session).memory[1, :, 0])
    np.testing.assert_array_equal(fnn.lane.before["x"], state_of(session, 1).memory[..., 0])
    session.forward(2)
    assert session.trace_update(0).lane.before == {}


def test_an_update_that_cannot_be_made_says_so():
    wild = {"kind": "rnn", "activation": "identity", "gain": 3.0}
    session = session_of(wild, task={"kind": "wave"}, steps=0, optimizer="sgd", learning_rate=1e3, clip_norm=0.0)
    while session.trace_update(0).finite:
        session.forward()
    with pytest.raises(DivergenceError):
        session.forward()


@pytest.mark.parametrize("lane", range(len(LANES)))
def test_the_reach_of_the_last_error_is_what_its_gradient_alone_would_be(lane):
    """The same session with a task of which only the last answer counts has nothing else on its way back."""
    session = session_of(*LANES, task={"kind": "parity", "scored": "last"}, sequence_length=6)
    slow = session.trace_update(lane)
    if LANES[lane]["kind"] != "lstm":
        np.testing.assert_allclose(slow.last.reach, slow.norms, rtol=1e-9)
    many = session_of(*LANES, task={"kind": "parity"}, sequence_length=6).trace_update(lane)
    assert np.abs(many.last.reach - many.norms).max() > 1e-6
    assert many.last.reach[-1] > 0
