"""The strip of a lesson: a title with the keys, and the page, at the bottom of a screen."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical

from rnn_tui.ui.lessons.strip_drawing import StripDrawing
from rnn_tui.ui.widgets.text_page import TextPage
from rnn_tui.ui.widgets.text_widgets import TextLine

LEAST = 5  # rows, on the smallest terminals


class LessonStrip(Vertical):
    """Shows a drawing, in as many rows as it needs, but at most a third of the terminal; the rest scrolls.

    While the same page is shown, it never becomes lower, so that the panels above stay where they are.

    Args:
        reads: the name of the key that scrolls it on its screen.
        leave: called with the number of its rows, whenever that changes.
        ready: called when it has a size, or another one.
    """

    DEFAULT_CSS = """
    LessonStrip {
        height: auto;
        background: $background;
        TextLine { height: 1; text-wrap: nowrap; }
        TextPage { margin: 0 1; }
    }
    """

    def __init__(self, reads: str, leave: Callable[[int], object], ready: Callable[[], object]) -> None:
        super().__init__()
        self.reads = reads
        self._leave, self._ready = leave, ready
        self._title, self._body = TextLine(), TextPage()
        self._title.auto_links = self._body.auto_links = False
        self._rows = 0
        self._page: tuple[object, ...] = ()  # for which it has these rows
        self._stage: tuple[object, ...] = ()
        self.display = False

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._body

    def on_mount(self) -> None:
        self._ready()

    def on_resize(self) -> None:
        self._ready()

    @property
    def most(self) -> int:
        """Rows that it can have; none if the terminal is too small for the lab."""
        return 0 if self.app.has_class("-small") else max(LEAST, self.app.size.height // 3)

    def show(self, drawing: StripDrawing | None) -> None:
        """Show a drawing; None: take no room."""
        if not (self.children and self.is_attached):  # not composed yet, or removed with its screen
            return
        most = self.most
        if drawing is None or not most:
            self._take(0)
            self._page = ()
            return
        page = self.app.size, drawing.stage[:1]
        rows = min(most, drawing.rows if page != self._page else max(drawing.rows, self._rows))
        self._page = page
        self._title.display = bool(drawing.title)
        self._title.say(drawing.title)
        room = rows - bool(drawing.title)
        top = None if drawing.stage == self._stage else max(0, drawing.focus + 1 - room)
        self._stage = drawing.stage
        self._take(rows)
        self._body.say(drawing.body, top)

    def _take(self, rows: int) -> None:
        if rows != self._rows:
            self._rows = rows
            self.display, self.styles.height = rows > 0, max(1, rows)
            self._leave(rows)

    def read(self, way: int) -> bool:
        """Scroll the page; return whether there was more."""
        return self._body.scroll_rows(way * max(1, self._body.size.height - 1))
