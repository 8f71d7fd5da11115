"""Base class of widgets that draw line by line: only lines that have changed are painted, with cached styles."""

from collections.abc import Iterable, Iterator, Sequence

from rich.style import Style
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.render.terminal_capabilities import Canvas, canvas_of, palette_of


class LineWidget(Widget):
    """A widget that draws all its lines together, and paints those that differ from the lines before.

    Subclasses return the lines from ``drawing``, and call ``redraw`` when something has changed.  Styles are cached:
    Textual would search up to the screen for each style.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[Strip] = ()
        self._drawn: Size | None = None  # size of the drawing; None: it is outdated
        self._inks: dict[tuple[str, str, bool, bool], Style] = {}
        self._base: Style | None = None
        self._palette: Palette | None = None
        self._canvas: Canvas | None = None

    # Lines.

    def drawing(self) -> Sequence[Strip]:
        """Return the lines; those below them are empty."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw the lines again, and paint those that have changed; a widget that is not visible is drawn when it is."""
        size = self.size
        if not (size and self.display):
            self._drawn = None
            self.refresh()  # forget the lines painted before
            return
        before, self._lines = self._lines, self.drawing()
        if size != self._drawn:
            self._drawn = size
            self.refresh()
        elif changed := [Region(0, run.start, size.width, len(run)) for run in _runs(_changed(before, self._lines))]:
            self.refresh(*changed)

    def render_lines(self, crop: Region) -> list[Strip]:
        size = self.size
        if size != self._drawn:
            self._drawn, self._lines = size, self.drawing() if size else ()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        return self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width, self.ink())

    # Styles.

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
        self._base = self._palette = self._canvas = self._drawn = None
        super().notify_style_update()


def _changed(before: Sequence[Strip], after: Sequence[Strip]) -> Iterator[int]:
    """Yield the numbers of the lines that differ."""
    both = min(len(before), len(after))
    yield from (y for y in range(both) if before[y] is not after[y] and before[y] != after[y])
    yield from range(both, max(len(before), len(after)))


def _runs(numbers: Iterable[int]) -> list[range]:
    """Return ascending numbers as ranges."""
    found: list[range] = []
    for number in numbers:
        if found and found[-1].stop == number:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return found
