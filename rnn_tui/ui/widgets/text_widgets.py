"""Text that changes ten times a second: it is painted again, but the screen is not laid out again.

A layout of the whole screen costs some 20 ms; painting one widget again a tenth of that.
"""

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

BETWEEN = " · "  # between the parts of a line, which are dropped from the end


def shortenings(text: str) -> list[str]:
    """Return the whole text, then the text without its last parts, one after the other."""
    parts = text.split(BETWEEN)
    return [BETWEEN.join(parts[:count]) for count in range(len(parts), 0, -1)]


def rows_of_text(text: str | Content, width: int) -> int:
    """Return the number of rows of a text that is wrapped between words."""
    return (Content(text) if isinstance(text, str) else text).get_height({}, max(1, width))


def shortened_to(text: str, width: int, rows: int = 1) -> str:
    """Return as many words of the text as fit into the rows, with ``…`` if some do not."""
    if rows_of_text(text, width) <= rows and (rows > 1 or cell_len(text) <= width):
        return text
    words = text.split()
    for count in range(len(words) - 1, 0, -1):
        short = f"{' '.join(words[:count]).rstrip('.,;:')} …"
        if rows_of_text(short, width) <= rows:
            return short
    return "…"


def clickable(action: str) -> Style:
    """Return the style of a text that runs an action of the screen when it is clicked."""
    return Style.from_meta({"@click": f"screen.{action}"})


class TextLine(Static):
    """Text with a height from the style sheet."""

    def __init__(self) -> None:
        super().__init__()
        self._said = Content()

    def say(self, content: Content) -> None:
        if not content.is_same(self._said):
            self._said = content
            self.update(content, layout=False)
