"""A lane has learned all that its inputs tell."""

from typing import ClassVar

from rnn_tui.session.findings.base import EARLY, Finding, Rule
from rnn_tui.session.lane_record import LaneRecord
from rnn_tui.tasks.solved import NEAR, exact_loss


class NothingLeft(Rule):
    """The loss is at the floor of the lane's inputs: no predictor that sees them has a lower one."""

    name: ClassVar[str] = "nothing left to learn"
    threshold: ClassVar[str] = "the held-out loss is at the exact floor of the lane's inputs, or every answer is right"
    source: ClassVar[str] = "within 2 % of the exact floor, as the comparison has it"
    kind: ClassVar = "done"

    def find(self, record: LaneRecord) -> Finding | None:
        own, best = exact_loss(record.floor), exact_loss(record.best)
        if own is None or not record.solved or record.step < EARLY:
            return None
        if record.loss - own > NEAR * max(own, 1) and record.score.accuracy != 1:
            return None
        said = f"its loss is {record.loss:.3g}; no predictor with its inputs has less than {own:.3g}"
        if record.score.accuracy == 1:
            said = f"all of its answers are right, 100%; its loss is {record.loss:.3g}"
        is_best = best is None or own - best <= NEAR * max(own, 1)
        reason = "The task is solved." if is_best else "Only a longer window, or a memory, would tell it more."
        return self.finding(record, said, reason)
