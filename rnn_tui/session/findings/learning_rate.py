"""The learning rate is too high, or too low.

Both are measured: the next updates are tried, each on its own batch, and the loss on that batch is compared before and
after.  A good update lowers it.
"""

from dataclasses import replace
from math import isfinite
from typing import ClassVar

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.session.findings.base import EARLY, Finding, LaneRecord, Remedy, Rule

TOO_OFTEN = 0.6  # share of updates that raise the loss on their own batch
TEN_TIMES = 10.0
LATELY = 50  # updates
WORSE = 1.2  # times the loss of a constant answer
LEAST = 0.02  # share of the loss that the present rate takes off in as many updates again


def changes_of_loss(record: LaneRecord, factor: float = 1.0) -> Array:
    """Return the relative change (n,) of the loss on each batch by its own update, with the learning rate times
    ``factor``; infinite if it is not finite.
    """
    learner = record.learner
    faster = replace(
        learner, optimizer=replace(learner.optimizer, learning_rate=learner.optimizer.learning_rate * factor)
    )
    found = []
    for batch in record.batches:
        state, metrics = faster.step(record.state, batch)
        with np.errstate(all="ignore"):
            after, _ = faster.gradient(
                replace(record.state, parameters=state.parameters), batch, faster.trace(batch, state.parameters)
            )
        found.append((after - metrics.loss) / metrics.loss if metrics.loss > 0 and isfinite(after) else np.inf)
    return np.array(found)


class HighLearningRate(Rule):
    """Most updates raise the loss on the very batch that they were made for."""

    name: ClassVar[str] = "high learning rate"
    source: ClassVar[str] = "a step along the gradient that raises its own loss is longer than the valley is wide"

    def find(self, record: LaneRecord) -> Finding | None:
        if not record.batches or record.step < EARLY or record.solved or record.diverged or not isfinite(record.loss):
            return None
        share = float(np.mean(changes_of_loss(record) > 0))
        calmer = float(np.mean(changes_of_loss(record, 1 / TEN_TIMES) > 0))
        now = float(record.losses.values[-LATELY:].mean())
        if share > TOO_OFTEN and calmer <= share / 2:
            said = (
                f"{share:.0%} of the next {len(record.batches)} updates raise the loss on their own batch; "
                f"at a tenth of the rate {calmer:.0%}"
            )
        elif calmer <= share and isfinite(record.worst) and now > WORSE * record.worst:
            said = f"the last {LATELY} updates had a mean loss of {now:.3g}; a constant answer has {record.worst:.3g}"
        else:
            return None
        rate = record.preset.training.learning_rate
        remedy = Remedy(f"a learning rate of {rate / TEN_TIMES:g}", {"training.learning_rate": rate / TEN_TIMES})
        return self.finding(record, said, "Each update jumps across the valley that it should go down into.", remedy)


class LowLearningRate(Rule):
    """Updates of ten times the length would lower the loss about ten times as much, and the present ones hardly do."""

    name: ClassVar[str] = "low learning rate"
    source: ClassVar[str] = (
        "where ten times the rate gains more than five times as much, the loss is still a straight slope"
    )

    def find(self, record: LaneRecord) -> Finding | None:
        if not record.batches or record.step < EARLY or record.solved or record.diverged or not isfinite(record.loss):
            return None
        now, faster = changes_of_loss(record), changes_of_loss(record, TEN_TIMES)
        gained, more = -float(np.median(now)), -float(np.median(faster))
        if gained <= 0 or more < 5 * gained or np.mean(faster < now) < 0.9 or record.progress > LEAST:
            return None
        rate = record.preset.training.learning_rate
        said = f"the next updates lower their loss by {gained:.2g} of it, at ten times the rate by {more:.2g}"
        remedy = Remedy(f"a learning rate of {TEN_TIMES * rate:g}", {"training.learning_rate": TEN_TIMES * rate})
        return self.finding(record, said, "The updates are so short that the loss hardly falls.", remedy)
