"""A column of numbers: fill its gaps and normalize it to mean 0 and standard deviation 1."""

from functools import cached_property

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.tasks.holdout import HELD_OUT, HoldoutSplit

MOST_SENTINELS = 3


class CsvColumn:
    """One column of a table.

    Attributes:
        values: (N,) in the file's order and units; NaN where a value is missing.
        known: (N,) booleans, False where a value is missing.
    """

    def __init__(self, name: str, values: Array) -> None:
        self.name, self.values = name, values
        self.known = np.isfinite(values)

    @property
    def missing(self) -> int:
        """Number of missing values."""
        return int((~self.known).sum())

    @cached_property
    def filled(self) -> Array:
        """(N,) Values in which each missing value is replaced by the last known one, or the first known one before it.

        Gaps are not interpolated: an input would then reveal a later value that is to be predicted.
        """
        at = np.flatnonzero(self.known)
        last = np.searchsorted(at, np.arange(len(self.values)), side="right") - 1
        return np.asarray(self.values[at[np.maximum(last, 0)]])

    @property
    def _trained(self) -> Array:
        """The known values of the training part."""
        cut = HoldoutSplit.cut(len(self.values))
        return np.asarray(self.values[:cut][self.known[:cut]])

    @cached_property
    def scale(self) -> tuple[float, float]:
        """Mean and standard deviation of the known values of the training part."""
        part = self._trained
        return float(part.mean()), float(part.std())

    @property
    def normalized(self) -> Array:
        """(N,) ``filled`` minus the training part's mean, divided by its standard deviation."""
        mean, deviation = self.scale
        return np.asarray((self.filled - mean) / deviation)

    @property
    def constant(self) -> float | None:
        """The value of all known values of the training part; None if they differ or none is known."""
        part = self._trained
        if not len(part):
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            same = self.scale[1] <= 1e-12 * np.abs(part).max()
        return float(part[0]) if same else None

    @cached_property
    def sentinels(self) -> list[tuple[float, int]]:
        """Values that probably mark missing ones, each with the number of times it occurs."""
        return sentinels(self.values[self.known])

    def sentinel_note(self) -> str:
        """Return a note on values that probably mark missing ones, with the option to use; empty if there are none."""
        if not self.sentinels:
            return ""
        found = " and ".join(f"{count:,} are {value:g}" for value, count in self.sentinels)
        odd = {value for value, _ in self.sentinels}
        rest = self.values[self.known & ~np.isin(self.values, list(odd))]
        options = " ".join(f"--missing {value:.15g}" for value in odd)
        return (
            f"of the {len(self.values):,} values of {self.name!r}, {found}, far outside the others ({rest.min():g} to "
            f"{rest.max():g}); if this marks missing values, use {options} (in a preset: task.missing)"
        )

    def problem(self) -> str:
        """Return why the column cannot be used for training; empty if it can."""
        count = len(self.values)
        if 2 * self.missing > count:
            return (
                f"{self.missing:,} of {count:,} values of column {self.name!r} are missing; at most half may be; "
                "choose another column, or delete the rows without values"
            )
        if not self.known[HoldoutSplit.cut(count) :].any():
            return f"no value of column {self.name!r} is known in the held-out part (the last {HELD_OUT:.0%})"
        if self.constant is not None:
            return self._constant_problem(self.constant)
        with np.errstate(over="ignore", invalid="ignore"):
            mean, deviation = self.scale
            power = np.square((self.filled - mean) / (deviation or 1)).sum()
        if not np.isfinite(deviation + power):
            largest = np.abs(self.filled).max()
            return f"column {self.name!r} has values too large to square, up to {largest:g}"
        return ""

    def _constant_problem(self, value: float) -> str:
        """Return why nothing can be learned from a constant training part."""
        cut = HoldoutSplit.cut(len(self.values))
        later = self.values[cut:][self.known[cut:]]
        part = f"its training part (the first {1 - HELD_OUT:.0%} of the rows)"
        said = f"column {self.name!r} is {value:g} in all of {part}"
        if (later == value).all():
            return f"{said} and in the rest; there is nothing to predict; choose another column"
        first = cut + 1 + int(np.flatnonzero(self.known[cut:] & (self.values[cut:] != value))[0])
        return (
            f"{said}, so there is nothing to learn; it changes only in the held-out part, from data row {first:,} on; "
            "delete rows at the start or choose another column"
        )


def sentinels(values: Array) -> list[tuple[float, int]]:
    """Return values that probably mark missing ones, each with the number of times it occurs.

    Such a value is far outside all others: its distance from the next value is larger than the range of the others.  A
    typical marker, such as -999, 9999 or 1e20, needs to occur once; any other value at least three times, at three
    ranges' distance.
    """
    found: list[tuple[float, int]] = []
    distinct, counts = np.unique(values, return_counts=True)
    while len(distinct) > 2 and len(found) < MOST_SENTINELS:
        with np.errstate(over="ignore", invalid="ignore"):
            low, high = distinct[1] - distinct[0], distinct[-1] - distinct[-2]
            at = 0 if low > high else len(distinct) - 1
            rest = distinct[1:] if at == 0 else distinct[:-1]
            away = max(low, high) / ((rest[-1] - rest[0]) or 1)
        marks_gaps = is_sentinel(float(distinct[at]))
        if not (away > 1 if marks_gaps else away > 3 and counts[at] >= 3) or 2 * counts[at] > len(values):
            break
        found.append((float(distinct[at]), int(counts[at])))
        distinct, counts = rest, np.delete(counts, at)
    return found


def is_sentinel(value: float) -> bool:
    """Tell if programs write this value for a missing one: nines (-999, 9999, -99.9), huge values, integer limits."""
    text = f"{abs(value):.15g}"
    nines = text.replace(".", "").strip("0")
    return (
        (len(nines) > 1 and set(nines) == {"9"})
        or text in ("999.25", "32767", "32768", "65535", "2147483647", "2147483648", "6999", "7777", "8888")
        or abs(value) >= 1e15
    )
