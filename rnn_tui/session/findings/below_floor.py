"""A loss below an exact floor."""

from typing import ClassVar

from rnn_tui.session.findings.base import Finding, Rule
from rnn_tui.session.lane_record import LaneRecord
from rnn_tui.tasks.solved import exact_loss

FAR = 0.1  # of the floor: sampling noise of the held-out sequences is smaller


class BelowFloor(Rule):
    """No net with this window can be below its floor, except by chance."""

    name: ClassVar[str] = "below the floor"
    threshold: ClassVar[str] = "the held-out loss is more than 10 % below the exact floor of the lane's inputs"
    source: ClassVar[str] = "the floor is the lowest expected loss of any predictor with the same inputs"

    def find(self, record: LaneRecord) -> Finding | None:
        floor = exact_loss(record.floor)
        if not floor or floor - record.loss <= FAR * floor:
            return None
        said = f"its loss is {record.loss:.3g}, its floor {floor:.3g}"
        reason = "That is impossible except by chance: it sees more than it should (a leak), or the floor is wrong."
        return self.finding(record, said, reason)
