"""Almost every gradient is clipped."""

from typing import ClassVar

import numpy as np

from rnn_tui.session.findings.base import EARLY, Finding, Remedy, Rule
from rnn_tui.session.lane_record import LaneRecord

MOST = 0.9
LATELY = 100  # updates
SLOW = 0.05  # share of the loss that the last half of the updates took off


class Clipping(Rule):
    """The clip norm decides about the length of almost every update."""

    name: ClassVar[str] = "clipping"
    threshold: ClassVar[str] = "more than 90 % of the last 100 gradients are clipped, and the loss hardly falls"
    source: ClassVar[str] = "clipping is meant for rare steep places (Pascanu et al. 2013)"

    def find(self, record: LaneRecord) -> Finding | None:
        clip, norms = record.preset.training.clip_norm, record.norms.values[-LATELY:]
        if not clip or record.step < EARLY or not len(norms) or record.solved or record.progress > SLOW:
            return None
        share, usual = float(np.mean(norms > clip)), float(np.median(norms))
        if share <= MOST:
            return None
        said = (
            f"{share:.0%} of the last {len(norms)} gradients were longer than the clip norm {clip:g}; "
            f"their median is {usual:.2g}"
        )
        reason = "The clip norm, not the gradient, sets the length of the updates."
        wider = float(f"{2 * usual:.1g}")
        return self.finding(record, said, reason, Remedy(f"a clip norm of {wider:g}", {"training.clip_norm": wider}))
