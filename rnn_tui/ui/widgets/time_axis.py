"""How time steps fall on columns; the sequence and the heat map share it, so that t is one column through both."""

from dataclasses import dataclass
from typing import NamedTuple

GUTTER = 10  # columns for the labels on the left


class Columns(NamedTuple):
    """How many columns a time step may have."""

    least: int = 1
    most: int = 8


DEFAULT_COLUMNS = Columns()


@dataclass(frozen=True)
class TimeAxis:
    """``count`` time steps from ``first`` on are visible, ``width`` columns each, of ``length`` in all."""

    length: int
    first: int
    count: int
    width: int

    @classmethod
    def fit(cls, length: int, columns: int, cursor: int, each: Columns = DEFAULT_COLUMNS) -> "TimeAxis":
        """All time steps where they fit; otherwise those around the cursor."""
        columns = max(1, columns)
        width = min(columns, max(each.least, min(each.most, columns // max(1, length))))
        count = min(length, columns // width)
        first = max(0, min(cursor - count // 2, length - count))
        return cls(length, first, count, width)

    @property
    def steps(self) -> range:
        return range(self.first, self.first + self.count)

    def at(self, column: int) -> int | None:
        """The time step drawn at a column right of the gutter."""
        t = self.first + column // self.width
        return t if column >= 0 and t in self.steps else None

    def ruler(self, cursor: int) -> str:
        """A line with every fifth or tenth t at its column, where all its digits have room, and ▾ at the cursor."""
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
