"""The thread that applies the rules: the newest records, in a small share of the time, and errors that are told."""

from support.lab_driver import preset
from support.waiting import wait_until

from rnn_tui.session.findings import RULES
from rnn_tui.session.lane_record import lane_records
from rnn_tui.session.session import Session
from rnn_tui.ui.input.bug_reports import BugReports
from rnn_tui.ui.training.findings_thread import SHARE, FindingsThread

SMALL = {"sequence_length": 6, "batch_size": 2}


class Ticking:
    """A clock that advances by a second whenever it is read."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        self.now += 1
        return self.now


async def test_the_newest_records_are_looked_at_and_a_rule_that_fails_is_told(monkeypatch):
    session = Session(preset(training=SMALL, lanes=[{"kind": "rnn", "hidden_size": 2}]).preset)
    told = []
    thread = FindingsThread(lambda: told.append(1), BugReports(), Ticking())
    try:
        first = lane_records(session)
        thread.look(first, at_once=False)
        await wait_until(lambda: thread.collect() is not None)
        assert thread.collect().is_of(first)
        session.forward()
        thread.look(lane_records(session), at_once=False)  # it rests now, and the next records replace these
        session.forward()
        newest = lane_records(session)
        thread.look(newest, at_once=True)
        await wait_until(lambda: len(told) == 2)
        assert thread.collect().step == 2
        assert not thread.collect().is_of(first)
        monkeypatch.setattr(RULES[0].__class__, "find", lambda *_: 1 / 0)
        session.forward()
        thread.look(lane_records(session), at_once=True)
        await wait_until(lambda: len(told) == 3)
        assert "division by zero" in thread.problem()
        assert thread.problem() == "", "it is told once"
        assert thread.collect().step == 2, "the last report stays"
        assert 0 < SHARE <= 0.05
    finally:
        thread.stop()
