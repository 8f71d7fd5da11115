"""The recurrence is not used."""

from typing import ClassVar

from rnn_tui.session.findings.base import EARLY, Finding, Rule, orthogonal
from rnn_tui.session.findings.vanishing_gradient import is_lost
from rnn_tui.session.lane_record import LaneRecord


class UnusedRecurrence(Rule):
    """A recurrent lane is at the floor of nets without memory, although the task needs memory."""

    name: ClassVar[str] = "unused recurrence"
    threshold: ClassVar[str] = "the loss is at the floor of nets without memory, although memory would help"
    source: ClassVar[str] = "within 5 % of the way from the floor of x_t alone to the floor of all inputs"
    kind: ClassVar = "limit"

    def find(self, record: LaneRecord) -> Finding | None:
        if record.recurrent is None or not record.at_memoryless_floor or record.step < EARLY:
            return None
        assert record.memoryless is not None
        said = f"its loss is {record.loss:.3g}; the floor of a net that sees x_t alone is {record.memoryless.loss:.3g}"
        if record.is_cut or is_lost(record):
            reason = "It answers like a net without memory, since too little gradient reaches what it should remember."
            return self.finding(record, said, reason, None if record.is_cut else orthogonal(record))
        reason = "It answers like a net without memory: its recurrence does not help it yet."
        if record.arriving is not None:
            reason += (
                " Its gradient reaches far enough, so more updates or other initial weights may help: try 8 seeds."
            )
        return self.finding(record, said, reason, orthogonal(record))
