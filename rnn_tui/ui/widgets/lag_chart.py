"""Curves over the lag k, such as how much of x_(t−k) is known, or over the steps of a run."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from rnn_tui.engine.parameters import Array
from rnn_tui.ui.render.braille_plot import APART, QUIET, Plot
from rnn_tui.ui.widgets.end_labels import EndLabel, beside, written
from rnn_tui.ui.widgets.line_widget import LineWidget
from rnn_tui.ui.widgets.series_plot import strokes
from rnn_tui.ui.widgets.step_axis import nice

MARGIN = 5  # least columns of the value axis, with its line
LEAST_COLUMNS, LEAST_ROWS = 8, 2  # of a drawing
FREE = " ┈"  # cells without a curve


class LagCurve(NamedTuple):
    """A curve.

    Attributes:
        values: (lags,) on the value axis; nothing is drawn where they are NaN.
        mark: is repeated along the curve.  tag: name beside its end.
        dashed: whether it is drawn with gaps, as theory.
    """

    values: Array
    color: str
    mark: str = ""
    tag: str = ""
    dashed: bool = False


class LagMark(NamedTuple):
    """A vertical line at a lag, with a name above it."""

    lag: int
    name: str
    color: str


class ValueAxis(NamedTuple):
    """The value axis from ``low`` to ``high``; ``ticks`` are values with their labels, ``levels`` are dotted lines."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    levels: Sequence[float] = ()

    def row(self, values: Array | float, rows: int) -> Array:
        """Return the rows of values, clipped to the axis; row 0 is at the top."""
        share = (self.high - np.clip(values, self.low, self.high)) / (self.high - self.low)
        return np.round(share * (rows - 1))

    def line(self, value: float, rows: int) -> int:
        """Return the line of text, of ``rows``, in which a curve with this value is drawn with four dots per line."""
        return int(self.row(value, 4 * rows)) // 4


class LagChart(LineWidget):
    """Curves, with the value axis on the left and the lags below.  ``unnamed``: marks whose names have no room."""

    DEFAULT_CSS = "LagChart { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._curves: Sequence[LagCurve] = ()
        self._marks: Sequence[LagMark] = ()
        self._axis = ValueAxis(0.0, 1.0, ())
        self._word, self._each = "lag", 1.0
        self.unnamed: list[LagMark] = []

    def show(
        self,
        curves: Sequence[LagCurve],
        axis: ValueAxis,
        marks: Sequence[LagMark] = (),
        word: str = "lag",
        each: float = 1.0,
    ) -> None:
        """Show curves; ``word`` names the horizontal axis, one place of which stands for ``each``."""
        self._curves, self._axis, self._marks, self._word, self._each = curves, axis, marks, word, each
        self.redraw()

    def drawing(self) -> list[Strip]:
        """Return the lines of the chart; none if there is no room for one."""
        if not self._curves:
            return []
        rows, gray = self.size.height - 1, self.ink(self.palette.muted)
        margin = max(MARGIN, *(len(label) + 1 for _, label in self._axis.ticks))
        aside = beside([curve.tag for curve in self._curves], self.size.width - margin)
        columns, lags = self.size.width - margin - aside, max(len(curve.values) for curve in self._curves)
        if columns < LEAST_COLUMNS or rows < LEAST_ROWS:
            return []
        characters, colors = self._plot((rows, columns), lags, aside)
        labels = {self._axis.line(value, rows): label for value, label in self._axis.ticks}
        lines = []
        for y in range(rows):
            label = labels.get(y, "")
            spans = [Segment(f"{label:>{margin - 1}}{'┤' if label else '│'}", gray)]
            for color, places in groupby(range(columns + aside), key=colors[y].__getitem__):
                spans.append(Segment("".join(characters[y][x] for x in places), self.ink(color)))
            lines.append(Strip(spans))
        below = " " * margin + axis_labels(lags, columns, self._word, self._each).ljust(columns + aside)
        return [*lines, Strip([Segment(below, gray)])]

    def _plot(self, shape: tuple[int, int], lags: int, aside: int) -> tuple[list[list[str]], list[list[str]]]:
        """Return characters and colors (rows, columns and those for names); no color where nothing is drawn."""
        rows, columns = shape
        plot = Plot(shape, self.canvas.ascii, APART if self.canvas.marked else QUIET)
        tags = []
        for curve in reversed(self._curves):  # the first covers the others
            low, high = on_columns(curve.values, lags, 2 * columns)
            if curve.dashed:
                low[1::4], high[1::4], low[2::4], high[2::4] = np.nan, np.nan, np.nan, np.nan
            plot.draw(self._axis.row(high, 4 * rows), self._axis.row(low, 4 * rows), curve.color, curve.mark)
            if curve.tag and (end := _end(curve, lags, columns)) is not None:
                value, column = end
                row = (float(self._axis.row(value, 4 * rows)) + 0.5) / 4 - 0.5
                tags.append(EndLabel(curve.tag, curve.color, row, column))
        characters, colors = plot.characters(), plot.colors
        for level in self._axis.levels:
            y = self._axis.line(level, rows)
            for x in range(0, columns, 2 if self.canvas.ascii else 1):
                if characters[y][x] == " ":
                    characters[y][x], colors[y, x] = "┈", self.palette.muted
        marks = [mark for mark in self._marks if 0 <= mark.lag < lags]
        for mark in marks:
            x = column_of(mark.lag, lags, columns)
            for y in range(rows):
                if characters[y][x] in FREE:
                    characters[y][x], colors[y, x] = "┊", mark.color
        self.unnamed = [
            mark for mark in marks if not _name(mark, column_of(mark.lag, lags, columns), characters, colors)
        ]
        return written(tags, characters, colors.tolist(), aside)


