"""The lab: panels around one view, and keys that become commands for the player."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, TypeAlias

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from rnn_tui.presets.store import PresetFile
from rnn_tui.session.session import Session
from rnn_tui.ui.input.bindings import SPARE, lab_keys
from rnn_tui.ui.lab.active_settings import Setup
from rnn_tui.ui.lab.flow_control import AGAIN, QUESTION, Receipt
from rnn_tui.ui.lab.status_lines import Headline, PanelTabs, StatusLine
from rnn_tui.ui.lab.view_actions import Look
from rnn_tui.ui.panels.control_rows import Setting
from rnn_tui.ui.panels.controls import ControlsPanel
from rnn_tui.ui.panels.registry import PANELS
from rnn_tui.ui.panels.view_state import DRAWINGS, ViewState
from rnn_tui.ui.training import setting_commands
from rnn_tui.ui.training.frame_publisher import News, Snapshot
from rnn_tui.ui.training.training_thread import Command, Player
from rnn_tui.ui.widgets.footer import Footer

MOST_ERRORS = 3  # that stay on the screen when others come
LAST_ANSWER = 1.0  # seconds that the last answer of the terminal is waited for

Store: TypeAlias = Callable[[str], Path] | None


class LabScreen(Look):
    """Messages up: keys, clicks and the player's news come here.  It belongs to the screen's thread, as all widgets do;
    of the player it knows the snapshot that it has collected.
    """

    AUTO_FOCUS = ""  # the layout says which panel is active at first
    BINDINGS: ClassVar[list[BindingType]] = list(lab_keys())

    class Fresh(Message):
        """The player has a new frame or something to say."""

    def __init__(self, file: PresetFile, session: Session | None, store: Store, setup: Setup) -> None:
        super().__init__(setup.keys)
        every = 1 / setup.config.refresh
        self.player = Player(file, lambda: self.post_message(self.Fresh()), session=session, store=store, every=every)
        self.receipt = Receipt(self._ask_terminal, self._show_news, self._unsent)

    def compose(self) -> ComposeResult:
        yield Headline().data_bind(LabScreen.view)
        yield PanelTabs()
        with Vertical(id="body"):
            for panel in PANELS:
                yield panel().data_bind(LabScreen.view)
        yield StatusLine().data_bind(LabScreen.view)
        yield Static(id="small")
        yield Footer(self._keys.bound(lab_keys()), SPARE)

    def on_mount(self) -> None:
        (frame, player), _ = self.player.collect()
        self._reminder = self.set_interval(AGAIN, self.receipt.remind, pause=True)
        self.view = ViewState(frame, player.name, pace=player.pace, drawing=DRAWINGS[0], keys=self._keys)
        self.arrange_panels()
        self.run_worker(self.player.run, thread=True, name="player")
        if note := self.player.session.replay_note:
            self.player.send(lambda player: player.say(note, "error"))
        self.app.theme_changed_signal.subscribe(self, self._recolour)

    def offer(self, what: str) -> None:
        """Say what could be taken up again."""
        self.view = replace(self.seen, offer=what)

    def on_unmount(self) -> None:
        self.player.stop()

    # News of the player.

    def on_lab_screen_fresh(self) -> None:
        if not self.receipt.news():
            self.player.drawn()  # training does not wait for a slow line
            self._reminder.resume()

    def _show_news(self) -> None:
        self.catch_up()

    def catch_up(self) -> Snapshot:
        """Collect the newest snapshot and the news, and show both."""
        self._reminder.pause()
        snapshot, news = self.player.collect()
        (frame, player), view = snapshot, self.seen
        lane = min(view.lane, len(frame.lanes) - 1)
        units = frame.lanes[lane].hidden.shape[1]
        self.view = replace(
            view, frame=frame, name=player.name, lane=lane, t=min(view.t, frame.length - 1),
            unit=min(view.unit, units - 1), playing=player.playing, pace=player.pace, rate=player.rate,
            goal=player.goal, unsaved=player.changed,
        )  # fmt: skip
        if frame.preset is not view.frame.preset:  # perhaps with another number of lanes or inputs
            self.arrange_panels()
        self.call_after_refresh(self._drawn)
        self._tell_news(news)
        return snapshot

    def _tell_news(self, news: list[News]) -> None:
        """Ask the questions; show the last information, and every error."""
        for item in news:
            if item.again is not None:
                self._ask.future(self, item)
        errors = [self._keys.say(item.text) for item in news if item.severity == "error"]
        information = [self._keys.say(item.text) for item in news if item.plain]
        if errors:
            standing = [note.message for note in self.app._notifications if note.severity == "error"]
            self._make_room(wrong=True)
            for text in list(dict.fromkeys([*standing, *errors]))[-max(MOST_ERRORS, len(errors)) :]:
                self.notify(text, severity="error", markup=False, timeout=8)
        if information:
            self._make_room()
            self.notify(information[-1], markup=False, timeout=4)

    def _drawn(self) -> None:
        self.player.drawn()
        self.receipt.sent()

    def _ask_terminal(self) -> None:
        if self.app._driver:
            self.app._driver.write(QUESTION)

    def _unsent(self) -> int:
        """Writes that wait for a terminal which takes no more just now."""
        writer = getattr(self.app._driver, "_writer_thread", None)
        return writer._queue.qsize() if writer else 0

    def quit(self) -> None:
        self.player.stop()  # so that the run is saved while the terminal is waited for
        self.set_timer(LAST_ANSWER, self.app.exit)
        self.receipt.finish(self.app.exit)

    def send(self, command: Command, travels: bool = False) -> bool:
        """Have the player do it; False, and a word about it, where too much is waiting already."""
        sent = self.player.send(command, travels)
        if not sent:
            self.notify("still busy with the keys before this one", severity="warning", markup=False)
        return sent

    # Settings.

    def action_reseed(self) -> None:
        self.send(setting_commands.reseed)

    def action_activation(self) -> None:
        self.send(setting_commands.beside(f"lanes.{self.seen.lane}.activation", self.seen.lane, 1))

    def action_hidden(self, way: int) -> None:
        self.send(setting_commands.beside(f"lanes.{self.seen.lane}.hidden_size", self.seen.lane, way))

    def action_match(self) -> None:
        self.send(setting_commands.match(self.seen.lane))

    def on_controls_panel_changed(self, event: ControlsPanel.Changed) -> None:
        self.send(setting_commands.beside(event.setting.key, self.seen.lane, event.way))

    def on_controls_panel_asked(self, event: ControlsPanel.Asked) -> None:
        self._ask.value(self, event.setting)

    def set(self, setting: Setting, value: Any) -> None:
        """A value for a setting, as it was typed."""
        self.send(setting_commands.put(setting, value))

    def action_undo(self) -> None:
        self.send(Player.undo)

    def action_redo(self) -> None:
        self.send(Player.redo)

    # Questions, whose dialogs the first frame does not need.

    @property
    def _ask(self) -> ModuleType:
        from rnn_tui.ui.dialogs import flows

        return flows

    def action_pick(self) -> None:
        self._ask.preset(self)

    def action_open(self) -> None:
        self._ask.file(self)

    def action_save(self) -> None:
        self._ask.name(self)

    def action_keep(self) -> None:
        self._ask.run(self)

    def action_export(self) -> None:
        self._ask.export(self)

    def action_last(self) -> None:
        self._ask.last(self)

    def action_slow(self) -> None:
        from rnn_tui.ui.slow_motion.opening import update

        update(self)

    def action_help(self) -> None:
        self._ask.keys(self)

    def action_leave(self) -> None:
        self._ask.leave(self)
