"""The dialog in which the nets write text; only flows.py imports it."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from rnn_tui.engine.losses import Answer
from rnn_tui.errors import DataError, escaped
from rnn_tui.session.frame import Frame
from rnn_tui.session.generation import Writing
from rnn_tui.tasks import Task
from rnn_tui.ui.dialogs.base import Dialog
from rnn_tui.ui.input.bindings import TEXT_KEYS
from rnn_tui.ui.panels.control_rows import TEMPERATURES
from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.render.terminal_capabilities import palette_of
from rnn_tui.ui.training.writing_commands import Texts
from rnn_tui.ui.widgets.option_list import TextPane

PART, PART_OF_WORDS = 240, 80  # symbols that are written at once
MOST_PARTS = 20
LONGEST_PROMPT = 200  # characters
FOLLOW = 0.5  # seconds after which the texts follow the step
LINE_END = "↵"  # in the prompt
HINT = (
    "{text.prompt}: prompt · {text.more}: write more · {text.draw}: new draw · "
    "{text.colder}{text.warmer}: temperature · {text.copy}: copy · {text.close}: close"
)
SHORT_HINT = "{text.prompt} prompt · {text.more} more · {text.draw} new draw · {text.copy} copy · {text.close}"
TYPING = "enter: write · {text.close}: leave the prompt"
NARROW = 100  # columns below which the hint is short
ANSWERS = {Answer.BIT: "bits", Answer.NUMBER: "numbers", Answer.CLASS: "classes"}


class WritingDialog(Dialog[None]):
    """Shows a text of each lane at the present step; while the lab trains, the texts follow.

    Args:
        ask: asks the training thread for texts, which come as a ``Written``; returns False if it has too much to do.
    """

    AUTO_FOCUS = "TextPane"
    BINDINGS: ClassVar[list[BindingType]] = list(TEXT_KEYS)

    class Written(Message):
        """The nets have written."""

        def __init__(self, texts: Texts) -> None:
            super().__init__()
            self.texts = texts

    def __init__(self, shown: ViewAccess, ask: Callable[[Writing], bool]) -> None:
        super().__init__(shown.seen.keys)
        self._shown, self._ask = shown, ask
        words = any(len(symbol) > 1 for symbol in shown.seen.frame.task.alphabet)
        self._part = PART_OF_WORDS if words else PART
        self._wanted = Writing(temperature=shown.seen.frame.preset.temperature, count=self._part)
        self._asked: tuple[Writing, int] | None = None  # what was asked for last, and at which step
        self._waiting = False  # for the texts that were asked for
        self.texts: Texts | None = None

    @property
    def _frame(self) -> Frame:
        return self._shown.seen.frame

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog writing") as dialog:
            dialog.border_title = "Text that the nets write"
            yield Static(id="settings", markup=False)
            with Horizontal(id="start"):
                yield Static("prompt")
                yield Input(
                    placeholder="empty: starts with the probe's first symbol", max_length=LONGEST_PROMPT, compact=True
                )
            yield Static("", markup=False, classes="problem")
            with TextPane():
                yield Static("writing …", id="texts")

    def on_mount(self) -> None:
        self._end_prompt()
        self._follow()
        self.set_interval(FOLLOW, self._follow)

    def on_resize(self) -> None:
        self._show_keys()

    def on_descendant_focus(self) -> None:
        self._show_keys()

    # What is wanted.

    def _want(self, wanted: Writing) -> None:
        self._wanted = wanted
        self._follow()

    def _follow(self) -> None:
        """Ask for texts if they are not what is wanted, or not those of the present step; one request at a time."""
        present = self._wanted, self._frame.step
        if not self._waiting and present != self._asked and self._ask(self._wanted):
            self._asked, self._waiting = present, True
        self._show_settings()

    def on_writing_dialog_written(self, message: Written) -> None:
        self.texts, self._waiting = message.texts, False
        self.query_one("#texts", Static).update(self._content(message.texts))
        if message.texts.wanted is not self._wanted:
            self._follow()
        self._show_settings()

    def action_more(self) -> None:
        if self._wanted.count < MOST_PARTS * self._part:
            self._want(replace(self._wanted, count=self._wanted.count + self._part))
        else:
            self.notify(f"a text has at most {self._wanted.count:,} symbols", markup=False)

    def action_draw(self, way: int) -> None:
        self._want(replace(self._wanted, draw=max(0, self._wanted.draw + way)))

    def action_temperature(self, way: int) -> None:
        present = self._wanted.temperature or 0.0
        order = TEMPERATURES if way > 0 else TEMPERATURES[::-1]
        following = next((value for value in order if (value - present) * way > 1e-9), present)
        self._want(replace(self._wanted, temperature=following))

    def action_copy(self) -> None:
        if self.texts is not None:
            labels = [lane.label for lane in self._frame.lanes]
            pairs = zip(labels, self.texts.texts, strict=True)
            self.app.copy_to_clipboard("\n\n".join(f"{label}:\n{text}" for label, text in pairs))
            self.notify("copied to the clipboard", markup=False)

    # The prompt.

    def action_prompt(self) -> None:
        field = self.query_one(Input)
        field.disabled = False
        field.focus()

    def on_input_changed(self) -> None:
        self._complain("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            prompt = self._frame.task.encoded(event.value.replace(LINE_END, "\n"))
        except DataError as error:
            self._complain(str(error))
            return
        self._end_prompt()
        self._want(replace(self._wanted, prompt=tuple(prompt)))

    def _complain(self, problem: str) -> None:
        said = self.query_one(".problem", Static)
        said.update(problem)
        said.display = bool(problem)

    def action_close(self) -> None:
        """Leave the prompt if it is being typed, otherwise close the dialog."""
        if self.query_one(Input).has_focus:
            self._end_prompt()
        else:
            self.dismiss(None)

    def _end_prompt(self) -> None:
        self._complain("")
        self.query_one(TextPane).focus()
        self.query_one(Input).disabled = True  # otherwise tab would lead into it

    # The texts.

    def _show_keys(self) -> None:
        typing = self.query_one(Input).has_focus
        hint = HINT if self.app.size.width >= NARROW else SHORT_HINT
        self.query_one(".writing").border_subtitle = self.hint(TYPING if typing else hint)

    def _show_settings(self) -> None:
        wanted = self._wanted
        step = self.texts.step if self.texts else self._frame.step
        temperature = f"{wanted.temperature:g}" if wanted.temperature else "0: the likeliest"
        keys = "" if self.app.size.width >= NARROW else self._keys.say("({text.colder}{text.warmer}) ")
        says = f"step {step:,} · temperature {temperature} {keys}· draw {wanted.draw + 1} · {wanted.count:,} symbols"
        self.query_one("#settings", Static).update(self.hint(says))

    def _content(self, texts: Texts) -> Content:
        """Return each lane's name and text; the prompt is dimmed."""
        colors = palette_of(self.app)
        parts: list[Content] = []
        for number, (lane, text) in enumerate(zip(self._frame.lanes, texts.texts, strict=True)):
            own = text.removeprefix(texts.prompt)
            said = [(_lines(texts.prompt), colors.muted), (_lines(own), "")] if text else ["its answers are not finite"]
            parts.append(Content.assemble((f"{lane.label}\n", f"bold {colors.lane(number)}"), *said))
        return Content("\n\n").join(parts)


def _lines(text: str) -> str:
    return "\n".join(map(escaped, text.split("\n")))


def cannot_write(task: Task) -> str:
    """Return why the nets of a task do not write text."""
    return f"The nets of this preset answer with {ANSWERS[task.loss.answer]}, so they write no text"
