"""Diagnostics beside training: what is computed, in which order, and that nothing waits for it."""

import time
from dataclasses import replace
from threading import active_count

from support.widget_hosts import frame_of

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.ui.input.bug_reports import BugReports
from rnn_tui.ui.panels.diagnoses import Diagnoses, Diagnostic
from rnn_tui.ui.training.diagnosis_thread import SHARE, DiagnosisRequest, DiagnosisThread


def names(tag="", **options):
    """A diagnostic that finds the label of the net."""
    return Diagnostic(f"names{tag}", lambda net, t: (net.label, t), **options)


def request_of(*wanted, lane=0, t=0, training=False, frame=None):
    frame = frame or frame_of("echo", 3)
    nets, past = [each.net for each in frame.lanes], [each.past for each in frame.lanes]
    return DiagnosisRequest(wanted, nets, past, frame.step, lane, t, training)


def until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.001)


def found_by(*requests):
    """All results, when the thread has met one request after the other."""
    thread = DiagnosisThread(lambda: None, BugReports())
    for request in requests:
        thread.request(request)
        until(lambda request=request: request.is_met(thread.collect()))
    thread.stop()
    return thread.collect()


def test_it_computes_each_diagnostic_for_each_lane():
    every, shown = names(), names(" of the lane", shown_lane=True)
    request = request_of(every, shown, lane=1)
    found = found_by(request)
    assert {key: result.value for key, result in found.results.items()} == {
        ("names", 0): ("RNN", 0),
        ("names", 1): ("FNN(1)", 0),
        ("names of the lane", 1): ("FNN(1)", 0),
    }
    assert found.of(every, 0, request.nets[0]).step == 3


def test_what_is_known_is_computed_again_only_for_other_nets_or_where_the_cursor_matters():
    here, anywhere = names(" here", at_cursor=True), names()
    request = request_of(here, anywhere)
    found = found_by(request)
    assert request.missing(found) == []
    assert request_of(here, anywhere, t=5).missing(found) == [(here, 0), (here, 1)]
    untrained = request_of(here, anywhere, frame=frame_of("echo", 0))
    assert len(untrained.missing(found)) == 4


def test_a_finding_of_a_lane_that_has_become_another_net_is_not_shown():
    request = request_of(names())
    found, net = found_by(request), request.nets[0]
    other = replace(net, settings=net.settings.model_copy(update={"hidden_size": 9}))
    assert found.of(names(), 0, net) is not None
    assert found.of(names(), 0, other) is None
    assert found.of(names(), 0, frame_of("echo", 0).lanes[0].net) is not None, "the same net, before training"


def test_what_has_no_finding_comes_first_and_then_the_oldest():
    one, two = names(" one", shown_lane=True), names(" two", shown_lane=True)
    old, new = request_of(one, two, frame=frame_of("echo", 0)), request_of(one, two)
    found = found_by(request_of(two, frame=frame_of("echo", 0)))
    assert new.missing(found) == [(one, 0), (two, 0)]
    assert old.missing(found) == [(one, 0)]


def test_the_history_is_computed_only_when_nothing_else_is_missing_and_nothing_trains():
    over = names(over_run=True)
    request = request_of(over)
    found = found_by(request)
    for lane, past in enumerate(request.past):
        assert set(past) == {0, 3}
        results = found.over_run(over, lane, past)
        assert list(results) == [0, 3]
    assert list(replace(request, training=True).missing_past(Diagnoses())) == []
    assert found.over_run(over, 0, frame_of("copy", 3).lanes[0].past) == {}, "other parameters have no results"


def test_findings_of_another_history_are_dropped():
    over = names(over_run=True)
    request = request_of(over, frame=frame_of("copy"))
    found = found_by(request_of(over), request)
    assert [set(found.past["names", lane]) for lane in range(len(request.nets))] == [set(past) for past in request.past]


def test_while_the_nets_train_it_rests_after_each_diagnostic():
    """With a clock of its own, on which a diagnostic takes a second."""

    class Clock:
        now = 0.0

        def __call__(self):
            Clock.now += 0.001
            return Clock.now

    begun = []

    def slow(net, t):  # noqa: ARG001
        begun.append(Clock.now)
        Clock.now += 1.0
        return t

    wanted = [Diagnostic(f"slow {i}", slow, shown_lane=True) for i in range(3)]
    request = request_of(*wanted, training=True)
    thread = DiagnosisThread(lambda: None, BugReports(), Clock())
    thread.request(request)
    until(lambda: request.missing(thread.collect()) == [(wanted[1], 0), (wanted[2], 0)])
    assert len(begun) == 1, "it rests"
    thread.request(replace(request, training=False))
    until(lambda: len(begun) == 3)
    thread.stop()
    assert begun[2] - begun[1] < 1 + (1 - SHARE) / SHARE, "nothing trains, so it does not rest"


def test_a_bug_in_a_diagnostic_is_a_reason_and_the_others_are_computed():
    def broken(*_):
        raise ZeroDivisionError

    request = request_of(Diagnostic("broken", broken), names())
    found = found_by(request)
    assert isinstance(found.of(request.wanted[0], 0, request.nets[0]).value, Undefined)
    assert found.of(request.wanted[1], 1, request.nets[1]).value == ("FNN(1)", 0)


def test_the_screen_is_told_once_until_it_collects():
    told, computed = [], []
    one, two = (Diagnostic(name, lambda *_: computed.append(1), shown_lane=True) for name in ("one", "two"))
    request = request_of(one, two)
    thread = DiagnosisThread(lambda: told.append(1), BugReports())
    thread.request(request)
    until(lambda: len(computed) == 2)
    until(lambda: request.is_met(thread.collect()))
    assert 1 <= len(told) <= 2, "the second time only if the first was collected before"
    thread.stop()


def test_no_thread_is_started_before_the_first_request():
    before = active_count()
    thread = DiagnosisThread(lambda: None, BugReports())
    thread.request(None)
    assert active_count() == before
