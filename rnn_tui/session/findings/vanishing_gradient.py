"""The gradient vanishes before it is as far back as the task asks for."""

from typing import Any, ClassVar

from rnn_tui.session.findings.base import EARLY, Finding, LaneRecord, Remedy, Rule

LEAST = 1e-3
HOPELESS = 1e-5


class VanishingGradient(Rule):
    """At the lag that the task asks for, hardly any gradient is left, and the lane has not learned the task."""

    name: ClassVar[str] = "vanishing gradient"
    source: ClassVar[str] = (
        "below 1e-3 (AUTOTRAINER, Zhang et al. 2021); below about 1e-5 Adam has not learned echo in 800 updates"
    )
    kind: ClassVar = "limit"

    def find(self, record: LaneRecord) -> Finding | None:
        asked, settings = record.asked, record.recurrent
        if settings is None or asked is None or record.gradient is None or record.solved or record.step < EARLY:
            return None
        by_lag, cut = record.gradient.by_lag.by_lag, record.net.truncation
        if not record.at_memoryless_floor or (cut and asked >= cut) or asked >= len(by_lag) or by_lag[asked] >= LEAST:
            return None
        left = by_lag[asked]
        said = f"of the gradient at the answer, {left:.1g} is left {asked} time steps back, as far as the task asks"
        too_little = "far too little to learn from" if left < HOPELESS else "hardly enough to learn from"
        changes: dict[str, Any] = {record.key("kind"): "gru"}
        remedy = Remedy("a GRU, whose gate can keep it", changes)
        if settings.kind == "rnn" and (settings.gain < 1 or settings.initializer != "orthogonal"):
            changes = {record.key("initializer"): "orthogonal", record.key("gain"): 1.0}
            remedy = Remedy("orthogonal W_hh with gain 1, which keeps it longer", changes)
        return self.finding(
            record, said, f"Each time step back multiplies it by less than 1; that is {too_little}.", remedy
        )
