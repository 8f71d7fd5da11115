"""The scrubber: a bar of all steps so far, to be dragged through."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from rnn_tui.engine.parameters import Array
from rnn_tui.ui.widgets.step_axis import MARGIN, StepAxis, StepAxisWidget

PAST, FUTURE, KEYFRAME, EDIT, HERE, GOAL = "━", "─", "┴", "◆", "●", "○"
BEFORE, AFTER = "◂", "▸"  # where one is, beyond an end
SPARSE = 3  # columns for each keyframe, if they are to be told apart


class Scrubber(StepAxisWidget):
    """Lies below the loss chart, on the same axis of steps: ━ what is past, ─ what has been ahead before, ◆ edits,
    ┴ keyframes, ● where one is (◂ ▸ where that is not shown), ○ where one is going.
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
        """``keys`` move along it; ``tags`` stand beside the chart above, which leaves as much room free."""
        self.tags = tags
        self._keys = keys if len(keys) < MARGIN else ""
        self._step, self.axis, self._goal, self._edits = step, axis, goal, edits
        self._keyframes = np.zeros(0, int) if keyframes is None else keyframes
        self.refresh()

    def _marks(self) -> dict[int, tuple[str, str]]:
        """Character and color of what stands on the bar, by its column; what is not on the axis is left out."""
        axis, columns, colors = self.axis, self.columns, self.palette
        kept = self._keyframes[(self._keyframes > 0) & (self._keyframes >= axis.first) & (self._keyframes < axis.last)]
        places = set(((kept - axis.first) * columns // axis.width).tolist())
        marks = dict.fromkeys(places, (KEYFRAME, "")) if len(places) * SPARSE <= columns else {}
        marks |= {axis.place(edit, columns): (EDIT, colors.lane(1)) for edit in self._edits}
        if self._goal is not None:
            marks[axis.place(self._goal, columns)] = (GOAL, colors.text)
        here = axis.place(self._step, columns)
        beside = (BEFORE, 0) if here < 0 else (AFTER, columns - 1) if here >= columns else (HERE, here)
        return marks | {beside[1]: (beside[0], colors.text)}

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        colors, axis, columns = self.palette, self.axis, self.columns
        here, reach = axis.place(self._step, columns), axis.place(axis.reach, columns)
        cells = [(PAST, colors.lane(0)) if x < here else (FUTURE, colors.muted) if x <= reach
                 else (" ", "") for x in range(columns)]  # fmt: skip
        for x, (mark, color) in self._marks().items():
            if 0 <= x < columns:
                cells[x] = (mark, color or cells[x][1] or colors.muted)
        keys = f"{self._keys:>{MARGIN - 1}}  "[: self.size.width]
        runs = [(color, "".join(c for c, _ in part)) for color, part in groupby(cells, key=lambda cell: cell[1])]
        segments = [Segment(keys, self.ink(colors.muted)), *(Segment(text, self.ink(c)) for c, text in runs)]
        return Strip(segments).crop(0, self.size.width)
