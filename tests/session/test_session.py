from itertools import count
from math import cos, isfinite, pi

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support import reference_equations
from support.examples import fewer_examples
from support.preset_documents import valid
from support.reference_training import bits_of, carried, every_step, run_straight, shown, small
from support.session_walks import Told, moves

from rnn_tui.engine.metric_history import Log
from rnn_tui.engine.training import Learner
from rnn_tui.errors import DataError, PresetError, RnnTuiError
from rnn_tui.presets.preset import parse
from rnn_tui.session import keyframes as keyframes_module
from rnn_tui.session import session as session_module
from rnn_tui.session.checkpointing import checkpoint_of, restored
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.session import Session
from rnn_tui.session.undo_stack import MOST_UNDO

PRESET = small()
CARRIED = carried()
OTHER_SHAPES = [
    {"lanes.0.hidden_size": 5},
    {"lanes.0.activation": "relu"},
    {"lanes.0.initializer": "orthogonal"},
    {"lanes.0.gain": 0.5},
    {"lanes.0": {"kind": "fnn", "window": 2}},
    {"lanes.0.kind": "gru"},
    {"lanes.0.kind": "lstm", "lanes.0.forget_bias": 2.0},
    {"lanes.0.kind": "fnn"},
]
LEARNING = [  # without a reset
    {"training.learning_rate": 0.5},
    {"training.clip_norm": 0.01},
    {"training.optimizer": "sgd"},
    {"training.weight_decay": 0.1},
    {"training.schedule": "cosine", "training.schedule_steps": 45},
    {"training.schedule": "step", "training.schedule_steps": 5},
    {"lanes.0.truncation": 2},
]


def at(step, preset=PRESET):
    session = Session(preset)
    session.forward(step)
    return session


# Forwards and backwards.


@pytest.mark.parametrize(
    ("optimizer", "precision", "count"),
    [("sgd", "float32", 1), ("momentum", "float64", 3), ("rmsprop", "float64", 1), ("adam", "float32", 3)],
)
def test_step_40_has_the_same_bits_however_it_was_reached(optimizer, precision, count):
    preset = carried(count=count, optimizer=optimizer, precision=precision)
    straight = run_straight(preset, 40)
    directly = at(40, preset)
    there_and_back = at(60, preset)
    there_and_back.back(20)
    one_by_one = Session(preset)
    for _ in range(43):
        one_by_one.forward()
    for _ in range(3):
        one_by_one.back()
    sought = Session(preset)
    sought.seek(40)
    again = at(36, preset)
    again.rewind()
    assert again.step == 0
    again.forward(40)
    for session in (directly, there_and_back, one_by_one, sought, again):
        assert session.step == 40
        assert shown(session) == straight
    assert {weights.dtype for weights in directly.frame().lanes[0].weights.values()} == {np.dtype(precision)}


@fewer_examples
@given(st.sampled_from([PRESET, CARRIED]), st.lists(moves, min_size=3, max_size=15), st.booleans())
@example(
    PRESET,
    [("forward", 5), ("change", ("training.optimizer", "sgd")), ("change", ("training.optimizer", "adam"))],
    False,
)
@example(
    CARRIED,
    [("forward", 20), ("back", 6), ("change", ("lanes.0.truncation", 3)), ("forward", 9), ("back", 1),
     ("change", ("training.weight_decay", 0.01)), ("undo", None), ("redo", None), ("forward", 2)],
    True,
)  # fmt: skip
def test_any_walk_through_time_and_edits_leads_to_the_bits_of_a_straight_run_with_the_same_edits(preset, walk, narrow):
    session, told = Session(preset), Told(preset)
    with pytest.MonkeyPatch.context() as patch:
        if narrow:  # room for a handful of states only
            patch.setattr(session_module, "BUDGET", 30_000)
            patch.setattr(keyframes_module, "FIRST_STRIDE", 3)
            session = Session(preset)
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


