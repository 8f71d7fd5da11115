"""The scrubber: a bar of all steps so far, to be dragged through."""

from collections.abc import Sequence
from itertools import groupby
from math import ceil

import numpy as np
from rich.segment import Segment
from textual.events import MouseDown, MouseMove, MouseUp
from textual.message import Message
from textual.strip import Strip

from rnn_tui.engine.parameters import Array
from rnn_tui.ui.widgets.chart import MARGIN
from rnn_tui.ui.widgets.paper import Paper

PAST, FUTURE, KEYFRAME, EDIT, HERE, GOAL = "━", "─", "┴", "◆", "●", "○"
SPARSE = 3  # columns for each keyframe, if they are to be told apart


class Scrubber(Paper):
    """Lies below the loss chart, on the same axis of steps: ━ what is past, ─ what has been ahead before, ◆ edits,
    ┴ keyframes, ● where one is, ○ where one is going.
    """

    DEFAULT_CSS = "Scrubber { height: 1; }"

    class Sought(Message):
        """The user points at a step."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self) -> None:
        super().__init__()
        self._step, self._reach, self._last = 0, 0, 10
        self._keys = ""
        self._goal: int | None = None
        self._sought = 0
        self._edits: Sequence[int] = ()
        self._keyframes: Array = np.zeros(0, int)

    def show(
        self, step: int, reach: int, last: int, goal: int | None = None, edits: Sequence[int] = (),
        keyframes: Array | None = None, keys: str = "[ ]",
    ) -> None:  # fmt: skip
        """``step`` of ``reach`` steps, on an axis that ends at ``last``; ``keys`` move along it."""
        self._keys = keys if len(keys) < MARGIN else ""
        self._step, self._reach, self._last, self._goal, self._edits = step, reach, last, goal, edits
        self._keyframes = np.zeros(0, int) if keyframes is None else keyframes
        self.refresh()

    @property
    def _columns(self) -> int:
        return max(1, self.size.width - MARGIN - 1)

    def _place(self, step: int) -> int:
        """The column of a step."""
        return min(step * self._columns // self._last, self._columns - 1)

    def step_at(self, x: int) -> int:
        """The step drawn at ``x``; the bar's ends are its first and last step."""
        column = x - MARGIN - 1
        if column >= self._place(self._reach):
            return self._reach
        steps = column * self._last / self._columns
        return max(0, min(self._reach, round(steps) if self._last < self._columns else ceil(steps)))

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        colours, here = self.colours, self._place(self._step)
        cells = [(PAST, colours.lane(0)) if x < here else (FUTURE, colours.muted) if x <= self._place(self._reach)
                 else (" ", "") for x in range(self._columns)]  # fmt: skip
        marks = np.unique(self._keyframes[self._keyframes > 0] * self._columns // self._last)
        if len(marks) * SPARSE <= self._columns:
            for x in marks[marks < self._columns].tolist():
                cells[x] = (KEYFRAME, cells[x][1] or colours.muted)
        for edit in self._edits:
            cells[self._place(edit)] = (EDIT, colours.lane(1))
        if self._goal is not None:
            cells[self._place(self._goal)] = (GOAL, colours.text)
        cells[here] = (HERE, colours.text)
        keys = f"{self._keys:>{MARGIN - 1}}  "[: self.size.width]
        runs = [(colour, "".join(c for c, _ in part)) for colour, part in groupby(cells, key=lambda cell: cell[1])]
        segments = [Segment(keys, self.ink(colours.muted)), *(Segment(text, self.ink(c)) for c, text in runs)]
        return Strip(segments).crop(0, self.size.width)

    # Pointing.

    def on_mouse_down(self, event: MouseDown) -> None:
        self.capture_mouse()
        self._seek(self.step_at(event.x))

    def on_mouse_move(self, event: MouseMove) -> None:
        if self.app.mouse_captured is self and self.step_at(event.x) != self._sought:
            self._seek(self.step_at(event.x))

    def _seek(self, step: int) -> None:
        self._sought = step
        self.post_message(self.Sought(step))

    def on_mouse_up(self, event: MouseUp) -> None:  # noqa: ARG002
        self.release_mouse()
