"""Lists and texts that keys move through line by line, with keys that the settings may change."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import OptionList

from rnn_tui.ui.input.bindings import MOVE_KEYS, moving


def can_page(options: OptionList) -> bool:
    """Return whether the list is laid out and has a page height; Textual does not check this (8.2.8)."""
    return bool(options.scrollable_content_region)


class ChoiceList(OptionList):
    """A list of choices."""

    BINDINGS: ClassVar[list[BindingType]] = list(MOVE_KEYS)

    def action_page_up(self) -> None:
        if can_page(self):
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        if can_page(self):
            super().action_page_down()  # type: ignore[no-untyped-call]


class TextPane(VerticalScroll):
    """A scrolling text."""

    BINDINGS: ClassVar[list[BindingType]] = list(
        moving(cursor_up="scroll_up", cursor_down="scroll_down", first="scroll_home", last="scroll_end")
    )
