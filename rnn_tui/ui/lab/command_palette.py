"""The command palette, of which there is one at a time, and which does one thing.

Textual's own fails on keys that come while its list is read, laid out or taken away (8.2.8).  What this overrides of
its private parts is held in ``tests/ui/test_palette.py``.
"""

from contextlib import suppress
from typing import Any

from textual import on, work
from textual.command import CommandList, CommandPalette
from textual.css.query import NoMatches
from textual.events import Key
from textual.widgets import Button, Input, OptionList

from rnn_tui.ui.dialogs.base import DismissOnce
from rnn_tui.ui.widgets.option_list import can_page

GATHERING = CommandPalette._GATHER_COMMANDS_GROUP
WAITING_KEYS = {"enter", "pageup", "pagedown", "up", "down"}  # that are about what is listed


class LabCommandPalette(DismissOnce, CommandPalette):
    """Takes what it is asked for once, and only while it is open."""

    @property
    def _gathering(self) -> bool:
        return any(
            worker.node is self and worker.group == GATHERING and not worker.is_finished for worker in self.workers
        )

    def holds(self, key: Key) -> bool:
        """Whether the list is still being read that the key is about."""
        return key.key in WAITING_KEYS and (self._gathering or not self.has_class("-ready"))

    # What comes when it has been left already is not Textual's to handle.

    @on(Input.Changed)
    @on(Input.Submitted)
    @on(Button.Pressed)
    @on(OptionList.OptionSelected)
    def _too_late(self, event: Any) -> None:
        if self.left or not self.is_active:
            event.stop()
            event.prevent_default()

    @work(exclusive=True, group=GATHERING)
    async def _gather_commands(self, search_value: str) -> None:
        with suppress(NoMatches):  # it was closed meanwhile
            await CommandPalette._gather_commands.__wrapped__(self, search_value)  # type: ignore[attr-defined]

    def _action_command_list(self, action: str) -> None:
        if action not in ("page_up", "page_down") or can_page(self.query_one(CommandList)):
            super()._action_command_list(action)
