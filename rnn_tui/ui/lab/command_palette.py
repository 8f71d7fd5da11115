"""The command palette, of which there is one at a time, and which does one thing."""

from typing import Any

from textual import on
from textual.command import CommandList
from textual.events import Key
from textual.widgets import Button, Input, OptionList

from rnn_tui.ui.input.textual_internals import GuardedPalette
from rnn_tui.ui.widgets.dismiss_once import DismissOnce
from rnn_tui.ui.widgets.option_list import can_page

WAITING_KEYS = {"enter", "pageup", "pagedown", "up", "down"}  # that are about what is listed


class LabCommandPalette(DismissOnce, GuardedPalette):
    """Takes what it is asked for once, and only while it is open."""

    def holds(self, key: Key) -> bool:
        """Whether the list is still being read that the key is about."""
        return key.key in WAITING_KEYS and (self.gathering or not self.has_class("-ready"))

    # What comes when it has been left already is not Textual's to handle.

    @on(Input.Changed)
    @on(Input.Submitted)
    @on(Button.Pressed)
    @on(OptionList.OptionSelected)
    def _too_late(self, event: Any) -> None:
        if self.left or not self.is_active:
            event.stop()
            event.prevent_default()

    @property
    def can_turn_pages(self) -> bool:
        return can_page(self.query_one(CommandList))