def _name(mark: LagMark, x: int, characters: list[list[str]], colors: Array) -> bool:
    """Write the name of a mark beside column ``x`` in the first row with room for it; return whether there is one."""
    for y, row in enumerate(characters):
        for start in (x + 1, x - len(mark.name)):
            places = range(start, start + len(mark.name))
            inside = places.start >= 0 and places.stop <= len(row)
            if inside and all(row[place] in FREE + "┊" for place in places):
                row[places.start : places.stop] = mark.name
                colors[y, places.start : places.stop] = mark.color
                return True
    return False


def column_of(lag: int, lags: int, columns: int) -> int:
    """Return the column in the middle of a lag."""
    return min(columns - 1, (2 * lag + 1) * columns // (2 * lags))


def on_columns(values: Array, lags: int, columns: int) -> tuple[Array, Array]:
    """Return the least and greatest value (columns,) per column of straight lines between the lags.

    With more lags than columns, those of all lags in the column.  NaN where a value is missing.
    """
    values = np.concatenate([values, np.full(lags - len(values), np.nan)])
    each = -(-columns // lags)  # a fine grid of equal cells per lag, of which each column takes a share
    fine = strokes(values, each)
    starts = np.arange(columns) * len(fine[0]) // columns
    with np.errstate(invalid="ignore"):
        return np.fmin.reduceat(fine[0], starts), np.fmax.reduceat(fine[1], starts)


def _end(curve: LagCurve, lags: int, columns: int) -> tuple[float, int] | None:
    """Return the last value of a curve and the last column of its lag; None if nothing is drawn."""
    drawn = np.flatnonzero(np.isfinite(curve.values))
    if not drawn.size:
        return None
    last = int(drawn[-1])
    return float(curve.values[last]), (last + 1) * columns // lags - 1


def axis_labels(places: int, columns: int, word: str = "lag", each: float = 1.0) -> str:
    """Return a line with round numbers below their places, and the word at its end; a place stands for ``each``."""
    cells = [" "] * columns
    for tick in nice(0, max(1, places - 1) * each, max(2, columns // 8)):
        label, place = f"{tick:g}", round(tick / each)
        column = column_of(place, places, columns)
        if tick == int(tick) and place < places and column + len(label) < columns - len(word):
            cells[column : column + len(label)] = label
    cells[columns - len(word) :] = word
    return "".join(cells)
