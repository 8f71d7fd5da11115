"""Names at the ends of curves, so that color is not all that tells them apart."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from rnn_tui.engine.parameters import Array

NEAR = 2  # columns from the right edge at which a curve has reached it
CLOSE = 2  # rows from the end of a curve at which a name is still understood


class EndLabel(NamedTuple):
    """A name, and where its curve ends: ``row`` may lie between two."""

    text: str
    color: str
    row: float
    column: int


def beside(texts: Sequence[str], columns: int) -> int:
    """How many of a chart's columns are left free at its right for such names; none where they would take too many."""
    longest = max(map(len, texts), default=0)
    return 1 + longest if 0 < longest < columns // 3 else 0


def written(
    tags: Sequence[EndLabel], characters: Sequence[Sequence[str]], colors: Sequence[Sequence[str]], room: int
) -> tuple[list[list[str]], list[list[str]]]:
    """A drawing, (rows, columns) of characters and colors, with so much room at its right and with tags in it; they
    stand over floors and levels, but never over a curve.
    """
    columns = len(characters[0])
    texts, inks = [[*row, *" " * room] for row in characters], [[*row, *[""] * room] for row in colors]
    for tag, y, x in placed(tags, np.isin(texts, [" ", "╌", "┈"]), columns):
        texts[y][x : x + len(tag.text)] = tag.text
        inks[y][x : x + len(tag.text)] = [tag.color] * len(tag.text)
    return texts, inks


def placed(tags: Sequence[EndLabel], free: Array, columns: int) -> Iterator[tuple[EndLabel, int, int]]:
    """Tags with the row and the column in which they begin: close to their curves' ends, and over nothing.

    ``free`` (rows, all columns) is where nothing is drawn; the curves have the first ``columns`` of them.  Where there
    is no room for all, the first ones have it; a name far from its curve would say nothing.
    """
    free = free.copy()
    rows, width = free.shape
    at_edge = [tag for tag in tags if tag.column >= columns - NEAR and columns + len(tag.text) < width][:rows]
    at_edge.sort(key=lambda tag: tag.row)
    found = [(tag, y, columns + 1) for tag, y in zip(at_edge, stacked([t.row for t in at_edge], rows), strict=True)]
    for tag, y, x in found:
        free[y, x - 1 : x + len(tag.text)] = False
        yield tag, y, x
    rest = [tag for tag in tags if tag not in at_edge]
    for close in (0.5, CLOSE):  # who can have the own row goes first
        for tag in [*rest]:
            if place := _nearest(tag, free, close):
                y, x = place
                free[y, max(0, x - 1) : x + len(tag.text) + 1] = False
                rest.remove(tag)
                yield tag, y, x
        for tag in tags:  # beside an end stands its own name or none
            free[min(max(0, round(tag.row)), rows - 1), tag.column : tag.column + 4] = False


def stacked(wanted: Sequence[float], rows: int) -> list[int]:
    """A row of its own for each of at most so many ascending ones, in their order and as near to them as can be."""
    groups: list[list[float]] = []
    for i, row in enumerate(wanted):
        groups.append([row - i])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    levels = [float(np.mean(group)) for group in groups for _ in group]
    return [round(min(max(level, 0), rows - len(wanted))) + i for i, level in enumerate(levels)]


def _nearest(tag: EndLabel, free: Array, close: float) -> tuple[int, int] | None:
    """The free place nearest to where the curve ends: right of it, else above or below its last columns."""
    rows, width = free.shape
    after = min(tag.column + 2, width - len(tag.text))
    for x in (after, tag.column - len(tag.text)):
        for y in sorted(range(rows), key=lambda y: abs(y - tag.row)):
            if abs(y - tag.row) <= close and x > 0 and free[y, x - 1 : x + len(tag.text)].all():
                return y, x
    return None
