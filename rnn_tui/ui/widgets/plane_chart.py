"""Points in a plane, such as eigenvalues around the unit circle or states in their principal plane."""

from collections.abc import Sequence
from itertools import groupby
from math import ceil
from typing import NamedTuple

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from rnn_tui.engine.parameters import Array
from rnn_tui.ui.render.braille_plot import DOTS
from rnn_tui.ui.widgets.line_widget import LineWidget

LEAST_COLUMNS, LEAST_ROWS = 8, 4  # of a drawing
FINE = 4  # points of a line per dot that it crosses


class Points(NamedTuple):
    """Points (n, 2): each is a ``glyph``, or a braille dot without one; ``joined``: a line through them in order."""

    places: Array
    color: str
    glyph: str = ""
    joined: bool = False


class Plane(NamedTuple):
    """The visible part of the plane, with the same scale on both axes."""

    middle: tuple[float, float]
    reach: float  # from the middle to the nearer border

    def dots(self, places: Array, shape: tuple[int, int]) -> tuple[Array, Array, Array]:
        """Return rows and columns of dots, and which of the places (n, 2) are visible; ``shape`` in dots."""
        rows, columns = shape
        each = 2 * self.reach / (min(rows, columns) - 1)
        with np.errstate(invalid="ignore", over="ignore"):
            x = (columns - 1) / 2 + (places[:, 0] - self.middle[0]) / each
            y = (rows - 1) / 2 - (places[:, 1] - self.middle[1]) / each
            inside = (x > -0.5) & (x < columns - 0.5) & (y > -0.5) & (y < rows - 0.5)
        whole = (np.round(np.where(inside, each_axis, 0)).astype(int) for each_axis in (y, x))
        row, column = whole
        return row, column, inside


class PlaneChart(LineWidget):
    """Layers of points; later ones cover earlier ones.  A cross shows the origin, a dotted circle the unit circle."""

    DEFAULT_CSS = "PlaneChart { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._layers: Sequence[Points] = ()
        self._plane = Plane((0.0, 0.0), 1.2)
        self._circle = False

    def show(self, layers: Sequence[Points], plane: Plane, circle: bool = False) -> None:
        self._layers, self._plane, self._circle = layers, plane, circle
        self.redraw()

    def drawing(self) -> list[Strip]:
        """Return the lines of the chart; none if there is no room for one."""
        rows, columns = self.size.height, self.size.width
        if rows < LEAST_ROWS or columns < LEAST_COLUMNS:
            return []
        characters, colors = [[" "] * columns for _ in range(rows)], [[""] * columns for _ in range(rows)]
        self._draw_axes(characters, colors)
        muted = self.palette.muted
        circle = [Points(unit_circle(max(rows * 4, columns * 2)), muted)] if self._circle else []
        for layer in (*circle, *self._layers):
            self._draw(layer, characters, colors)
        lines = []
        for text, row in zip(characters, colors, strict=True):
            runs = groupby(range(columns), key=row.__getitem__)
            lines.append(Strip([Segment("".join(text[x] for x in run), self.ink(color)) for color, run in runs]))
        return lines

    def _draw_axes(self, characters: list[list[str]], colors: list[list[str]]) -> None:
        rows, columns = len(characters), len(characters[0])
        row, column, inside = self._plane.dots(np.zeros((1, 2)), (4 * rows, 2 * columns))
        if not inside[0]:
            return
        y, x = int(row[0]) // 4, int(column[0]) // 2
        for i in range(columns):
            characters[y][i], colors[y][i] = "─", self.palette.cursor
        for i in range(rows):
            characters[i][x], colors[i][x] = "┼" if i == y else "│", self.palette.cursor

    def _draw(self, layer: Points, characters: list[list[str]], colors: list[list[str]]) -> None:
        shape = 4 * len(characters), 2 * len(characters[0])
        places = between_points(layer.places, self._plane, shape) if layer.joined else layer.places
        row, column, inside = self._plane.dots(places, shape)
        for y, x in zip(row[inside].tolist(), column[inside].tolist(), strict=True):
            at, character = (y // 4, x // 2), layer.glyph
            if not character:
                before = ord(characters[at[0]][at[1]]) - 0x2800
                code = before if 0 <= before < 0x100 and not self.canvas.ascii else 0
                character = "." if self.canvas.ascii else chr(0x2800 + (code | int(DOTS[y % 4, x % 2])))
            characters[at[0]][at[1]], colors[at[0]][at[1]] = character, layer.color


def unit_circle(dots: int) -> Array:
    """Return points (n, 2) on the unit circle, so close that a dotted line results in a chart of ``dots``."""
    angle = np.linspace(0, 2 * np.pi, max(24, dots), endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def between_points(places: Array, plane: Plane, shape: tuple[int, int]) -> Array:
    """Return points along the straight lines through places (n, 2), in their order, without gaps between dots."""
    if len(places) < 2 or not np.isfinite(places).all():
        return places
    each = 2 * plane.reach / (min(shape) - 1)
    longest = np.abs(np.diff(places, axis=0)).max(axis=1) / each
    counts = [min(ceil(length * FINE / 2) + 1, 4 * max(shape)) for length in longest]
    parts = [np.linspace(a, b, n, endpoint=False) for a, b, n in zip(places[:-1], places[1:], counts, strict=True)]
    return np.concatenate([*parts, places[-1:]])


def around(places: Array, least: float = 0.0) -> Plane:
    """Return a plane with all finite places (n, 2), and a margin; its reach is at least ``least``."""
    finite = places[np.isfinite(places).all(axis=1)]
    if not len(finite):
        return Plane((0.0, 0.0), max(least, 1.0))
    low, high = finite.min(axis=0), finite.max(axis=0)
    middle, reach = (low + high) / 2, 1.1 * float((high - low).max()) / 2
    return Plane((float(middle[0]), float(middle[1])), max(least, reach, 1e-9))
