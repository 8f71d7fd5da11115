"""Small questions over the lab: a text to type, a yes or no, a file to open."""

from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from rnn_tui.errors import RnnTuiError
from rnn_tui.library import PresetFile
from rnn_tui.own_data import open_any


class AskText(ModalScreen[str | None]):
    """One line of text; ``check`` says what is wrong with it (empty: nothing), and keeps the dialog open."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, title: str, about: str, value: str, check: Callable[[str], str]) -> None:
        super().__init__()
        self._title, self._about, self._value, self._check = title, about, value, check

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = self._title
            dialog.border_subtitle = "enter: done · esc: cancel"
            yield Static(self._about, markup=False, classes="about")
            yield Input(self._value, select_on_focus=True)
            yield Static("", markup=False, classes="problem")

    def on_input_changed(self) -> None:
        self.query_one(".problem", Static).update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        problem = self._check(event.value)
        if problem:
            self.query_one(".problem", Static).update(problem)
        else:
            self.dismiss(event.value)


class Confirm(ModalScreen[bool]):
    """A question with a key for each answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "dismiss(True)", "Yes"),
        Binding("n,escape", "dismiss(False)", "No"),
    ]

    def __init__(self, question: str, yes: str, no: str) -> None:
        super().__init__()
        self._question, self._answers = question, f"y: {yes} · n: {no}"

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_subtitle = self._answers
            yield Static(self._question, markup=False)


class OpenFile(ModalScreen[PresetFile | None]):
    """A path, and a column where it is a CSV file; stays open, with the reason, until a file can be used."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Open a file"
            dialog.border_subtitle = "enter: open · tab: next field · esc: cancel"
            yield Static("A preset (.toml), numbers of your own (.csv), or a text.", classes="about")
            yield Input(placeholder="path", id="path")
            yield Input(placeholder="column of a CSV file: a name, or a number from 1", id="column")
            yield Static("", markup=False, classes="problem")

    def on_input_submitted(self) -> None:
        path, column = (self.query_one(f"#{name}", Input).value.strip() for name in ("path", "column"))
        if path:
            self._say("reading …")
            self._load(path, column or None)

    @work(thread=True, exclusive=True)
    def _load(self, path: str, column: str | None) -> None:
        try:
            file = open_any(path, column)
        except RnnTuiError as error:
            self.app.call_from_thread(self._say, str(error))
        else:
            if not get_current_worker().is_cancelled:  # by a later try
                self.app.call_from_thread(self.dismiss, file)

    def _say(self, text: str) -> None:
        self.query_one(".problem", Static).update(text)
