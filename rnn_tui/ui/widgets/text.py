"""Text that changes ten times a second: it is painted anew, and the screen laid out again only where it must be.

A layout of the whole screen costs some 20 ms; a repaint of one widget a tenth of that.
"""

from textual.content import Content
from textual.widgets import Static

BETWEEN = " · "  # parts of a line, of which the last may be left out


def shortenings(text: str) -> list[str]:
    """The whole text, and what is left of it when its last parts are left out one after the other."""
    parts = text.split(BETWEEN)
    return [BETWEEN.join(parts[:count]) for count in range(len(parts), 0, -1)]


class Line(Static):
    """Text whose height the style sheet fixes."""

    def __init__(self) -> None:
        super().__init__()
        self._said = Content()

    def say(self, content: Content) -> None:
        if not content.is_same(self._said):
            self._said = content
            self.update(content, layout=False)


class Page(Static):
    """Text in a scrolling container: another number of rows is another layout."""

    def __init__(self) -> None:
        super().__init__()
        self._said = Content()

    def say(self, content: Content) -> None:
        if not content.is_same(self._said):
            self._said = content
            self.update(content, layout=content.get_height({}, max(1, self.size.width)) != self.size.height)
