"""When the lab looks for what is wrong: at measurements of the held-out loss, at rest, and on request."""

from dataclasses import replace
from types import SimpleNamespace

from support.lab_driver import preset

from rnn_tui.session.frame import Demand
from rnn_tui.session.session import Session
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.training.findings_requests import FindingsRequests


class Looks:
    """A findings thread that notes what it should look at."""

    def __init__(self):
        self.looks = []

    def look(self, records, at_once):
        self.looks.append((records[0].step, at_once))


def test_it_looks_where_the_held_out_loss_is_measured_and_at_rest_but_never_twice_nor_at_step_0():
    session = Session(preset(training={"sequence_length": 6, "batch_size": 2}).preset)
    looks, shown = Looks(), SimpleNamespace()
    requests = FindingsRequests(looks, shown)

    def follow(steps=0, **view):
        session.forward(steps)
        shown.seen = replace(ViewState(session.frame(Demand.NOTHING), "tried"), **view)
        return requests.follow()

    assert not follow(), "at step 0 there is nothing to announce"
    assert not follow(11, playing=True)
    assert not follow(0, playing=True)
    assert not follow(1, playing=True)
    assert looks.looks == [(11, False), (12, False)], "step 10 was measured, and step 12"
    assert follow(), "it rests: the lab looks after a moment"
    assert not requests.follow(), "nothing has changed since"
    requests.look()
    assert looks.looks[-1] == (12, True)
    requests.watches = False
    assert not follow(2)
