"""How often the screen is told of a session that moves."""

from dataclasses import replace

import pytest
from ui.hosts import preset_of

from rnn_tui.presets.store import PresetFile
from rnn_tui.session.frame import Demand
from rnn_tui.session.session import Session
from rnn_tui.ui.training.frame_publisher import FRAME_EVERY, FRAME_SHARE, MOST_INFORMATION, Bulletin, News, PlayerState
from rnn_tui.ui.training.training_thread import Player

SESSION = Session(preset_of({"kind": "rnn"}))
STATE = PlayerState("tried", 60)


@pytest.mark.parametrize("every", [0.5, 1 / 30])
def test_a_frame_is_due_when_the_time_that_was_asked_for_has_gone_by(every):
    now = [100.0]
    bulletin = Bulletin(SESSION, STATE, lambda: None, lambda: now[0], every)
    bulletin.score(SESSION, moving=True)
    now[0] += every * 0.99
    assert not bulletin.due(idle=True, alone=False)
    now[0] += every * 0.02
    assert bulletin.due(idle=True, alone=False)


def test_frames_that_cost_much_come_more_rarely_than_was_asked_for():
    now = [100.0]

    class Slow(Session):
        def frame(self, demands):
            now[0] += 0.06
            return super().frame(demands)

    session = Slow(preset_of({"kind": "rnn"}))
    bulletin = Bulletin(session, STATE, lambda: None, lambda: now[0], 1 / 30)
    bulletin.score(session, moving=True)
    now[0] += 0.3
    assert not bulletin.due(idle=False, alone=False)
    assert bulletin.due(idle=True, alone=False)  # there is time to spare
    now[0] += 0.06 / FRAME_SHARE - 0.29
    assert bulletin.due(idle=False, alone=False)


def test_a_frame_has_what_is_demanded_and_what_comes_into_view_is_not_waited_for():
    session = Session(preset_of({"kind": "rnn"}))
    bulletin = Bulletin(session, STATE, lambda: None, lambda: 100.0, 1.0)
    assert not bulletin.demand(Demand.PROBE)  # the first frame has everything
    session.forward()
    bulletin.score(session, moving=True)
    bulletin.publish(STATE)
    frame = bulletin.collect()[0].frame
    assert (frame.demands, frame.lanes[0].held_out) == (Demand.PROBE, None)
    assert not bulletin.is_lacking
    assert not bulletin.due(idle=True, alone=False)
    assert bulletin.demand(Demand.PROBE | Demand.SCORE)
    assert bulletin.is_lacking
    assert bulletin.due(idle=True, alone=False)
    bulletin.score(session, moving=False)
    assert bulletin.frame.lanes[0].score.loss > 0
    assert not bulletin.is_lacking


def test_the_player_hands_on_what_was_asked_for():
    file = PresetFile("tried", SESSION.preset)
    assert Player(file, lambda: None)._bulletin.every == FRAME_EVERY
    assert Player(file, lambda: None, every=0.25)._bulletin.every == 0.25


def news_after(*items):
    bulletin = Bulletin(SESSION, STATE, lambda: None, lambda: 100.0, 1.0)
    for item in items:
        bulletin.add(item)
    return bulletin.collect()[1]


ERRORS = [News(f"failed {i}", "error") for i in range(3 * MOST_INFORMATION)]
QUESTION = News("What becomes of the 30 later steps?", again=lambda _: None)


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
    bulletin = Bulletin(session, STATE, lambda: calls.append(1), lambda: 100.0, 1.0)
    old, _ = bulletin.collect()
    session.forward(2)
    bulletin.score(session, moving=False)
    assert bulletin.collect()[0] is old
    moved = replace(STATE, goal=9)
    bulletin.publish(moved)
    bulletin.publish(moved)
    assert calls == [1]
    assert bulletin.awaited
    snapshot, _ = bulletin.collect()
    assert (snapshot.frame.step, snapshot.player) == (2, moved)
    assert not bulletin.awaited
