"""Base class of widgets that draw line by line: cached colors and styles."""

from rich.style import Style
from textual.filter import ANSIToTruecolor, LineFilter
from textual.widget import Widget

from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.render.terminal_capabilities import Canvas, canvas_of, palette_of


class LineWidget(Widget):
    """A widget with cached styles: Textual would search up to the screen for each style."""

    def __init__(self) -> None:
        super().__init__()
        self._inks: dict[tuple[str, str, bool, bool], Style] = {}
        self._base: Style | None = None
        self._palette: Palette | None = None
        self._canvas: Canvas | None = None

    @property
    def palette(self) -> Palette:
        if self._palette is None:
            self._palette = palette_of(self.app)
        return self._palette

    @property
    def canvas(self) -> Canvas:
        if self._canvas is None:
            self._canvas = canvas_of(self.app)
        return self._canvas

    def ink(self, color: str = "", ground: str = "", dim: bool = False, reverse: bool = False) -> Style:
        """Return the widget's style with another color or ground."""
        key = (color, ground, dim, reverse)
        if key not in self._inks:
            if self._base is None:
                self._base = self.rich_style
            own = Style(color=color or None, bgcolor=ground or None, dim=dim or None, reverse=reverse or None)
            self._inks[key] = self._base + own
        return self._inks[key]

    def get_line_filters(self) -> list[LineFilter]:
        # our colors are already true colors; the filter's cache is too small for the styles of a heat map
        return [f for f in super().get_line_filters() if not isinstance(f, ANSIToTruecolor)]

    def notify_style_update(self) -> None:
        self._inks.clear()
        self._base = self._palette = self._canvas = None
        super().notify_style_update()
