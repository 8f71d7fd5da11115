"""Findings: what is wrong with a run, or limits it, with evidence, a reason, and a remedy.

Each rule is a class in a file of its own, with its threshold and where that comes from, registered by one line here.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rnn_tui.session.diagnosis import trained_net
from rnn_tui.session.evaluation import label
from rnn_tui.session.findings.base import Finding, LaneRecord, Remedy, Rule
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

if TYPE_CHECKING:
    from rnn_tui.session.evaluation import Trained

__all__ = ["RULES", "Finding", "LaneRecord", "Remedy", "Rule", "findings", "lane_record"]

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
TRIED = 16  # batches on which updates are tried


def lane_record(run: "Trained", lane: int, diverged: bool = False) -> LaneRecord:
    """Return what rules read of a lane in its present state.  ``diverged``: its next update is not finite."""
    experiment, timeline, preset = run.experiment, run.timelines[lane], run.preset
    net = trained_net(experiment, lane, timeline)
    return LaneRecord(
        preset=preset,
        lane=lane,
        step=run.step,
        label=label(preset.names[lane], preset.lanes[lane]),
        losses=timeline.losses.cut(run.step),
        norms=timeline.norms.cut(run.step),
        held_out_losses=timeline.held_out.until(run.step),
        score=net.score(),
        floor=experiment.floor(lane),
        memoryless=experiment.memoryless_floor,
        best=experiment.best_floor,
        references=experiment.references,
        net=net,
        learner=timeline.learner,
        state=timeline.state,
        batches=[timeline.batch_at(run.step + ahead) for ahead in range(TRIED)],
        diverged=diverged,
    )


def findings(records: Sequence[LaneRecord]) -> list[Finding]:
    """Return what the rules find, the gravest first: in the order of RULES, then of the lanes."""
    return [found for rule in RULES for record in records if (found := rule.find(record)) is not None]
