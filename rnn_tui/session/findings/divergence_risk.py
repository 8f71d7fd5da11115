"""A lane diverges, or is about to."""

from math import isfinite
from typing import ClassVar

import numpy as np

from rnn_tui.session.findings.base import Finding, LaneRecord, Remedy, Rule

GREAT = 3.0  # times the loss at step 0, or of a predictor without a net, whichever is greater
LATELY = 10  # updates


class DivergenceRisk(Rule):
    """The update is not finite, or the loss is far above what the net had before it learned anything."""

    name: ClassVar[str] = "divergence"
    source: ClassVar[str] = "a net that knows nothing has the loss of the best constant answer"

    def find(self, record: LaneRecord) -> Finding | None:
        rate, clip = record.preset.training.learning_rate, record.preset.training.clip_norm
        changes = {"training.learning_rate": rate / 10} | ({} if clip else {"training.clip_norm": 1.0})
        remedy = Remedy(f"a learning rate of {rate / 10:g}" + ("" if clip else " and a clip norm of 1"), changes)
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
        return self.finding(record, said, "It answers much worse than a net that knows nothing, and is sure.", remedy)
