"""Tracks: labeled rows over time, one cell per time step, with a cursor through all of them."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from rnn_tui.ui.render.glyphs import UNSEEN
from rnn_tui.ui.widgets.line_widget import LineWidget
from rnn_tui.ui.widgets.time_axis import DEFAULT_COLUMNS, GUTTER, Columns, TimeAxis


class Track(NamedTuple):
    """A row: a label, and a character or word with a color for every time step.  ``solid``: characters fill the step's
    width.
    """

    label: str
    color: str
    cells: Sequence[str]
    colors: Sequence[str]
    solid: bool = True


class TimeClicked(Message):
    """The user pointed at a time step, perhaps of one unit; ``asks``: what if."""

    def __init__(self, t: int, unit: int | None = None, asks: bool = False) -> None:
        super().__init__()
        self.t = t
        self.unit = unit
        self.asks = asks


class TimeAxisWidget(LineWidget):
    """A drawing over the time steps, which reports the time step of a click."""

    @property
    def axis(self) -> TimeAxis:
        """The current positions of the time steps on columns."""
        raise NotImplementedError

    def on_click(self, event: Click) -> None:
        t = self.axis.at(event.x - GUTTER)
        if t is not None:
            self.post_message(TimeClicked(t, asks=asks_what_if(event)))


def asks_what_if(event: Click) -> bool:
    """Return whether a click asks for the menu: with the right button, or with ctrl."""
    return event.button == 3 or event.ctrl


class Tracks(TimeAxisWidget):
    """A ruler, if wanted, and the tracks below it; time steps that are not ``lit`` are dimmed."""

    DEFAULT_CSS = "Tracks { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._tracks: Sequence[Track] = ()
        self._length, self._cursor, self._lit, self._each = 1, 0, range(1), DEFAULT_COLUMNS
        self._scored: Sequence[int] = ()
        self._ruler = True

    def show(
        self, tracks: Sequence[Track], length: int, cursor: int, lit: range, each: Columns = DEFAULT_COLUMNS,
        scored: Sequence[int] = (), ruler: bool = True,
    ) -> None:  # fmt: skip
        """Show the tracks of ``length`` time steps.

        Args:
            scored: time steps that the ruler names if they are out of sight.
            ruler: whether there is one.
        """
        self._tracks, self._length, self._cursor, self._lit = tracks, length, cursor, lit
        self._each, self._scored, self._ruler = each, scored, ruler
        self.redraw()

    @property
    def axis(self) -> TimeAxis:
        return TimeAxis.fit(self._length, self.size.width - GUTTER, self._cursor, self._each)

    def drawing(self) -> list[Strip]:
        axis, lines = self.axis, []
        if self._ruler:
            ruler = axis.ruler(self._cursor, self._scored)
            lines.append(Strip([Segment(f"{'t':<{GUTTER}}{ruler}", self.ink(self.palette.muted))]))
        return [*lines, *(self._line(track, axis) for track in self._tracks[: self.size.height - len(lines)])]

    def _line(self, track: Track, axis: TimeAxis) -> Strip:
        cursor = self.palette.cursor
        segments = [Segment(f"{set_cell_size(track.label, GUTTER - 1)} ", self.ink(track.color))]
        looks = ((track.colors[t], cursor if t == self._cursor else "", t not in self._lit) for t in axis.steps)
        for look, run in groupby(zip(looks, axis.steps, strict=True), key=itemgetter(0)):
            cells = [track.cells[t] for _, t in run]
            texts = (cell * axis.width if track.solid else fitted(cell, axis.width) for cell in cells)
            segments.append(Segment("".join(texts), self.ink(*look)))
        return Strip(segments)


def fitted(cell: str, width: int) -> str:
    """Return a character or word in ``width`` columns, followed by a space if there is room for it.

    A wide character is replaced by a question mark if only half of it fits.
    """
    if cell_len(cell) == 1 or width < 3:
        cut = set_cell_size(cell, width)
        return cut if cut.strip() or not cell.strip() else set_cell_size(UNSEEN, width)
    return f"{set_cell_size(cell, width - 1)} "
