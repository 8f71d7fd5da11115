"""Results: of which net and step they are, and when they are shown no longer."""

import pytest
from support.widget_hosts import frame_of, preset_of

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.session.frame import Demand
from rnn_tui.session.session import Session
from rnn_tui.ui.panels.diagnoses import Diagnoses, Diagnostic, DiagnosticResult, defined

UNITS = Diagnostic("number of units", lambda net, _: net.units, lambda label, found: (f"{label} has {found}", label))


def of(net, step=3, result=None, diagnostic=UNITS):
    return DiagnosticResult(diagnostic, net, step, 0, net.units if result is None else result)


@pytest.mark.parametrize("change", [{"hidden_size": 5}, {"activation": "relu"}])
def test_the_finding_of_a_lane_disappears_when_the_lane_becomes_another_net(change):
    one, two = ({"kind": "rnn", **more} for more in ({}, change))
    before, after = (Session(preset_of(lane)).frame(Demand.NETS).lanes[0].net for lane in (one, two))
    known = Diagnoses().having(UNITS, 0, of(before))
    assert known.of(UNITS, 0, before).value == 8
    assert known.of(UNITS, 0, after) is None
    assert known.said(0, after, "RNN") == []


def test_the_finding_of_a_lane_disappears_when_its_sequences_change():
    lane, seeds = {"kind": "rnn"}, ({"seed": 0}, {"seed": 1})
    before, after = (Session(preset_of(lane, training=seed)).frame(Demand.NETS).lanes[0].net for seed in seeds)
    assert Diagnoses().having(UNITS, 0, of(before)).of(UNITS, 0, after) is None


def test_sentences_are_said_only_of_the_very_net_that_is_shown():
    now, then = frame_of("echo", 3).lanes[0].net, frame_of("echo", 0).lanes[0].net
    known = Diagnoses().having(UNITS, 0, of(now))
    assert known.said(0, now, "A") == ["A has 8"]
    assert known.said(0, then, "A") == [], "the curve is shown as of another step; words would not say so"
    assert known.said(1, now, "A") == []


def test_findings_over_the_run_are_those_of_the_parameters_that_are_kept_there():
    lane = frame_of("echo", 3).lanes[0]
    known = Diagnoses()
    for step, parameters in lane.past.items():
        result = Undefined("x never varies") if step == 0 else step
        known = known.having_past(UNITS, 0, of(lane.net.at(parameters), step, result), lane.past)
    assert known.over_run(UNITS, 0, lane.past) == {3: 3}, "what is undefined has no place on the curve"
    assert known.over_run(UNITS, 0, frame_of("copy", 3).lanes[0].past) == {}, "other parameters at the same steps"
    assert defined(known.at(UNITS, 0, 0, lane.past[0])) is None
