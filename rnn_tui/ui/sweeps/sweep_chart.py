"""The widget that shows the drawing of a sweep."""

from collections.abc import Callable

from textual.strip import Strip

from rnn_tui.ui.render.character_grid import CharacterGrid
from rnn_tui.ui.sweeps.look import Look
from rnn_tui.ui.widgets.line_widget import LineWidget

Draw = Callable[[Look, int, int], CharacterGrid]  # of rows and columns


class SweepChart(LineWidget):
    """Draws with a function of its size, and again only when that or the function has changed."""

    DEFAULT_CSS = "SweepChart { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._draw: Draw | None = None
        self._lines: list[Strip] = []

    def show(self, draw: Draw) -> None:
        self._draw = draw
        self.refresh()

    def render_lines(self, crop) -> list[Strip]:  # type: ignore[no-untyped-def]
        """Draw all lines together."""
        if self._draw is not None:
            look = Look(self.palette, self.canvas)
            self._lines = self._draw(look, self.size.height, self.size.width).strips(self.ink)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        return self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width, self.ink())
