"""A column of numbers: its gaps filled, and brought to mean 0 and deviation 1."""

from functools import cached_property

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.tasks.stretch import HELD_OUT, Stretch


class Column:
    """Attributes:
    values: (N,) as they stand in the file, in its units; NaN where one is missing.
    known: (N,) booleans, False where one is missing.
    """

    def __init__(self, name: str, values: Array) -> None:
        self.name, self.values = name, values
        self.known = np.isfinite(values)

    @property
    def missing(self) -> int:
        """How many values are missing."""
        return int((~self.known).sum())

    @cached_property
    def filled(self) -> Array:
        """(N,) with the last known value in the place of each that is missing, and before the first known one that.

        Not with what lies between its two neighbours: an input would give away a later value that is to be foretold.
        """
        at = np.flatnonzero(self.known)
        last = np.searchsorted(at, np.arange(len(self.values)), side="right") - 1
        return np.asarray(self.values[at[np.maximum(last, 0)]])

    @property
    def _trained(self) -> Array:
        """The known values of the part that is trained on."""
        cut = Stretch.cut(len(self.values))
        return np.asarray(self.values[:cut][self.known[:cut]])

    @cached_property
    def scale(self) -> tuple[float, float]:
        """Mean and standard deviation of the known values that are trained on."""
        part = self._trained
        return float(part.mean()), float(part.std())

    @property
    def normalised(self) -> Array:
        """(N,) filled, in units of the training part's deviation from its mean."""
        mean, deviation = self.scale
        return np.asarray((self.filled - mean) / deviation)

    def problem(self) -> str:
        """Why it cannot be learnt from; an empty text where it can."""
        count = len(self.values)
        if 2 * self.missing > count:
            return (
                f"{self.missing:,} of {count:,} values of column {self.name!r} are missing, at most half may be; "
                "name another column, or cut the rows without values"
            )
        if not self.known[Stretch.cut(count) :].any():
            return f"no value of column {self.name!r} is known in the held-out part (the last {HELD_OUT:.0%})"
        part = self._trained
        with np.errstate(over="ignore", invalid="ignore"):
            mean, deviation = self.scale
            power = np.square((self.filled - mean) / (deviation or 1)).sum()
        if deviation <= 1e-12 * np.abs(part).max():
            return f"column {self.name!r} is {part[0]:g} all through its training part"
        if not np.isfinite(deviation + power):
            largest = np.abs(self.filled).max()
            return f"column {self.name!r} holds values too large to be squared, up to {largest:g}"
        return ""
