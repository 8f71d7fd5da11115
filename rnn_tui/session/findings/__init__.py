"""Findings: what is wrong with a run, or limits it, with evidence, a reason, and a remedy.

Each rule is a class in a file of its own, with its threshold and where that comes from, registered by one line here.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rnn_tui.session.findings.base import Finding, Remedy, Rule
from rnn_tui.session.findings.below_floor import BelowFloor
from rnn_tui.session.findings.clipping import Clipping
from rnn_tui.session.findings.dead_units import DeadUnits
from rnn_tui.session.findings.divergence_risk import DivergenceRisk
from rnn_tui.session.findings.exploding_gradient import ExplodingGradient
from rnn_tui.session.findings.learning_rate import HighLearningRate, LowLearningRate
from rnn_tui.session.findings.no_better_than_persistence import NoBetterThanPersistence
from rnn_tui.session.findings.nothing_left import NothingLeft
from rnn_tui.session.findings.overfitting import Overfitting
from rnn_tui.session.findings.saturated_units import SaturatedUnits
from rnn_tui.session.findings.short_truncation import ShortTruncation
from rnn_tui.session.findings.unused_recurrence import UnusedRecurrence
from rnn_tui.session.findings.vanishing_gradient import VanishingGradient
from rnn_tui.session.lane_record import LaneRecord

__all__ = ["RULES", "Finding", "Remedy", "Rule", "findings"]

RULES: list[Rule] = [
    DivergenceRisk(),
    HighLearningRate(),
    ExplodingGradient(),
    ShortTruncation(),
    VanishingGradient(),
    DeadUnits(),
    SaturatedUnits(),
    Clipping(),
    LowLearningRate(),
    UnusedRecurrence(),
    Overfitting(),
    BelowFloor(),
    NoBetterThanPersistence(),
    NothingLeft(),
]


def findings(records: Sequence[LaneRecord]) -> list[Finding]:
    """Return what the rules find, the gravest first: in the order of RULES, then of the lanes.

    Of a lane that diverges, the other rules would only find consequences.  More updates are no remedy for a lane with a
    fault, which comes first.
    """
    with np.errstate(all="ignore"):  # of a net that has diverged
        found = [each for rule in RULES for record in records if (each := rule.find(record)) is not None]
    diverging = {each.lane for each in found if each.rule == DivergenceRisk.name}
    faulty = {each.lane for each in found if each.kind == "fault"}
    return [
        replace(each, remedy=None) if each.lane in faulty and _only_trains_longer(each) else each
        for each in found
        if each.lane not in diverging or each.rule == DivergenceRisk.name
    ]


def _only_trains_longer(finding: Finding) -> bool:
    return finding.remedy is not None and set(finding.remedy.changes) == {"training.steps"}
