"""A run that is saved for comparison: its settings and its losses.  Sessions hold them, checkpoints store them."""

from collections.abc import Iterable
from dataclasses import dataclass

from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.presets.preset import Preset

MOST_PINNED_RUNS = 4
EXACT = 2**16  # latest steps whose losses are stored exactly; older ones are only drawn


@dataclass(frozen=True, eq=False, slots=True)
class PinnedRun:
    """A run saved for comparison.

    Attributes:
        preset: the settings at its end.
        losses: of each lane, at every step.
        since: the step at which it branched off from the present run; 0 for a separate run.
    """

    preset: Preset
    losses: tuple[MetricHistory, ...]
    since: int = 0

    @classmethod
    def of(cls, preset: Preset, losses: Iterable[MetricHistory], since: int = 0) -> "PinnedRun":
        """Return a pinned run with a compact copy of the losses."""
        return cls(preset, tuple(each.shortened(EXACT) for each in losses), since)

    @property
    def nbytes(self) -> int:
        return sum(each.nbytes for each in self.losses)

    def same_as(self, other: "PinnedRun") -> bool:
        """Tell if both have the same settings and losses."""
        alike = (one.same_as(two) for one, two in zip(self.losses, other.losses, strict=False))
        return self.preset == other.preset and self.since == other.since and all(alike)

    @property
    def last_step(self) -> int:
        return max(map(len, self.losses))
