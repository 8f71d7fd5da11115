"""A lane diverges, or is about to."""

from math import isfinite
from typing import ClassVar

import numpy as np

from rnn_tui.session.findings.base import Finding, Remedy, Rule, lower_rate
from rnn_tui.session.lane_record import LaneRecord

GREAT = 3.0  # times the loss at step 0, or of a predictor without a net, whichever is greater
LATELY = 10  # updates


class DivergenceRisk(Rule):
    """The update is not finite, or the loss is far above what the net had before it learned anything."""

    name: ClassVar[str] = "divergence"
    threshold: ClassVar[str] = "the next update is not finite, or the loss is 3 times that of a constant answer"
    source: ClassVar[str] = "a net that knows nothing has the loss of the best constant answer"

    def find(self, record: LaneRecord) -> Finding | None:
        rate, clip = lower_rate(record), record.preset.training.clip_norm
        said = f"a learning rate of {rate:g}" + ("" if clip else " and a clip norm of 1")
        changes = {"training.learning_rate": rate} | ({} if clip else {"training.clip_norm": 1.0})
        remedy = Remedy(said, changes, from_start=True)
        if record.diverged or not isfinite(record.score.loss):
            said = f"the update from step {record.step:,} is not finite"
            return self.finding(record, said, "Its weights have grown until numbers overflowed.", remedy)
        losses = record.losses.values[-LATELY:]
        if record.step < LATELY or not len(losses):
            return None
        start = record.losses.bounds(0)[1]
        usual = max(record.worst if isfinite(record.worst) else 0.0, start if isfinite(start) else 0.0)
        now = float(np.median(losses))
        if now <= GREAT * usual or record.loss <= GREAT * usual:
            return None
        said = f"the loss of the last {LATELY} updates is {now:.3g}; a constant answer has {usual:.3g}"
        return self.finding(
            record, said, "It is confident and wrong: a net that knows nothing would answer better.", remedy
        )
