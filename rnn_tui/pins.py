"""A run that is kept for comparison: its settings and its losses.  Sessions hold them, checkpoints store them."""

from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.presets import Preset

MOST_PINS = 4


@dataclass(frozen=True, eq=False, slots=True)
class Pin:
    """Attributes:
    preset: the settings at its end.
    losses: of each lane, (steps,).
    since: the step at which it parted from the run on the bench; 0 where it is a run of its own.
    """

    preset: Preset
    losses: tuple[Array, ...]
    since: int = 0

    def same_as(self, other: "Pin") -> bool:
        """Whether both say the same of the same settings."""
        alike = (np.array_equal(one, two, equal_nan=True) for one, two in zip(self.losses, other.losses, strict=False))
        return self.preset == other.preset and self.since == other.since and all(alike)

    @property
    def last_step(self) -> int:
        return max(map(len, self.losses))
