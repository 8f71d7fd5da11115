"""The command palette: only one can be open, and it runs one command."""

from typing import Any

from textual import on
from textual.command import CommandList
from textual.events import Key
from textual.widgets import Button, Input, OptionList

from rnn_tui.ui.input.textual_internals import GuardedPalette
from rnn_tui.ui.widgets.dismiss_once import DismissOnce
from rnn_tui.ui.widgets.option_list import can_page

WAITING_KEYS = {"enter", "pageup", "pagedown", "up", "down"}  # keys that need the list


class LabCommandPalette(DismissOnce, GuardedPalette):
    """Runs one command, and only while it is open."""

    def holds(self, key: Key) -> bool:
        """Return whether a key needs the list, which is still being read."""
        return key.key in WAITING_KEYS and (self.gathering or not self.has_class("-ready"))

    # Events that come after the palette was left must not reach Textual's handlers.

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
