from math import isfinite
from types import SimpleNamespace

import numpy as np
import pytest
from documents import valid
from hypothesis import example, given, settings
from hypothesis import strategies as st
from straight import bits_of, every_step, run_straight, shown, small

from rnn_tui.engine.training import Learner
from rnn_tui.errors import PresetError
from rnn_tui.presets import parse
from rnn_tui.session import session as session_module
from rnn_tui.session import timeline as timeline_module
from rnn_tui.session.session import MOST_UNDO, Session
from rnn_tui.session.timeline import Diverged

PRESET = small()
OTHER_SHAPES = [
    {"lanes.0.hidden_size": 5},
    {"lanes.0.activation": "relu"},
    {"lanes.0.initializer": "orthogonal"},
    {"lanes.0.gain": 0.5},
    {"lanes.0": {"kind": "fnn", "window": 2}},
]


def at(step, preset=PRESET):
    session = Session(preset)
    session.forward(step)
    return session


# Forwards and backwards.


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "rmsprop", "adam"])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_step_100_has_the_same_bits_however_it_was_reached(optimizer, precision):
    preset = small(training={"optimizer": optimizer, "precision": precision})
    straight = run_straight(preset, 100)
    directly = at(100, preset)
    there_and_back = at(150, preset)
    there_and_back.back(50)
    one_by_one = Session(preset)
    for _ in range(130):
        one_by_one.forward()
    for _ in range(30):
        one_by_one.back()
    sought = Session(preset)
    sought.seek(100)
    again = at(120, preset)
    again.rewind()
    assert again.step == 0
    again.forward(100)
    for session in (directly, there_and_back, one_by_one, sought, again):
        assert session.step == 100
        assert shown(session) == straight
    assert {weights.dtype for weights in directly.frame().lanes[0].weights.values()} == {np.dtype(precision)}


edits = st.sampled_from(
    [("training.learning_rate", rate) for rate in (0.001, 0.01, 0.1, 0.2)]
    + [("training.optimizer", name) for name in ("sgd", "momentum", "rmsprop", "adam")]
    + [("training.clip_norm", 0.01), ("lanes.0.hidden_size", 2), ("training.seed", 1)]
)
moves = st.one_of(
    st.tuples(st.just("forward"), st.integers(1, 40)),
    st.tuples(st.just("back"), st.integers(1, 25)),
    st.tuples(st.just("seek"), st.integers(0, 60)),
    st.tuples(st.sampled_from(["rewind", "undo"]), st.none()),
    st.tuples(st.just("change"), edits),
)


class Told:
    """What a session should have become, by what it was told: a preset, edits by step, and a place in time."""

    def __init__(self, preset):
        self.now = SimpleNamespace(preset=preset, edits={}, step=0)
        self.before = []

    @property
    def settings(self):
        now = self.now
        preset = now.preset
        for step in sorted(now.edits):
            if step <= now.step:
                preset = preset.with_changes(now.edits[step])
        return preset

    def move(self, how, by):
        now = self.now
        if how == "undo":
            self.now = self.before.pop() if self.before else now
        elif how == "change":
            self._change(*by)
        else:
            now.step = {"forward": now.step + (by or 0), "back": max(0, now.step - (by or 0)), "seek": by}.get(how, 0)

    def _change(self, key, value):
        settings, now = self.settings, self.now
        if settings.with_changes({key: value}) == settings:
            return
        self.before = [*self.before[1 - MOST_UNDO :], now]
        if key in ("training.learning_rate", "training.clip_norm", "training.optimizer"):
            kept = {step: changes for step, changes in now.edits.items() if step < now.step}
            here = {**now.edits.get(now.step, {}), key: value}
            self.now = SimpleNamespace(preset=now.preset, edits={**kept, now.step: here}, step=now.step)
        else:
            self.now = SimpleNamespace(preset=settings.with_changes({key: value}), edits={}, step=0)


