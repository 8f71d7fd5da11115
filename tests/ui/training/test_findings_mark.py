"""When the mark of new findings appears, and when it goes."""

from types import SimpleNamespace

from rnn_tui.session.findings.base import Finding
from rnn_tui.session.findings.report import Report
from rnn_tui.ui.training.findings_mark import FindingsMark


def report(*rules, kind="limit"):
    """Return a report in which lane 0, the RNN, breaks these rules."""
    lane = SimpleNamespace(label="RNN", step=9)
    return Report(tuple(Finding(rule, 0, "1", "Why.", kind=kind) for rule in rules), (lane,))


def test_while_a_net_trains_a_finding_is_announced_when_it_was_found_twice():
    once = FindingsMark().after(report("clipping"), at_rest=False)
    assert once.said == ""
    twice = once.after(report("clipping"), at_rest=False)
    assert twice.said == "RNN: clipping"
    more = twice.after(report("clipping", "dead units"), at_rest=False)
    assert more.said == "RNN: clipping"
    assert more.after(report("clipping", "dead units"), at_rest=False).said == "2 findings"


def test_at_rest_it_is_announced_at_once_and_what_is_done_never_is():
    assert FindingsMark().after(report("clipping"), at_rest=True).said == "RNN: clipping"
    assert FindingsMark().after(report("nothing left", kind="done"), at_rest=True).said == ""


def test_a_finding_that_goes_and_comes_back_is_not_announced_again():
    mark = FindingsMark().after(report("clipping"), at_rest=True).after(report(), at_rest=True)
    assert mark.said == ""
    for _ in range(3):
        mark = mark.after(report("clipping"), at_rest=True)
        assert mark.said == ""


def test_what_was_read_is_not_announced_but_what_is_new_is():
    mark = FindingsMark().after(report("clipping"), at_rest=True).read()
    assert mark.said == ""
    assert mark.after(report("clipping", "dead units"), at_rest=True).said == "RNN: dead units"
