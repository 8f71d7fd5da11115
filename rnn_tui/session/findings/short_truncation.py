"""Backpropagation through time is cut before it is as far back as the task asks for."""

from typing import ClassVar

from rnn_tui.number_format import counted
from rnn_tui.session.findings.base import Finding, Remedy, Rule
from rnn_tui.session.lane_record import LaneRecord


class ShortTruncation(Rule):
    """Training cuts the gradient at a lag below the one that the task asks for."""

    name: ClassVar[str] = "short truncation"
    threshold: ClassVar[str] = "the gradient is cut before the lag that the task asks for"
    source: ClassVar[str] = "by definition: no gradient reaches the input that the answer depends on"
    kind: ClassVar = "limit"

    def find(self, record: LaneRecord) -> Finding | None:
        if record.recurrent is None or not record.is_cut or record.solved:
            return None
        said = (
            f"the gradient is cut every {counted(record.net.truncation, 'time step')}; "
            f"the answer depends on the input {record.asked} back"
        )
        reason = "No gradient ever reaches that input, so nothing can teach the net to keep it."
        remedy = None
        if record.recurrent.truncation:
            remedy = Remedy("training without truncation", {record.key("truncation"): 0})
        return self.finding(record, said, reason, remedy)
