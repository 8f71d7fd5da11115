"""The widget that shows the drawing of a sweep."""

from collections.abc import Callable, Sequence

from textual.strip import Strip

from rnn_tui.ui.render.character_grid import CharacterGrid
from rnn_tui.ui.sweeps.look import Look
from rnn_tui.ui.widgets.line_widget import LineWidget

Draw = Callable[[Look, int, int], CharacterGrid]  # of rows and columns


class SweepChart(LineWidget):
    """Draws with a function of its size."""

    DEFAULT_CSS = "SweepChart { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._draw: Draw | None = None

    def show(self, draw: Draw) -> None:
        self._draw = draw
        self.redraw()

    def drawing(self) -> Sequence[Strip]:
        if self._draw is None:
            return ()
        return self._draw(Look(self.palette, self.canvas), self.size.height, self.size.width).strips(self.ink)
