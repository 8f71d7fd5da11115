"""Text that changes ten times a second: it is painted anew, and the screen laid out again only where it must be.

A layout of the whole screen costs some 20 ms; a repaint of one widget a tenth of that.
"""

from textual.content import Content
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

BETWEEN = " · "  # parts of a line, of which the last may be left out


def shortenings(text: str) -> list[str]:
    """The whole text, and what is left of it when its last parts are left out one after the other."""
    parts = text.split(BETWEEN)
    return [BETWEEN.join(parts[:count]) for count in range(len(parts), 0, -1)]


def clickable(action: str) -> Style:
    """Of what does an action of the screen when it is clicked."""
    return Style.from_meta({"@click": f"screen.{action}"})


class TextLine(Static):
    """Text whose height the style sheet fixes."""

    def __init__(self) -> None:
        super().__init__()
        self._said = Content()

    def say(self, content: Content) -> None:
        if not content.is_same(self._said):
            self._said = content
            self.update(content, layout=False)


class TextPage(Static):
    """Text in a scrolling container, which it fills: another number of rows is another layout where they do not fit."""

    DEFAULT_CSS = "TextPage { min-height: 100%; }"

    def __init__(self) -> None:
        super().__init__()
        self._said = Content()

    @property
    def text(self) -> str:
        """The text that is shown, without its colors."""
        return self._said.plain

    def say(self, content: Content) -> None:
        if not content.is_same(self._said):
            self._said = content
            self.update(content, layout=False)
            self._fit()

    def watch_virtual_size(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """Have more rows, or fewer, where the text asks for them."""
        if self.size and isinstance(self.parent, Widget):
            needed = max(self._said.get_height({}, self.size.width), self.parent.size.height)
            if needed != self.size.height:
                self.refresh(layout=True)
