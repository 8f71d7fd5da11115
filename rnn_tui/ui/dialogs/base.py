"""Base classes of dialogs, and small dialogs: a text to type, a question with answers."""

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
    """A dialog; its hints show the ``keys`` in force."""

    def __init__(self, keys: Keymap = DEFAULT_KEYMAP) -> None:
        super().__init__()
        self._keys = keys

    def hint(self, text: str) -> Content:
        """Return the keys of the dialog, for its lower border."""
        return Content(canvas_of(self.app).spell(self._keys.say(text)))


class TextDialog(Dialog[str | None]):
    """Ask for one line of text; ``check`` returns the problem with it, or an empty string."""

    BINDINGS: ClassVar[list[BindingType]] = list(CANCEL_KEYS)

    def __init__(
        self, title: str, about: str, value: str, check: Callable[[str], str], keys: Keymap = DEFAULT_KEYMAP
    ) -> None:
        super().__init__(keys)
        self._title, self._about, self._value, self._check = title, about, value, check

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = self._title
            dialog.border_subtitle = self.hint("enter: OK · {dialog.cancel}: cancel")
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
    """Ask a question that a key answers; ``answers`` describes the keys."""

    def __init__(self, question: str, answers: str, keys: Keymap = DEFAULT_KEYMAP) -> None:
        super().__init__(keys)
        self._question, self._answers = question, answers

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_subtitle = self.hint(self._answers)
            yield Static(self._question, markup=False)


class FutureDialog(QuestionDialog[str | None]):
    """Ask what to do with the steps after a change: "cut" to discard them, "fork" to keep them as a curve, None to
    cancel.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*CANCEL_KEYS, *FUTURE_KEYS]

    def __init__(self, question: str, keys: Keymap = DEFAULT_KEYMAP) -> None:
        answers = "{question.cut}: discard them · {question.fork}: keep them as a curve · {dialog.cancel}: cancel"
        super().__init__(question, answers, keys)


class ConfirmDialog(QuestionDialog[bool]):
    """Ask a question with the answers yes and no."""

    BINDINGS: ClassVar[list[BindingType]] = list(YES_KEYS)

    def __init__(self, question: str, yes: str, no: str, keys: Keymap = DEFAULT_KEYMAP) -> None:
        super().__init__(question, f"{{question.yes}}: {yes} · {{question.no}}: {no}", keys)


class ScrollingDialog(Dialog[Answer]):
    """A dialog with a long text, which scrolls while another widget has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [*CANCEL_KEYS, *READ_KEYS]

    def action_read(self, way: int) -> None:
        self.query_one(".dialog VerticalScroll", VerticalScroll).scroll_relative(y=3 * way, animate=False)
