"""Quartiles of the held-out losses of several runs, at the steps where they are measured."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.held_out_history import HeldOutHistory
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.quantiles import column_quantiles


@dataclass(frozen=True, eq=False, slots=True)
class HeldOutQuartiles:
    """Quartiles over runs by step; infinite where so many runs have diverged.

    Attributes:
        steps: (n,) ascending.
        low, median, high: (n,) the lower quartile, the median and the upper quartile of the runs that have come so far.
    """

    steps: Array
    low: Array
    median: Array
    high: Array

    @classmethod
    def of(cls, histories: Sequence[HeldOutHistory]) -> "HeldOutQuartiles":
        """Return the quartiles of these histories at each step that one of them has."""
        steps = np.unique(np.concatenate([np.empty(0, np.int64), *(history.steps for history in histories)]))
        losses = np.full((max(1, len(histories)), len(steps)), np.nan)
        for row, history in zip(losses, histories, strict=False):
            row[np.searchsorted(steps, history.steps)] = history.losses
        return cls(steps, *(column_quantiles(losses, share) for share in (0.25, 0.5, 0.75)))

    def __len__(self) -> int:
        """Number of steps."""
        return len(self.steps)