CARRIED_LANES = [
    {"kind": "rnn", "hidden_size": 3},
    {"kind": "gru", "hidden_size": 2},
    {"kind": "lstm", "hidden_size": 2},
    {"kind": "fnn", "hidden_size": 2, "window": 3},
    {"kind": "fnn", "hidden_size": 2, "window": 11},
]


every_carried_lane = pytest.mark.parametrize(
    "lane", CARRIED_LANES, ids=lambda lane: f"{lane['kind']}{lane.get('window', '')}"
)


@every_carried_lane
@pytest.mark.parametrize("number", range(len(LEARNING)), ids=lambda number: "-".join(LEARNING[number]))
def test_a_step_back_into_the_middle_of_a_sequence_and_forward_again_gives_the_same_bits(lane, number):
    change = LEARNING[number] if lane["kind"] != "fnn" or number < len(LEARNING) - 1 else {"training.clip_norm": 0.0}
    preset = carried(lane, count=5)
    straight = every_step(preset, 24, [(12, change)] if change else [])
    session = at(17, preset)
    session.back(5)  # the third batch of the third sequence
    session.change(change)
    for step in (24, 13, 24, 12, 14, 16, 11, 24, 3, 12, 19, 0, 22):
        session.seek(step)
        assert shown(session) == straight[step]


@every_carried_lane
def test_memory_is_handed_on_from_batch_to_batch_of_a_sequence_and_no_further(lane):
    session, memory = Session(carried(lane, learning_rate=0.1)), None
    for step in range(7):
        (before,), batch = session.frame().lanes, Experiment(session.preset).batch(step)
        memory = memory if step % 3 else None
        if lane["kind"] == "fnn":
            _, y = reference_equations.fnn(before.weights, batch.x, "tanh", lane["window"], memory)
            seen = np.zeros((lane["window"] - 1, 1, 2)) if memory is None else memory
            memory = np.concatenate([seen, batch.x])[-len(seen) :]
        elif lane["kind"] == "rnn":
            h, y = reference_equations.rnn(before.weights, batch.x, "tanh", memory=memory)
            memory = h[-1:]
        else:
            states, y = {"gru": reference_equations.gru, "lstm": reference_equations.lstm}[lane["kind"]](
                before.weights, batch.x, memory=memory
            )
            memory = np.stack([states[name][-1] for name in ("h", "c") if name in states])
        session.forward()
        loss = reference_equations.loss("binary cross-entropy", y, batch.target, batch.mask)
        assert session.frame().lanes[0].losses[step] == pytest.approx(loss, rel=1e-12)


@pytest.mark.parametrize("kind", ["rnn", "gru", "lstm"])
def test_a_truncation_as_deep_as_the_batch_is_none(kind):
    full, deep, deeper, cut = (
        run_straight(carried({"kind": kind, "hidden_size": 3, "truncation": depth}), 7) for depth in (0, 4, 99, 3)
    )
    assert full == deep == deeper != cut


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


@pytest.mark.parametrize("count", [1, 3])
def test_every_lane_sees_the_same_batch(monkeypatch, count):
    seen, step = [], Learner.step

    def spy(self, state, batch):
        seen.append((state.step, batch.x.tobytes(), batch.target.tobytes()))
        return step(self, state, batch)

    monkeypatch.setattr(Learner, "step", spy)
    lanes = [{"kind": "rnn"}, {"kind": "fnn"}, {"kind": "lstm", "hidden_size": 2}]
    at(30, small(*lanes, training={"batches_per_sequence": count}))
    assert len(seen) == 90
    assert len(set(seen)) == 30


@given(valid())
def test_any_accepted_preset_can_be_trained_and_shown(document):
    session = Session(parse(document, "s"))
    try:
        session.forward(3)
    except DivergenceError:
        assert session.notice
    frame = session.frame()
    assert len(frame.lanes) == len(session.preset.lanes)
    session.rewind()
    assert session.step == 0


# Settings that change.


