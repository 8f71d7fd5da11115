"""Backpropagation through time is cut before it is as far back as the task asks for."""

from typing import ClassVar

from rnn_tui.session.findings.base import Finding, Remedy, Rule
from rnn_tui.session.lane_record import LaneRecord


class ShortTruncation(Rule):
    """Training cuts the gradient at a lag below the one that the task asks for."""

    name: ClassVar[str] = "short truncation"
    threshold: ClassVar[str] = "the gradient is cut before the lag that the task asks for"
    source: ClassVar[str] = "by definition: no gradient reaches the input that the answer depends on"
    kind: ClassVar = "limit"

    def find(self, record: LaneRecord) -> Finding | None:
        asked, cut = record.asked, record.net.truncation
        if record.recurrent is None or asked is None or not 0 < cut <= asked or record.solved:
            return None
        said = f"the gradient is cut every {cut} time steps; the answer depends on the input {asked} back"
        reason = "No gradient ever reaches that input, so nothing can teach the net to keep it."
        remedy = None
        if record.recurrent.truncation:
            remedy = Remedy("no truncation", {record.key("truncation"): 0})
        return self.finding(record, said, reason, remedy)