@settings(max_examples=50)
@given(st.lists(moves, min_size=3, max_size=15), st.booleans())
@example([("forward", 5), ("change", ("training.optimizer", "sgd")), ("change", ("training.optimizer", "adam"))], False)
def test_any_walk_through_time_and_edits_leads_to_the_bits_of_a_straight_run_with_the_same_edits(walk, narrow):
    session, told = Session(PRESET), Told(PRESET)
    with pytest.MonkeyPatch.context() as patch:
        if narrow:  # room for a handful of states only
            patch.setattr(session_module, "BUDGET", 30_000)
            patch.setattr(timeline_module, "FIRST_STRIDE", 3)
            session = Session(PRESET)
        for how, by in walk:
            told.move(how, by)
            if how == "change":
                session.change({by[0]: by[1]})
            else:
                getattr(session, how)(*([] if by is None else [by]))
            assert session.step == told.now.step
            assert session.preset == told.settings
        last = session.step
        straight = every_step(told.now.preset, last, told.now.edits.items())
        for step in (last, last - 1, last - 5, 3 * last // 4, last // 2, last // 4, last):
            session.seek(step)
            assert shown(session) == straight[max(0, step)]


def test_going_forward_through_the_past_makes_no_second_record_of_it():
    session = at(50)
    session.back(30)
    assert (session.step, session.last_step) == (20, 50)
    session.forward(10)
    assert (session.step, session.last_step) == (30, 50)
    assert [len(lane.losses) for lane in session.frame().lanes] == [50, 50]


def test_nothing_comes_before_step_0():
    session = at(3)
    session.back(10)
    assert session.step == 0
    session.back()
    session.seek(-5)
    assert session.step == 0
    assert shown(session) == run_straight(PRESET, 0)


def test_every_lane_sees_the_same_batch(monkeypatch):
    seen, step = [], Learner.step

    def spy(self, state, batch):
        seen.append((state.step, batch.x.tobytes(), batch.target.tobytes()))
        return step(self, state, batch)

    monkeypatch.setattr(Learner, "step", spy)
    lanes = [{"kind": "rnn"}, {"kind": "fnn"}, {"kind": "rnn", "hidden_size": 2}]
    at(40, small(*lanes))
    assert len(seen) == 120
    assert len(set(seen)) == 40


@settings(max_examples=40)
@given(valid())
def test_any_accepted_preset_can_be_trained_and_shown(document):
    session = Session(parse(document, "s"))
    try:
        session.forward(3)
    except Diverged:
        assert session.notice
    frame = session.frame()
    assert len(frame.lanes) == len(session.preset.lanes)
    session.rewind()
    assert session.step == 0


# Settings that change.


@pytest.mark.parametrize(
    "change", [{"training.learning_rate": 0.5}, {"training.clip_norm": 0.01}, {"training.optimizer": "sgd"}]
)
def test_learning_rate_clip_and_optimizer_change_without_a_reset(change):
    session = at(30)
    before = shown(session)
    assert session.change(change) == "from step 30 on"
    assert (session.step, session.last_step) == (30, 30)
    assert shown(session) == before
    session.forward(20)
    assert shown(session) == run_straight(PRESET, 50, [(30, change)]) != run_straight(PRESET, 50)
    assert session.frame().edits == (30,)


def test_a_change_in_the_past_cuts_off_what_came_after_it_and_says_so():
    session = at(50)
    session.back(20)
    assert session.change({"training.learning_rate": 0.5}) == (
        "from step 30 on; 20 later steps are cut off (undo brings them back)"
    )
    assert (session.step, session.last_step) == (30, 30)
    session.back(1)
    assert session.preset.training.learning_rate == 0.01
    session.forward(1)
    assert session.preset.training.learning_rate == 0.5


def test_a_change_in_the_past_takes_later_changes_away():
    session = at(10)
    session.change({"training.learning_rate": 0.5})
    session.forward(10)
    session.back(15)
    session.change({"training.clip_norm": 0.01})
    session.forward(20)
    assert shown(session) == run_straight(PRESET, 25, [(5, {"training.clip_norm": 0.01})])
    assert session.frame().edits == (5,)
    assert session.preset == PRESET.with_changes({"training.clip_norm": 0.01})


@pytest.mark.parametrize("change", OTHER_SHAPES)
def test_what_shapes_a_net_restarts_its_lane_alone_and_says_so(change):
    session = at(40)
    kept = session.frame().lanes[1]
    after = PRESET.with_changes(change)
    assert session.change(change) == f"{after.names[0]} restarts from step 0; the other lanes keep their history"
    frame = session.frame()
    assert (frame.step, frame.last_step) == (0, 40)
    assert len(frame.lanes[0].losses) == 0
    np.testing.assert_array_equal(frame.lanes[1].losses, kept.losses)
    assert shown(session) == run_straight(after, 0)
    session.seek(40)
    assert shown(session) == run_straight(after, 40)
    assert bits_of(session.frame().lanes[1].weights) == bits_of(kept.weights)


@pytest.mark.parametrize(
    "change",
    [
        {"training.seed": 1},
        {"training.batch_size": 3},
        {"training.sequence_length": 7},
        {"training.precision": "float32"},
        {"task": {"kind": "temporal-xor"}},
        {"lanes": [{"kind": "rnn"}]},
        {"lanes": [{"kind": "rnn"}, {"kind": "fnn"}, {"kind": "fnn"}]},
        {"training.seed": 1, "lanes.0.hidden_size": 5},
    ],
)
def test_all_else_restarts_every_lane_and_says_so(change):
    session = at(40)
    assert session.change(change) == "all lanes restart from step 0"
    assert (session.step, session.last_step) == (0, 0)
    session.forward(5)
    assert shown(session) == run_straight(PRESET.with_changes(change), 5)


def test_a_lane_whose_past_was_edited_restarts_all_lanes():
    session = at(10)
    session.change({"training.learning_rate": 0.5})
    session.forward(10)
    assert session.change({"lanes.0.hidden_size": 5}) == "all lanes restart from step 0"
    session.forward(10)
    straight = PRESET.with_changes({"training.learning_rate": 0.5, "lanes.0.hidden_size": 5})
    assert shown(session) == run_straight(straight, 10)


def test_what_learning_does_not_see_changes_nothing_but_the_preset():
    session = at(30)
    session.back(10)
    before = shown(session)
    assert session.change({"title": "other", "training.speed": 7, "training.steps": 8}) == ""
    assert (session.step, session.last_step, shown(session)) == (20, 30, before)
    for step in (0, 20, 30):
        session.seek(step)
        assert (session.preset.title, session.preset.training.speed, session.preset.training.steps) == ("other", 7, 8)
    assert not session.can_undo


def test_a_change_to_what_is_already_so_does_nothing():
    session = at(10)
    assert session.change({"training.learning_rate": 0.01, "lanes.0.hidden_size": 3}) == ""
    assert session.step == 10
    assert not session.can_undo


@pytest.mark.parametrize("change", [{"training.learning_rate": -1}, {"lanes.7.gain": 1}, {"task.delay": 1}])
def test_a_change_that_is_refused_changes_nothing(change):
    session = at(10)
    before = shown(session)
    with pytest.raises(PresetError):
        session.change({"title": "x", **change})
    assert (session.step, session.preset, shown(session), session.can_undo) == (10, PRESET, before, False)


def test_a_new_seed_gives_other_weights_and_other_batches():
    session = at(10)
    assert session.reseed() == "all lanes restart from step 0"
    assert (session.step, session.preset.training.seed) == (0, 1)
    session.forward(10)
    assert shown(session) == run_straight(small(training={"seed": 1}), 10)
    assert session.reseed(2**63 - 1)
    assert session.reseed()
    assert session.preset.training.seed == 0


def test_undo_brings_back_what_a_change_has_cost():
    session = at(60)
    session.back(20)
    before = shown(session)
    session.change({"training.learning_rate": 0.5})
    session.forward(30)
    session.change({"lanes.0.hidden_size": 5})
    session.forward(3)
    session.reseed()
    assert session.undo() == "undone: training.seed"
    assert (session.step, session.last_step) == (3, 3)
    assert session.undo() == "undone: lanes.0.hidden_size"
    assert (session.step, session.preset.training.learning_rate) == (70, 0.5)
    assert shown(session) == run_straight(PRESET, 70, [(40, {"training.learning_rate": 0.5})])
    assert session.undo() == "undone: training.learning_rate"
    assert (session.step, session.last_step, session.preset) == (40, 60, PRESET)
    assert shown(session) == before
    session.seek(60)
    assert shown(session) == run_straight(PRESET, 60)
    assert session.undo() == "nothing to undo"
    assert session.step == 60


def test_the_last_changes_can_be_undone():
    session = at(1)
    for seed in range(1, MOST_UNDO + 4):
        session.reseed(seed)
    undone = 0
    while session.can_undo:
        session.undo()
        undone += 1
    assert undone == MOST_UNDO
    assert session.preset.training.seed == 3


# Divergence.

BURSTING = {
    "task": {"kind": "wave"},
    "training": {"sequence_length": 20, "optimizer": "sgd", "learning_rate": 1000.0, "clip_norm": 0.0},
}
CALM = {"kind": "fnn", "name": "calm", "hidden_size": 2}
WILD = {"kind": "rnn", "name": "wild", "activation": "relu"}


def diverged(*lanes):
    session = Session(small(*lanes, **BURSTING))
    with pytest.raises(Diverged) as caught:
        session.forward(10_000)
    return session, caught.value


@pytest.mark.parametrize("lanes", [(CALM, WILD), (WILD, CALM), (CALM, WILD, CALM | {"name": "third"})])
def test_divergence_keeps_all_lanes_in_step_and_says_where_and_what_to_try(lanes):
    session, reason = diverged(*lanes)
    assert session.step == reason.step > 0
    step = session.step
    assert session.notice == f"wild diverged at step {step}; try a learning rate below 1000 or a clip of 1"
    assert session.frame().notice == session.notice
    assert shown(session) == run_straight(session.preset, session.step)
    last = session.step
    for move in (session.forward, lambda: session.seek(last + 50), lambda: session.seek(session.last_step + 1)):
        with pytest.raises(Diverged):
            move()
        assert session.step == last
        assert session.notice.startswith("wild diverged")
        assert shown(session) == run_straight(session.preset, last)


def test_a_step_back_from_divergence_shows_finite_numbers_again():
    session, reason = diverged(CALM, WILD)
    session.back()
    frame = session.frame()
    assert frame.step == reason.step - 1
    assert frame.notice == ""
    for lane in frame.lanes:
        assert isfinite(lane.score.loss)
        assert all(np.isfinite(array).all() for array in (lane.hidden, lane.logits, lane.answers, lane.losses))


def test_training_goes_on_after_a_step_back_and_a_smaller_learning_rate():
    session, reason = diverged(CALM, WILD)
    session.rewind()
    session.change({"training.learning_rate": 1e-9})
    session.forward(reason.step + 20)
    assert session.notice == ""
    assert isfinite(session.frame().lanes[1].score.loss)


def test_a_restarted_lane_that_diverges_earlier_does_not_leave_the_others_behind():
    session = Session(small(CALM, {"kind": "fnn", "name": "wild", "hidden_size": 2}, **BURSTING))
    session.forward(20)
    session.change({"lanes.1": WILD})
    assert (session.step, session.last_step) == (0, 20)
    with pytest.raises(Diverged):
        session.seek(20)
    assert session.notice.startswith(f"wild diverged at step {session.step};")
    assert shown(session) == run_straight(session.preset, session.step)


def test_a_net_that_is_not_finite_before_any_training_is_told_of_at_once():
    bursting = {"kind": "rnn", "activation": "identity", "gain": 100.0}
    session = Session(small(bursting, training={"sequence_length": 300}, task={"kind": "wave"}))
    assert session.frame().notice == (
        "RNN is not finite before any training; try a smaller gain or another activation."
    )
    with pytest.raises(Diverged):
        session.forward()
    assert session.step == 0


def test_a_notice_goes_when_one_goes_on():
    session, _ = diverged(CALM, WILD)
    session.rewind()
    assert session.notice == session.frame().notice == ""
