"""What is gone through line by line: Textual's own, with keys that settings may add."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import OptionList

from rnn_tui.ui.input.bindings import MOVE_KEYS, moving


def can_page(options: OptionList) -> bool:
    """Whether the list is laid out, so that it is known what a page is; Textual asks without looking (8.2.8)."""
    return bool(options.scrollable_content_region)


class ChoiceList(OptionList):
    """Things to choose from."""

    BINDINGS: ClassVar[list[BindingType]] = list(MOVE_KEYS)

    def action_page_up(self) -> None:
        if can_page(self):
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        if can_page(self):
            super().action_page_down()  # type: ignore[no-untyped-call]


class TextPane(VerticalScroll):
    """A text that may be longer than its place."""

    BINDINGS: ClassVar[list[BindingType]] = list(
        moving(cursor_up="scroll_up", cursor_down="scroll_down", first="scroll_home", last="scroll_end")
    )
