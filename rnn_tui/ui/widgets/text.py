"""Text that changes ten times a second: it is painted anew, and the screen laid out again only where it must be.

A layout of the whole screen costs some 20 ms; a repaint of one widget a tenth of that.
"""

from textual.content import Content
from textual.widgets import Static


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
