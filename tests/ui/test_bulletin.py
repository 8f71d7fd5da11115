"""How often the screen is told of a session that moves."""

import pytest
from ui.hosts import preset_of

from rnn_tui.library import PresetFile
from rnn_tui.session.session import Session
from rnn_tui.ui.bulletin import FRAME_EVERY, FRAME_SHARE, Bulletin, PlayerState
from rnn_tui.ui.player import Player

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
        def frame(self):
            now[0] += 0.06
            return super().frame()

    session = Slow(preset_of({"kind": "rnn"}))
    bulletin = Bulletin(session, STATE, lambda: None, lambda: now[0], 1 / 30)
    bulletin.score(session, moving=True)
    now[0] += 0.3
    assert not bulletin.due(idle=False, alone=False)
    assert bulletin.due(idle=True, alone=False)  # there is time to spare
    now[0] += 0.06 / FRAME_SHARE - 0.29
    assert bulletin.due(idle=False, alone=False)


def test_the_player_hands_on_what_was_asked_for():
    file = PresetFile("tried", SESSION.preset)
    assert Player(file, lambda: None)._bulletin.every == FRAME_EVERY
    assert Player(file, lambda: None, every=0.25)._bulletin.every == 0.25
