"""A slow line: the next frame waits until the terminal has shown the last one."""

import pytest
from conftest import Clock
from support.lab_driver import lab
from support.textual_private import watch_writes
from support.waiting import wait_until
from textual.events import CursorPosition

from rnn_tui.ui.lab.flow_control import PATIENCE, QUESTION, FlowControl


class Line:
    """What flow control has asked and shown."""

    def __init__(self) -> None:
        self.asked = self.shown = 0
        self.clock = Clock()
        self.unsent = 0
        self.flow_control = FlowControl(self._ask, self._show, lambda: self.unsent, self.clock)

    def _ask(self) -> None:
        self.asked += 1

    def _show(self) -> None:
        self.shown += 1

    def frame(self) -> bool:
        """News, which are sent if they may be."""
        shown = self.flow_control.news()
        if shown:
            self.flow_control.sent()
        return shown


@pytest.fixture
def line() -> Line:
    return Line()


def test_a_terminal_that_never_answers_is_not_waited_for_and_seldom_asked(line):
    assert all(line.frame() for _ in range(20))
    assert (line.shown, line.asked) == (20, 1)
    line.clock.now += PATIENCE
    line.frame()
    assert line.asked == 2


def test_one_that_answers_gets_a_frame_for_each_answer_however_many_there_are(line):
    line.frame()
    line.flow_control.arrived()
    assert line.frame()
    assert not any(line.frame() for _ in range(20))
    assert line.shown == 2
    line.flow_control.arrived()
    assert line.shown == 3
    line.flow_control.arrived()
    assert line.shown == 3, "nothing is owed"


def test_an_answer_that_gets_lost_is_not_waited_for_long(line):
    line.frame()
    line.flow_control.arrived()
    line.frame()
    assert not line.frame()
    line.clock.now += PATIENCE / 2
    line.flow_control.remind()
    assert line.shown == 2
    line.clock.now += PATIENCE / 2
    line.flow_control.remind()
    assert line.shown == 3


def test_what_has_not_even_left_is_waited_for_of_any_terminal(line):
    line.frame()
    line.unsent = 1
    assert not line.frame()
    line.flow_control.remind()
    assert line.shown == 1
    line.unsent = 0
    line.flow_control.remind()
    assert line.shown == 2


def test_a_terminal_that_answers_no_longer_is_waited_for_once(line):
    line.frame()
    line.flow_control.arrived()
    line.frame()
    line.clock.now += PATIENCE
    assert line.frame()
    assert line.frame(), "no longer"


def test_a_key_that_looks_like_an_answer_is_none(line):
    line.flow_control.arrived()
    assert line.frame()
    assert line.frame()


def test_the_end_waits_for_the_last_answer_and_nothing_is_asked_after_it(line):
    ended = []
    line.frame()
    line.flow_control.arrived()
    line.frame()
    line.flow_control.finish(lambda: ended.append(True))
    assert not ended
    line.flow_control.sent()
    line.flow_control.arrived()
    assert (ended, line.asked) == ([True], 2)


def test_the_end_waits_for_no_terminal_that_never_answers(line):
    ended = []
    line.frame()
    line.flow_control.finish(lambda: ended.append(True))
    assert ended


async def test_the_lab_shows_a_step_when_the_terminal_has_shown_the_one_before(monkeypatch):
    async with lab() as it:
        asked = []
        watch_writes(it.app, monkeypatch, asked.append)
        await it.press("s")
        await it.step_is(1)
        it.app.post_message(CursorPosition(0, 0))
        await it.press("s")
        await it.step_is(2)
        assert asked.count(QUESTION) >= 1
        await it.press("s", "s")
        await wait_until(lambda: it.app.training.frame.step == 4)
        await it.pilot.pause()
        assert it.view.frame.step == 2
        it.app.post_message(CursorPosition(0, 0))
        await it.step_is(4)


async def test_keys_that_train_nothing_are_answered_meanwhile():
    async with lab() as it:
        it.app.post_message(CursorPosition(0, 0))
        await it.press("s")
        await it.step_is(1)
        await it.press("s", "right", "l")
        assert (it.view.t, it.view.lane) == (1, 1)
