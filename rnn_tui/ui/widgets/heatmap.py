"""A heat map of units × time.

Half blocks if there are more units than rows; otherwise whole cells, several rows high if possible.  On terminals with
too few colors or glyphs, a character for sign and strength of each value.
"""

import numpy as np
from rich.segment import Segment
from textual.events import Click
from textual.strip import Strip

from rnn_tui.engine.parameters import Array
from rnn_tui.ui.render.palette import LEVELS
from rnn_tui.ui.widgets.line_widget import LineWidget
from rnn_tui.ui.widgets.time_axis import DEFAULT_COLUMNS, GUTTER, Columns, TimeAxis
from rnn_tui.ui.widgets.tracks import TimeClicked

MOST_HIGH = 3  # rows of a cell


def tallest(columns: int) -> int:
    """Return how many rows a cell of this width may have; a narrow and high cell would look like a line."""
    return max(1, min(MOST_HIGH, columns))


class HeatMap(LineWidget):
    """Values (units, T) from −scale to scale, with a cursor on one unit and one time step."""

    DEFAULT_CSS = "HeatMap { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._levels = np.zeros((1, 1), int)
        self._t, self._unit, self._lit = 0, 0, range(1)
        self._label, self._each, self._across = "u", DEFAULT_COLUMNS, "t"

    def show(
        self, values: Array, scale: float, t: int, unit: int, lit: range, name: str = "u",
        each: Columns = DEFAULT_COLUMNS, across: str = "t"
    ) -> None:  # fmt: skip
        """Show values (units, T), which may contain NaN (drawn as 0) or inf.

        Args:
            lit: time steps that are not faint.
            name: text before each unit's number.
            across: text before the ruler.
        """
        share = np.nan_to_num(np.clip(values / (scale or 1), -1, 1))
        self._levels = np.round((share + 1) / 2 * (LEVELS - 1)).astype(int)
        self._t, self._unit, self._lit = t, unit, lit
        self._label, self._each, self._across = name, each, across
        self.refresh()

    @property
    def axis(self) -> TimeAxis:
        return TimeAxis.fit(self._levels.shape[1], self.size.width - GUTTER, self._t, self._each)

    @property
    def per_row(self) -> int:
        """Number of units in a row of the terminal."""
        return 2 if len(self._levels) > self._rows and not self.canvas.glyphs else 1

    @property
    def per_unit(self) -> int:
        """Number of rows of the terminal for a unit."""
        return max(1, min(tallest(self.axis.width), self._rows // len(self._levels)))

    @property
    def _rows(self) -> int:
        return max(1, self.size.height - 1)

    @property
    def _first(self) -> int:
        """The first visible unit: 0 if all fit, otherwise so that the cursor is visible."""
        visible = self._rows * self.per_row
        first = max(0, min(self._unit - visible // 2, len(self._levels) - visible))
        return first + first % self.per_row  # rounded up, so that the last of an odd number is visible

    def render_line(self, y: int) -> Strip:
        colors, axis = self.palette, self.axis
        muted = self.ink(colors.muted)
        if y == 0:
            return Strip([Segment(f"{self._across:<{GUTTER}}{axis.ruler(self._t)}", muted)])
        row, below = divmod(y - 1, self.per_unit)
        unit = self._first + row * self.per_row
        if unit >= len(self._levels):
            return Strip.blank(self.size.width, self.ink())
        chosen = unit <= self._unit < unit + self.per_row
        label = f"{'▸' if chosen else ' '}{self._label}{self._unit if chosen else unit}"
        if below != (self.per_unit - 1) // 2:
            label = ""
        segments = [Segment(f"{label:<{GUTTER}}", self.ink(colors.text) if chosen else muted)]
        if self.canvas.glyphs:
            return Strip([*segments, *self._glyphs(unit, axis, chosen)])
        return Strip([*segments, *self._blocks(unit, axis, self._frame(below, axis.width) if chosen else "")])

    def _frame(self, below: int, width: int) -> str:
        """Return what a row of the cursor's cell shows: a frame across all its rows, or a mark in a single row."""
        if self.per_unit == 1:
            return ("[]" if width > 1 else "◆").center(width)
        left, line, right = "┌─┐" if below == 0 else "└─┘" if below == self.per_unit - 1 else "│ │"
        return f"{left}{line * (width - 2)}{right}"

    def _blocks(self, unit: int, axis: TimeAxis, mark: str) -> list[Segment]:
        """Return ▀ in the color of the upper unit on that of the lower one; equal neighbors are joined.  ``mark``: of
        the cursor.
        """
        colors, halves = self.palette, self.per_row == 2
        pair = halves and unit + 1 < len(self._levels)
        top, bottom = self._levels[unit], self._levels[unit + 1] if pair else self._levels[unit]
        cell = ("▀" if halves else " ") * axis.width
        segments: list[Segment] = []
        for t in axis.steps:
            ramp = colors.heat if t in self._lit else colors.faint
            upper, lower, text = ramp[top[t]], ramp[bottom[t]] if pair or not halves else "", cell
            if mark and t == self._t:
                text, upper = mark, colors.marker
                lower = ramp[self._levels[self._unit][t]]
            segments.append(Segment(text, self.ink(upper, lower)))
        return list(Segment.simplify(segments))

    def _glyphs(self, unit: int, axis: TimeAxis, chosen: bool) -> list[Segment]:
        """Return a glyph of the ramp for each time step: flat strokes below zero, crosses above."""
        ramp, colors = self.canvas.ramp, self.palette
        middle, width = len(ramp) // 2, axis.width
        inks = [colors.below] * middle + [colors.muted] + [colors.above] * middle
        places = np.round(self._levels[unit] / (LEVELS - 1) * (len(ramp) - 1)).astype(int).tolist()
        segments: list[Segment] = []
        for t in axis.steps:
            here, place = chosen and t == self._t, places[t]
            text = ramp[place] * width if t in self._lit else " " * width
            if here and width > 2:
                text = f"[{text[2:]}]"
            segments.append(Segment(text, self.ink(inks[place], reverse=here)))
        return list(Segment.simplify(segments))

    def on_click(self, event: Click) -> None:
        t, row = self.axis.at(event.x - GUTTER), event.y - 1
        if t is not None and row >= 0:
            unit = min(len(self._levels) - 1, self._first + row // self.per_unit * self.per_row)
            self.post_message(TimeClicked(t, unit))
