"""Units that are at their limits."""

from typing import ClassVar

from rnn_tui.session.findings.base import EARLY, Finding, Remedy, Rule
from rnn_tui.session.lane_record import LaneRecord

MOST = 0.5


class SaturatedUnits(Rule):
    """Most h_t are at the limits of the activation, where its slope is near 0, and the task is not solved."""

    name: ClassVar[str] = "saturated units"
    threshold: ClassVar[str] = "more than half of all h_t are at a limit, and the loss is at the memoryless floor"
    source: ClassVar[str] = "more than half of the values within 2.5 % of a limit, where tanh has a slope below 0.1"

    def find(self, record: LaneRecord) -> Finding | None:
        share = record.saturated
        if share is None or share <= MOST or record.solved or not record.at_memoryless_floor or record.step < EARLY:
            return None
        said = f"{share:.0%} of the h_t are at the limits of the activation"
        reason = "There its slope is near 0, so hardly any gradient passes."
        remedy = None
        if record.recurrent is not None:
            remedy = Remedy(
                "new weights with gain 1", {record.key("gain"): 1.0, record.key("initializer"): "orthogonal"}
            )
        return self.finding(record, said, reason, remedy)
