"""A forecast that is no better than repeating the last value."""

from typing import ClassVar

from rnn_tui.session.findings.base import EARLY, Finding, Rule, more_updates
from rnn_tui.session.lane_record import LaneRecord

ENOUGH = 0.95


class NoBetterThanPersistence(Rule):
    """The error of the forecast is at least about that of persistence."""

    name: ClassVar[str] = "no better than persistence"
    threshold: ClassVar[str] = "the squared error is above 95 % of that of persistence"
    source: ClassVar[str] = "persistence, which repeats the last value, is the usual reference of forecasts"
    kind: ClassVar = "limit"

    def find(self, record: LaneRecord) -> Finding | None:
        repeated = next((each.loss for each in record.references if each.name == "persistence"), None)
        if repeated is None or not record.net.task.predicts_numbers or record.step < EARLY or record.solved:
            return None
        if record.loss < ENOUGH * repeated:
            return None
        said = f"its squared error is {record.loss:.3g}; repeating the last value has {repeated:.3g}"
        best = record.held_out_losses.best
        if best is not None and best.loss < ENOUGH * repeated:
            reason = f"It was better at step {best.step:,}, {best.loss:.3g}: more updates have made it worse."
            return self.finding(record, said, reason)
        reason = "The net is not useful yet: it has learned too little, or the series is a random walk."
        return self.finding(record, said, reason, more_updates(record))
