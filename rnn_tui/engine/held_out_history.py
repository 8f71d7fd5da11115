"""The held-out loss over training: measured at fixed steps, which depend on nothing but the number of the step."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from rnn_tui.engine.parameters import Array

# Every step up to 10, every second up to 20, every fifth up to 50, every tenth up to 100, and so on with ten times the
# distance for each power of ten: 16 steps per decade, so that a run of a million steps has 91.
PARTS = (*range(12, 20, 2), *range(20, 50, 5), *range(50, 101, 10))  # of a decade, in tenths of its beginning
DECADES = 12  # that are prepared; no run is longer
MEASURED = frozenset((*range(11), *(part * 10**decade for part in PARTS for decade in range(DECADES))))


def is_measured(step: int) -> bool:
    """Return whether the held-out loss is measured at a step."""
    return step in MEASURED


class Best(NamedTuple):
    """The lowest measured loss, and its step."""

    step: int
    loss: float


def _none() -> Array:
    return np.empty(0)


@dataclass(frozen=True, eq=False, slots=True)
class HeldOutHistory:
    """An immutable history of held-out losses.

    A run that an older version has saved lacks measurements; replaying its steps adds them.

    Attributes:
        steps: (n,) ascending.
        losses: (n,) of the state at each of these steps; infinite if the loss is not a number.
    """

    steps: Array = field(default_factory=lambda: np.empty(0, np.int64))
    losses: Array = field(default_factory=_none)

    def __len__(self) -> int:
        """Number of measurements."""
        return len(self.steps)

    def __contains__(self, step: int) -> bool:
        at = int(np.searchsorted(self.steps, step))
        return at < len(self.steps) and int(self.steps[at]) == step

    @property
    def nbytes(self) -> int:
        return self.steps.nbytes + self.losses.nbytes

    def added(self, step: int, loss: float) -> "HeldOutHistory":
        """Return the history with one more measurement."""
        at = int(np.searchsorted(self.steps, step))
        loss = np.inf if np.isnan(loss) else loss
        return HeldOutHistory(np.insert(self.steps, at, step), np.insert(self.losses, at, loss))

    def until(self, step: int) -> "HeldOutHistory":
        """Return the history up to ``step``, which is included: its state does not depend on later settings."""
        count = int(np.searchsorted(self.steps, step, side="right"))
        return HeldOutHistory(self.steps[:count], self.losses[:count])

    @property
    def best(self) -> Best | None:
        """The lowest loss, the first one if it occurs more than once; None if no loss is finite."""
        if not np.isfinite(self.losses).any():
            return None
        at = int(np.argmin(self.losses))
        return Best(int(self.steps[at]), float(self.losses[at]))
