"""The application: themes, the command palette, and the lab as its screen."""

import gc
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.actions import ActionParseResult
from textual.app import SystemCommand
from textual.command import Provider
from textual.dom import DOMNode
from textual.events import Event, Key
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen
from textual.theme import ThemeProvider

from rnn_tui.presets.store import PresetFile
from rnn_tui.session.session import Session
from rnn_tui.storage import user_folders
from rnn_tui.ui.guarded_app import GuardedApp
from rnn_tui.ui.input.action_done import name_of, refuse
from rnn_tui.ui.lab.active_settings import ActiveSettings, load
from rnn_tui.ui.lab.screen import LabScreen
from rnn_tui.ui.render.ascii_filter import Ascii
from rnn_tui.ui.render.palette import CONTRAST, LIGHT, THEME
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.shutdown.exit_watchdog import ExitWatchdog, end_at_once
from rnn_tui.ui.training.training_thread import TrainingThread

if TYPE_CHECKING:
    from rnn_tui.ui.lessons.lesson_store import LessonEntry
    from rnn_tui.ui.sweeps.sweep_source import SweepSource
    from rnn_tui.ui.sweeps.sweep_view import SweepView

USING_DEFAULTS = (
    "Invalid settings keep their defaults; if any key is invalid, all keys keep theirs. "
    "rnn-tui config --check shows these problems again."
)
DIALOGS = Path(__file__).parent / "dialogs" / "dialogs.tcss"
UNFINISHED = "this run could not be saved, because training did not stop in time; the last saved version is still there"


def _presets() -> type[Provider]:
    """Return the provider of presets, which is imported when the palette opens."""
    from rnn_tui.ui.lab.preset_provider import PresetProvider

    return PresetProvider


def _actions() -> type[Provider]:
    """Return the provider of actions and settings, which is imported when the palette opens."""
    from rnn_tui.ui.lab.action_provider import ActionProvider

    return ActionProvider


def _lessons() -> type[Provider]:
    """Return the provider of lessons, which is imported when the palette opens."""
    from rnn_tui.ui.lab.lesson_provider import LessonProvider

    return LessonProvider


