"""The gradient explodes on its way back through time."""

from typing import Any, ClassVar

import numpy as np

from rnn_tui.session.findings.base import Finding, Remedy, Rule
from rnn_tui.session.lane_record import LaneRecord

MOST = 70.0


class ExplodingGradient(Rule):
    """Far back the gradient is many times as large as at the answer."""

    name: ClassVar[str] = "exploding gradient"
    threshold: ClassVar[str] = "at some lag the gradient is more than 70 times that at the answer"
    source: ClassVar[str] = "a ratio above 70 (AUTOTRAINER, Zhang et al. 2021), here by lag instead of by layer"

    def find(self, record: LaneRecord) -> Finding | None:
        if record.recurrent is None or record.gradient is None or record.solved:
            return None
        by_lag = record.gradient.by_lag.by_lag
        lag = int(np.argmax(by_lag))
        if by_lag[lag] <= MOST:
            return None
        said = f"{lag} time steps back the gradient is {by_lag[lag]:.3g} times that at the answer"
        reason = "Each time step back makes it larger, so one update can change the weights far too much."
        gain = min(record.recurrent.gain, 1.0)
        changes: dict[str, Any] = {"training.clip_norm": 1.0, record.key("gain"): gain}
        if record.recurrent.initializer == "uniform":
            changes[record.key("initializer")] = "orthogonal"
        return self.finding(
            record, said, reason, Remedy(f"orthogonal W_hh with gain {gain:g}, and a clip norm of 1", changes)
        )
