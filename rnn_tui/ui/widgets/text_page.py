"""Text of several rows, which scrolls if it does not fit."""

from collections.abc import Iterator

from rich.segment import Segment
from textual.content import Content, Span
from textual.events import MouseDown, MouseEvent, MouseMove, MouseScrollDown, MouseScrollUp, MouseUp
from textual.selection import Selection
from textual.strip import Strip
from textual.visual import Visual

from rnn_tui.ui.widgets.line_widget import LineWidget

THUMB, TRACK = "█", "│"  # of the scroll bar
NOTCH = 2  # rows for a turn of the wheel


class TextPage(LineWidget):
    """Text in the rows that the page has.  More text scrolls: other text never changes the layout.

    Lines of the text that were there before are not wrapped and styled again.
    """

    DEFAULT_CSS = "TextPage { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._said = Content()
        self._top = self._most = 0  # the first row in sight, and the greatest one
        self._known: dict[tuple[str, tuple[Span, ...], int], list[Strip]] = {}

    @property
    def text(self) -> str:
        """The text that is shown, without its colors."""
        return self._said.plain

    @property
    def most(self) -> int:
        """Number of rows out of sight."""
        return self._most

    def render(self) -> Content:
        """Return the text, for what the mouse selects."""
        return self._said

    def say(self, content: Content, top: int | None = None) -> None:
        """Show a text, from its row ``top`` on; None: from the same row as before."""
        if not content.is_same(self._said) or top not in (None, self._top):
            self._said, self._top = content, self._top if top is None else top
            self.redraw()

    def scroll_rows(self, by: int) -> bool:
        """Show earlier or later rows; return whether there are any."""
        top = max(0, min(self._most, self._top + by))
        moved, self._top = top != self._top, top
        if moved:
            self.redraw()
        return moved

    def drawing(self) -> list[Strip]:
        width, height = self.size
        before, self._known = self._known, {}
        rows = list(self._rows(width, before))
        self._most, self._top = max(0, len(rows) - height), max(0, min(self._top, len(rows) - height))
        if not self._most:
            return rows
        rows = list(self._rows(width - 1, before))  # there may be more of them
        self._most = len(rows) - height
        size, blank = max(1, height * height // len(rows)), self.ink()
        first = round(self._top / self._most * (height - size))
        bar = [THUMB if first <= y < first + size else TRACK for y in range(height)]
        gray = self.ink(self.palette.muted)
        return [Strip.join([row.adjust_cell_length(width - 1, blank), Strip([Segment(mark, gray)])])
                for row, mark in zip(rows[self._top :], bar, strict=False)]  # fmt: skip

    def _rows(self, width: int, before: dict[tuple[str, tuple[Span, ...], int], list[Strip]]) -> Iterator[Strip]:
        """Yield the text in rows of a width; ``before``: the rows of its lines in the drawing before."""
        if self.text_selection is not None:
            yield from Visual.to_strips(self, self._said, width, None, self.visual_style)
            return
        for y, line in enumerate(self._said.split(allow_blank=True)):
            key = line.plain, tuple(line.spans), width
            if key not in self._known:
                self._known[key] = before.get(key) or Visual.to_strips(self, line, width, None, self.visual_style)
            yield from (_of_line(row, y) for row in self._known[key]) if y else self._known[key]

    def notify_style_update(self) -> None:
        self._known = {}
        super().notify_style_update()

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002
        self.redraw()

    # The mouse.

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        if self.scroll_rows(NOTCH):
            event.stop()

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        if self.scroll_rows(-NOTCH):
            event.stop()

    def on_mouse_down(self, event: MouseDown) -> None:
        if self._most and event.x == self.size.width - 1:
            self.capture_mouse()
            self._drag(event)

    def on_mouse_move(self, event: MouseMove) -> None:
        if self.app.mouse_captured is self:
            self._drag(event)

    def on_mouse_up(self, event: MouseUp) -> None:  # noqa: ARG002
        self.release_mouse()

    def _drag(self, event: MouseEvent) -> None:
        """Show the rows at the pointer on the scroll bar."""
        share = event.y / max(1, self.size.height - 1)
        self.scroll_rows(round(share * self._most) - self._top)


def _of_line(row: Strip, y: int) -> Strip:
    """Return a row that the mouse can select as part of line ``y`` of the text."""
    first = next((segment.style for segment in row if segment.style), None)
    x, _ = first.meta.get("offset", (0, 0)) if first else (0, 0)
    return row.apply_offsets(x, y)
