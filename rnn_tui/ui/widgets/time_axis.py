"""Positions of time steps on columns, shared by the sequence and the heat map, so that each t is in one column."""

from dataclasses import dataclass
from typing import NamedTuple

GUTTER = 10  # columns for the labels on the left


class Columns(NamedTuple):
    """Possible numbers of columns of a time step."""

    least: int = 1
    most: int = 8


DEFAULT_COLUMNS = Columns()


@dataclass(frozen=True)
class TimeAxis:
    """The visible part of ``length`` time steps: ``count`` from ``first`` on, ``width`` columns each."""

    length: int
    first: int
    count: int
    width: int

    @classmethod
    def fit(cls, length: int, columns: int, cursor: int, each: Columns = DEFAULT_COLUMNS) -> "TimeAxis":
        """Return an axis of all time steps if they fit, otherwise of those around the cursor."""
        columns = max(1, columns)
        width = min(columns, max(each.least, min(each.most, columns // max(1, length))))
        count = min(length, columns // width)
        first = max(0, min(cursor - count // 2, length - count))
        return cls(length, first, count, width)

    @property
    def steps(self) -> range:
        return range(self.first, self.first + self.count)

    def at(self, column: int) -> int | None:
        """Return the time step drawn at a column right of the gutter, or None."""
        t = self.first + column // self.width
        return t if column >= 0 and t in self.steps else None

    def ruler(self, cursor: int) -> str:
        """Return a line with every fifth or tenth t at its column, if it fits, and ▾ at the cursor."""
        every = 5 if self.width > 1 else 10
        cells = [" "] * (self.count * self.width)
        here = (cursor - self.first) * self.width
        for t in self.steps:
            label, place = str(t), (t - self.first) * self.width
            cut = place + len(label) > len(cells) or (place < here + self.width and here < place + len(label))
            if t % every == 0 and not cut:
                cells[place : place + len(label)] = label
        if 0 <= here < len(cells):
            cells[here : here + self.width] = "▾" * self.width
        return "".join(cells)
