"""The held-out loss rises while the training loss falls."""

from typing import ClassVar

import numpy as np

from rnn_tui.session.findings.base import EARLY, Finding, Remedy, Rule
from rnn_tui.session.lane_record import LaneRecord

RISEN = 0.1  # share of the lowest held-out loss


class Overfitting(Rule):
    """It learns its training data by heart: what it learns no longer holds for other sequences."""

    name: ClassVar[str] = "overfitting"
    threshold: ClassVar[str] = "the held-out loss is 10 % above its lowest value, while the training loss fell"
    source: ClassVar[str] = "by definition; 10 % above the lowest held-out loss, which was well before now"

    def find(self, record: LaneRecord) -> Finding | None:
        best, step = record.held_out_losses.best, record.step
        if best is None or step < EARLY or best.step > 0.8 * step or not np.isfinite(record.loss):
            return None
        around = record.losses.mean(max(0, best.step - EARLY // 2), best.step + min(best.step, EARLY // 2) + 1)
        now = record.losses.mean(max(0, step - EARLY), step)
        risen = record.loss / best.loss - 1 if best.loss > 0 else 0.0
        if risen < RISEN or not now < min(around, record.loss / (1 + RISEN)):
            return None
        said = (
            f"the held-out loss was lowest at step {best.step:,}, {best.loss:.3g}, and is {record.loss:.3g} now; "
            f"the training loss fell from {around:.3g} to {now:.3g}"
        )
        decay = max(1e-3, 10 * record.preset.training.weight_decay)
        remedy = Remedy(f"a weight decay of {decay:g}", {"training.weight_decay": decay})
        return self.finding(
            record, said, "It memorizes its training data; what it learns does not hold for other sequences.", remedy
        )
