"""Names at the ends of curves, because color alone may not tell them apart."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from rich.cells import cell_len

from rnn_tui.engine.parameters import Array

NEAR = 2  # columns from the right edge at which a curve counts as complete
CLOSE = 2  # rows between the end of a curve and its name, at most


class EndLabel(NamedTuple):
    """A name, and the end of its curve; ``row`` may be fractional."""

    text: str
    color: str
    row: float
    column: int

    @property
    def width(self) -> int:
        """Number of columns of the name."""
        return cell_len(self.text)

    @property
    def cells(self) -> list[str]:
        """The name by column; empty after a character that is two columns wide."""
        found: list[str] = []
        for character in self.text:
            width = cell_len(character)
            if width == 0 and found:
                found[-1] += character
            else:
                found += [character, ""][:width]
        return found


def beside(texts: Sequence[str], columns: int) -> int:
    """Return the number of columns to leave free for names at the right of a chart; 0 if they would need too many."""
    longest = max(map(cell_len, texts), default=0)
    return 1 + longest if 0 < longest < columns // 3 else 0


def written(
    tags: Sequence[EndLabel], characters: Sequence[Sequence[str]], colors: Sequence[Sequence[str]], room: int
) -> tuple[list[list[str]], list[list[str]]]:
    """Return a drawing (rows, columns) with ``room`` more columns at its right, and the tags written into it.

    Tags may cover floors and levels, but not curves.
    """
    columns = len(characters[0])
    texts, inks = [[*row, *" " * room] for row in characters], [[*row, *[""] * room] for row in colors]
    for tag, y, x in placed(tags, np.isin(texts, [" ", "╌", "┈"]), columns):
        texts[y][x : x + tag.width] = tag.cells
        inks[y][x : x + tag.width] = [tag.color] * tag.width
    return texts, inks


def placed(tags: Sequence[EndLabel], free: Array, columns: int) -> Iterator[tuple[EndLabel, int, int]]:
    """Yield tags with their row and first column: close to the ends of their curves, and on free places.

    ``free`` (rows, all columns) is True where nothing is drawn; curves have the first ``columns``.  Without room for
    all tags, the first ones get it; a name far from its curve would be misleading.
    """
    free = free.copy()
    rows, width = free.shape
    at_edge = [tag for tag in tags if tag.column >= columns - NEAR and columns + tag.width < width][:rows]
    at_edge.sort(key=lambda tag: tag.row)
    found = [(tag, y, columns + 1) for tag, y in zip(at_edge, stacked([t.row for t in at_edge], rows), strict=True)]
    for tag, y, x in found:
        free[y, x - 1 : x + tag.width] = False
        yield tag, y, x
    rest = [tag for tag in tags if tag not in at_edge]
    for close in (0.5, CLOSE):  # tags that fit in their own row come first
        for tag in [*rest]:
            if place := _nearest(tag, free, close):
                y, x = place
                free[y, max(0, x - 1) : x + tag.width + 1] = False
                rest.remove(tag)
                yield tag, y, x
        for tag in tags:  # no other name may be beside the end of a curve
            free[min(max(0, round(tag.row)), rows - 1), tag.column : tag.column + 4] = False


def stacked(wanted: Sequence[float], rows: int) -> list[int]:
    """Return different rows for ascending wanted rows, in their order and as near to them as possible."""
    groups: list[list[float]] = []
    for i, row in enumerate(wanted):
        groups.append([row - i])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    levels = [float(np.mean(group)) for group in groups for _ in group]
    return [round(min(max(level, 0), rows - len(wanted))) + i for i, level in enumerate(levels)]


def _nearest(tag: EndLabel, free: Array, close: float) -> tuple[int, int] | None:
    """Return the free place nearest to the end of a curve: right of it, or above or below its last columns."""
    rows, width = free.shape
    after = min(tag.column + 2, width - tag.width)
    for x in (after, tag.column - tag.width):
        for y in sorted(range(rows), key=lambda y: abs(y - tag.row)):
            if abs(y - tag.row) <= close and x > 0 and free[y, x - 1 : x + tag.width].all():
                return y, x
    return None
