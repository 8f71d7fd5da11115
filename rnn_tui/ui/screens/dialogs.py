"""Small questions over the lab: a text to type, a yes or no; and what the larger ones have in common."""

from collections.abc import Callable, Mapping
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Input, Static

Answer = TypeVar("Answer")
CANCEL = Binding("escape", "dismiss(None)", "Cancel")


class AskText(ModalScreen[str | None]):
    """One line of text; ``check`` says what is wrong with it (empty: nothing), and keeps the dialog open."""

    BINDINGS: ClassVar[list[BindingType]] = [CANCEL]

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


class Decide(ModalScreen[str | None]):
    """A question with a key for each answer; the key is what is answered, None: neither."""

    BINDINGS: ClassVar[list[BindingType]] = [CANCEL]

    def __init__(self, question: str, answers: Mapping[str, str]) -> None:
        super().__init__()
        self._question, self._answers = question, answers

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            keys = {**self._answers, "esc": "stay"}
            dialog.border_subtitle = Content(" · ".join(f"{key}: {answer}" for key, answer in keys.items()))
            yield Static(self._question, markup=False)

    def on_key(self, event: Key) -> None:
        if event.character in self._answers:
            event.stop()
            self.dismiss(event.character)


class Confirm(ModalScreen[bool]):
    """Yes, or no."""

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


class Chooser(ModalScreen[Answer]):
    """A dialog with something to read that may be long, and that is scrolled while the focus is elsewhere."""

    BINDINGS: ClassVar[list[BindingType]] = [
        CANCEL,
        Binding("shift+up,ctrl+up", "read(-1)", "Read up"),
        Binding("shift+down,ctrl+down", "read(1)", "Read on"),
    ]

    def action_read(self, way: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=3 * way, animate=False)
