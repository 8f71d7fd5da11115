"""Base class of panels: bordered, focusable parts of the lab with a number, which show the newest view."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Self

from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import MouseMove
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var

from rnn_tui.session.frame import Demand
from rnn_tui.ui.glossary import briefs
from rnn_tui.ui.input.bindings import PANEL_KEYS
from rnn_tui.ui.input.keymap import DEFAULT_KEYMAP
from rnn_tui.ui.panels.declaration import PanelDeclaration
from rnn_tui.ui.panels.diagnoses import Diagnostic
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.render.terminal_capabilities import Canvas, canvas_of, palette_of
from rnn_tui.ui.widgets.explained_words import explanation_at
from rnn_tui.ui.widgets.text_page import TextPage
from rnn_tui.ui.widgets.text_widgets import BETWEEN, shortenings

AROUND = 6  # columns of a border that its title cannot use
FRAMED = "▸ "  # in the title of the panel that a lesson points to


class Panel(Vertical, can_focus=True):
    """A panel.  Subclasses have a ``declaration``, compose widgets, and draw in ``show``.

    Attributes:
        heading: text in the border after the number: the declared title, or more.
        alone: whether it has the screen for itself; the layout sets it.
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
        &.-framed, &.-framed:focus { border: heavy $accent; border-title-style: bold; }
    }
    """

    class ReadFurther(Message):
        """A key scrolls on, and the panel has no more text."""

        def __init__(self, way: int) -> None:
            super().__init__()
            self.way = way

    declaration: ClassVar[PanelDeclaration]
    heading: str = ""
    alone: bool = False

    view: var[ViewState | None] = var(None, init=False)  # a reactive would repaint the panel each time

    def __init_subclass__(cls, **options: Any) -> None:
        declared = cls.__dict__.get("declaration")
        if declared is not None:
            cls.heading = cls.__dict__.get("heading") or declared.title
            cls.BINDINGS = list(declared.keys)  # Textual adds those of Panel
        super().__init_subclass__(**options)

    def __init__(self) -> None:
        self._painted: list[Region] = []  # part of the panel to paint; empty: all of it
        super().__init__()
        self._titles = Content(), Content()
        self._wanted: tuple[str | Content, tuple[str | tuple[str, str] | Content, ...]] = (
            "",
            (),
        )  # arguments of ``title``
        self._drawn: tuple[object, Size] | None = None  # what was drawn last, and for which size
        self._palette: Palette | None = None

    def on_mount(self) -> None:
        self.title()

    def title(self, right: str | Content = "", *more: str | tuple[str, str] | Content) -> None:
        """Set the titles of the borders; parts that do not fit are dropped from the end.

        While the panel has the focus, the borders also explain its words, as many as fit.

        Args:
            right: text of the bottom border; a Content is not shortened.
            more: parts of the top border after the number and the heading.
        """
        self._wanted = right, more
        mark = FRAMED if self._is_framed else ""
        name = (mark, "bold"), (f"{self.declaration.number} ", "dim"), self.heading
        titles = self._with_words(
            self.fitting([Content.assemble(*name, *more[:count]) for count in range(len(more), -1, -1)]),
            right if isinstance(right, Content) else self.fitting([Content(said) for said in shortenings(right)]),
        )
        (top, bottom), self._titles = self._titles, titles
        rows = self.outer_size.height
        if not titles[0].is_same(top):
            with self._painting(0):
                self.border_title = titles[0]
        if not titles[1].is_same(bottom):
            with self._painting(rows - 1):
                self.border_subtitle = titles[1]

    @contextmanager
    def _painting(self, row: int) -> Iterator[None]:
        """Paint only this row of the panel meanwhile: another title does not change what the border surrounds."""
        (left, top), width = self.content_offset, self.outer_size.width
        self._painted = [Region(-left, row - top, width, 1)] if width else []
        yield
        self._painted = []

    def refresh(self, *regions: Region, **options: bool) -> Self:
        return super().refresh(*(self._painted or regions), **options)

    def _with_words(self, top: Content, bottom: Content) -> tuple[Content, Content]:
        """Return the texts of the borders; if the panel has the focus, with the explanations of words that fit."""
        for brief in briefs(self.declaration.name) if self.has_focus else ():
            word = self.canvas.spell(brief), "dim"
            longer = self.fitting([Content.assemble(bottom, BETWEEN if bottom else "", word), bottom])
            if longer is bottom:
                top = self.fitting([Content.assemble(top, BETWEEN, word), top])
            bottom = longer
        return top, bottom

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        right, more = self._wanted
        self.title(right, *more)

    def on_mouse_move(self, event: MouseMove) -> None:
        """Explain the word under the mouse, or on the border the panel."""
        keys = self.view.keys if self.view else DEFAULT_KEYMAP
        self.tooltip = keys.say(self.declaration.help.says) if event.widget is self else explanation_at(event)

    def fitting(self, contents: list[Content], taken: int = 0) -> Content:
        """Return the first content that fits into the border, of which ``taken`` columns are used otherwise.

        The first content if the panel has no size yet.
        """
        room = self.outer_size.width - AROUND - taken
        fits = (content for content in contents if content.cell_length <= room or not self.outer_size)
        return next(fits, contents[-1])

    def watch_virtual_size(self) -> None:
        """Draw for the new layout.  The resize event comes later, after a frame without the drawing was painted."""
        self.catch_up()

    def on_show(self) -> None:
        self.catch_up()

    def watch_view(self) -> None:
        if self.has_class("-framed") != self._is_framed:
            self.set_class(self._is_framed, "-framed")
            right, more = self._wanted
            self.title(right, *more)
        self.catch_up()

    @property
    def _is_framed(self) -> bool:
        return self.view is not None and self.view.framed_panel == self.declaration.name

    def catch_up(self) -> None:
        """Draw a new view or size, if the panel is visible."""
        if self.view is None or not (self.size and self.is_mounted and self.display):
            return
        if self.demands(self.view) not in self.view.frame.demands:
            return  # it has just become visible; a frame with its demands will follow
        drawn = self.drawn_of(self.view), self.size
        if drawn != self._drawn:
            self._drawn = drawn
            self.show(self.view)

    def redraw(self) -> None:
        """Draw again, even if nothing has changed."""
        self._drawn = None
        self.catch_up()

    def action_read(self, way: int) -> None:
        """Scroll the text of the panel; if there is no more of it, tell the screen."""
        moved = [page.scroll_rows(way * max(1, page.size.height - 1)) for page in self.query(TextPage)]
        if not any(moved):
            self.post_message(self.ReadFurther(way))

    def demands(self, view: ViewState) -> Demand:  # noqa: ARG002
        """Return what the panel needs of a frame now; subclasses may need less than they have declared."""
        return self.declaration.demands

    def diagnostics(self, view: ViewState) -> tuple[Diagnostic, ...]:  # noqa: ARG002
        """Return the diagnostics that the panel shows now; subclasses may need fewer than they have declared."""
        return self.declaration.diagnostics

    def drawn_of(self, view: ViewState) -> object:
        """Return everything of a view that the panel draws; it is not drawn again if that stays the same."""
        return view

    def show(self, view: ViewState) -> None:
        """Draw a view."""
        raise NotImplementedError

    @property
    def palette(self) -> Palette:
        if self._palette is None:
            self._palette = palette_of(self.app)
        return self._palette

    def notify_style_update(self) -> None:
        self._palette = None
        super().notify_style_update()

    @property
    def canvas(self) -> Canvas:
        return canvas_of(self.app)
