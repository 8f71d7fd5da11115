"""The application: theme, command palette, and the lab as its one screen."""

import asyncio
import gc
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from functools import cached_property

from textual.app import App, SystemCommand
from textual.events import Event, Key
from textual.filter import LineFilter
from textual.screen import Screen

from rnn_tui.library import PresetFile
from rnn_tui.session.session import Session
from rnn_tui.ui.ascii import Ascii
from rnn_tui.ui.canvas import Canvas
from rnn_tui.ui.colors import CONTRAST, THEME
from rnn_tui.ui.screens.keys import KEYS
from rnn_tui.ui.screens.lab import LabScreen, Store

HANGING_UP = [] if sys.platform == "win32" else [signal.SIGHUP, signal.SIGTERM]


class LabApp(App[None]):
    """Opens the lab on one preset, or on a run that goes on; ``store``: where the run of a preset is kept by itself;
    ``in_ascii``: that nothing else is shown.
    """

    TITLE = "rnn-tui"
    CSS_PATH = "lab.tcss"

    def __init__(
        self, file: PresetFile, session: Session | None = None, store: Store = None, in_ascii: bool = False
    ) -> None:
        super().__init__()
        settings = getattr(self, "config", None)
        self._wanted = in_ascii, getattr(settings, "glyphs", "auto"), getattr(settings, "palette", "auto")
        self._ascii = Ascii()
        for theme in (THEME, CONTRAST):
            self.register_theme(theme)
        self.theme = CONTRAST.name if self._wanted[2] == "contrast" else THEME.name
        self.lab = LabScreen(file, session, store)

    def get_default_screen(self) -> Screen[None]:
        return self.lab

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, and what makes ASCII of all that is left."""
        return [*super().get_line_filters(), *([self._ascii] if self.canvas.ascii else [])]

    @cached_property
    def canvas(self) -> Canvas:
        """What the terminal can show, which is known once there is one."""
        return Canvas.of(self, *self._wanted)

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
        self.run_worker(self._look_back, thread=True)
        for number in HANGING_UP:  # a lost connection must not cost the run
            asyncio.get_running_loop().add_signal_handler(number, self._hang_up)

    def _hang_up(self) -> None:
        self.lab.player.stop()  # which keeps the run
        self.exit()

    def _look_back(self) -> None:
        """Offer the run of the lab that was closed last."""
        from rnn_tui.checkpoints import autosaves
        from rnn_tui.ui import runs

        autosaves.tidy()
        if found := runs.last():
            _, run = found
            self.call_from_thread(self.lab.offer, f"last run ({run.name}, step {run.step:,})")


def open_lab(file: PresetFile, session: Session | None = None, in_ascii: bool = False) -> int:
    """Run until the user quits; the exit code, which is not 0 after a crash."""
    from rnn_tui.checkpoints import autosaves

    # the player's thread shares the interpreter with the screen: short turns keep keys quick
    sys.setswitchinterval(0.0005)
    app = LabApp(file, session, lambda name: autosaves.path_for(time.strftime("%Y%m%d-%H%M%S"), name), in_ascii)
    app.run()
    app.lab.player.ended.wait()
    if app.lab.player.problem:
        print(app.lab.player.problem, file=sys.stderr)
    return app.return_code or 0