@pytest.mark.parametrize("change", LEARNING, ids="-".join)
def test_how_a_lane_learns_changes_without_a_reset_and_is_undone_by_undo(change):
    session = at(30)
    before = shown(session)
    assert session.change(change).startswith("from step 30 on")
    assert (session.step, session.last_step) == (30, 30)
    assert shown(session) == before
    session.forward(20)
    unedited = run_straight(PRESET, 50)
    assert shown(session) == run_straight(PRESET, 50, [(30, change)]) != unedited
    assert session.frame().edits == (30,)
    undone = session.undo()
    assert (undone.before, undone.after, undone.said) == (PRESET, PRESET.with_changes(change), "")
    assert (session.step, session.preset, shown(session)) == (30, PRESET, before)
    session.forward(20)
    assert shown(session) == unedited


@pytest.mark.parametrize(
    ("schedule", "rate", "said"),
    [
        ("constant", 0.5, "from step 30 on"),
        ("cosine", 0.5 * (1 + cos(pi * 30 / 45)) / 2, "from step 30 on, with a learning rate of 0.125"),
        ("step", 0.5, "from step 30 on, with a learning rate of 0.5"),
    ],
)
def test_what_the_schedule_makes_of_the_learning_rate_is_said_and_shown(schedule, rate, said):
    session = at(30)
    change = {"training.learning_rate": 0.5, "training.schedule": schedule, "training.schedule_steps": 45}
    assert session.change(change) == said
    assert session.frame().learning_rate == pytest.approx(rate)
    session.forward(15)
    assert session.frame().learning_rate == pytest.approx({"constant": 0.5, "cosine": 0, "step": 0.05}[schedule])
    session.back(16)
    assert session.frame().learning_rate == 0.01


def test_a_learning_rate_that_falls_in_steps_is_whole_for_as_many_updates_as_it_says():
    constant = every_step(PRESET, 6)
    falling = every_step(small(training={"schedule": "step", "schedule_steps": 5}), 6)
    assert [one == other for one, other in zip(falling, constant, strict=True)] == [True] * 6 + [False]


def test_an_edit_that_has_no_effect_yet_makes_no_difference_yet():
    session = at(30)
    session.change({"training.schedule_steps": 3})  # of a constant learning rate
    session.forward(5)
    assert shown(session) == run_straight(PRESET, 35)
    assert session.frame().edits == (30,)


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_the_truncation_of_any_of_four_lanes_is_an_edit_of_that_lane_alone(number):
    lanes = [{"kind": kind, "hidden_size": 2} for kind in ("rnn", "gru", "lstm", "rnn")]
    session = at(5, small(*lanes))
    session.change({f"lanes.{number}.truncation": 2})
    session.forward(5)
    uncut, found = run_straight(small(*lanes), 10), shown(session)
    assert [one != other for one, other in zip(found, uncut, strict=True)] == [i == number for i in range(4)]


