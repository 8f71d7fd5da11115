"""How often the screen is told of a session that moves."""

from dataclasses import replace

import pytest
from support.widget_hosts import preset_of

from rnn_tui.presets.store import PresetFile
from rnn_tui.session.frame import Demand
from rnn_tui.session.session import Session
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.frame_publisher import (
    FRAME_EVERY,
    FRAME_SHARE,
    MOST_INFORMATION,
    FramePublisher,
    News,
    TrainingState,
)
from rnn_tui.ui.training.training_thread import TrainingThread

SESSION = Session(preset_of({"kind": "rnn"}))
STATE = TrainingState("tried", 60)


@pytest.mark.parametrize("every", [0.5, 1 / 30])
def test_a_frame_is_due_when_the_time_that_was_asked_for_has_gone_by(every):
    now = [100.0]
    publisher = FramePublisher(SESSION, STATE, lambda: None, lambda: now[0], every)
    publisher.score(SESSION, moving=True)
    now[0] += every * 0.99
    assert not publisher.due(idle=True, alone=False)
    now[0] += every * 0.02
    assert publisher.due(idle=True, alone=False)


def test_frames_that_cost_much_come_more_rarely_than_was_asked_for():
    now = [100.0]

    class Slow(Session):
        def frame(self, demands, what_if=(), own=None):
            now[0] += 0.06
            return super().frame(demands, what_if, own)

    session = Slow(preset_of({"kind": "rnn"}))
    publisher = FramePublisher(session, STATE, lambda: None, lambda: now[0], 1 / 30)
    publisher.score(session, moving=True)
    now[0] += 0.3
    assert not publisher.due(idle=False, alone=False)
    assert publisher.due(idle=True, alone=False)  # there is time to spare
    now[0] += 0.06 / FRAME_SHARE - 0.29
    assert publisher.due(idle=False, alone=False)


def test_a_frame_has_what_is_demanded_and_what_comes_into_view_is_not_waited_for():
    session = Session(preset_of({"kind": "rnn"}))
    publisher = FramePublisher(session, STATE, lambda: None, lambda: 100.0, 1.0)
    assert not publisher.demand(Demand.PROBE)  # the first frame has everything
    session.forward()
    publisher.score(session, moving=True)
    publisher.publish(STATE)
    frame = publisher.collect().snapshot.frame
    assert (frame.demands, frame.lanes[0].held_out) == (Demand.PROBE, None)
    assert not publisher.is_lacking
    assert not publisher.due(idle=True, alone=False)
    assert publisher.demand(Demand.PROBE | Demand.SCORE)
    assert publisher.is_lacking
    assert publisher.due(idle=True, alone=False)
    publisher.score(session, moving=False)
    assert publisher.frame.lanes[0].score.loss > 0
    assert not publisher.is_lacking


def test_the_thread_hands_on_what_was_asked_for():
    file = PresetFile("tried", SESSION.preset)
    assert TrainingThread(file, lambda: None).frame_period == FRAME_EVERY
    assert TrainingThread(file, lambda: None, every=0.25).frame_period == 0.25


def news_after(*items):
    publisher = FramePublisher(SESSION, STATE, lambda: None, lambda: 100.0, 1.0)
    for item in items:
        publisher.add(item)
    return publisher.collect()[1]


ERRORS = [News(f"failed {i}", "error") for i in range(3 * MOST_INFORMATION)]
QUESTION = News("What becomes of the 30 later steps?", again=Command(lambda _: None))


def test_errors_and_questions_are_never_dropped_however_much_is_said():
    said = [News(f"said {i}") for i in range(5 * MOST_INFORMATION)]
    found = news_after(*ERRORS, QUESTION, *said)
    assert found[: len(ERRORS) + 1] == [*ERRORS, QUESTION]
    assert found[len(ERRORS) + 1 :] == said[-MOST_INFORMATION:]


def test_an_error_that_waits_already_is_not_repeated():
    assert news_after(*[ERRORS[0], QUESTION] * 1000) == [ERRORS[0], QUESTION]


def test_frame_and_state_come_together_and_the_screen_is_told_once():
    calls = []
    session = Session(preset_of({"kind": "rnn"}))
    publisher = FramePublisher(session, STATE, lambda: calls.append(1), lambda: 100.0, 1.0)
    old, _, _ = publisher.collect()
    session.forward(2)
    publisher.score(session, moving=False)
    assert publisher.collect()[0] is old
    moved = replace(STATE, goal=9)
    publisher.publish(moved)
    publisher.publish(moved)
    assert calls == [1]
    assert publisher.awaited
    snapshot, _, _ = publisher.collect()
    assert (snapshot.frame.step, snapshot.training) == (2, moved)
    assert not publisher.awaited
