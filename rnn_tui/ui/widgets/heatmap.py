"""A heat map of units × time: half blocks where there are more units than rows, whole cells otherwise."""

import numpy as np
from rich.segment import Segment
from textual.events import Click
from textual.strip import Strip

from rnn_tui.engine.parameters import Array
from rnn_tui.ui.colors import LEVELS
from rnn_tui.ui.widgets.paper import Paper
from rnn_tui.ui.widgets.timeaxis import GUTTER, USUAL, Columns, TimeAxis
from rnn_tui.ui.widgets.tracks import TimeClicked

GLYPHS = "≡=-·+*#"  # from most negative to most positive, where there are no colours


class HeatMap(Paper):
    """Values (units, T) from −scale to scale, with a cursor on one unit and one time step."""

    DEFAULT_CSS = "HeatMap { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._levels = np.zeros((1, 1), int)
        self._t, self._unit, self._lit = 0, 0, range(1)
        self._name, self._each, self._across = "h", USUAL, "t"

    def show(
        self, values: Array, scale: float, t: int, unit: int, lit: range, name: str = "h",
        each: Columns = USUAL, across: str = "t"
    ) -> None:  # fmt: skip
        """``values`` may hold NaN or inf: NaN is drawn as zero.  Time steps that are not ``lit`` are faint.  ``name``
        stands before each unit's number, ``across`` before the ruler.
        """
        share = np.nan_to_num(np.clip(values / (scale or 1), -1, 1))
        self._levels = np.round((share + 1) / 2 * (LEVELS - 1)).astype(int)
        self._t, self._unit, self._lit = t, unit, lit
        self._name, self._each, self._across = name, each, across
        self.refresh()

    @property
    def axis(self) -> TimeAxis:
        return TimeAxis.fit(self._levels.shape[1], self.size.width - GUTTER, self._t, self._each)

    @property
    def per_row(self) -> int:
        """Units drawn in one row of the terminal."""
        return 2 if len(self._levels) > self._rows and not self._colourless else 1

    @property
    def _rows(self) -> int:
        return max(1, self.size.height - 1)

    @property
    def _colourless(self) -> bool:
        few = self.app.console.color_system in (None, "standard", "windows")
        return self.app.no_color or (few and not self.app.is_headless)

    @property
    def _first(self) -> int:
        """The topmost visible unit: all fit, or those around the cursor."""
        visible = self._rows * self.per_row
        first = max(0, min(self._unit - visible // 2, len(self._levels) - visible))
        return first + first % self.per_row  # upwards, so that the last of an odd number is reached

    def render_line(self, y: int) -> Strip:
        colours, axis = self.colours, self.axis
        muted = self.ink(colours.muted)
        if y == 0:
            return Strip([Segment(f"{self._across:<{GUTTER}}{axis.ruler(self._t)}", muted)])
        unit = self._first + (y - 1) * self.per_row
        if unit >= len(self._levels):
            return Strip.blank(self.size.width, self.ink())
        chosen = unit <= self._unit < unit + self.per_row
        label = f"{'▸' if chosen else ' '}{self._name}{self._unit if chosen else unit}"
        segments = [Segment(f"{label:<{GUTTER}}", self.ink(colours.text) if chosen else muted)]
        draw = self._glyphs if self._colourless else self._blocks
        return Strip([*segments, *draw(unit, axis, chosen)])

    def _blocks(self, unit: int, axis: TimeAxis, chosen: bool) -> list[Segment]:
        """▀ in the upper unit's colour on the lower one's; equal neighbours become one segment."""
        colours, halves = self.colours, self.per_row == 2
        pair = halves and unit + 1 < len(self._levels)
        top, bottom = self._levels[unit], self._levels[unit + 1] if pair else self._levels[unit]
        cell = ("▀" if halves else " ") * axis.width
        segments: list[Segment] = []
        for t in axis.steps:
            ramp = colours.heat if t in self._lit else colours.faint
            upper, lower, text = ramp[top[t]], ramp[bottom[t]] if pair or not halves else "", cell
            if chosen and t == self._t:
                text, upper = ("[]" if axis.width > 1 else "◆").center(axis.width), colours.marker
                lower = ramp[self._levels[self._unit][t]]
            segments.append(Segment(text, self.ink(upper, lower)))
        return list(Segment.simplify(segments))

    def _glyphs(self, unit: int, axis: TimeAxis, chosen: bool) -> list[Segment]:
        """A sign and a strength for each value, for terminals without colours."""
        share = self._levels[unit] / (LEVELS - 1)
        text = [GLYPHS[round(share[t] * (len(GLYPHS) - 1))] if t in self._lit else " " for t in axis.steps]
        here = self._t - axis.first
        cells = [
            f"[{c}]" if chosen and i == here and axis.width > 2 else c.ljust(axis.width) for i, c in enumerate(text)
        ]
        return [Segment("".join(cell.ljust(axis.width) for cell in cells), self.ink())]

    def on_click(self, event: Click) -> None:
        t, row = self.axis.at(event.x - GUTTER), event.y - 1
        if t is not None and row >= 0:
            unit = min(len(self._levels) - 1, self._first + row * self.per_row)
            self.post_message(TimeClicked(t, unit))
