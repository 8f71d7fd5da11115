"""A run that is kept for comparison: its settings and its losses.  Sessions hold them, checkpoints store them."""

from collections.abc import Iterable
from dataclasses import dataclass

from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.presets.preset import Preset

MOST_PINNED_RUNS = 4
EXACT = 2**16  # of the latest steps, each loss is kept; it is a curve to look at


@dataclass(frozen=True, eq=False, slots=True)
class PinnedRun:
    """Attributes:
    preset: the settings at its end.
    losses: of each lane, at every step.
    since: the step at which it parted from the run at work; 0 where it is a run of its own.
    """

    preset: Preset
    losses: tuple[MetricHistory, ...]
    since: int = 0

    @classmethod
    def of(cls, preset: Preset, losses: Iterable[MetricHistory], since: int = 0) -> "PinnedRun":
        """A pinned run with losses of its own, which take little room."""
        return cls(preset, tuple(each.shortened(EXACT) for each in losses), since)

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in self.losses)

    def same_as(self, other: "PinnedRun") -> bool:
        """Whether both say the same of the same settings."""
        alike = (one.same_as(two) for one, two in zip(self.losses, other.losses, strict=False))
        return self.preset == other.preset and self.since == other.since and all(alike)

    @property
    def last_step(self) -> int:
        return max(map(len, self.losses))
