"""Small questions over the lab: a text to type, a yes or no; and what the larger ones have in common."""

from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from rnn_tui.ui.input.bindings import CANCEL_KEYS, FUTURE_KEYS, READ_KEYS, YES_KEYS
from rnn_tui.ui.input.keymap import DEFAULT_KEYMAP, Keymap
from rnn_tui.ui.render.terminal_capabilities import canvas_of
from rnn_tui.ui.widgets.dismiss_once import DismissOnce

Answer = TypeVar("Answer")


class Dialog(DismissOnce, ModalScreen[Answer]):
    """``keys``: those in force, which its hints name."""

    def __init__(self, keys: Keymap = DEFAULT_KEYMAP) -> None:
        super().__init__()
        self._keys = keys

    def hint(self, text: str) -> Content:
        """What to press, for the lower border."""
        return Content(canvas_of(self.app).spell(self._keys.say(text)))


class TextDialog(Dialog[str | None]):
    """One line of text; ``check`` says what is wrong with it (empty: nothing), and keeps the dialog open."""

    BINDINGS: ClassVar[list[BindingType]] = list(CANCEL_KEYS)

    def __init__(self, title: str, about: str, value: str, check: Callable[[str], str], keys: Keymap = DEFAULT_KEYMAP) -> None:
        super().__init__(keys)
        self._title, self._about, self._value, self._check = title, about, value, check

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = self._title
            dialog.border_subtitle = self.hint("enter: done · {dialog.cancel}: cancel")
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


class QuestionDialog(Dialog[Answer]):
    """Answered with a key; ``answers`` says what each of them means."""

    def __init__(self, question: str, answers: str, keys: Keymap = DEFAULT_KEYMAP) -> None:
        super().__init__(keys)
        self._question, self._answers = question, answers

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_subtitle = self.hint(self._answers)
            yield Static(self._question, markup=False)


class FutureDialog(QuestionDialog[str | None]):
    """What becomes of a future that was cut off: "cut", "fork", or None where neither is decided yet."""

    BINDINGS: ClassVar[list[BindingType]] = [*CANCEL_KEYS, *FUTURE_KEYS]

    def __init__(self, question: str, keys: Keymap = DEFAULT_KEYMAP) -> None:
        answers = "{question.cut}: cut them off · {question.fork}: fork, keep them as a curve · {dialog.cancel}: stay"
        super().__init__(question, answers, keys)


class ConfirmDialog(QuestionDialog[bool]):
    """Yes, or no."""

    BINDINGS: ClassVar[list[BindingType]] = list(YES_KEYS)

    def __init__(self, question: str, yes: str, no: str, keys: Keymap = DEFAULT_KEYMAP) -> None:
        super().__init__(question, f"{{question.yes}}: {yes} · {{question.no}}: {no}", keys)


class ScrollingDialog(Dialog[Answer]):
    """A dialog with something to read that may be long, and that is scrolled while the focus is elsewhere."""

    BINDINGS: ClassVar[list[BindingType]] = [*CANCEL_KEYS, *READ_KEYS]

    def action_read(self, way: int) -> None:
        self.query_one(".dialog VerticalScroll", VerticalScroll).scroll_relative(y=3 * way, animate=False)
