"""The base of rules that find what is wrong with a run, or what limits it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from rnn_tui.engine.cells import CELLS
from rnn_tui.errors import RnnTuiError
from rnn_tui.presets.preset import Preset
from rnn_tui.session.lane_record import LaneRecord

HIGHEST = 0.1  # learning rate of a remedy
EARLY = 50  # updates before which nothing is said of how far learning has come
Kind: TypeAlias = Literal["fault", "limit", "done"]


@dataclass(frozen=True)
class Remedy:
    """Changes of settings that may help.

    Attributes:
        said: what they do, in words that follow "try": "a learning rate of 0.001".
        changes: the values by dotted key.
        from_start: whether the present weights are lost, so that it has to be tried from step 0.
    """

    said: str
    changes: Mapping[str, Any]
    from_start: bool = False


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with a lane, or that limits it.

    Attributes:
        rule: the name of the rule. lane: its number, from 0.
        evidence: what was measured, with numbers. reason: what that means, in one sentence.
        remedy: what may help; None if nothing is wrong, or if it is unknown.
        kind: of the rule.
    """

    rule: str
    lane: int
    evidence: str
    reason: str
    remedy: Remedy | None = None
    kind: Kind = "fault"


class Rule(ABC):
    """A rule with its threshold.

    Attributes:
        name: of the rule, in findings and documents.
        threshold: when it finds something, in words. source: where the threshold comes from.
        kind: "fault": something is wrong; "limit": it can get no further as it is; "done": nothing is left to learn.
    """

    name: ClassVar[str]
    threshold: ClassVar[str]
    source: ClassVar[str]
    kind: ClassVar[Kind] = "fault"

    @abstractmethod
    def find(self, record: LaneRecord) -> Finding | None:
        """Return what is found in a lane; None if the rule does not apply."""

    def finding(self, record: LaneRecord, evidence: str, reason: str, remedy: Remedy | None = None) -> Finding:
        """Return a finding of this rule; a remedy that would change nothing is omitted."""
        useful = remedy if remedy is not None and _changes_something(record.preset, remedy) else None
        return Finding(self.name, record.lane, evidence, reason, useful, self.kind)


def gated(record: LaneRecord) -> Remedy | None:
    """Return the first cell with gates as a remedy; None if the lane has gates."""
    if not record.settings.architecture.single_sum:
        return None
    kind, cell = next((kind, cell) for kind, cell in CELLS.items() if not cell.single_sum)
    return Remedy(f"{cell.phrase}, whose gates can keep what it has seen", {record.key("kind"): kind})


def orthogonal(record: LaneRecord) -> Remedy | None:
    """Return an orthogonal start as a remedy; None for cells with gates."""
    if not record.settings.architecture.single_sum:
        return None
    changes = {record.key("initializer"): "orthogonal", record.key("gain"): 1.0}
    remedy = Remedy("orthogonal W_hh with gain 1, which keeps the gradient longer", changes)
    return remedy if _changes_something(record.preset, remedy) else None


def lower_rate(record: LaneRecord) -> float:
    """Return a learning rate that is lower by at least a power of ten, and not unusually high, to three digits."""
    return float(f"{min(HIGHEST, record.preset.training.learning_rate / 10):.3g}")


def more_updates(record: LaneRecord) -> Remedy:
    """Return twice as many updates as a remedy."""
    steps = 2 * max(record.preset.training.steps, record.step)
    return Remedy("more updates", {"training.steps": steps})


def _changes_something(preset: Preset, remedy: Remedy) -> bool:
    try:
        return preset.with_changes(remedy.changes) != preset
    except RnnTuiError:  # a value out of bounds
        return False
