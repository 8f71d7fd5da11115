"""The recurrence is not used."""

from typing import ClassVar

from rnn_tui.session.findings.base import EARLY, Finding, LaneRecord, Remedy, Rule
from rnn_tui.session.findings.vanishing_gradient import LEAST


class UnusedRecurrence(Rule):
    """A recurrent lane is at the floor of nets without memory, although the task needs memory."""

    name: ClassVar[str] = "unused recurrence"
    source: ClassVar[str] = "within 5 % of the way from the floor of x_t alone to the floor of all inputs"
    kind: ClassVar = "limit"

    def find(self, record: LaneRecord) -> Finding | None:
        if record.recurrent is None or not record.at_memoryless_floor or record.step < EARLY:
            return None
        assert record.memoryless is not None
        said = f"its loss is {record.loss:.3g}; the floor of a net that sees x_t alone is {record.memoryless.loss:.3g}"
        reason = "It answers like a net without memory: nothing that it could carry on helps it yet."
        if self._reaches(record):
            reason += (
                " Its gradient reaches far enough, so more updates, or other initial weights, may do: try 8 seeds."
            )
        return self.finding(record, said, reason, self._remedy(record))

    def _reaches(self, record: LaneRecord) -> bool:
        """Return whether enough of the gradient arrives as far back as the task asks."""
        if record.gradient is None or record.asked is None:
            return False
        by_lag = record.gradient.by_lag.by_lag
        return record.asked < len(by_lag) and bool(by_lag[record.asked] >= LEAST)

    def _remedy(self, record: LaneRecord) -> Remedy | None:
        settings = record.recurrent
        assert settings is not None
        if settings.kind == "rnn":
            return Remedy("a GRU", {record.key("kind"): "gru"})
        return None
