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
from textual.reactive import var
from textual.widgets import Static

from rnn_tui.library import PresetFile
from rnn_tui.session.session import Session
from rnn_tui.ui import commands
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
from rnn_tui.ui.receipt import PATIENCE, QUESTION, Receipt
from rnn_tui.ui.screens.keys import KEYS, SPARE
from rnn_tui.ui.screens.layout import Layout, way_out
from rnn_tui.ui.screens.travel import Travel
from rnn_tui.ui.settings import Setting
from rnn_tui.ui.setup import Setup
from rnn_tui.ui.view import DRAWINGS, View, input_rows
from rnn_tui.ui.widgets.tracks import TimeClicked

Store: TypeAlias = Callable[[str], Path] | None
PANELS = (Controls, SequencePanel, HiddenPanel, LossPanel, ComparePanel, EquationPanel)


class LabScreen(Travel):
    """Attributes down: ``view`` goes to every panel.  Messages up: keys, clicks and the player's news come here."""

    AUTO_FOCUS = "HiddenPanel"
    BINDINGS: ClassVar[list[BindingType]] = list(KEYS)

    view: var[View | None] = var(None, init=False)

    class Fresh(Message):
        """The player has a new frame or something to say."""

    def __init__(self, file: PresetFile, session: Session | None, store: Store, setup: Setup) -> None:
        super().__init__()
        every = 1 / setup.config.refresh
        self.player = Player(file, lambda: self.post_message(self.Fresh()), session=session, store=store, every=every)
        self.receipt = Receipt(self._ask_terminal, self._show_news)
        self._keys = setup.keys
        self._panels = Layout()

    def compose(self) -> ComposeResult:
        yield Headline().data_bind(LabScreen.view)
        yield Tabs()
        with Vertical(id="body"):
            for panel in PANELS:
                yield panel().data_bind(LabScreen.view)
        yield Status().data_bind(LabScreen.view)
        yield Static(id="small")
        yield KeyLine(self._keys.bound(KEYS), SPARE)

    def on_mount(self) -> None:
        training = self.player.file.preset.training
        frame, name = self.player.frame, self.player.file.name
        self.view = View(frame, name, pace=training.speed, drawing=DRAWINGS[0], keys=self._keys)
        self.arrange_panels()
        self.run_worker(self.player.run, thread=True, name="player")
        self.app.theme_changed_signal.subscribe(self, self._recolour)

    def _recolour(self, _: object) -> None:
        for panel in self.query(Panel):
            panel.redraw()
        self._panels.apply(self)
        self.view = replace(self.seen)

    def offer(self, what: str) -> None:
        """Say what could be taken up again."""
        self.view = replace(self.seen, offer=what)

    def on_unmount(self) -> None:
        self.player.stop()

    # News of the player.

    def on_lab_screen_fresh(self) -> None:
        if not self.receipt.news():
            self.player.drawn()  # training does not wait for a slow line
            self.set_timer(PATIENCE, self.receipt.remind)

    def _show_news(self) -> None:
        frame, news = self.player.collect()
        player, view = self.player, self.seen
        lane = min(view.lane, len(frame.lanes) - 1)
        units = frame.lanes[lane].hidden.shape[1]
        self.view = replace(
            view, frame=frame, name=player.file.name, lane=lane, t=min(view.t, frame.length - 1),
            unit=min(view.unit, units - 1), playing=player.playing, pace=player.pace, rate=player.rate,
            goal=player.goal, unsaved=player.changed,
        )  # fmt: skip
        if frame.preset is not view.frame.preset:  # perhaps with another number of lanes or inputs
            self.arrange_panels()
        self.call_after_refresh(self._drawn)
        for item in news:
            if item.again is not None:
                self._ask.future(self, item)
                continue
            wrong = item.severity == "error"
            self._make_room(wrong)
            self.notify(self._keys.say(item.text), severity=item.severity, markup=False, timeout=8 if wrong else 4)

    def _drawn(self) -> None:
        self.player.drawn()
        self.receipt.sent()

    def _ask_terminal(self) -> None:
        if self.app._driver:
            self.app._driver.write(QUESTION)

    def _make_room(self, wrong: bool = False) -> None:
        """One notification at a time, and no good news over bad news."""
        if wrong or not any(note.severity == "error" for note in self.app._notifications):
            self.app.clear_notifications()

    @property
    def seen(self) -> View:
        """The present view."""
        assert self.view is not None
        return self.view

    def send(self, command: Command) -> None:
        """Have the player do it."""
        if not self.player.send(command):
            self.notify("still busy with the keys before this one", severity="warning", markup=False)

    # Where things are.

    def on_resize(self) -> None:
        self.arrange_panels()

    def on_screen_suspend(self) -> None:
        self.arrange_panels()  # where there is no room, dialogs are left by other keys

    def on_screen_resume(self) -> None:
        if self.view is not None:
            self.arrange_panels()

    def arrange_panels(self, **changes: Any) -> None:
        """Show the panels that fit; ``changes`` are of the layout's active panel and zoom."""
        width, height = self.app.size
        view, frame = self.seen, self.seen.frame
        leave = f"{self._keys.printed('app.quit')} quits" if self.is_active else way_out(self.app.screen)
        layout = replace(
            self._panels, width=width, height=height, lanes=len(frame.lanes), inputs=input_rows(frame.task),
            units=len(view.units), steps=frame.length, each=view.columns,
            curves=view.curves is not None, way_out=leave, **changes,
        )  # fmt: skip
        if self.panel and "active" not in changes:
            layout = layout.keeping(self.panel.number)
        if layout != self._panels:
            self._panels = layout
            layout.apply(self)
        if self.focused is None and layout.visible:  # it was too small for the panel one was in
            self.query_one(PANELS[layout.active - 1]).focus()

    def action_panel(self, number: int) -> None:
        self.arrange_panels(active=number)
        self.query_one(PANELS[number - 1]).focus()

    def action_zoom(self) -> None:
        active = self.panel.number if self.panel else self._panels.active
        self.arrange_panels(active=active, zoomed=not self._panels.zoomed)

    # Time, of the probe; that of training is in travel.py.

    def action_reseed(self) -> None:
        self.send(commands.reseed)

    def action_time(self, by: int) -> None:
        view = self.seen
        self.view = replace(view, t=max(0, min(view.frame.length - 1, view.t + by)))

    def action_unit(self, by: int) -> None:
        view = self.seen
        self.view = replace(view, unit=(view.unit + by) % len(view.units))

    def action_lane(self) -> None:
        view = self.seen
        lane = (view.lane + 1) % len(view.frame.lanes)
        self.view = replace(view, lane=lane, unit=min(view.unit, view.frame.lanes[lane].hidden.shape[1] - 1))
        self.arrange_panels()  # it may have more units, or fewer

    def action_state(self) -> None:
        view = self.seen
        names = list(view.shown.states)
        if len(names) == 1:
            self._tell(f"{view.shown.label} has no state but h; a gru or an lstm has gates")
        self.view = replace(view, wanted=names[(names.index(view.state) + 1) % len(names)])

    def action_drawing(self) -> None:
        if self.seen.frame.task.foretells:
            following = DRAWINGS[(DRAWINGS.index(self.seen.drawing) + 1) % len(DRAWINGS)]
            self.view = replace(self.seen, drawing=following)
            self.arrange_panels()
        else:
            self._tell("only forecasts of numbers can be drawn over the truth")

    def _tell(self, why: str) -> None:
        """Why a key does nothing here."""
        self._make_room()
        self.notify(why, markup=False)

    def action_log(self) -> None:
        self.view = replace(self.seen, log=not self.seen.log)

    def on_time_clicked(self, event: TimeClicked) -> None:
        self.view = replace(self.seen, t=event.t, unit=self.seen.unit if event.unit is None else event.unit)

    # Settings.

    def action_activation(self) -> None:
        self.send(commands.beside(f"lanes.{self.seen.lane}.activation", self.seen.lane, 1))

    def action_hidden(self, way: int) -> None:
        self.send(commands.beside(f"lanes.{self.seen.lane}.hidden_size", self.seen.lane, way))

    def action_match(self) -> None:
        self.send(commands.match(self.seen.lane))

    def on_controls_changed(self, event: Controls.Changed) -> None:
        self.send(commands.beside(event.setting.key, self.seen.lane, event.way))

    def on_controls_asked(self, event: Controls.Asked) -> None:
        self._ask.value(self, event.setting)

    def set(self, setting: Setting, value: Any) -> None:
        """A value for a setting, as it was typed."""
        self.send(commands.put(setting, value))

    def action_undo(self) -> None:
        self.send(Player.undo)

    def action_redo(self) -> None:
        self.send(Player.redo)

    # Questions, whose dialogs the first frame does not need.

    @property
    def _ask(self) -> ModuleType:
        from rnn_tui.ui.screens import asking

        return asking

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
        from rnn_tui.ui.screens.updating import update

        update(self)

    def action_help(self) -> None:
        self._ask.keys(self)

    def action_leave(self) -> None:
        self._ask.leave(self)
