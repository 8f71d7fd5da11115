"""Positions of time steps on columns, shared by the sequence and the heat map, so that each t is in one column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

GUTTER = 10  # columns for the labels on the left
MOST_ALONE = 16  # columns of a time step in a panel that has the screen for itself
SIGN_SHARE = 3  # a sign at an edge takes at most 1/SIGN_SHARE of the columns


class Columns(NamedTuple):
    """Possible numbers of columns of a time step."""

    least: int = 1
    most: int = 8

    @property
    def alone(self) -> "Columns":
        """Possible numbers of columns in a panel that has the screen for itself."""
        return self._replace(most=max(self.most, MOST_ALONE))


DEFAULT_COLUMNS = Columns()
TIME = ("earlier", "later")


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

    def ruler(self, cursor: int, scored: Sequence[int] = (), ways: tuple[str, str] = TIME) -> str:
        """Return a line with every fifth or tenth t at its column, if it fits, ▾ at the cursor, and signs at the edges.

        A sign counts the time steps out of sight; if no scored one is visible, it also tells where they are.

        Args:
            scored: the scored time steps, in ascending order.
            ways: words for what is left and right of the visible part.
        """
        every = 5 if self.width > 1 else 10
        cells = [" "] * (self.count * self.width)
        here = (cursor - self.first) * self.width
        taken = [range(max(0, here), min(len(cells), here + self.width))]
        for sign, place in self._signs(scored, ways, len(cells)):
            columns = range(place, place + len(sign))
            if not _touch(columns, taken[0], 0):
                cells[columns.start : columns.stop] = sign
                taken.append(columns)
        for t in self.steps:
            label, place = str(t), (t - self.first) * self.width
            columns = range(place, place + len(label))
            cut = (
                columns.stop > len(cells) or _touch(columns, taken[0], 0) or any(_touch(columns, r) for r in taken[1:])
            )
            if t % every == 0 and not cut:
                cells[columns.start : columns.stop] = label
        if taken[0]:
            cells[taken[0].start : taken[0].stop] = "▾" * len(taken[0])
        return "".join(cells)

    def _signs(self, scored: Sequence[int], ways: tuple[str, str], columns: int) -> list[tuple[str, int]]:
        """Return the signs at the left and the right edge, as long as there is room, with their first columns."""
        before, after = self.first, self.length - self.steps.stop
        visible = any(t in self.steps for t in scored)
        sides = [[t for t in scored if t < self.first], [t for t in scored if t >= self.steps.stop]]
        found = []
        for i, (count, way, there) in enumerate(zip((before, after), ways, sides, strict=True)):
            if not count:
                continue
            told = f"{count:,} {way}"
            texts = [told, f"{count:,}", ""]
            if there and not visible:
                several = f"{len(there):,} scored"
                where = [f"{told}, {several}", several] if len(there) > 1 else [f"t = {there[0]} is scored"]
                texts = [*where, *texts]
            signs = [f"‹ {text}".rstrip() if i == 0 else f"{text} ›".lstrip() for text in texts]
            sign = next((sign for sign in signs if len(sign) <= max(1, columns // SIGN_SHARE)), signs[-1])
            found.append((sign, 0 if i == 0 else columns - len(sign)))
        return found


def _touch(one: range, other: range, gap: int = 1) -> bool:
    """Return whether fewer than ``gap`` columns are between two ranges."""
    return bool(one) and bool(other) and one.start < other.stop + gap and other.start < one.stop + gap
