"""The menu of interventions, and the dialog in which one is typed; only flows.py imports it."""

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.suggester import SuggestFromList
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from rnn_tui.session.what_if import LaneIntervention
from rnn_tui.ui.dialogs.base import Dialog
from rnn_tui.ui.input.bindings import CANCEL_KEYS
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.panels.what_if_choices import GROUPS, OTHERS, Choice, checked, choices, completed, examples, heading
from rnn_tui.ui.render.terminal_capabilities import canvas_of
from rnn_tui.ui.widgets.option_list import ChoiceList

AROUND = 6  # rows of the dialog beside its lines
HINT = "letter or enter: choose · {list.up}{list.down} · {dialog.cancel}: cancel"


class WhatIfMenu(Dialog[Choice]):
    """Dismisses with a choice; a letter chooses its line at once."""

    BINDINGS: ClassVar[list[BindingType]] = list(CANCEL_KEYS)

    def __init__(self, view: ViewState) -> None:
        super().__init__(view.keys)
        self._heading = heading(view)
        self.choices = [*choices(view), *OTHERS]

    def compose(self) -> ComposeResult:
        options = list(self._options())
        with Vertical(classes="dialog what-if") as dialog:
            dialog.styles.max_height = len(options) + AROUND
            dialog.border_title = self._heading
            dialog.border_subtitle = self.hint(HINT)
            yield ChoiceList(*options)

    def _options(self) -> Iterator[Option]:
        """Yield a line for each choice, below headings; those that cannot act say why."""
        spell, group = canvas_of(self.app).spell, None
        for number, choice in enumerate(self.choices):
            if choice.group != group:
                group = choice.group
                yield Option(Content.styled(GROUPS.get(group, "or"), "bold $foreground 60%"), disabled=True)
            sign = "✓" if choice.is_on else " "
            why = f"  {choice.problem}" if choice.problem else "  on; choose it to take it out" if choice.is_on else ""
            key = (f" {choice.offer.key or ' '} ", "bold" if not choice.problem else "")
            line = Content.assemble(key, spell(f"{sign} {choice.offer.said}"), (spell(why), "dim italic"))
            yield Option(line, id=str(number), disabled=bool(choice.problem))

    def on_key(self, event: Key) -> None:
        """Take the line that the letter chooses."""
        for choice in self.choices:
            if choice.offer.key and event.character == choice.offer.key and not choice.problem:
                event.stop()
                self.dismiss(choice)
                return

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.choices[int(event.option_id or 0)])


class TypedIntervention(Dialog[LaneIntervention]):
    """Ask for an intervention as text, and say while it is typed what it does, or what is wrong with it."""

    BINDINGS: ClassVar[list[BindingType]] = list(CANCEL_KEYS)

    def __init__(self, view: ViewState, beginning: str, lane: int | None) -> None:
        super().__init__(view.keys)
        self._view, self._beginning, self._lane = view, beginning, lane

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog what-if-typed") as dialog:
            dialog.border_title = heading(self._view)
            dialog.border_subtitle = self.hint("enter: OK · →: complete · {dialog.cancel}: cancel")
            yield Input(
                self._beginning, select_on_focus=False, suggester=SuggestFromList(completed(""), case_sensitive=True)
            )
            yield Static("", markup=False, id="said")
            yield Static("", markup=False, classes="about")

    def on_mount(self) -> None:
        self.query_one(Input).action_end()

    def on_input_changed(self, event: Input.Changed) -> None:
        one, problem = checked(event.value, self._view, self._lane) if event.value.strip() else (None, "")
        names, spell = self._view.frame.preset.names, canvas_of(self.app).spell
        said = self.query_one("#said", Static)
        said.set_class(one is None and event.value != self._beginning, "problem")
        said.update(spell(f"→ {one.said(names)}" if one else problem))
        shown = examples(event.value)
        pattern = "{1}\n{0}" if len(shown) == 1 else "{0:<40} {1}"
        lines = [pattern.format(example, about) for example, about in shown]
        self.query_one(".about", Static).update(spell("\n".join(lines)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        one, _ = checked(event.value, self._view, self._lane)
        if one is not None:
            self.dismiss(one)


class OwnSequenceDialog(Dialog[str]):
    """Ask for a sequence of the user's own; ``check`` returns the problem with it, and what it is, one of both."""

    BINDINGS: ClassVar[list[BindingType]] = list(CANCEL_KEYS)

    def __init__(self, about: str, value: str, check: Callable[[str], tuple[str, str]], keys: Keymap) -> None:
        super().__init__(keys)
        self._about, self._value, self._check = about, value, check

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "A sequence of your own"
            dialog.border_subtitle = self.hint("enter: the nets read it · {dialog.cancel}: cancel")
            yield Static(f"{self._about}. Empty: the held-out sequence again.", markup=False, classes="about")
            yield Input(self._value, select_on_focus=True)
            yield Static("", markup=False, id="said")

    def on_input_changed(self, event: Input.Changed) -> None:
        problem, what = self._check(event.value)
        said = self.query_one("#said", Static)
        said.set_class(bool(problem), "problem")
        said.update(problem or what)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if not self._check(event.value)[0]:
            self.dismiss(event.value)