class LabApp(GuardedApp):
    """The lab on one preset, or on a run that continues.

    Args:
        store: returns the path at which the run of a preset is saved automatically.
        settings: the settings of the user for every lab.
        in_ascii: whether to draw everything in plain ASCII.
        sweep: a sweep and a view of it, to show over the lab at first.
        lesson: a lesson to open at first, whose preset ``file`` is.
        welcomes: whether to offer a lesson to a newcomer, or the one that was open in the last lab.
    """

    TITLE = "rnn-tui"
    CSS_PATH = "lab/lab.tcss"
    COMMANDS = GuardedApp.COMMANDS | {_actions, _presets, _lessons}
    watchdog: ExitWatchdog | None = None  # only if the lab is a process of its own

    class HangUp(Message):
        """The lab has to end, because its terminal is gone."""

    def __init__(
        self,
        file: PresetFile,
        session: Session | None = None,
        store: Callable[[str], Path] | None = None,
        settings: ActiveSettings | None = None,
        in_ascii: bool = False,
        sweep: "tuple[SweepSource, SweepView] | None" = None,
        lesson: "LessonEntry | None" = None,
        welcomes: bool = False,
    ) -> None:
        super().__init__()
        self._sweep, self._lesson, self._welcomes = sweep, lesson, welcomes
        self._settings = settings or ActiveSettings()
        self.config = self._settings.config
        self._wanted = in_ascii, self.config.glyphs, self.config.palette
        self._ascii = Ascii()
        for theme in (THEME, CONTRAST, LIGHT):
            self.register_theme(theme)
        contrast = self.config.palette == "contrast" and self.config.theme == THEME.name
        self._begin_in(CONTRAST.name if contrast else self.config.theme)
        self.training = TrainingThread(file, self._on_news, session=session, store=store, every=1 / self.config.refresh)
        self.lab = LabScreen(self.training.channel, self._settings, self.training.bugs)

    def _on_news(self) -> None:
        """Tell the lab that there is something to collect; called by the training thread."""
        self.lab.post_message(LabScreen.Fresh())

    def _begin_in(self, theme: str) -> None:
        if theme != THEME.name or not self.current_theme.dark:
            self.theme = theme
            return
        # only colors differ from Textual's default theme; assigning it would parse all style sheets again
        self.set_reactive(GuardedApp.theme, theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> Screen[None]:
        return self.lab

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters, and the one that turns everything into ASCII."""
        return [*super().get_line_filters(), *([self._ascii] if self.canvas.ascii else [])]

    @cached_property
    def canvas(self) -> Canvas:
        """The capabilities of the terminal, known when the app runs."""
        return Canvas.of(self, *self._wanted)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield Textual's commands except the one for quitting, which is an action of the lab."""
        yield from (command for command in super().get_system_commands(screen) if command.title != "Quit")

    def action_command_palette(self) -> None:
        """Open the command palette, unless it is open."""
        self._open_palette()

    def search_themes(self) -> None:
        self._open_palette(providers=[ThemeProvider], placeholder="Search for themes…")

    def _open_palette(self, **options: Any) -> None:
        from rnn_tui.ui.lab.command_palette import LabCommandPalette

        if not any(isinstance(screen, LabCommandPalette) and not screen.left for screen in self.screen_stack):
            self.push_screen(LabCommandPalette(**options))

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action; if a key of ours is bound to it, report it when it has taken effect."""
        name = name_of(default_namespace or self, action) if isinstance(action, str) else ""
        with self.lab.reports.running(name):
            self.lab.settle(name)
            done = await super().run_action(action, default_namespace, namespaces)
            if not done:
                refuse()
            return done

    async def action_quit(self) -> None:
        """Ask before unsaved settings are lost, also for ctrl+q."""
        self.lab.action_leave()

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key):
            self.lab.channel.pause_after_key()
        await super().on_event(event)

    def on_cursor_position(self) -> None:
        self.lab.flow_control.arrived()

    def on_mount(self) -> None:
        self.run_worker(self.training.run, thread=True, name="training")
        if self._settings.keys.changed:
            self.set_keymap(dict(self._settings.keys.changed))

    def on_ready(self) -> None:
        """Load what the first frame did not need, and exclude everything loaded so far from garbage collection."""
        self.stylesheet.read(DIALOGS)
        self.stylesheet.reparse()
        if self._sweep is not None:
            self.lab.sweeps.show(*self._sweep)
        if self._lesson is not None:
            self.lab.lessons.begin(self._lesson, is_present=True)
        elif self._welcomes:
            self.lab.lessons.welcome()
        gc.freeze()
        gc.enable()
        self.run_worker(self._look_back, thread=True)
        if said := user_folders.problem():
            self.notify(said, severity="warning", markup=False, timeout=12)
        if problem := self._settings.problem:
            words = f"{problem}\n{USING_DEFAULTS}"
            self.notify(words, severity="error", markup=False, timeout=8 + 4 * words.count("\n"))

    # How it ends.

    def exit(self, *args: Any, **options: Any) -> None:
        super().exit(*args, **options)
        self.on_unmount()

    def on_unmount(self) -> None:
        """Start the watchdog that bounds the time of the exit, after quitting and after a crash."""
        if self.watchdog:
            self.watchdog.quitting()

    async def run_async(self, *args: Any, **options: Any) -> None:
        try:
            await super().run_async(*args, **options)
        finally:
            if self.watchdog:
                self.watchdog.left()

    def hang_up(self) -> None:
        """End soon, and save the run; may be called from any thread."""
        self.training.channel.stop()
        self.post_message(self.HangUp())

    def on_lab_app_hang_up(self) -> None:
        self.exit_in_order()

    def outcome(self) -> tuple[int, str]:
        """Return the exit code, and the messages to print: what could not be saved, and the tracebacks of bugs."""
        lost = self.training.lost() if self.training.ended.is_set() else UNFINISHED
        words = "\n\n".join(filter(None, [self.training.bugs.text, self.bugs.text, lost]))
        return 1 if words else self.return_code or 0, words

    def _look_back(self) -> None:
        """Offer the run of the lab that was closed last."""
        from rnn_tui.checkpoints import autosaves
        from rnn_tui.ui.training import run_commands

        with suppress(OSError):  # reported when a run cannot be saved
            if problem := autosaves.claim():
                self.call_from_thread(self.notify, problem, severity="warning", markup=False, timeout=12)
        autosaves.tidy()
        if found := run_commands.last():
            _, run = found
            self.call_later(self.lab.offer, f"last run ({run.name}, step {run.step:,})")


def open_lab(
    file: PresetFile,
    session: Session | None = None,
    in_ascii: bool = False,
    sweep: "tuple[SweepSource, SweepView] | None" = None,
    lesson: "LessonEntry | None" = None,
    welcomes: bool = False,
) -> int:
    """Run the lab until the user quits; return the exit code, which is not 0 after a crash.

    Args:
        sweep: what to show at first, over the lab.
        lesson: a lesson to open at first; ``file`` must be its preset.
        welcomes: whether to offer a lesson to a newcomer, or the one that was open in the last lab.
    """

    def autosave_path(name: str) -> Path:
        from rnn_tui.checkpoints import autosaves

        return autosaves.path_for(time.strftime("%Y%m%d-%H%M%S"), name)

    # the training thread shares the interpreter with the screen; short turns keep the screen responsive
    sys.setswitchinterval(0.0005)
    app = LabApp(file, session, autosave_path, load(), in_ascii, sweep, lesson, welcomes)
    with ExitWatchdog(app.hang_up, app.training.ended, app.outcome) as watchdog:
        app.watchdog = watchdog
        app.run()
        app.training.ended.wait()
    code, words = app.outcome()
    if words:
        print(words, file=sys.stderr)
    code = watchdog.code(code, words)
    end_at_once(code)
    return code
