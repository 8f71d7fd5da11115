"""The lab: panels around one view, and keys that become commands for the player."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Static

from rnn_tui import library
from rnn_tui.errors import RnnTuiError
from rnn_tui.library import Entry, PresetFile
from rnn_tui.ui.panels.compare import ComparePanel
from rnn_tui.ui.panels.controls import Controls
from rnn_tui.ui.panels.equation import EquationPanel
from rnn_tui.ui.panels.hidden import HiddenPanel
from rnn_tui.ui.panels.keyline import KeyLine
from rnn_tui.ui.panels.loss import LossPanel
from rnn_tui.ui.panels.panel import Panel
from rnn_tui.ui.panels.sequence import SequencePanel
from rnn_tui.ui.panels.status import Headline, Status, Tabs
from rnn_tui.ui.player import Command, Player
from rnn_tui.ui.screens.keys import KEYS, SPARE
from rnn_tui.ui.screens.layout import Layout
from rnn_tui.ui.settings import PACES, Setting, parsed, settings_of, with_kind
from rnn_tui.ui.view import View
from rnn_tui.ui.widgets.tracks import TimeClicked

PANELS = (Controls, SequencePanel, HiddenPanel, LossPanel, ComparePanel, EquationPanel)


# The dialogs are imported where they are opened: the first frame does not need them.


class LabScreen(Screen[None]):
    """Attributes down: ``view`` goes to every panel.  Messages up: keys, clicks and the player's news come here."""

    AUTO_FOCUS = "HiddenPanel"
    BINDINGS: ClassVar[list[BindingType]] = list(KEYS)

    view: reactive[View | None] = reactive(None, init=False)

    class Fresh(Message):
        """The player has a new frame or something to say."""

    def __init__(self, file: PresetFile) -> None:
        super().__init__()
        self.player = Player(file, lambda: self.post_message(self.Fresh()))
        self._panels = Layout()

    def compose(self) -> ComposeResult:
        yield Headline().data_bind(LabScreen.view)
        yield Tabs()
        with Horizontal(id="body"):
            yield Controls().data_bind(LabScreen.view)
            with Vertical(id="main"):
                yield SequencePanel().data_bind(LabScreen.view)
                yield HiddenPanel().data_bind(LabScreen.view)
                with Horizontal(id="bottom"):
                    yield LossPanel().data_bind(LabScreen.view)
                    yield ComparePanel().data_bind(LabScreen.view)
        yield EquationPanel().data_bind(LabScreen.view)
        yield Status().data_bind(LabScreen.view)
        yield Static(id="small")
        yield KeyLine(KEYS, SPARE)

    def on_mount(self) -> None:
        training = self.player.file.preset.training
        self.view = View(self.player.frame, self.player.file.name, pace=training.speed)
        self.arrange_panels()
        self.run_worker(self.player.run, thread=True, name="player")

    def on_unmount(self) -> None:
        self.player.stop()

    # News of the player.

    def on_lab_screen_fresh(self) -> None:
        frame, news = self.player.collect()
        player, view = self.player, self._seen
        lane = min(view.lane, len(frame.lanes) - 1)
        units = frame.lanes[lane].hidden.shape[1]
        lanes_before = len(view.frame.lanes)
        self.view = replace(
            view, frame=frame, name=player.file.name, lane=lane, t=min(view.t, frame.length - 1),
            unit=min(view.unit, units - 1), playing=player.playing, pace=player.pace, rate=player.rate,
            unsaved=player.unsaved,
        )  # fmt: skip
        if len(frame.lanes) != lanes_before:
            self.arrange_panels()
        for item in news:
            self.app.clear_notifications()
            self.notify(item.text, severity=item.severity, markup=False, timeout=8 if item.severity == "error" else 4)

    @property
    def _seen(self) -> View:
        assert self.view is not None
        return self.view

    def _send(self, command: Command) -> None:
        if not self.player.send(command):
            self.app.bell()

    # Where things are.

    def on_resize(self) -> None:
        self.arrange_panels()

    def arrange_panels(self, **changes: Any) -> None:
        """Show the panels that fit; ``changes`` are of the layout's active panel and zoom."""
        width, height = self.app.size
        lanes = len(self._seen.frame.lanes)
        layout = replace(self._panels, width=width, height=height, lanes=lanes, **changes)
        if layout != self._panels:
            self._panels = layout
            layout.apply(self)

    def action_panel(self, number: int) -> None:
        self.arrange_panels(active=number)
        self.query_one(PANELS[number - 1]).focus()

    def action_zoom(self) -> None:
        focused = next(
            (w for w in (self.focused.ancestors_with_self if self.focused else ()) if isinstance(w, Panel)), None
        )
        active = focused.number if focused else self._panels.active
        self.arrange_panels(active=active, zoomed=not self._panels.zoomed)

    # Time: of training, and of the probe.

    def action_play(self) -> None:
        self._send(lambda player: player.play(not player.playing))

    def action_step(self, count: int) -> None:
        self._send(lambda player: _paused(player, lambda: player.session.forward(count)))

    def action_step_back(self, count: int) -> None:
        self._send(lambda player: _paused(player, lambda: player.session.back(count)))

    def action_rewind(self) -> None:
        self._send(lambda player: _paused(player, player.session.rewind))

    def action_reseed(self) -> None:
        self._send(lambda player: f"seed {player.session.preset.training.seed + 1}: {player.session.reseed()}")

    def action_pace(self, way: int) -> None:
        order = [pace or float("inf") for pace in PACES]
        pace = self.player.pace or float("inf")
        beside = [p for p in (order if way > 0 else reversed(order)) if (p - pace) * way > 0]
        if beside:
            self._send(lambda player: player.set_pace(0 if beside[0] == float("inf") else int(beside[0])))

    def action_time(self, by: int) -> None:
        view = self._seen
        self.view = replace(view, t=max(0, min(view.frame.length - 1, view.t + by)))

    def action_unit(self, by: int) -> None:
        view = self._seen
        self.view = replace(view, unit=(view.unit + by) % len(view.units))

    def action_lane(self) -> None:
        view = self._seen
        lane = (view.lane + 1) % len(view.frame.lanes)
        self.view = replace(view, lane=lane, unit=min(view.unit, view.frame.lanes[lane].hidden.shape[1] - 1))

    def action_log(self) -> None:
        self.view = replace(self._seen, log=not self._seen.log)

    def on_time_clicked(self, event: TimeClicked) -> None:
        self.view = replace(self._seen, t=event.t, unit=self._seen.unit if event.unit is None else event.unit)

    # Settings.

    def change(self, changes: dict[str, Any]) -> None:
        self._send(lambda player: player.session.change(changes))

    def action_activation(self) -> None:
        self._beside("activation", 1)

    def action_hidden(self, way: int) -> None:
        self._beside("hidden_size", way)

    def _beside(self, name: str, way: int) -> None:
        """The next value of a setting, counted from what it will be when the command's turn has come."""
        lane = self._seen.lane

        def command(player: Player) -> str:
            rows = settings_of(player.session.preset, min(lane, len(player.session.preset.lanes) - 1))
            setting = next(row for row in rows if row.key.endswith(name))
            value = setting.beside(way)
            said = player.session.change({setting.key: value})
            return f"{name.replace('_', ' ')} {value}: {said}" if said else f"{name.replace('_', ' ')} stays {value}"

        self._send(command)

    def on_controls_changed(self, event: Controls.Changed) -> None:
        self._set(event.setting, event.value)

    def on_controls_asked(self, event: Controls.Asked) -> None:
        setting = event.setting

        def check(text: str) -> str:
            try:
                self._seen.frame.preset.with_changes(self._changes(setting, parsed(text)))
            except RnnTuiError as error:
                return str(error).split("\n", 1)[-1].strip()
            return ""

        def done(text: str | None) -> None:
            if text is not None:
                self._set(setting, parsed(text))

        about = f"{setting.key}" + (f": one of {', '.join(setting.choices)}" if isinstance(setting.value, str) else "")
        from rnn_tui.ui.screens.dialogs import AskText

        self.app.push_screen(AskText(f"Set {setting.label}", about, str(setting.value), check), done)

    def _set(self, setting: Setting, value: Any) -> None:
        self.change(self._changes(setting, value))

    def _changes(self, setting: Setting, value: Any) -> dict[str, Any]:
        if setting.key.endswith(".kind") and setting.key.startswith("lanes."):
            return with_kind(self._seen.frame.preset, int(setting.key.split(".")[1]), value)
        return {setting.key: value}

    def action_undo(self) -> None:
        self._send(Player.undo)

    # Files.

    def action_pick(self) -> None:
        from rnn_tui.ui.screens.picker import Picker

        def done(entry: Entry | None) -> None:
            if entry is not None:
                self._send(lambda player: player.open(library.load(entry.path)))

        self.app.push_screen(Picker(self._seen.name), done)

    def action_open(self) -> None:
        from rnn_tui.ui.screens.dialogs import OpenFile

        def done(file: PresetFile | None) -> None:
            if file is not None:
                self._send(lambda player: player.open(file))

        self.app.push_screen(OpenFile(), done)

    def action_save(self) -> None:
        from rnn_tui.ui.screens.dialogs import AskText, Confirm

        def done(name: str | None) -> None:
            if name is None:
                return
            if library.own_path(name).exists():
                question = f"There is a preset {name!r} of yours already. Overwrite it?"
                self.app.push_screen(Confirm(question, "overwrite", "keep it"), lambda yes: save(name) if yes else None)
            else:
                save(name)

        def save(name: str) -> None:
            self._send(lambda player: player.save(name))

        about = f"A name for these settings; they go to {library.own_folder()}"
        self.app.push_screen(AskText("Save preset", about, self._free_name(), _complaint), done)

    def _free_name(self) -> str:
        """The preset's own name where it is the user's, else one that is free."""
        name = self._seen.name
        return name if not _complaint(name) else f"my-{name}"

    def action_help(self) -> None:
        from rnn_tui.ui.screens.help import Help

        self.app.push_screen(Help([*KEYS]))

    def action_leave(self) -> None:
        if not self._seen.unsaved:
            self.app.exit()
            return
        from rnn_tui.ui.screens.dialogs import Confirm

        question = "The settings have been changed and are not saved. Quit all the same?"
        self.app.push_screen(Confirm(question, "quit", "stay"), lambda yes: self.app.exit() if yes else None)


def _paused(player: Player, move: Callable[[], object]) -> None:
    """A single step while playing means: stop here, and go on by hand."""
    player.play(False)
    move()


def _complaint(name: str) -> str:
    try:
        library.own_path(name)
    except RnnTuiError as error:
        return str(error)
    return ""
