"""Curves of dots over the time steps of a sequence: forecasts over true values."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from rnn_tui.engine.parameters import Array
from rnn_tui.ui.render.braille_plot import APART, QUIET, Plot
from rnn_tui.ui.widgets.loss_chart import Scale, between
from rnn_tui.ui.widgets.time_axis import GUTTER, TimeAxis
from rnn_tui.ui.widgets.tracks import TimeAxisWidget


class Series(NamedTuple):
    """Values (T,), NaN where nothing is drawn.  ``mark`` is written along the curve."""

    values: Array
    color: str
    mark: str = ""


class SeriesPlot(TimeAxisWidget):
    """A ruler, and below it the series; later ones cover earlier ones.  A dotted line marks the time step ``mark``."""

    DEFAULT_CSS = "SeriesPlot { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._series: Sequence[Series] = ()
        self._cursor, self._mark = 0, -1
        self._label: Callable[[float], str] = str

    def show(self, series: Sequence[Series], cursor: int, mark: int, label: Callable[[float], str]) -> None:
        """Show the series; ``label`` returns the text for a value of the axis."""
        self._series, self._cursor, self._mark, self._label = series, cursor, mark, label
        self.redraw()

    @property
    def axis(self) -> TimeAxis:
        return TimeAxis.fit(len(self._series[0].values), self.size.width - GUTTER, self._cursor)

    def drawing(self) -> list[Strip]:
        if not self._series or self.size.height <= 2:
            return []
        axis, rows, muted = self.axis, self.size.height - 1, self.palette.muted
        low, high = extremes(self._series)
        characters, colors = self._plot(axis, rows, Scale(low, high, axis.count, log=False))
        lines = [Strip([Segment(f"{'t':<{GUTTER}}{axis.ruler(self._cursor)}", self.ink(muted))])]
        here = range((self._cursor - axis.first) * axis.width, (self._cursor - axis.first + 1) * axis.width)
        for y in range(rows):
            text = self._label(high) if y == 0 else self._label(low) if y == rows - 1 else ""
            looks = [(color, x in here) for x, color in enumerate(colors[y])]
            spans = [Segment(f"{text[: GUTTER - 1]:>{GUTTER - 1}} ", self.ink(muted))]
            for (color, lit), places in groupby(range(len(looks)), key=looks.__getitem__):
                ink = self.ink(color, self.palette.cursor if lit else "")
                spans.append(Segment("".join(characters[y][x] for x in places), ink))
            lines.append(Strip(spans))
        return lines

    def _plot(self, axis: TimeAxis, rows: int, scale: Scale) -> tuple[list[list[str]], list[list[str]]]:
        """Return characters and colors (rows, columns)."""
        columns = axis.count * axis.width
        plot = Plot((rows, columns), self.canvas.ascii, APART if self.canvas.marked else QUIET)
        for series in self._series:
            ends = strokes(series.values[axis.first : axis.first + axis.count], 2 * axis.width)
            plot.draw(*between(*ends, scale, plot.dots[0]), series.color, series.mark)
        characters, colors = plot.characters(), plot.colors
        if self._mark in axis.steps:
            x = (self._mark - axis.first) * axis.width
            for y in range(rows):
                if characters[y][x] == " ":
                    characters[y][x], colors[y, x] = "┊", self.palette.muted
        return characters, colors.tolist()


def extremes(series: Sequence[Series]) -> tuple[float, float]:
    """Return the range of the axis: the whole first series, and the others if they are not far outside."""
    first = series[0].values[np.isfinite(series[0].values)]
    if not first.size:
        return 0.0, 1.0
    low, high = float(first.min()), float(first.max())
    room = 0.25 * ((high - low) or 1.0)
    others = np.concatenate([[low, high], *(one.values[np.isfinite(one.values)] for one in series[1:])])
    return float(max(low - room, others.min())), float(min(high + room, others.max())) + 1e-9 * room


def strokes(values: Array, dots: int) -> tuple[Array, Array]:
    """Return the least and greatest value (T · dots,) per column of dots, of straight lines between the time steps.

    ``dots``: columns per time step.  NaN if a value is missing.
    """
    place = (np.arange(len(values) * dots + 1) - dots / 2) / dots
    at = np.interp(place, np.arange(len(values)), values)
    at[dots // 2 : -1 : dots] = values  # also a value between two missing ones, which no line reaches
    return np.fmin(at[1:], at[:-1]), np.fmax(at[1:], at[:-1])
