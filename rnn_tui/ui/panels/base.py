"""What all panels are: a bordered, focusable part of the lab with a number, which shows the newest view."""

from typing import Any, ClassVar

from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.reactive import var

from rnn_tui.session.frame import Demand
from rnn_tui.ui.input.bindings import PANEL_KEYS
from rnn_tui.ui.panels.declaration import PanelDeclaration
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.render.terminal_capabilities import Canvas, canvas_of, palette_of
from rnn_tui.ui.widgets.text_widgets import shortenings

AROUND = 6  # columns of a border beside what is written in it


class Panel(Vertical, can_focus=True):
    """Subclasses have a ``declaration``, compose widgets, and draw in ``show``.

    Attributes:
        heading: what the border says after the number: the declared title, or more.
    """

    BINDINGS: ClassVar[list[BindingType]] = list(PANEL_KEYS)
    DEFAULT_CSS = """
    Panel {
        border: round $secondary 40%;
        border-title-color: $foreground;
        border-subtitle-color: $foreground 70%;
        border-title-style: none;
        padding: 0 1;
        height: 1fr;
        &:focus { border: round $primary; }
    }
    """

    declaration: ClassVar[PanelDeclaration]
    heading: str = ""

    view: var[ViewState | None] = var(None, init=False)  # not a reactive, which would repaint the panel each time

    def __init_subclass__(cls, **options: Any) -> None:
        declared = cls.__dict__.get("declaration")
        if declared is not None:
            cls.heading = cls.__dict__.get("heading") or declared.title
            cls.BINDINGS = list(declared.keys)  # Textual adds those of Panel
        super().__init_subclass__(**options)

    def __init__(self) -> None:
        super().__init__()
        self._titles = Content(), Content()
        self._drawn: tuple[ViewState | None, Size] = None, Size()

    def on_mount(self) -> None:
        self.title()

    def title(self, right: str = "", *more: str | tuple[str, str]) -> None:
        """The number, the heading and ``more`` in the top border, ``right`` in the bottom one; where room is short, the
        last of it is left out, so that nothing is cut.
        """
        name = (f"{self.declaration.number} ", "dim"), self.heading
        titles = (
            self.fitting([Content.assemble(*name, *more[:count]) for count in range(len(more), -1, -1)]),
            self.fitting([Content(said) for said in shortenings(right)]),
        )
        if not all(new.is_same(old) for new, old in zip(titles, self._titles, strict=True)):
            self._titles = titles
            self.border_title, self.border_subtitle = titles

    def fitting(self, contents: list[Content]) -> Content:
        """The first that the border has room for; of a panel that has no size yet, the first."""
        room = self.outer_size.width - AROUND
        fits = (content for content in contents if content.cell_length <= room or not self.outer_size)
        return next(fits, contents[-1])

    def watch_virtual_size(self) -> None:
        """Laid out anew.  A resize event tells the same later, when a frame without the drawing has been painted."""
        self.catch_up()

    def on_show(self) -> None:
        self.catch_up()

    def watch_view(self) -> None:
        self.catch_up()

    def catch_up(self) -> None:
        """Draw what is new, if one can see it: the view, or the size."""
        now = self.view, self.size
        if self.view is None or not (self.size and self.is_mounted and self.display) or now == self._drawn:
            return
        if self.demands(self.view) not in self.view.frame.demands:
            return  # it has just come into view; a frame with all it needs is on its way
        (view, size), self._drawn = self._drawn, now
        self.show(self.view, view if size == self.size else None)

    def redraw(self) -> None:
        """Draw again, whatever has been drawn."""
        self._drawn = None, self.size
        self.catch_up()

    def action_read(self, way: int) -> None:
        """Scroll what does not fit."""
        for page in self.query(VerticalScroll):
            page.scroll_relative(y=way * max(1, page.size.height - 1), animate=False)

    def demands(self, view: ViewState) -> Demand:  # noqa: ARG002
        """What it needs of a frame just now; subclasses may need less at times than they have declared."""
        return self.declaration.demands

    def show(self, view: ViewState, before: ViewState | None) -> None:
        """Draw ``view``; ``before`` is what was drawn last, None if unknown."""
        raise NotImplementedError

    @property
    def palette(self) -> Palette:
        return palette_of(self.app)

    @property
    def canvas(self) -> Canvas:
        return canvas_of(self.app)
