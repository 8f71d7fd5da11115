"""The learning rate is too high, or too low.

Both are measured: the next updates are tried, each on its own batch, and the loss on that batch is compared before and
after (session/tried_updates.py).  A good update lowers it.
"""

from math import isfinite, log
from typing import ClassVar

import numpy as np

from rnn_tui.session.findings.base import EARLY, Finding, Remedy, Rule
from rnn_tui.session.findings.vanishing_gradient import is_lost
from rnn_tui.session.lane_record import LaneRecord

TOO_OFTEN = 0.6  # share of updates that raise the loss on their own batch
SLOWER, FASTER = 0.1, 10.0  # times the learning rate
LATELY = 50  # updates
WORSE = 1.2  # times the loss of a constant answer
LEAST = 0.02  # share of the loss that the last half of the updates took off
STEEPER = 5  # times the gain of a tenth of the rate
LONG = 2  # times the updates so far
ENOUGH = 0.01  # share of the loss that one update takes off its own batch
MOST_STEPS = 6  # powers of ten that are tried


def _can_be_tried(record: LaneRecord) -> bool:
    early = record.step < EARLY or record.solved or record.diverged or not isfinite(record.loss)
    return not early and len(record.tried[1.0]) > 0


def _another_rate(record: LaneRecord, factor: float) -> Remedy:
    """Return the remedy of a learning rate that is ``factor`` times the present one, to three digits."""
    rate = float(f"{factor * record.preset.training.learning_rate:.3g}")
    return Remedy(f"a learning rate of {rate:.3g}", {"training.learning_rate": rate})


class HighLearningRate(Rule):
    """Most updates raise the loss on the very batch that they were made for."""

    name: ClassVar[str] = "high learning rate"
    threshold: ClassVar[str] = (
        "more than 60 % of the next updates raise the loss on their own batch, and at most half as many at a tenth of "
        "the rate; or the last 50 losses are 1.2 times that of a constant answer, and of the first update"
    )
    source: ClassVar[str] = "a step along the gradient that raises its own loss is longer than the valley is wide"

    def find(self, record: LaneRecord) -> Finding | None:
        if not _can_be_tried(record):
            return None
        share = float(np.mean(record.tried[1.0] > 0))
        calmer = float(np.mean(record.tried[SLOWER] > 0))
        begin, now = record.losses.bounds(0)[1], float(record.losses.values[-LATELY:].mean())
        if share > TOO_OFTEN and calmer <= share / 2:
            said = (
                f"{share:.0%} of the next {len(record.tried[1.0])} updates raise the loss on their own batch; "
                f"at a tenth of the rate {calmer:.0%}"
            )
        elif calmer <= share and isfinite(record.worst) and now > WORSE * max(record.worst, begin):
            said = (
                f"the last {LATELY} updates had a mean loss of {now:.3g}, the first one {begin:.3g}; "
                f"a constant answer has {record.worst:.3g}"
            )
        else:
            return None
        remedy = _another_rate(record, _calm(record, calmer))
        return self.finding(record, said, "Each update is so long that it jumps across the valley of the loss.", remedy)


class LowLearningRate(Rule):
    """Updates of ten times the length would lower the loss about ten times as much, and the present ones hardly do."""

    name: ClassVar[str] = "low learning rate"
    threshold: ClassVar[str] = (
        "at ten times the rate the next updates lower their loss more than 5 times as much, and the last half of the "
        "updates took off less than 2 %; or the loss is above that of a constant answer, and to halve it would take "
        "more than twice as many updates as so far"
    )
    source: ClassVar[str] = "where ten times the rate gains about ten times as much, the loss is still a straight slope"

    def find(self, record: LaneRecord) -> Finding | None:
        if not _can_be_tried(record) or is_lost(record):  # a plateau that longer updates do not leave
            return None
        now, faster = record.tried[1.0], record.tried[FASTER]
        gained, more = -float(np.median(now)), -float(np.median(faster))
        if gained <= 0 or more < STEEPER * gained or np.mean(faster < now) < 0.9:
            return None
        far = record.loss > record.worst and log(2) / gained > LONG * record.step  # updates that halve the loss
        if record.progress > LEAST and not far:
            return None
        factor, most = _longest(record, more)
        said = (
            f"the median of the next updates lowers the loss by {100 * gained:.2g}%, "
            f"at {factor:,.0f} times the rate by {100 * most:.2g}%"
        )
        remedy = _another_rate(record, factor)
        return self.finding(record, said, "The updates are so short that the loss hardly falls.", remedy)


def _calm(record: LaneRecord, share: float) -> float:
    """Return the highest power of ten, times the rate, at which few updates raise the loss.  ``share``: at SLOWER."""
    factor = SLOWER
    for _ in range(1, MOST_STEPS):
        if share <= TOO_OFTEN / 2:
            break
        factor *= SLOWER
        share = float(np.mean(record.tried_at(factor) > 0))
    return factor


def _longest(record: LaneRecord, gained: float) -> tuple[float, float]:
    """Return the lowest power of ten, times the rate, that gains enough, and what it gains.

    It is no higher than where the loss is still a straight slope.  ``gained``: by the median of the next updates at
    FASTER times the rate.
    """
    factor = FASTER
    for _ in range(1, MOST_STEPS):
        more = -float(np.median(record.tried_at(FASTER * factor)))
        if gained >= ENOUGH or more < STEEPER * gained:
            break
        factor, gained = FASTER * factor, more
    return factor, gained