def test_a_change_in_the_past_cuts_off_what_came_after_it_and_says_so():
    session = at(50)
    session.back(20)
    assert session.change({"training.learning_rate": 0.5}) == (
        "from step 30 on; continuing will ask whether to keep or discard the 20 later steps"
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
    session = at(20)
    kept = session.frame().lanes[1]
    after = PRESET.with_changes(change)
    assert session.change(change) == f"{after.names[0]} restarts from step 0; the other lanes keep their history"
    frame = session.frame()
    assert (frame.step, frame.last_step) == (0, 20)
    assert len(frame.lanes[0].losses) == 0
    np.testing.assert_array_equal(frame.lanes[1].losses, kept.losses)
    assert shown(session) == run_straight(after, 0)
    session.seek(20)
    assert shown(session) == run_straight(after, 20)
    assert bits_of(session.frame().lanes[1].weights) == bits_of(kept.weights)


@pytest.mark.parametrize(
    "change",
    [
        {"training.seed": 1},
        {"training.batch_size": 3},
        {"training.sequence_length": 7},
        {"training.precision": "float32"},
        {"training.batches_per_sequence": 3},
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


def test_a_lane_that_must_match_restarts_with_the_lane_that_it_matches():
    lanes = [{"kind": "rnn", "hidden_size": 3}, {"kind": "fnn", "match": 0}, {"kind": "fnn"}]
    session = at(10, small(*lanes))
    assert session.change({"lanes.0.kind": "lstm"}).startswith("LSTM and FNN restart")
    assert [len(lane.losses) for lane in session.frame().lanes] == [0, 0, 10]
    assert session.preset.lanes[1].hidden_size == 21  # 21 · 3 + 1 = 64, and 4 (9 + 3 + 3) + 3 + 1 = 64
    session.forward(10)
    assert shown(session) == run_straight(small({**lanes[0], "kind": "lstm"}, *lanes[1:]), 10)


def test_kinds_go_round_and_every_one_of_them_comes_back_with_undo_and_redo():
    lanes = [{"kind": "rnn", "hidden_size": 3, "activation": "relu"}, {"kind": "fnn", "match": 0}]
    session = at(6, small(*lanes, training={"sequence_length": 4, "batches_per_sequence": 4}))
    been = [(session.preset, shown(session))]
    for kind in ("gru", "lstm", "fnn", "rnn"):
        session.change({"lanes.0.kind": kind})
        session.seek(6)
        assert shown(session) == run_straight(session.preset, 6)
        been.append((session.preset, shown(session)))
    assert [preset.lanes[0].kind for preset, _ in been] == ["rnn", "gru", "lstm", "fnn", "rnn"]
    assert been[-1][0].lanes[0].activation == "tanh"  # a GRU has none that could have been kept
    for preset, bits in been[-2::-1]:
        assert session.undo().before == preset
        assert (session.preset, shown(session)) == (preset, bits)
    assert not session.can_undo
    for preset, bits in been[1:]:
        assert session.redo().after == preset
        assert (session.preset, shown(session)) == (preset, bits)
    assert not session.can_redo


def test_a_kind_that_is_so_already_does_nothing():
    session = at(10, small({"kind": "rnn", "name": "RNN"}))
    assert session.change({"lanes.0.kind": "rnn"}) == ""
    assert (session.step, session.can_undo) == (10, False)


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


def test_another_name_and_a_match_that_is_so_already_restart_nothing():
    lanes = [{"kind": "rnn", "hidden_size": 3}, {"kind": "fnn", "match": 0}]
    session = at(30, small(*lanes))
    session.back(10)
    before = shown(session)
    for change in ({"lanes.1.match": None}, {"lanes.1.match": 0}, {"lanes.0.name": "memory", "title": "other"}):
        assert session.change(change) == ""
        assert (session.step, session.last_step, shown(session)) == (20, 30, before)
    for step in (0, 20, 30):
        session.seek(step)
        assert [lane.name for lane in session.frame().lanes] == ["memory", "FNN"]
        assert [lane.settings.match for lane in session.frame().lanes[1:]] == [0]
    assert not session.can_undo
    session.change({"lanes.0.hidden_size": 4})
    assert session.preset.lanes[1].hidden_size == 9  # 9 · 3 + 1 = 28 against 16 + 4 + 4 + 4 + 1 = 29


def test_a_change_to_what_is_already_so_does_nothing():
    session = at(10)
    assert session.change({"training.learning_rate": 0.01, "lanes.0.hidden_size": 3}) == ""
    assert session.step == 10
    assert not session.can_undo


@pytest.mark.parametrize(
    "change",
    [
        {"training.learning_rate": -1},
        {"lanes.7.gain": 1},
        {"task.delay": 1},
        {"lanes.1.match": 1},
        {"lanes.0.truncation": -1},
        {"lanes.1.truncation": 2},
        {"lanes.0.kind": "lst"},
        {"training.schedule": "linear"},
        {"training.batches_per_sequence": 100_000},
    ],
)
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
    assert session.undo().after.training.seed == 1
    assert (session.step, session.last_step) == (3, 3)
    assert session.undo().after.lanes[0].hidden_size == 5
    assert (session.step, session.preset.training.learning_rate) == (70, 0.5)
    assert shown(session) == run_straight(PRESET, 70, [(40, {"training.learning_rate": 0.5})])
    assert session.undo().after.training.learning_rate == 0.5
    assert (session.step, session.last_step, session.preset) == (40, 60, PRESET)
    assert shown(session) == before
    session.seek(60)
    assert shown(session) == run_straight(PRESET, 60)
    assert session.undo() is None
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
    with pytest.raises(DivergenceError) as caught:
        session.forward(10_000)
    return session, caught.value


@pytest.mark.parametrize("lanes", [(CALM, WILD), (WILD, CALM), (CALM, WILD, CALM | {"name": "third"})])
def test_divergence_keeps_all_lanes_in_step_and_says_where_and_what_to_try(lanes):
    session, reason = diverged(*lanes)
    assert session.step == reason.step > 0
    step = session.step
    assert session.notice == f"wild diverged at step {step}; try a learning rate below 1000 or a clip norm of 1"
    assert session.frame().notice == session.notice
    assert shown(session) == run_straight(session.preset, session.step)
    last = session.step
    for move in (session.forward, lambda: session.seek(last + 50), lambda: session.seek(session.last_step + 1)):
        with pytest.raises(DivergenceError):
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
    with pytest.raises(DivergenceError):
        session.seek(20)
    assert session.notice.startswith(f"wild diverged at step {session.step};")
    assert shown(session) == run_straight(session.preset, session.step)


def test_a_net_that_is_not_finite_before_any_training_is_told_of_at_once():
    bursting = {"kind": "rnn", "activation": "identity", "gain": 100.0}
    session = Session(small(bursting, training={"sequence_length": 300}, task={"kind": "wave"}))
    assert session.frame().notice == ("RNN is not finite before training; try a smaller gain or another activation.")
    with pytest.raises(DivergenceError):
        session.forward()
    assert session.step == 0


def test_a_notice_goes_when_one_goes_on():
    session, _ = diverged(CALM, WILD)
    session.rewind()
    assert session.notice == session.frame().notice == ""


def test_where_decay_alone_overshoots_the_advice_is_about_decay():
    training = {"optimizer": "sgd", "learning_rate": 0.1, "weight_decay": 50.0, "sequence_length": 8}
    session = Session(parse({"task": {"kind": "xor"}, "training": training, "lanes": [{"kind": "rnn"}]}, "s"))
    with pytest.raises(DivergenceError):
        session.forward(2000)
    assert session.notice.endswith("try a weight decay well below 1 / learning rate, 10")


def test_a_schedule_set_on_the_run_says_what_the_learning_rate_is_there():
    session = Session(parse({"task": {"kind": "xor"}, "lanes": [{"kind": "rnn"}]}, "s"))
    session.forward(4)
    said = session.change({"training.schedule": "cosine", "training.schedule_steps": 4})
    assert said == "from step 4 on, with a learning rate of 0"
    assert session.frame().learning_rate == 0


def test_the_stamp_of_another_history_is_another_one_wherever_it_ends():
    session = at(30)
    session.change({"training.learning_rate": 0.5})
    session.forward(20)
    stamp, preset = session.stamp, session.preset
    session.seek(20)
    session.undo()
    session.seek(20)
    session.change({"training.learning_rate": 0.5})
    session.forward(30)
    assert (session.step, session.last_step, session.preset) == (50, 50, preset)
    assert session.stamp != stamp


def test_the_stamp_is_the_same_as_long_as_nothing_changes():
    session = at(30)
    stamp = session.stamp
    session.back(3)
    assert session.stamp != stamp
    session.forward(3)
    assert session.stamp == stamp
    assert session.change({"training.learning_rate": session.preset.training.learning_rate}) == ""
    assert session.stamp == stamp
    session.pin()
    assert session.stamp != stamp


# What fails leaves all as it was.


def snapshot(session):
    undo_stack, histories = session.undo_stack, session.histories
    experiments = [(step, each, each.preset) for step, each in histories.experiments]
    kept = [(line, line.state, line.last_step, line.learner) for line in histories.timelines]
    return (
        session.stamp,
        histories,
        experiments,
        kept,
        histories.pinned_runs,
        histories.undecided,
        undo_stack.histories,
        undo_stack.lost,
        session.notice,
    )


def failing(error):
    def fail(*_, **__):
        raise error

    return fail


@pytest.mark.parametrize("error", [DataError("its data are gone"), MemoryError()], ids=["data", "memory"])
@pytest.mark.parametrize("changes", [{"training.learning_rate": 0.5}, {"lanes.0.hidden_size": 9}, {"training.seed": 3}])
@pytest.mark.parametrize(
    "where", ["experiment.Experiment.__init__", "experiment.Experiment.learner", "timeline.Timeline.copy"]
)
def test_a_change_that_fails_changes_nothing_not_even_what_can_be_undone(monkeypatch, error, changes, where):
    session = Session(small())
    session.forward(8)
    session.change({"training.clip_norm": 0.5})
    session.change({"training.clip_norm": 0.4})
    session.undo()
    session.seek(5)
    before = snapshot(session)
    with monkeypatch.context() as patch:
        patch.setattr(f"rnn_tui.session.{where}", failing(error))
        with pytest.raises(type(error)):
            session.change(changes)
    assert snapshot(session) == before
    assert session.redo().after.training.clip_norm == 0.4
    session.change(changes)
    assert session.undo().before.training.clip_norm == 0.4


def test_a_new_name_that_fails_for_a_later_run_is_taken_over_by_none(monkeypatch):
    session = Session(small())
    session.forward(2)
    session.change({"training.learning_rate": 0.5})
    before, made = snapshot(session), []

    def second_fails(preset, after):
        made.append(preset)
        if len(made) == 2:
            raise MemoryError
        return after

    monkeypatch.setattr("rnn_tui.session.session.renamed", second_fails)
    with pytest.raises(MemoryError):
        session.change({"title": "another"})
    assert snapshot(session) == before


def test_a_pin_that_fails_leaves_no_trace(monkeypatch):
    session = Session(small())
    session.forward(2)
    before = snapshot(session)
    for name in ("copy", "as_pinned_run"):
        with monkeypatch.context() as patch:
            patch.setattr(f"rnn_tui.session.lane_histories.LaneHistories.{name}", failing(MemoryError()))
            with pytest.raises(MemoryError):
                session.pin()
        assert snapshot(session) == before


def test_where_there_is_no_memory_for_an_update_of_one_lane_none_moves(monkeypatch):
    session = Session(small())
    session.forward(3)
    before, reserve, calls = snapshot(session), Log.reserve, count(1)

    def fail_in_the_second_lane(log):
        if next(calls) == 3:  # after the losses and the norms of the first
            raise MemoryError
        reserve(log)

    monkeypatch.setattr(Log, "reserve", fail_in_the_second_lane)
    with pytest.raises(MemoryError):
        session.forward()
    assert snapshot(session) == before
    monkeypatch.undo()
    session.forward()
    assert shown(session) == run_straight(small(), 4)


def test_no_two_sessions_ever_have_the_same_stamp():
    assert len({Session(small()).stamp for _ in range(50)}) == 50  # each takes the place of the last in memory


# Lanes that are added, duplicated and removed.


FASTER = {"training.learning_rate": 0.05}


def edited():
    """A session with a change of settings at step 20, at step 30."""
    session = Session(PRESET)
    session.forward(20)
    session.change(FASTER)
    session.forward(10)
    return session


def test_the_bits_are_those_of_a_run_that_had_the_lanes_from_the_start():
    session = edited()
    moves = (
        lambda: session.add_lane(0, "gru"),
        lambda: session.duplicate_lane(1),
        lambda: session.remove_lane(0),
        lambda: session.add_lane(0, "rnn"),
    )
    for move in moves:
        move()
        session.seek(30)
        first = session.histories.experiments[0][1].preset
        assert shown(session) == run_straight(first, 30, [(20, FASTER)])
        session.rewind()
        session.forward(30)
        assert shown(session) == run_straight(first, 30, [(20, FASTER)])


def test_a_copy_and_a_removal_keep_the_step_and_an_added_lane_starts_at_step_0_beside_the_histories():
    session = edited()
    session.duplicate_lane(0)
    assert (session.step, [line.last_step for line in session.timelines]) == (30, [30, 30, 30])
    assert session.timelines[0].losses.same_as(session.timelines[2].losses)
    session.remove_lane(1)
    assert (session.step, len(session.timelines)) == (30, 2)
    said = session.add_lane(0, "lstm")
    assert said == "LSTM added; it starts at step 0, and the other lanes keep their history"
    assert (session.step, [line.last_step for line in session.timelines]) == (0, [30, 30, 0])
    assert [lane.name for lane in session.frame().lanes] == session.preset.names


def test_a_copy_can_take_another_way_from_its_step_on():
    session = edited()
    session.duplicate_lane(0)
    session.change({"lanes.2.truncation": 2})
    session.forward(5)
    first, _, copy = (line.losses.values for line in session.timelines)
    assert (first[:31] == copy[:31]).all()
    assert (first[32:] != copy[32:]).all()


def test_undo_and_redo_bring_back_lanes_with_their_history():
    session = edited()
    before = shown(session)
    session.remove_lane(0)
    removed = shown(session)
    session.duplicate_lane(0)
    assert [session.undo().said, session.undo().said] == ["duplicating FNN", "removing RNN"]
    assert shown(session) == before
    session.redo()
    assert shown(session) == removed


def test_a_run_file_has_the_lanes_and_their_weights():
    session = edited()
    session.duplicate_lane(1)
    session.remove_lane(0)
    again = restored(checkpoint_of(session, "x"))
    assert again.preset == session.preset
    assert not again.replay_note
    again.rewind()
    again.forward(30)
    assert shown(again) == shown(session)


def test_what_is_refused_changes_nothing():
    session = Session(PRESET)
    session.remove_lane(1)
    stamp = session.stamp
    with pytest.raises(RnnTuiError):
        session.remove_lane(0)
    for _ in range(3):
        session.duplicate_lane(0)
    full = session.stamp
    with pytest.raises(RnnTuiError):
        session.add_lane(0, "gru")
    assert session.stamp == full != stamp


def test_a_change_that_keeps_the_curves_is_one_change_for_undo_and_asks_nothing():
    session = Session(PRESET)
    assert session.change({"training.learning_rate": 0.5}, pin=True)
    assert session.histories.pinned_runs == (), "at step 0 there are no curves"
    session.forward(6)
    session.back(2)
    session.change({"training.learning_rate": 0.1}, pin=True)
    (run,) = session.histories.pinned_runs
    assert (run.last_step, run.preset.training.learning_rate) == (6, 0.5)
    assert (session.step, session.histories.undecided) == (4, None)
    session.forward(2)
    session.change({"training.learning_rate": 0.2}, pin=True, from_start=True)
    assert (session.step, len(session.histories.pinned_runs)) == (0, 2)
    session.undo()
    assert (session.step, session.histories.pinned_runs) == (6, (run,))
    session.undo()
    assert (session.step, session.last_step, session.histories.pinned_runs) == (4, 6, ())


def test_later_steps_that_an_earlier_change_left_undecided_stay_so_when_another_change_keeps_curves():
    session = at(6)
    session.back(3)
    session.change({"training.learning_rate": 0.1})
    later = session.histories.undecided
    session.change({"training.learning_rate": 0.2}, pin=True)
    assert session.histories.undecided is later is not None


def test_a_change_for_which_no_curve_can_be_kept_changes_nothing():
    session = Session(PRESET)
    for rate in (0.1, 0.2, 0.3, 0.4):
        session.change({"training.learning_rate": rate})
        session.forward(2)
        session.pin()
    session.change({"training.learning_rate": 0.5})
    session.forward()
    before = session.stamp
    with pytest.raises(RnnTuiError, match="remove one first"):
        session.change({"training.learning_rate": 0.6}, pin=True)
    assert (session.stamp, session.preset.training.learning_rate) == (before, 0.5)
