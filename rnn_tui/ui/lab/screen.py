"""The lab screen: panels around one view, and actions for keys."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Static

from rnn_tui.presets.lane_list import full
from rnn_tui.session.frame import Demand
from rnn_tui.ui.input.action_done import ActionDone, ActionReports, refuse, take_over
from rnn_tui.ui.input.bindings import SPARE, lab_keys
from rnn_tui.ui.input.bug_reports import BugReports
from rnn_tui.ui.input.textual_internals import unsent_writes, write_to_terminal
from rnn_tui.ui.lab.active_settings import ActiveSettings
from rnn_tui.ui.lab.flow_control import AGAIN, QUESTION, FlowControl
from rnn_tui.ui.lab.history_actions import HistoryActions
from rnn_tui.ui.lab.notices import Notices
from rnn_tui.ui.lab.panel_arrangement import PanelArrangement
from rnn_tui.ui.lab.setting_actions import SettingActions
from rnn_tui.ui.lab.status_lines import Headline, PanelTabs, SentenceStrip, StatusLine
from rnn_tui.ui.lab.view_actions import ViewActions
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.controls import ControlsPanel
from rnn_tui.ui.panels.declaration import LEARN
from rnn_tui.ui.panels.registry import PANELS
from rnn_tui.ui.panels.sequence import altered_rows
from rnn_tui.ui.panels.view_state import DRAWINGS, ViewState
from rnn_tui.ui.training import what_if_commands
from rnn_tui.ui.training.diagnosis_requests import DiagnosisRequests
from rnn_tui.ui.training.diagnosis_thread import DiagnosisThread
from rnn_tui.ui.training.findings_requests import FindingsRequests
from rnn_tui.ui.training.findings_thread import FindingsThread
from rnn_tui.ui.training.frame_demands import FrameDemands
from rnn_tui.ui.training.frame_publisher import News, Snapshot
from rnn_tui.ui.training.seed_processes import SeedProcesses
from rnn_tui.ui.training.seed_requests import SeedRequests
from rnn_tui.ui.training.training_channel import TrainingChannel
from rnn_tui.ui.widgets.footer import Footer
from rnn_tui.ui.widgets.step_axis import StepChosen
from rnn_tui.ui.widgets.tracks import TimeClicked

if TYPE_CHECKING:
    from rnn_tui.ui.dialogs.flows import DialogFlows
    from rnn_tui.ui.lab.screen_picture import ScreenPicture
    from rnn_tui.ui.lessons.flow import LessonFlow
    from rnn_tui.ui.panels.what_if_choices import Choice
    from rnn_tui.ui.sweeps.flow import SweepFlow

# names of actions before which a tried value is taken, and of those which leave it
SETTLING = ("run.", "net.", "file.", "look.lane", "lens.apply")
UNSETTLED = ("run.call_off", "file.undo")
FOUND_EVERY = 0.1  # least seconds between two drawings of what the other threads have found
REST = 1.0  # seconds without a change after which the lab looks for what is wrong
SEEDS_EVERY = 0.2  # least seconds between two drawings of further seeds
LAST_ANSWER = 1.0  # seconds to wait for the last answer of the terminal


class LabScreen(Screen[None]):
    """The lab.  ``view`` goes down to every panel; keys, clicks and news of the training thread come up to the screen.

    The screen passes them on to the objects that handle them.  It belongs to the screen's thread, as all widgets do; it
    knows training only through the channel.

    Attributes:
        history, settings, looks, dialogs: the actions of its keys.
        seeds: trains further seeds of the run.
        findings: looks for what is wrong with the nets.
        reports: posts an ActionDone for each action.
    """

    AUTO_FOCUS = ""  # the layout decides which panel is active at first
    BINDINGS: ClassVar[list[BindingType]] = list(lab_keys())

    view: var[ViewState | None] = var(None, init=False)

    class Fresh(Message):
        """The training thread has a new frame or news."""

    class Found(Message):
        """The diagnosis thread, or the findings thread, has found something."""

    class SeedsTrained(Message):
        """Further seeds have come further."""

    def __init__(self, channel: TrainingChannel, settings: ActiveSettings, bugs: BugReports) -> None:
        super().__init__()
        self.channel, self._keymap = channel, settings.keys
        self.flow_control = FlowControl(
            lambda: write_to_terminal(self.app, QUESTION), self._show_news, lambda: unsent_writes(self.app)
        )
        self.reports = ActionReports(lambda name: self.call_after_refresh(self.post_message, ActionDone(name)))
        self.panels = PanelArrangement(self, self, settings.keys, self._arranged)
        self.demands = FrameDemands(channel, self, self._visible_demands)
        self._diagnosis = DiagnosisThread(lambda: self.post_message(self.Found()), bugs)
        self._requests = DiagnosisRequests(self._diagnosis, self, self.panels.diagnostics)
        self._looking = FindingsThread(lambda: self.post_message(self.Found()), bugs)
        self.findings = FindingsRequests(self._looking, self)
        count, tell = settings.config.seeds, lambda: self.post_message(self.SeedsTrained())
        self.seeds = SeedRequests(SeedProcesses(), self, tell, monotonic, count)
        self.history = HistoryActions(channel, self)
        self.settings = SettingActions(channel, self)
        self._sweeps: SweepFlow | None = None
        self._lessons: LessonFlow | None = None

    def compose(self) -> ComposeResult:
        yield Headline().data_bind(LabScreen.view)
        yield PanelTabs()
        with Vertical(id="body"):
            yield from (panel() for panel in PANELS if panel.declaration.is_on(LEARN))  # others when they are shown
        yield SentenceStrip().data_bind(LabScreen.view)
        yield StatusLine().data_bind(LabScreen.view)
        yield Static(id="small")
        yield Footer(self._keymap.bound(lab_keys()), SPARE)

    def on_mount(self) -> None:
        self.channel.claim()
        self.notices = Notices(self.app)
        self.channel.on_refused = self.notices.busy
        self.looks = ViewActions(self, self.panels, self.notices)
        (frame, training), news, _ = self.channel.collect()
        self._reminder = self.set_interval(AGAIN, self.flow_control.remind, pause=True)
        self._found_timer = self.set_interval(FOUND_EVERY, self._show_found, pause=True)
        self._rest_timer = self.set_interval(REST, self._look_at_rest, pause=True)
        self._seed_timer = self.set_interval(SEEDS_EVERY, self._show_seeds, pause=True)
        self.view = ViewState(
            frame, training.name, pace=training.pace, drawing=DRAWINGS[0], keys=self._keymap, edits=training.edits,
            successor=training.successor,
        )  # fmt: skip
        self.panels.arrange()
        self.panels.show_scored()
        self._tell_news(news)
        self.app.theme_changed_signal.subscribe(self, self._recolor)

    def on_unmount(self) -> None:
        self.channel.stop()
        self._diagnosis.stop()
        self._looking.stop()
        self.seeds.stop()

    # The view.

    @property
    def seen(self) -> ViewState:
        """The current view."""
        assert self.view is not None
        return self.view

    def show_view(self, view: ViewState) -> None:
        """Show a view in every panel."""
        self.view = view

    def offer(self, what: str) -> None:
        """Show what can be resumed."""
        self.view = replace(self.seen, offer=what)

    def watch_view(self) -> None:
        for panel in self.query_one("#body").children:
            if isinstance(panel, Panel):
                panel.view = self.view
        if self.is_mounted:
            self.demands.follow()
            self._requests.follow()
            if self.findings.follow():
                self._rest_timer.reset()
                self._rest_timer.resume()
            if self.seeds.follow():
                self._seed_timer.resume()
            self._follow_lesson()

    @property
    def is_complete(self) -> bool:
        """Return whether the view has all that is visible; otherwise more follows soon."""
        return self._visible_demands() in self.seen.frame.demands and self._requests.are_met

    def _visible_demands(self) -> Demand:
        """Return the demands of all visible parts; the cursor itself needs the probe."""
        return Demand.PROBE | self.query_one(SentenceStrip).demands | self.panels.demands()

    def _arranged(self) -> None:
        if self.seen.page != self.panels.page:
            self.view = replace(self.seen, page=self.panels.page)
        self.demands.update()
        self._requests.follow()

    def on_resize(self) -> None:
        self.panels.arrange()
        if self._lessons is not None:
            self._lessons.draw()

    def on_screen_suspend(self) -> None:
        self.panels.arrange()  # the message of a small terminal names the key that closes the dialog

    def on_screen_resume(self) -> None:
        if self.view is not None:
            self.panels.arrange()

    def _recolor(self, _: object = None) -> None:
        self.panels.redraw()
        self.view = replace(self.seen)

    # News of the training thread.

    def on_lab_screen_found(self) -> None:
        self._found_timer.resume()

    def _show_found(self) -> None:
        """Show what was found; while frames follow each other quickly, the next one does."""
        self._found_timer.pause()
        view = self.seen
        if problem := self._looking.problem():
            self.notices.errors([problem])
        if view.goal is None and not (view.playing and not 0 < view.pace < 1 / FOUND_EVERY):
            self.view = self._with_found(view)

    def _with_found(self, view: ViewState) -> ViewState:
        """Return the view with what the other threads have found."""
        found = self.findings.collect()
        return replace(view, diagnoses=self._diagnosis.collect(), findings=found, mark=self.findings.mark.said)

    def _look_at_rest(self) -> None:
        """Look for what is wrong after a moment of rest."""
        self._rest_timer.pause()
        if not self.seen.playing and self.seen.goal is None:
            self.findings.look()

    def on_lab_screen_seeds_trained(self) -> None:
        self._seed_timer.resume()

    def _show_seeds(self) -> None:
        """Show how far the further seeds are, and let them begin anew if it is time."""
        self._seed_timer.pause()
        self.seeds.tick()
        self.seeds.collect()
        self.view = self._with_seeds(self.seen)
        if errors := self.seeds.new_errors():
            self.notices.errors(errors)
        if self.seeds.is_waiting:
            self._seed_timer.resume()

    def _with_seeds(self, view: ViewState) -> ViewState:
        """Return the view with what further seeds have shown of its run."""
        told = view.frame, view.name
        return replace(view, seeds=self.seeds.results_for(*told), seed_progress=self.seeds.progress_for(*told))

    def on_diagnosis_panel_drawing_changed(self) -> None:
        self._requests.follow()

    def on_lab_screen_fresh(self) -> None:
        if not self.flow_control.news():
            self.channel.drawn()  # training does not wait for a slow line
            self._reminder.resume()

    def _show_news(self) -> None:
        self.catch_up()

    def catch_up(self) -> Snapshot:
        """Collect the newest snapshot and the news, and show both."""
        self._reminder.pause()
        snapshot, news, done = self.channel.collect()
        (frame, training), view = snapshot, self.seen
        lane = min(view.lane, len(frame.lanes) - 1)
        if training.name == view.name and len(frame.lanes) > len(view.frame.lanes):
            lane = len(frame.lanes) - 1  # the new lane
        units = frame.lanes[lane].hidden.shape[1]
        view = replace(
            view, frame=frame, name=training.name, lane=lane, t=min(view.t, frame.length - 1),
            unit=min(view.unit, units - 1), playing=training.playing, pace=training.pace, rate=training.rate,
            goal=training.goal, unsaved=training.changed, edits=training.edits, successor=training.successor,
        )  # fmt: skip
        before, self.view = self.seen, self._with_seeds(self._with_found(view))
        shown, drawn = ((altered_rows(each), each.own) for each in (frame, before.frame))
        if frame.preset is not before.frame.preset or shown != drawn:  # the number of lanes, inputs or rows may differ
            self.panels.arrange()
        if training.name != before.name:
            self.panels.show_scored()
        self.call_after_refresh(self._drawn, done)
        self._tell_news(news)
        return snapshot

    def _tell_news(self, news: list[News]) -> None:
        """Ask the questions; show every error, and the last information."""
        for item in news:
            if item.again is not None:
                self.dialogs.ask_future(item.text, item.again)
        errors = [self._keymap.say(item.text) for item in news if item.severity == "error"]
        information = [self._keymap.say(item.text) for item in news if item.plain]
        if errors:
            self.notices.errors(errors)
        if information:
            self.notices.inform(information[-1], timeout=4)

    def _drawn(self, done: list[str]) -> None:
        """Report that the frame is visible, and with it the effect of the actions that are ``done``."""
        self.channel.drawn()
        self.flow_control.sent()
        for name in done:
            self.post_message(ActionDone(name))

    def quit(self) -> None:
        """Leave the lab when the terminal has answered."""
        self.channel.stop()  # saves the run while the terminal answers
        self.seeds.stop()
        self.set_timer(LAST_ANSWER, self.app.exit)
        self.flow_control.finish(self.app.exit)

    def settle(self, action: str) -> None:
        """Take the value that is tried in the controls before an action that trains, changes or saves something."""
        if (
            action.startswith(SETTLING)
            and action not in UNSETTLED
            and (change := self.query_one(ControlsPanel).release())
        ):
            self.settings.put(*change)

    def on_action_done(self, event: ActionDone) -> None:
        if self._lessons is not None:
            self._lessons.acted(event.name)

    def _follow_lesson(self) -> None:
        if self._lessons is not None:
            self._lessons.follow()

    def on_panel_read_further(self, event: Panel.ReadFurther) -> None:
        if self._lessons is not None:
            self._lessons.read(event.way)

    def on_descendant_focus(self) -> None:
        self._follow_lesson()
        panel = self.panels.active
        self.query_one(Footer).show_own(self._keymap.bound(panel.declaration.keys) if panel else ())

    # Messages of the mouse and the controls.

    def on_time_clicked(self, event: TimeClicked) -> None:
        self.looks.go_to(event)
        if event.asks:
            with self.reports.running("lens.menu"):
                self.action_what_if()

    def on_step_chosen(self, event: StepChosen) -> None:
        self.channel.seek(event.step)

    def on_controls_panel_taken(self, event: ControlsPanel.Taken) -> None:
        with self.reports.running(event.action):
            self.settings.put(*event.change)

    def on_controls_panel_hinted(self) -> None:
        self.view = replace(self.seen, hint=self.query_one(ControlsPanel).hint)

    def on_controls_panel_asked(self, event: ControlsPanel.Asked) -> None:
        with self.reports.running("controls.type"):
            self.dialogs.ask_value(event.setting)

    # Actions, with the names in bindings.py.

    def action_play(self) -> None:
        self.history.toggle_play()

    def action_step(self, by: int) -> None:
        self.history.step(by)

    def action_rewind(self) -> None:
        self.history.rewind()

    def action_jump(self, way: int) -> None:
        self.history.jump(way)

    def action_call_off(self) -> None:
        if self.channel.call_off() or self.panels.leave_zoom():
            return
        if self.seen.frame.own:
            self.channel.send(what_if_commands.read(""))
        elif self._sweeps is not None:
            self._sweeps.back()

    def action_pace(self, way: int) -> None:
        self.history.change_pace(way)

    def action_pin(self) -> None:
        self.history.pin()

    def action_unpin(self) -> None:
        self.history.unpin()

    def action_reseed(self) -> None:
        self.settings.reseed()

    def action_seeds(self) -> None:
        shown = self.seeds.toggle()
        if not shown:
            self.notices.inform(self._keymap.say("seeds stopped and hidden; {run.seeds} shows them again"))
        self._show_seeds()

    def action_open_seed(self) -> None:
        if self.seen.seeds is None:
            self.notices.refuse(self._keymap.say("press {run.seeds} first, which trains further seeds of this run"))
        else:
            self.dialogs.pick_seed(self._resize_seeds)

    def _resize_seeds(self, by: int) -> None:
        self.seeds.resize(by)
        self._show_seeds()

    def action_findings(self) -> None:
        def read() -> None:
            self.findings.read()
            self.view = replace(self.seen, mark=self.findings.mark.said)

        self.dialogs.list_findings(self.findings.look, read)

    def action_activation(self) -> None:
        self.settings.change_of_lane("activation", 1)

    def action_hidden(self, way: int) -> None:
        self.settings.change_of_lane("hidden_size", way)

    def action_match(self) -> None:
        self.settings.match()

    def action_add_lane(self) -> None:
        if problem := full(self.seen.frame.preset):
            self.notices.refuse(problem)
        else:
            self.dialogs.add_lane()

    def action_duplicate_lane(self) -> None:
        self.settings.duplicate_lane()

    def action_remove_lane(self) -> None:
        self.settings.remove_lane()

    def action_undo(self) -> None:
        if not self.query_one(ControlsPanel).release():  # a tried value is undone first
            self.settings.undo()

    def action_redo(self) -> None:
        self.settings.redo()

    def action_time(self, by: int) -> None:
        self.looks.move_time(by)

    def action_unit(self, by: int) -> None:
        self.looks.move_unit(by)

    def action_lane(self) -> None:
        self.looks.next_lane()

    def action_unit_table(self) -> None:
        self.looks.toggle_unit_table()

    def action_state(self) -> None:
        self.looks.next_state()

    def action_drawing(self) -> None:
        self.looks.next_drawing()

    def action_log(self) -> None:
        self.looks.toggle_log()

    def action_norms(self) -> None:
        self.looks.toggle_norms()

    def action_magnify(self, factor: float) -> None:
        name = take_over()

        def magnify() -> None:
            with self.reports.running(name):
                self.panels.magnify_loss(factor)

        self.panels.show("loss")
        self.call_after_refresh(magnify)

    def action_panel(self, name: str) -> None:
        self.panels.activate(name)

    def action_page(self) -> None:
        self.panels.turn_page()

    def action_zoom(self) -> None:
        self.panels.toggle_zoom()

    # What if.

    def action_what_if(self) -> None:
        self.dialogs.what_if()

    def choose(self, choice: "Choice") -> None:
        """Do what was chosen in the command palette, as in the menu."""
        self.dialogs.chosen(choice)

    def _with_nets(self, then: Callable[[], object]) -> None:
        """Go on with the running action when the frame has the nets."""
        name = take_over()

        def go_on() -> None:
            with self.reports.running(name):
                then()

        self.demands.when_frame_has(Demand.PROBE | Demand.NETS | self.seen.needs_altered, go_on)

    def action_compare(self) -> None:
        self.looks.next_compared()

    def action_leave_in(self) -> None:
        self.channel.send(what_if_commands.apply())

    def action_clear(self) -> None:
        self.channel.send(what_if_commands.clear())

    # Pictures and dialogs, imported on first use.

    @property
    def picture(self) -> "ScreenPicture":
        """Draws the lab for a file."""
        from rnn_tui.ui.lab.screen_picture import ScreenPicture

        return ScreenPicture(self, self, self._recolor)

    @property
    def dialogs(self) -> "DialogFlows":
        """The dialogs of the lab."""
        from rnn_tui.ui.dialogs.flows import DialogFlows

        return DialogFlows(self.app, self.channel, self.reports, self, self.picture.of, self._with_nets)

    @property
    def sweeps(self) -> "SweepFlow":
        """The sweep that the lab has opened, and its runs."""
        from rnn_tui.ui.sweeps.flow import SweepFlow

        if self._sweeps is None:
            self._sweeps = SweepFlow(self.app, self.channel, self.reports, self, self._keymap)
        return self._sweeps

    @property
    def lessons(self) -> "LessonFlow":
        """The lesson that is open."""
        from rnn_tui.ui.lessons.flow import LessonFlow

        if self._lessons is None:
            self._lessons = LessonFlow(self.app, self.channel, self.reports, self, self.panels)
            strip = self._lessons.strip("panel.read_on", lambda rows: self.panels.arrange(taken=rows))
            self.mount(strip, before=self.query_one(StatusLine))
        return self._lessons

    def action_lesson(self, name: str) -> None:
        self.lessons.act(name)

    def action_answer(self, number: int) -> None:
        self.lessons.choose(number)

    def action_open_sweep(self) -> None:
        self.sweeps.ask()

    def action_pick(self) -> None:
        self.dialogs.pick_preset()

    def action_open(self) -> None:
        self.dialogs.open_file()

    def action_save(self) -> None:
        self.dialogs.save_preset()

    def action_keep(self) -> None:
        self.dialogs.save_run()

    def action_export(self) -> None:
        self.dialogs.export(self.panels.active.declaration if self.panels.active else None)

    def action_last(self) -> None:
        self.dialogs.resume_last()

    def action_go_to(self) -> None:
        self.dialogs.ask_step()

    def action_describe(self) -> None:
        from rnn_tui.ui.dialogs.description import DEMANDS

        name = take_over()

        def describe() -> None:
            with self.reports.running(name):
                self.dialogs.describe(self.looks)

        self.demands.when_frame_has(DEMANDS | self.seen.needs_altered, describe)

    def action_write(self) -> None:
        self.dialogs.write()

    def action_help(self) -> None:
        self.dialogs.help(self.panels.active.declaration.name if self.panels.active else "")

    def action_slow(self) -> None:
        from rnn_tui.ui.slow_motion.flow import open_slow_motion

        open_slow_motion(self.app, self.channel, self.reports, self.seen, self.lessons)

    def action_leave(self) -> None:
        refuse()
        busy = self.channel.busy
        training = self.catch_up().training  # includes everything done before the key
        self.dialogs.leave(training, busy, self.quit)
