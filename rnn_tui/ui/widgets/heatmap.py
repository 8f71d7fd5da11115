"""A heat map of units × time.

Half blocks if there are more units than rows; otherwise whole cells, several rows high if possible.  On terminals with
too few colors or glyphs, a character for sign and strength of each value.  Only visible values are turned into colors:
there may be 1,024 units and 2,000 time steps.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from rich.segment import Segment
from textual.events import Click
from textual.strip import Strip

from rnn_tui.engine.parameters import Array
from rnn_tui.ui.render.palette import LEVELS
from rnn_tui.ui.widgets.line_widget import LineWidget
from rnn_tui.ui.widgets.time_axis import DEFAULT_COLUMNS, GUTTER, TIME, Columns, TimeAxis
from rnn_tui.ui.widgets.tracks import TimeClicked, asks_what_if
from rnn_tui.ui.widgets.unit_axis import UnitAxis, tallest


class HeatMap(LineWidget):
    """Values (units, T) from −scale to scale, with a cursor on one unit and one time step."""

    DEFAULT_CSS = "HeatMap { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._values, self._scale = np.zeros((1, 1)), 1.0
        self._t, self._unit, self._lit = 0, 0, range(1)
        self._label, self._each, self._across = "u", DEFAULT_COLUMNS, "t"
        self._scored: Sequence[int] = ()
        self._alone = False

    def show(
        self, values: Array, scale: float, t: int, unit: int, lit: range, name: str = "u",
        each: Columns = DEFAULT_COLUMNS, across: str = "t", scored: Sequence[int] = (), alone: bool = False,
    ) -> None:  # fmt: skip
        """Show values (units, T), which may contain NaN (drawn as 0) or inf.

        Args:
            lit: time steps that are not faint.
            name: text before each unit's number.
            across: text before the ruler.
            scored: time steps that the ruler names if they are out of sight.
            alone: whether cells may be large, because there is nothing else on the screen.
        """
        self._values, self._scale = values, scale or 1.0
        self._t, self._unit, self._lit = t, unit, lit
        self._label, self._each, self._across = name, each, across
        self._scored, self._alone = scored, alone
        self.redraw()

    @property
    def axis(self) -> TimeAxis:
        return TimeAxis.fit(self._values.shape[1], self.size.width - GUTTER, self._t, self._each)

    @property
    def units(self) -> UnitAxis:
        """The current positions of the units on rows."""
        highest = tallest(self.axis.width, self._alone)
        return UnitAxis.fit(len(self._values), self.size.height - 1, self._unit, highest, not self.canvas.glyphs)

    def _levels(self, units: UnitAxis, steps: range) -> list[list[int]]:
        """Return the places on the ramp of the values that are visible, for each unit that is."""
        values = self._values[units.shown.start : units.shown.stop, steps.start : steps.stop]
        share = np.nan_to_num(np.clip(values / self._scale, -1, 1))
        places: list[list[int]] = np.round((share + 1) / 2 * (LEVELS - 1)).astype(int).tolist()
        return places

    def drawing(self) -> list[Strip]:
        axis, units = self.axis, self.units
        ways = TIME if self._across == "t" else ("more", "more")
        ruler = f"{self._across:<{GUTTER}}{axis.ruler(self._t, self._scored, ways)}"
        lines, levels = [Strip([Segment(ruler, self.ink(self.palette.muted))])], self._levels(units, axis.steps)
        for row in range(self.size.height - 1):
            if (unit := units.at(row)) is None:
                break
            lines.append(self._line(unit, row % units.height, levels[unit - units.first :], axis, units))
        return lines

    def _line(self, unit: int, below: int, levels: Sequence[list[int]], axis: TimeAxis, units: UnitAxis) -> Strip:
        """Return a row of a unit, the one ``below`` its first row; ``levels`` begin with those of the unit."""
        colors = self.palette
        chosen = unit <= self._unit < unit + units.per_row
        label = f"▸{self._label}{self._unit}" if chosen else f" {units.label(unit, self._label)}"
        if below != (units.height - 1) // 2:
            label = ""
        segments = [Segment(f"{label:<{GUTTER}}", self.ink(colors.text if chosen else colors.muted))]
        if self.canvas.glyphs:
            return Strip([*segments, *self._glyphs(levels[0], axis, chosen)])
        mark = _frame(below, units.height, axis.width) if chosen else ""
        return Strip([*segments, *self._blocks(unit, levels, axis, units, mark)])

    def _blocks(
        self, unit: int, levels: Sequence[list[int]], axis: TimeAxis, units: UnitAxis, mark: str
    ) -> list[Segment]:
        """Return ▀ in the color of the upper unit on that of the lower one; equal neighbors are joined.  ``mark``: of
        the cursor.
        """
        colors, halves = self.palette, units.per_row == 2
        pair = halves and unit + 1 < units.units
        top, bottom = levels[0], levels[1 if pair else 0]
        cell = ("▀" if halves else " ") * axis.width
        cells = []
        for t, high, low in zip(axis.steps, top, bottom, strict=True):
            ramp = colors.heat if t in self._lit else colors.faint
            if mark and t == self._t:
                cells.append((mark, colors.marker, ramp[low if self._unit > unit else high]))
            else:
                cells.append((cell, ramp[high], ramp[low] if pair or not halves else ""))
        runs = ((look, sum(1 for _ in run)) for look, run in groupby(cells))
        return [Segment(text * count, self.ink(upper, lower)) for (text, upper, lower), count in runs]

    def _glyphs(self, levels: Sequence[int], axis: TimeAxis, chosen: bool) -> list[Segment]:
        """Return a glyph of the ramp for each time step: flat strokes below zero, crosses above."""
        ramp, colors = self.canvas.ramp, self.palette
        middle, width = len(ramp) // 2, axis.width
        inks = [colors.below] * middle + [colors.muted] + [colors.above] * middle
        segments: list[Segment] = []
        for t, level in zip(axis.steps, levels, strict=True):
            here, place = chosen and t == self._t, round(level / (LEVELS - 1) * (len(ramp) - 1))
            text = ramp[place] * width if t in self._lit else " " * width
            if here and width > 2:
                text = f"[{text[2:]}]"
            segments.append(Segment(text, self.ink(inks[place], reverse=here)))
        return list(Segment.simplify(segments))

    def on_click(self, event: Click) -> None:
        t, unit = self.axis.at(event.x - GUTTER), self.units.at(event.y - 1)
        if t is not None and event.y > 0:
            self.post_message(TimeClicked(t, self.units.shown[-1] if unit is None else unit, asks_what_if(event)))


def _frame(below: int, rows: int, width: int) -> str:
    """Return what a row of the cursor's cell shows: a frame across all its rows, or a mark in a single row."""
    if rows == 1:
        return ("[]" if width > 1 else "◆").center(width)
    left, line, right = "┌─┐" if below == 0 else "└─┘" if below == rows - 1 else "│ │"
    return f"{left}{line * (width - 2)}{right}"
