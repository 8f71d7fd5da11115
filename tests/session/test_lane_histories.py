import pytest
from support.reference_training import bits_of, diverging, run_straight, shown, small

from rnn_tui.session import keyframes
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.session import Session
from rnn_tui.session.timeline import Timeline

LANES = small({"kind": "rnn", "hidden_size": 3}, {"kind": "lstm", "hidden_size": 9}, {"kind": "fnn", "hidden_size": 2})


def at(step, preset=LANES):
    session = Session(preset)
    session.forward(step)
    return session


def steps_of(session):
    return {timeline.step for timeline in session.histories.timelines}


@pytest.mark.parametrize("step", [0, 1, 63, 64, 65, 100, 128, 199, 200])
def test_approaching_makes_no_update_and_leaves_only_updates_forwards(monkeypatch, step):
    session = at(200)
    monkeypatch.setattr(Timeline, "forward", lambda _: pytest.fail("an update was made"))
    session.approach(step)
    assert steps_of(session) == {session.step}
    assert 0 <= step - session.step < 32


def test_lanes_with_keyframes_at_different_steps_meet_at_one_that_all_have(monkeypatch):
    monkeypatch.setattr(keyframes, "FIRST_STRIDE", 4)
    monkeypatch.setattr("rnn_tui.session.session.BUDGET", 120_000)  # the strides become some of 8 to 32
    session = at(300)
    strides = [line.keyframes[1] for line in session.histories.timelines]
    assert len(set(strides)) > 1
    for step in (299, 250, 77, 33, 3):
        session.approach(step)
        assert steps_of(session) == {session.step}
        assert session.step <= step
        session.seek(step)
        assert shown(session) == run_straight(LANES, step)


def test_a_step_beyond_all_that_was_learnt_is_approached_as_far_as_there_is_something():
    session = at(30)
    session.approach(1000)
    assert session.step == 30
    session.approach(-5)
    assert session.step == 0


def test_steps_that_cost_nothing_are_those_that_every_lane_has_kept():
    session = at(200)
    assert list(session.frame().keyframes) == [0, 32, 64, 96, 128, 160, 192]


def test_where_one_lane_diverges_none_moves_and_it_is_known_which_it_was():
    session = at(0, diverging({"kind": "fnn", "hidden_size": 2}))
    with pytest.raises(DivergenceError) as caught:
        session.forward(10**6)
    assert caught.value.lane == 1
    assert steps_of(session) == {caught.value.step}


# Runs that are kept for comparison.


def test_a_pin_keeps_the_whole_runs_losses_and_its_last_settings():
    session = at(50)
    session.change({"training.learning_rate": 0.5})
    session.forward(10)
    session.back(30)
    assert session.pin() == "run saved as curve 1"
    (pin,) = session.frame().pinned_runs
    assert pin.preset.training.learning_rate == 0.5
    assert (pin.since, pin.last_step) == (0, 60)
    for kept, line in zip(pin.losses, session.histories.timelines, strict=True):
        assert kept.exact.tobytes() == line.losses.exact.tobytes()


def test_pins_stay_when_lanes_restart_and_come_and_go_with_undo():
    session = at(20)
    session.pin()
    session.change({"lanes.0.hidden_size": 5})
    assert (session.step, len(session.histories.pinned_runs)) == (0, 1)
    session.forward(5)
    session.pin()
    assert [pin.last_step for pin in session.histories.pinned_runs] == [
        20,
        20,
    ]  # the other lanes have kept their history
    session.unpin()
    assert len(session.histories.pinned_runs) == 1
    session.undo()
    assert len(session.histories.pinned_runs) == 2
    session.undo()
    assert len(session.histories.pinned_runs) == 1
    session.undo()
    session.undo()
    assert (session.step, session.histories.pinned_runs) == (20, ())


def test_there_is_room_for_four_and_nothing_is_thrown_away_unasked():
    from rnn_tui.errors import RnnTuiError

    session = at(3)
    for _ in range(4):
        session.pin()
        with pytest.raises(RnnTuiError, match="saved already"):
            session.pin()
        session.forward()
    before = session.histories.pinned_runs
    with pytest.raises(RnnTuiError, match="remove one first"):
        session.pin()
    session.back(2)
    session.change({"training.learning_rate": 0.5})
    with pytest.raises(RnnTuiError, match="remove one first"):
        session.fork()
    assert session.histories.pinned_runs == before
    assert session.histories.undecided is not None
    session.unpin()
    session.fork()
    assert session.histories.undecided is None


def test_there_is_nothing_to_pin_before_any_training():
    from rnn_tui.errors import RnnTuiError

    with pytest.raises(RnnTuiError, match="train first"):
        Session(LANES).pin()
    assert Session(LANES).unpin() == "no run is saved for comparison"


# A past that is changed.


def test_a_change_in_the_past_leaves_the_old_future_undecided_until_it_is_kept_or_cut():
    session = at(80)
    future = [line.losses.exact.copy() for line in session.histories.timelines]
    session.back(30)
    assert session.frame().undecided is None
    session.change({"training.learning_rate": 0.5})
    undecided = session.frame().undecided
    assert (undecided.since, undecided.last_step) == (50, 80)
    assert undecided.preset.training.learning_rate == 0.01
    session.change({"training.clip_norm": 0.1})  # one change more does not make another of it
    assert session.frame().undecided is undecided
    assert session.fork() == "later steps saved as curve 1"
    assert session.frame().undecided is None
    (pin,) = session.frame().pinned_runs
    for kept, expected in zip(pin.losses, future, strict=True):
        assert kept.exact.tobytes() == expected.tobytes()
    assert shown(session) == run_straight(LANES, 50)


def test_a_second_change_further_back_parts_from_the_old_future_there():
    session = at(80)
    session.seek(50)
    session.change({"training.learning_rate": 0.5})
    session.seek(20)
    session.change({"training.learning_rate": 0.1})
    undecided = session.histories.undecided
    assert (undecided.since, undecided.last_step) == (20, 80)


def test_a_future_learnt_since_takes_the_place_of_one_that_nobody_decided_on():
    session = at(80)
    session.seek(50)
    session.change({"training.learning_rate": 0.5})
    session.forward(20)
    session.seek(60)
    session.change({"training.learning_rate": 0.1})
    assert (session.histories.undecided.since, session.histories.undecided.last_step) == (60, 70)
    assert session.histories.undecided.preset.training.learning_rate == 0.5


def test_cutting_lets_it_go_and_undo_brings_the_whole_future_back():
    session = at(80)
    there = [bits_of(lane.weights) for lane in session.frame().lanes]
    session.seek(50)
    session.change({"training.learning_rate": 0.5})
    session.cut()
    assert session.histories.undecided is None
    assert session.last_step == 50
    session.undo()
    assert session.last_step == 80
    session.seek(80)
    assert [bits_of(lane.weights) for lane in session.frame().lanes] == there


def test_at_the_end_of_the_history_nothing_is_cut_off_by_a_change():
    session = at(10)
    session.change({"training.learning_rate": 0.5})
    assert session.histories.undecided is None
    assert session.fork() == ""
