"""The dialog that describes the screen in words; only flows.py imports it."""

from typing import ClassVar, Protocol

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from rnn_tui.session.description import Cursor, Paragraph, as_lines, describe
from rnn_tui.session.frame import Demand
from rnn_tui.ui.dialogs.base import Dialog
from rnn_tui.ui.input.bindings import WORDS_KEYS
from rnn_tui.ui.panels.comparison_summary import verdict
from rnn_tui.ui.panels.seed_sentences import described
from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.widgets.option_list import TextPane

DEMANDS = Demand.PROBE | Demand.SCORE  # what the description needs of a frame
HINT = (
    "{words.earlier}{words.later} t · {words.lane}: lane · {words.state}: gates · {words.copy}: copy · "
    "{words.close}: close"
)


class ViewCursor(Protocol):
    """An object that moves the cursor of the view."""

    def move_time(self, by: int) -> None: ...

    def next_lane(self) -> None: ...

    def next_state(self) -> None: ...


class DescriptionDialog(Dialog[None]):
    """Describes one frame, so that the text does not change during reading; only the cursor moves, in the lab too."""

    BINDINGS: ClassVar[list[BindingType]] = list(WORDS_KEYS)

    def __init__(self, shown: ViewAccess, cursor: ViewCursor) -> None:
        super().__init__(shown.seen.keys)
        self._shown, self._cursor = shown, cursor
        self.frame = shown.seen.frame
        self._seeds = shown.seen.seeds
        self._findings = shown.seen.findings

    @property
    def _remembered(self) -> list[Paragraph]:
        """What the panels of the memory lab have said of these nets."""
        found, lanes = self._shown.seen.diagnoses, enumerate(self.frame.lanes)
        said = [(lane.label, found.said(i, lane.net, lane.label)) for i, lane in lanes if lane.trained is not None]
        return [Paragraph(f"Memory of {label}", sentences) for label, sentences in said if sentences]

    def compose(self) -> ComposeResult:
        with TextPane(classes="dialog words") as dialog:
            dialog.border_title = "Description"
            dialog.border_subtitle = self.hint(HINT)
            yield Static(self._content())

    @property
    def paragraphs(self) -> list[Paragraph]:
        """Return the description of the frame at the cursor."""
        view, frame = self._shown.seen, self.frame
        lane = min(view.lane, len(frame.lanes) - 1)
        state = view.state if view.state in frame.lanes[lane].states else "h"
        cursor = Cursor(lane, min(view.t, frame.length - 1), state)
        labels = [each.label for each in frame.lanes]
        seeds = described(self._seeds, frame, labels) if self._seeds else []
        limits = self._findings.paragraph if self._findings else None
        return describe(frame, cursor, self._remembered, view.keys.say(verdict(frame)), seeds, limits)

    def _content(self) -> Content:
        """Return the text with each sentence on lines of its own, so that a screen reader can go to it."""
        return Content("\n").join(
            piece
            for i, (title, said) in enumerate(self.paragraphs)
            for piece in (Content.styled(f"{chr(10) if i else ''}{title}", "bold $primary"), *map(Content, said))
        )

    def action_time(self, by: int) -> None:
        self._cursor.move_time(by)
        self._update()

    def action_lane(self) -> None:
        self._cursor.next_lane()
        self._update()

    def action_state(self) -> None:
        self._cursor.next_state()
        self._update()

    def _update(self) -> None:
        """Update the text, and scroll to its end, where the units are, because only they change."""
        self.query_one(".dialog Static", Static).update(self._content())
        self.query_one(TextPane).scroll_end(animate=False)

    def action_copy(self) -> None:
        self.app.copy_to_clipboard("\n".join(as_lines(self.paragraphs)))
        self.notify("copied to the clipboard", markup=False)
