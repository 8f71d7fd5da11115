"""Units that are at their limits."""

from typing import ClassVar

from rnn_tui.session.findings.base import EARLY, Finding, Remedy, Rule, lower_rate
from rnn_tui.session.lane_record import LaneRecord

MOST = 0.5
GAIN = 1.5  # up to which initial weights saturate few units


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
        if record.recurrent is not None and record.recurrent.gain > GAIN:
            fresh = {record.key("gain"): 1.0, record.key("initializer"): "orthogonal"}
            return self.finding(record, said, reason, Remedy("new weights with gain 1", fresh))
        rate = lower_rate(record)
        remedy = Remedy(f"a learning rate of {rate:g} from step 0", {"training.learning_rate": rate}, from_start=True)
        return self.finding(record, said, f"{reason} Updates that were too long have driven them there.", remedy)
