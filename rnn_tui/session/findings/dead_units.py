"""Units that are always 0."""

from typing import ClassVar

import numpy as np

from rnn_tui.session.findings.base import Finding, Remedy, Rule
from rnn_tui.session.lane_record import LaneRecord

MOST = 0.7


class DeadUnits(Rule):
    """Most units of a ReLU net are 0 at every time step: no gradient passes through them, so they never come back."""

    name: ClassVar[str] = "dead units"
    threshold: ClassVar[str] = "at least 70 % of the ReLU units are 0 at every time step of held-out sequences"
    source: ClassVar[str] = "70 % of zeros (AUTOTRAINER, Zhang et al. 2021)"

    def find(self, record: LaneRecord) -> Finding | None:
        if record.settings.options.get("activation") != "relu" or record.solved:
            return None
        dead = ~np.asarray(record.states.any(axis=(0, 2)))
        share = float(dead.mean())
        if share < MOST:
            return None
        said = f"{int(dead.sum())} of {len(dead)} units are 0 at every time step"
        reason = "No gradient passes through a ReLU that is 0, so these units never learn again."
        remedy = Remedy("tanh in place of ReLU", {record.key("activation"): "tanh"})
        return self.finding(record, said, reason, remedy)
