"""What is gone through line by line: Textual's own, with keys that settings may add."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import OptionList

from rnn_tui.ui.screens.keys import MOVE_KEYS, moving


class Choices(OptionList):
    """Things to choose from."""

    BINDINGS: ClassVar[list[BindingType]] = list(MOVE_KEYS)


class Reading(VerticalScroll):
    """A text that may be longer than its place."""

    BINDINGS: ClassVar[list[BindingType]] = list(
        moving(cursor_up="scroll_up", cursor_down="scroll_down", first="scroll_home", last="scroll_end")
    )
