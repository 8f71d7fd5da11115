"""The gradient vanishes before it is as far back as the task asks for."""

from typing import ClassVar

from rnn_tui.session.findings.base import EARLY, Finding, Rule, gated, orthogonal
from rnn_tui.session.lane_record import LaneRecord

LEAST = 1e-3
HOPELESS = 1e-5


def is_lost(record: LaneRecord) -> bool:
    """Return whether a lane without a use for its memory gets hardly any gradient from where the task asks for it."""
    return record.at_memoryless_floor and record.arriving is not None and record.arriving < LEAST


class VanishingGradient(Rule):
    """At the lag that the task asks for, hardly any gradient is left, and the lane has not learned the task."""

    name: ClassVar[str] = "vanishing gradient"
    threshold: ClassVar[str] = (
        "below 1e-3 of the gradient arrives at the lag that the task asks for, and the loss is at the memoryless floor"
    )
    source: ClassVar[str] = (
        "below 1e-3 (AUTOTRAINER, Zhang et al. 2021); below about 1e-5 Adam has not learned echo in 800 updates"
    )
    kind: ClassVar = "limit"

    def find(self, record: LaneRecord) -> Finding | None:
        if record.recurrent is None or record.step < EARLY or record.solved or not is_lost(record):
            return None
        left = record.arriving
        said = (
            f"the answer depends on the input {record.asked} time steps back; "
            f"the gradient there is {left:.1g} times that at the answer"
        )
        assert left is not None
        too_little = "far too little" if left < HOPELESS else "hardly enough"
        remedy = orthogonal(record) or gated(record)
        reason = f"Each time step back makes it smaller, and {too_little} is left to learn from."
        return self.finding(record, said, reason, remedy)
