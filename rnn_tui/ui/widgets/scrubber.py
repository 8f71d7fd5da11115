"""The scrubber: a bar of all steps so far, which can be dragged."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from rnn_tui.engine.parameters import Array
from rnn_tui.ui.widgets.step_axis import MARGIN, StepAxis, StepAxisWidget

PAST, FUTURE, KEYFRAME, EDIT, HERE, GOAL = "━", "─", "┴", "◆", "●", "○"
BEFORE, AFTER = "◂", "▸"  # the current step, if it is beyond an end
SPARSE = 3  # least columns per keyframe


class Scrubber(StepAxisWidget):
    """The bar below the loss chart, on the same step axis.

    ━ past, ─ later steps, ◆ changes, ┴ keyframes, ● current step (◂ ▸ if it is outside), ○ goal.
    """

    DEFAULT_CSS = "Scrubber { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._step = 0
        self._keys = ""
        self._goal: int | None = None
        self._edits: Sequence[int] = ()
        self._keyframes: Array = np.zeros(0, int)

    def show(
        self, step: int, axis: StepAxis, goal: int | None = None, edits: Sequence[int] = (),
        keyframes: Array | None = None, keys: str = "[ ]", tags: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Show the bar; ``keys`` move along it; ``tags``: names at the right of the chart, which need the same free
        columns.
        """
        self.tags = tags
        self._keys = keys if len(keys) < MARGIN else ""
        self._step, self.axis, self._goal, self._edits = step, axis, goal, edits
        self._keyframes = np.zeros(0, int) if keyframes is None else keyframes
        self.redraw()

    def _marks(self) -> dict[int, tuple[str, str]]:
        """Return character and color of the marks on the bar by column; those outside the axis are omitted."""
        axis, columns, colors = self.axis, self.columns, self.palette
        kept = self._keyframes[(self._keyframes > 0) & (self._keyframes >= axis.first) & (self._keyframes < axis.last)]
        places = set(((kept - axis.first) * columns // axis.width).tolist())
        marks = dict.fromkeys(places, (KEYFRAME, "")) if len(places) * SPARSE <= columns else {}
        marks |= {axis.place(edit, columns): (EDIT, colors.text) for edit in self._edits}
        if self._goal is not None:
            marks[axis.place(self._goal, columns)] = (GOAL, colors.text)
        here = axis.place(self._step, columns)
        beside = (BEFORE, 0) if here < 0 else (AFTER, columns - 1) if here >= columns else (HERE, here)
        return marks | {beside[1]: (beside[0], colors.text)}

    def drawing(self) -> list[Strip]:
        colors, axis, columns = self.palette, self.axis, self.columns
        here, reach = axis.place(self._step, columns), axis.place(axis.reach, columns)
        cells = [(PAST, colors.text) if x < here else (FUTURE, colors.muted) if x <= reach
                 else (" ", "") for x in range(columns)]  # fmt: skip
        for x, (mark, color) in self._marks().items():
            if 0 <= x < columns:
                cells[x] = (mark, color or cells[x][1] or colors.muted)
        keys = f"{self._keys:>{MARGIN - 1}}  "[: self.size.width]
        runs = [(color, "".join(c for c, _ in part)) for color, part in groupby(cells, key=lambda cell: cell[1])]
        segments = [Segment(keys, self.ink(colors.muted)), *(Segment(text, self.ink(c)) for c, text in runs)]
        return [Strip(segments).crop(0, self.size.width)]
