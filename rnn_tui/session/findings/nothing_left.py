"""A lane has learned all that there is to learn."""

from typing import ClassVar

from rnn_tui.session.findings.base import Finding, Rule
from rnn_tui.session.lane_record import LaneRecord
from rnn_tui.tasks.solved import NEAR, exact_loss


class NothingLeft(Rule):
    """The loss is at the best floor: no predictor has a lower one."""

    name: ClassVar[str] = "nothing left to learn"
    threshold: ClassVar[str] = "the held-out loss is at the exact floor of all inputs, or every answer is right"
    source: ClassVar[str] = "within 2 % of the exact floor of all inputs, as the comparison has it"
    kind: ClassVar = "done"

    def find(self, record: LaneRecord) -> Finding | None:
        lowest = exact_loss(record.best)
        if lowest is None or not record.solved:
            return None
        if record.loss - lowest > NEAR * max(lowest, 1) and record.score.accuracy != 1:
            return None
        said = f"its loss is {record.loss:.3g}; no predictor has less than {lowest:.3g}"
        return self.finding(record, said, "The task is solved; a harder setting would show more.")
