"""The application: theme, command palette, and the lab as its one screen."""

import gc
import sys
from collections.abc import Iterable

from textual.app import App, SystemCommand
from textual.events import Event, Key
from textual.screen import Screen

from rnn_tui.library import PresetFile
from rnn_tui.ui.colors import THEME
from rnn_tui.ui.screens.keys import KEYS
from rnn_tui.ui.screens.lab import LabScreen


class LabApp(App[None]):
    """Opens the lab on one preset."""

    TITLE = "rnn-tui"
    CSS_PATH = "lab.tcss"

    def __init__(self, file: PresetFile) -> None:
        super().__init__()
        self.register_theme(THEME)
        self.theme = THEME.name
        self.lab = LabScreen(file)

    def get_default_screen(self) -> Screen[None]:
        return self.lab

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Textual's own, and every action of the lab."""
        yield from (command for command in super().get_system_commands(screen) if command.title != "Quit")
        for binding in KEYS:
            action = binding.action
            yield SystemCommand(binding.description, binding.tooltip, lambda action=action: self.lab.run_action(action))

    async def action_quit(self) -> None:
        """ctrl+q too asks before settings are lost."""
        self.lab.action_leave()

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key):
            self.lab.player.stand_back()
        await super().on_event(event)

    def on_ready(self) -> None:
        """The first frame stands: what has been loaded by now stays, and need not be looked through again."""
        gc.freeze()
        gc.enable()


def open_lab(file: PresetFile) -> int:
    """Run until the user quits; the exit code, which is not 0 after a crash."""
    # the player's thread shares the interpreter with the screen: short turns keep keys quick
    sys.setswitchinterval(0.0005)
    app = LabApp(file)
    app.run()
    return app.return_code or 0
