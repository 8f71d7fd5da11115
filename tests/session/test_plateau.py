"""What learns nothing is noticed, and said once."""

import pytest
from support.reference_training import carried, small

from rnn_tui.session.plateau import PlateauWatch, first_idle, schedule_end
from rnn_tui.session.session import Session


def training(**settings):
    return small(training=settings).training


def test_the_first_step_that_a_schedule_leaves_nothing_for_is_found():
    assert first_idle(training(), 0, 10**9) is None
    cosine = training(schedule="cosine", schedule_steps=100)
    assert [first_idle(cosine, *ends) for ends in ((0, 1000), (0, 100), (150, 200), (200, 200))] == [
        100,
        None,
        150,
        None,
    ]
    step = training(schedule="step", schedule_steps=100)
    assert first_idle(step, 0, 10_000) == 1300  # 0.1^12 is left before
    assert first_idle(step, 0, 1300) is None


def test_what_a_schedule_has_come_to_is_said_from_there_on():
    cosine = training(schedule="cosine", schedule_steps=1000)
    assert schedule_end(cosine, 999) == ""
    assert schedule_end(cosine, 4321) == "the cosine schedule ends at step 1,000; from then on the learning rate is 0"
    step = training(schedule="step", schedule_steps=10, learning_rate=0.5)
    assert schedule_end(step, 130) == "the step schedule has reduced the learning rate to 5e-14 since step 130"


def watched(session, *moves):
    """What the watch says after each of the moves."""
    watch = PlateauWatch()
    watch.look(session)
    said = []
    for move in moves:
        if move == "play":
            watch.begin(session)
        else:
            session.forward(move) if move > 0 else session.back(-move)
            said.append(watch.look(session))
    return said


def test_a_schedule_that_ends_while_it_plays_is_said_once_and_again_when_play_is_pressed():
    session = Session(small(training={"schedule": "cosine", "schedule_steps": 4}))
    quiet, ended, again, back, replayed, pressed = watched(session, 3, 3, 1, -5, 5, "play", 1)
    assert (quiet, again, back, replayed) == ("",) * 4
    assert ended == pressed
    assert ended.startswith("the cosine schedule ends at step 4")
    session.change({"training.schedule": "constant"})
    assert watched(session, 1, "play", 1) == ["", ""]


@pytest.mark.parametrize(
    ("settings", "why"),
    [({"learning_rate": 1e-30}, "a learning rate of 1e-30 is too small for float64"),
     ({"learning_rate": 1e-12, "precision": "float32", "optimizer": "sgd"}, "too small for float32")],
)  # fmt: skip
def test_an_update_that_moves_no_weight_is_noticed(settings, why):
    (said,) = watched(Session(small(training=settings)), 2)
    assert said.startswith("no weight of RNN and FNN has changed in 2 updates")
    assert why in said


def test_a_lane_that_stands_still_beside_one_that_learns_is_no_matter():
    dead = {"kind": "fnn", "hidden_size": 1, "activation": "identity"}
    assert watched(Session(small({"kind": "rnn"}, dead)), 1, 1) == ["", ""]


def test_a_batch_in_which_nothing_is_scored_is_called_so():
    session = Session(carried(count=3, sequence_length=1))
    (said,) = watched(session, 1)
    assert said.endswith("has changed in 1 update: nothing was scored")
