"""A heat map of a measure over two keys of a sweep, with a line of a formula over it; a pure function of its parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite, isnan

import numpy as np
from rich.cells import cell_len

from rnn_tui.engine.parameters import Array
from rnn_tui.ui.render.braille_plot import DOTS
from rnn_tui.ui.render.character_grid import CharacterGrid
from rnn_tui.ui.sweeps.key_axis import KeyAxis
from rnn_tui.ui.sweeps.look import Look, ValueScale, cut, fitting, number_texts, write_labels
from rnn_tui.ui.sweeps.measures import Measure, Summary

WIDEST, LONGEST = 22, 12  # columns of a cell, and of the label of a row
NO_RUN = "·"

Formula = Callable[[Array, Array], Array]  # of the values across and down; the line is where it is zero


@dataclass(frozen=True)
class SweepMap:
    """The contents of a map.

    Attributes:
        cells: by place down, then across.
        cursor: its places down and across; None: it is in another map.
        title: of one of several maps.
        contour: a formula, of which the zeros are drawn.
    """

    across: KeyAxis
    down: KeyAxis
    cells: Sequence[Sequence[Summary]]
    cursor: tuple[int, int] | None
    title: str = ""
    contour: Formula | None = None


@dataclass(frozen=True)
class Fit:
    """The visible part of an axis: ``count`` places from ``first`` on, each of ``size`` characters.

    Attributes:
        per_row: places in one character, 1 or 2.
    """

    places: int
    first: int
    count: int
    size: int
    per_row: int = 1

    @classmethod
    def of(cls, places: int, room: int, most: int, cursor: int, halves: bool = False) -> "Fit":
        """Return the part that fits into ``room`` characters, around the cursor if that is not all."""
        room = max(1, room)
        per_row = 2 if halves and places > room else 1
        size = max(1, min(most, room // places))
        count = min(places, room * per_row // size)
        return cls(places, max(0, min(cursor - count // 2, places - count)), count, size, per_row)

    @property
    def length(self) -> int:
        """Characters of the visible part."""
        return -(-self.count // self.per_row) * self.size


def map_layout(across: KeyAxis, down: KeyAxis, rows: int, columns: int, cursor: tuple[int, int], halves: bool,
               above: int) -> tuple[Fit, Fit, int]:  # fmt: skip
    """Return the parts of both axes that fit, and the columns for the labels of the rows; ``above``: rows of titles."""
    margin = 1 + min(LONGEST, max(map(cell_len, down.labels), default=0)) if down.name else 0
    x = Fit.of(len(across), columns - margin, WIDEST, cursor[1])
    return x, Fit.of(len(down), rows - above - 1, max(1, (2 * x.size + 2) // 3), cursor[0], halves), margin


def draw_map(
    shown: SweepMap, measure: Measure, scale: ValueScale, look: Look, rows: int, columns: int
) -> CharacterGrid:
    """Return the map with its labels, in so many rows and columns."""
    grid, colors = CharacterGrid(rows, columns), look.palette
    cursor = shown.cursor or (0, 0)
    x, y, margin = map_layout(
        shown.across, shown.down, rows, columns, cursor, not look.canvas.glyphs, bool(shown.title)
    )
    if shown.title:
        grid.write(0, margin, cut(shown.title, columns - margin), colors.text)
    top = 1 if shown.title else 0
    upward = shown.down.numeric
    numbers: set[tuple[int, int]] = set()
    for place in range(y.first, y.first + y.count, y.per_row):
        line = (place - y.first) // y.per_row
        row = top + (y.length // y.size - 1 - line if upward else line) * y.size
        pair = [place, place + 1][: min(y.per_row, y.first + y.count - place)]
        _label(grid, row + (y.size - 1) // 2, margin, shown, pair, look)
        for i in range(x.count):
            column = margin + i * x.size
            summaries = [shown.cells[each][x.first + i] for each in pair]
            if y.per_row == 2:
                _halves(grid, row, column, x.size, summaries if not upward else summaries[::-1], scale, look,
                        alone=len(summaries) == 1, upper=not upward)  # fmt: skip
            else:
                numbers |= _cell(grid, (row, column), (y.size, x.size), summaries[0], measure, scale, look)
    if shown.contour is not None:
        _draw_contour(grid, top, margin, x, y, shown, numbers, look)
    if shown.cursor is not None:
        _draw_cursor(grid, top, margin, x, y, shown.cursor, upward, look)
    centers = [margin + i * x.size + (x.size - 1) // 2 for i in range(x.count)]
    here = shown.cursor[1] - x.first if shown.cursor else -1
    write_labels(grid, top + y.length, centers, shown.across.labels[x.first : x.first + x.count], here, look)
    return grid


def _label(grid: CharacterGrid, row: int, margin: int, shown: SweepMap, pair: Sequence[int], look: Look) -> None:
    """Write the label of a row: that of the cursor, if it is one of its places."""
    here = shown.cursor is not None and shown.cursor[0] in pair
    place = shown.cursor[0] if here and shown.cursor else pair[0]
    text = cut(shown.down.labels[place], LONGEST) if margin else ""
    color = look.palette.text if here else look.palette.muted
    grid.write(row, margin - 1 - cell_len(text), text, color)


def _cell(grid: CharacterGrid, at: tuple[int, int], size: tuple[int, int], summary: Summary, measure: Measure,
          scale: ValueScale, look: Look) -> set[tuple[int, int]]:  # fmt: skip
    """Draw a cell and return the places of its number."""
    (row, column), (height, width) = at, size
    ground, text, color, share = _looks(summary, measure, scale, look, width)
    middle = (height - 1) // 2
    for y in range(height):
        signs = not ground and share is not None and not (text and y == middle)
        fill = look.glyph(share or 0.0) * (width - 1 if text else width) if signs else " " * width
        grid.write(row + y, column, fill, look.palette.muted if text and signs else look.palette.text, ground)
    if not text:
        return set()
    y, x = row + middle, column + (width - cell_len(text)) // 2
    grid.write(y, x, text, color)
    return {(y, x + i) for i in range(cell_len(text))}


def _looks(summary: Summary, measure: Measure, scale: ValueScale, look: Look,
           width: int) -> tuple[str, str, str, float | None]:  # fmt: skip
    """Return the ground, the text, its color, and the share of the scale, of a cell of so many columns."""
    palette, room = look.palette, width if width < 3 else width - 1
    if not summary.runs:
        return "", NO_RUN, palette.muted, None
    if not isfinite(summary.median):
        failed = isnan(summary.median) and summary.failed == summary.runs
        texts = ("failed", "✗") if failed else number_texts(measure, summary.median)
        color = palette.muted if isnan(summary.median) and not failed else palette.wrong
        return "", fitting(texts, room), color, None
    share = scale.share(summary.median)
    ground = look.ground(share)
    return ground, fitting(number_texts(measure, summary.median), room), look.on(ground), share


def _halves(grid: CharacterGrid, row: int, column: int, width: int, summaries: Sequence[Summary], scale: ValueScale,
            look: Look, alone: bool, upper: bool) -> None:  # fmt: skip
    """Draw the cells of two places in one row, the upper one first."""
    grounds = [_half_ground(summary, scale, look) for summary in summaries]
    if alone:
        grounds = [*grounds, ""] if upper else ["", *grounds]
    above, below = grounds
    if above and below:
        grid.write(row, column, "▀" * width, above, below)
    elif above or below:
        grid.write(row, column, ("▀" if above else "▄") * width, above or below)
    else:
        grid.write(row, column, NO_RUN * width, look.palette.muted)


def _half_ground(summary: Summary, scale: ValueScale, look: Look) -> str:
    if not summary.runs:
        return ""
    return look.ground(scale.share(summary.median)) if isfinite(summary.median) else look.palette.wrong


def _draw_cursor(grid: CharacterGrid, top: int, margin: int, x: Fit, y: Fit, cursor: tuple[int, int], upward: bool,
                 look: Look) -> None:  # fmt: skip
    """Frame the cell of the cursor, or mark it if it is small."""
    line = (cursor[0] - y.first) // y.per_row
    row = top + (y.length // y.size - 1 - line if upward else line) * y.size
    column, mark = margin + (cursor[1] - x.first) * x.size, look.palette.marker
    height, width = y.size, x.size
    color = look.on(grid.ground_at(row, column)) if y.per_row == 1 else mark
    if width < 3:
        grid.write(row + (height - 1) // 2, column, "[]" if width > 1 else "◆", color)
    elif height < 3:
        grid.write(row + (height - 1) // 2, column, "[", color)
        grid.write(row + (height - 1) // 2, column + width - 1, "]", color)
    else:
        grid.write(row, column, f"┌{'─' * (width - 2)}┐", color)
        grid.write(row + height - 1, column, f"└{'─' * (width - 2)}┘", color)
        for between in range(row + 1, row + height - 1):
            grid.write(between, column, "│", color)
            grid.write(between, column + width - 1, "│", color)


def _draw_contour(grid: CharacterGrid, top: int, margin: int, x: Fit, y: Fit, shown: SweepMap,
                  numbers: set[tuple[int, int]], look: Look) -> None:  # fmt: skip
    """Draw the zeros of the formula in dots, except over numbers."""
    assert shown.contour is not None
    rows, columns = y.length, x.length
    across = _values_at((np.arange(2 * columns) + 0.5) / (2 * x.size) - 0.5 + x.first, shown.across)
    places = (np.arange(4 * rows) + 0.5) / (4 * y.size) * y.per_row - 0.5 + y.first
    down = _values_at(places[::-1] if shown.down.numeric else places, shown.down)
    with np.errstate(all="ignore"):
        above = shown.contour(across[None, :], down[:, None]) > 0
    edge = np.zeros(above.shape, bool)
    edge[:, 1:] |= above[:, 1:] != above[:, :-1]
    edge[1:] |= above[1:] != above[:-1]
    codes = (edge.reshape(rows, 4, columns, 2).transpose(0, 2, 1, 3) * DOTS).sum(axis=(2, 3))
    for row, column in np.argwhere(codes).tolist():
        place = top + row, margin + column
        if place not in numbers and not (y.per_row == 2 and not look.canvas.ascii):
            dots = "o" if look.canvas.ascii else chr(0x2800 + int(codes[row, column]))
            grid.write(*place, dots, look.on(grid.ground_at(*place)))


def _values_at(places: Array, axis: KeyAxis) -> Array:
    """Return the values at fractional places of a numeric axis, on its own scale, half a place beyond its ends."""
    if not axis.numeric:
        return np.full(len(places), np.nan)
    scaled = np.array([axis.scaled(value) for value in axis.values])
    if len(scaled) == 1:
        found = np.full(len(places), scaled[0])
    else:
        low = np.clip(np.floor(places).astype(int), 0, len(scaled) - 2)
        found = scaled[low] + (places - low) * (scaled[low + 1] - scaled[low])
    return np.exp(found) if axis.log else found
