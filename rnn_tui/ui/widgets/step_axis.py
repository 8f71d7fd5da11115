"""The step axis of the loss chart and the bar below it: the visible part of a run, and mouse events."""

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import NamedTuple

from textual.events import (
    MouseDown,
    MouseMove,
    MouseScrollDown,
    MouseScrollLeft,
    MouseScrollRight,
    MouseScrollUp,
    MouseUp,
)
from textual.message import Message

from rnn_tui.ui.widgets.end_labels import beside
from rnn_tui.ui.widgets.line_widget import LineWidget

MARGIN = 8  # columns for the labels of the loss axis
LEAST = 10  # least steps to show
CLOSER = 3 / 4  # factor of the steps for each notch of the wheel
NOTCHES = 8  # notches of the wheel that move by the whole axis


class StepAxis(NamedTuple):
    """The steps from ``first`` to before ``last``, of ``whole`` steps that can be drawn; ``reach`` have been made."""

    first: int
    last: int
    reach: int
    whole: int

    @classmethod
    def all_of(cls, reach: int, whole: int) -> "StepAxis":
        return cls(0, whole, reach, whole)

    @property
    def width(self) -> int:
        return self.last - self.first

    @property
    def partial(self) -> bool:
        return self.width < self.whole

    def place(self, step: int, columns: int) -> int:
        """Return the column of a step; for a step outside the axis, a column outside the drawing."""
        return columns - 1 if step == self.last else (step - self.first) * columns // self.width

    def step_at(self, column: int, columns: int) -> int:
        """Return the step drawn in a column or nearest to it, but not beyond the last step made."""
        if column >= self.place(self.reach, columns):
            return self.reach
        step = self.first + column * self.width // columns  # drawn here or on the left
        nearer = self.place(step + 1, columns) - column < column - self.place(step, columns)
        return max(0, min(self.reach, step + nearer))

    # Other parts of the same run.

    def zoomed(self, factor: float, share: float) -> "StepAxis":
        """Return ``factor`` times as many steps; the step at this ``share`` of the width keeps its place."""
        width = max(min(LEAST, self.whole), (ceil if factor > 1 else floor)(self.width * factor))
        return self._part(round(self.first + share * (self.width - width)), width)

    def moved(self, by: int) -> "StepAxis":
        return self._part(self.first + by, self.width)

    def around(self, step: int) -> float:
        """Return the position of a step as a share of the width; 0.5 if it is outside."""
        return (step - self.first) / self.width if self.first <= step <= self.last else 0.5

    def following(self, before: int, step: int) -> "StepAxis":
        """Return the axis moved to show the current step, if it showed the step ``before``."""
        if not self.first <= before <= self.last or self.first <= step <= self.last:
            return self
        return self.moved(step - self.last if step > self.last else step - self.first)

    def of(self, reach: int, whole: int) -> "StepAxis":
        """Return the same part of a run of another length; the whole run if the whole was shown."""
        if not self.partial or self.width >= whole:
            return StepAxis.all_of(reach, whole)
        return self._replace(reach=reach, whole=whole).moved(0)

    def _part(self, first: int, width: int) -> "StepAxis":
        width = min(width, self.whole)
        first = max(0, min(first, self.whole - width))
        return self._replace(first=first, last=first + width)

    def labels(self, columns: int) -> str:
        """Return the line below the chart; labels that would overlap are omitted."""
        cells, end = [" "] * (MARGIN + 1 + columns), 0
        for tick in nice(self.first, self.last, max(2, columns // 9)):
            if tick != int(tick):
                continue
            label = f"{int(tick):,}"
            place = MARGIN + 1 + int((tick - self.first) / self.width * (columns - 1))
            place = min(place, len(cells) - len(label))
            if place > end:
                end = place + len(label)
                cells[place:end] = label
        return "".join(cells)


def nice(low: float, high: float, most: int) -> list[float]:
    """Return at most ``most`` + 1 round numbers, with steps of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / most
    power = 10.0 ** floor(log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9))
    return [n * step for n in range(ceil(low / step), floor(high / step) + 1)]


class StepChosen(Message):
    """The user points at a step."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.step = step


class StepsFramed(Message):
    """The user wants to see another part of the run."""

    def __init__(self, axis: StepAxis) -> None:
        super().__init__()
        self.axis = axis


class StepAxisWidget(LineWidget):
    """A drawing over the steps: pressing and dragging choose a step, the wheel changes the number of steps around the
    pointer, and with shift it shows earlier or later ones.
    """

    def __init__(self) -> None:
        super().__init__()
        self.axis = StepAxis.all_of(0, LEAST)
        self.tags: Sequence[str] = ()  # names at the right of the drawing
        self._sought = 0

    @property
    def beside(self) -> int:
        """Columns at the right that the drawing leaves free."""
        return beside(self.tags, self.size.width - MARGIN - 1)

    @property
    def columns(self) -> int:
        return max(1, self.size.width - MARGIN - 1 - self.beside)

    def step_at(self, x: int) -> int:
        """Return the step drawn at ``x``; outside the drawing, the step at its edge."""
        return self.axis.step_at(max(0, min(self.columns - 1, x - MARGIN - 1)), self.columns)

    def on_mouse_down(self, event: MouseDown) -> None:
        self.capture_mouse()
        self._seek(self.step_at(event.x))

    def on_mouse_move(self, event: MouseMove) -> None:
        if self.app.mouse_captured is self and self.step_at(event.x) != self._sought:
            self._seek(self.step_at(event.x))

    def on_mouse_up(self, event: MouseUp) -> None:  # noqa: ARG002
        self.release_mouse()

    def _seek(self, step: int) -> None:
        self._sought = step
        self.post_message(StepChosen(step))

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self._turn(event, CLOSER, -1)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self._turn(event, 1 / CLOSER, 1)

    def on_mouse_scroll_left(self, event: MouseScrollLeft) -> None:
        self._turn(event, 1, -1)

    def on_mouse_scroll_right(self, event: MouseScrollRight) -> None:
        self._turn(event, 1, 1)

    def _turn(
        self, event: MouseScrollUp | MouseScrollDown | MouseScrollLeft | MouseScrollRight, factor: float, way: int
    ) -> None:
        event.stop()
        if event.shift or factor == 1:
            axis = self.axis.moved(way * max(1, self.axis.width // NOTCHES))
        else:
            share = (event.x - MARGIN - 0.5) / self.columns
            axis = self.axis.zoomed(factor, max(0.0, min(1.0, share)))
        if axis != self.axis:
            self.post_message(StepsFramed(axis))
