"""Dialogs of the lab: each flow opens a dialog and sends the commands that its answer asks for.

The lab creates one when a dialog is needed.
"""

from collections.abc import Callable
from contextlib import suppress
from os.path import lexists
from typing import Any

from textual.app import App
from textual.screen import Screen

from rnn_tui.checkpoints import Checkpoint
from rnn_tui.errors import RnnTuiError, escaped
from rnn_tui.interventions import Intervention
from rnn_tui.number_format import counted
from rnn_tui.presets import store
from rnn_tui.presets.store import Entry
from rnn_tui.session.findings.base import Remedy
from rnn_tui.session.findings.trial import trial
from rnn_tui.session.generation import Writing
from rnn_tui.session.own_sequence import MOST_TYPED, how_to_type, own_sequence, typed_text
from rnn_tui.session.what_if import LaneIntervention
from rnn_tui.storage.files import path_kind
from rnn_tui.ui.dialogs.add_lane import AddLaneDialog
from rnn_tui.ui.dialogs.base import ConfirmDialog, FutureDialog, TextDialog
from rnn_tui.ui.dialogs.description import DescriptionDialog, ViewCursor
from rnn_tui.ui.dialogs.export import PICTURES, ExportDialog, PictureDialog, PictureKind
from rnn_tui.ui.dialogs.findings import FindingsDialog
from rnn_tui.ui.dialogs.help import HelpDialog
from rnn_tui.ui.dialogs.interventions_in_turn import KINDS, InTurnDialog, InTurnKind
from rnn_tui.ui.dialogs.open_file import OpenedFile, OpenFileDialog
from rnn_tui.ui.dialogs.preset_picker import PresetPicker
from rnn_tui.ui.dialogs.seed_picker import SeedPicker
from rnn_tui.ui.dialogs.what_if_menu import OwnSequenceDialog, TypedIntervention, WhatIfMenu
from rnn_tui.ui.dialogs.writing import WritingDialog, cannot_write
from rnn_tui.ui.input.action_done import ActionReports, refuse, take_over
from rnn_tui.ui.panels.control_rows import Setting, changes_of, parsed
from rnn_tui.ui.panels.declaration import PanelDeclaration
from rnn_tui.ui.panels.view_state import ViewAccess, ViewState
from rnn_tui.ui.panels.what_if_choices import OWN, TYPED, Choice
from rnn_tui.ui.render.svg_picture import Picture
from rnn_tui.ui.training import (
    history_commands,
    remedy_commands,
    run_commands,
    setting_commands,
    what_if_commands,
    writing_commands,
)
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.frame_publisher import TrainingState
from rnn_tui.ui.training.training_channel import TrainingChannel
from rnn_tui.ui.training.writing_commands import Texts

MOMENT = 0.3  # seconds


class DialogFlows:
    """Opens the dialogs; belongs to the screen's thread.

    Args:
        channel: takes the commands that the answers ask for.
        reports: reports the action that opened a dialog when its answer has taken effect.
        shown: has the view that the dialogs ask about.
        draw: returns a picture of the panel with a name, or of the screen; dark or light.
        with_nets: calls a function when the frame of the view has the nets.
    """

    def __init__(
        self,
        app: App[None],
        channel: TrainingChannel,
        reports: ActionReports,
        shown: ViewAccess,
        draw: Callable[[str, bool], Picture],
        with_nets: Callable[[Callable[[], object]], None],
    ) -> None:
        self._app, self._channel, self._reports, self._shown, self._draw = app, channel, reports, shown, draw
        self._with_nets = with_nets

    @property
    def _view(self) -> ViewState:
        return self._shown.seen

    def _open(self, dialog: Screen[Any], done: Callable[[Any], object]) -> None:
        """Open a dialog on behalf of the running action; call ``done`` with its answer, unless it is cancelled."""
        name = take_over()

        def answered(answer: Any) -> None:
            if answer is not None and answer is not False:
                with self._reports.running(name):
                    done(answer)

        self._app.push_screen(dialog, answered)

    def _show(self, dialog: Screen[None]) -> None:
        """Open a dialog that only shows something; its action is done when it is closed."""
        name = take_over()

        def closed(_: None) -> None:
            with self._reports.running(name):
                pass

        self._app.push_screen(dialog, closed)

    # Settings and presets.

    def ask_value(self, setting: Setting) -> None:
        """Ask for a value of a setting, checked like a value of a preset."""
        preset = self._view.frame.preset

        def check(text: str) -> str:
            try:
                preset.with_changes(changes_of(preset, setting, parsed(text)))
            except RnnTuiError as error:
                return str(error).split("\n", 1)[-1].strip()
            return ""

        def done(text: str) -> None:
            self._channel.send(setting_commands.put(setting, parsed(text)))

        allowed = f"; one of {', '.join(setting.choices)}" if isinstance(setting.value, str) else ""
        about = f"{setting.explanation}{allowed} ({setting.key})"
        self._open(TextDialog(f"Set {setting.label}", about, str(setting.value), check, self._view.keys), done)

    def add_lane(self) -> None:
        """Ask for a kind of net, and add a lane."""
        lane = self._view.lane

        def done(kind: str) -> None:
            self._channel.send(setting_commands.add_lane(lane, kind))

        self._open(AddLaneDialog(self._view.keys), done)

    def pick_preset(self) -> None:
        """Ask for another experiment, and open it; the proposed one is highlighted."""
        view = self._view
        self._open(PresetPicker(view.successor.name if view.successor else view.name, view.keys), self._open_entry)

    def open_entry(self, entry: Entry) -> None:
        """Open a preset that was chosen in the command palette."""
        with self._reports.running("file.pick"):
            self._open_entry(entry)

    def _open_entry(self, entry: Entry) -> None:
        self._channel.send(setting_commands.open_stored(entry.path))

    def open_file(self) -> None:
        """Ask for a preset, a run, a table or a text, and open it."""

        def done(file: OpenedFile) -> None:
            opening = run_commands.open_run if isinstance(file, Checkpoint) else setting_commands.open_preset
            self._channel.send(opening(file))  # type: ignore[arg-type]

        self._open(OpenFileDialog(self._view.keys), done)

    def save_preset(self) -> None:
        """Ask for a name and save the settings as a preset; ask again before an older preset is overwritten."""

        def done(name: str) -> None:
            older = f"Your preset {name!r}" if lexists(store.own_path(name)) else ""
            self._send_over(older, setting_commands.save(name, over=bool(older)))

        run = self._view.keys.printed("file.keep")
        about = (
            f"Name of the preset, saved in {store.own_folder()}\n"
            f"A preset holds settings only; {run} saves the trained nets."
        )
        proposed = store.proposed_name(self._view.name)
        self._open(TextDialog("Save preset", about, proposed, _complaint, self._view.keys), done)

    # What if.

    def what_if(self) -> None:
        """Ask what if, at the cursor."""
        self._open(WhatIfMenu(self._view), self.chosen)

    def chosen(self, choice: Choice) -> None:
        """Do what was chosen in the menu, or in the command palette."""
        if choice.group:
            self._intervene(choice)
        elif choice.offer.spelling == TYPED:
            self._type_intervention("", self._view.lane if len(self._view.frame.lanes) > 1 else None)
        elif choice.offer.spelling == OWN:
            self._type_sequence()
        else:
            self._with_nets(lambda: self._in_turn(KINDS[choice.offer.spelling]))

    def _in_turn(self, kind: InTurnKind) -> None:
        """List one kind of intervention at every unit or time step, and look at the chosen one."""
        view = self._view
        lane = view.lane if len(view.frame.lanes) > 1 else None
        net = view.altered.trained if view.altered is not None and view.altered.trained else view.shown.net

        def done(intervention: Intervention) -> None:
            one = LaneIntervention(intervention, lane)
            if one not in self._view.frame.what_if:  # otherwise it would be taken out
                self._channel.send(what_if_commands.toggle(one))

        self._open(InTurnDialog(kind, net, view.keys), done)

    def _intervene(self, choice: Choice) -> None:
        if choice.one is None:
            self._type_intervention(choice.offer.spelling, choice.lane)
        else:
            self._channel.send(_intervention(choice.one))

    def _type_intervention(self, beginning: str, lane: int | None) -> None:
        """Ask for an intervention as text that begins with ``beginning``."""

        def done(one: LaneIntervention) -> None:
            self._channel.send(_intervention(one))

        self._open(TypedIntervention(self._view, beginning, lane), done)

    def _type_sequence(self) -> None:
        """Ask for a sequence of the user's own, which the nets read in place of the probe."""
        frame = self._view.frame
        task = frame.task

        def check(text: str) -> tuple[str, str]:
            if not text.strip():
                return "", "the held-out sequence again"
            try:
                found = own_sequence(task, text).batch
            except RnnTuiError as error:
                return str(error), ""
            scored = "" if found.mask.any() else "; nothing is scored, because the task cannot tell the targets"
            return "", f"{counted(len(found.x), 'time step')}{scored}"

        def done(text: str) -> None:
            self._channel.send(what_if_commands.read(text))

        value = frame.own or typed_text(task, frame.inputs[:MOST_TYPED])
        self._open(OwnSequenceDialog(how_to_type(task), value, check, self._view.keys), done)

    # Time.

    def ask_future(self, question: str, again: Command) -> None:
        """Ask what to do with the steps after a change, then send ``again``."""

        def done(answer: str) -> None:
            with self._reports.running(f"question.{answer}"):
                self._channel.send(history_commands.resolve_future(answer))
            self._channel.send(again)

        if not isinstance(self._app.screen, FutureDialog):  # a key held down asks once
            self._open(FutureDialog(question, self._view.keys), done)

    def ask_step(self) -> None:
        """Ask for a step, and go to it."""
        frame = self._view.frame

        def digits(text: str) -> str:
            return text.strip().replace(",", "").replace("_", "")

        def check(text: str) -> str:
            if digits(text).isdecimal() and len(digits(text)) <= 9:
                return ""
            return f"{text.strip()!r}: a step is a whole number from 0 to 999,999,999"

        def done(text: str) -> None:
            self._channel.seek(int(digits(text)))

        about = f"0 to {frame.last_step:,}, or a later step to train up to"
        self._open(TextDialog("Go to step", about, str(frame.step), check, self._view.keys), done)

    def pick_seed(self, resize: Callable[[int], object]) -> None:
        """List the further seeds, and open one up to the step of its result; ``resize``: trains more or fewer."""
        results = self._view.seeds

        def done(seed: int) -> None:
            goal = (self._view.seeds or results).goal if results else 0
            self._channel.send(setting_commands.open_seed(seed))
            self._channel.seek(goal)

        self._open(SeedPicker(self._shown, resize), done)

    def list_findings(self, look: Callable[[], object], read: Callable[[], object]) -> None:
        """List what is wrong or limits the nets, and try a remedy; ``look``, ``read``: see FindingsDialog."""

        def done(remedy: Remedy) -> None:
            frame = self._view.frame
            self._channel.send(remedy_commands.try_remedy(remedy))
            with suppress(RnnTuiError):  # which the command tells
                _, way, goal = trial(frame.preset, remedy, frame.step)
                if way != "edit":
                    self._channel.seek(goal)

        self._open(FindingsDialog(self._shown, look, read), done)

    # Runs, and what leaves for other programs.

    def save_run(self) -> None:
        """Ask for a file and save the run in it; ask again before a file is overwritten."""

        def check(text: str) -> str:
            if not text.strip():
                return "type a file name"
            try:
                path = run_commands.with_suffix(text)
                return "" if path_kind(path) in ("", "file") else f"{path} exists and is not a file"
            except RnnTuiError as error:
                return str(error)

        def done(text: str) -> None:
            path = run_commands.with_suffix(text)
            older = f"The file {escaped(path.name)!r}" if path_kind(path) else ""
            self._send_over(older, run_commands.save_run(path, over=bool(older)))

        about = "Saves weights, optimizer and history. To continue, press {file.open} or run rnn-tui --resume FILE"
        keys, proposed = self._view.keys, run_commands.file_name(self._view.name, self._view.frame.step)
        self._open(TextDialog("Save run", keys.say(about), proposed, check, keys), done)

    def resume_last(self) -> None:
        """Open the run of the lab that was closed last."""
        last = run_commands.last()
        if last is None:
            refuse()
            self._app.notify("there is no saved run of an earlier lab", markup=False)
        else:
            self._channel.send(run_commands.resume(last[0]))

    def export(self, panel: PanelDeclaration | None) -> None:
        """Ask what to export, and export it; ``panel``: the active one."""

        def done(choice: str) -> None:
            if choice in PICTURES:
                self._ask_picture(panel if choice == "panel" else None)
            elif choice == "command":
                copy = self._app.copy_to_clipboard
                self._channel.send(run_commands.copy_command_line(lambda text: self._app.call_later(copy, text)))
            else:
                self._channel.send(run_commands.export(choice))

        self._open(ExportDialog(panel, self._view.keys), done)

    def _ask_picture(self, panel: PanelDeclaration | None) -> None:
        """Ask how to draw the panel, or the screen, and save the picture."""

        def done(kind: PictureKind) -> None:
            name = take_over()
            self._app.clear_notifications()
            # when the dialog and the notices are gone, so that the picture shows only the lab
            self._app.set_timer(MOMENT, lambda: self._save_picture(name, panel, kind))

        self._open(PictureDialog(panel, self._view.keys), done)

    def _save_picture(self, name: str, panel: PanelDeclaration | None, kind: PictureKind) -> None:
        view, of = self._view, panel.name if panel else ""
        with self._reports.running(name):
            picture = self._draw(of, kind.dark)
            self._channel.send(run_commands.save_picture(picture, kind.form, view.name, view.frame.step, of))

    # Reading, and leaving.

    def help(self, panel: str) -> None:
        """Explain the preset, the panels, the one with this name first, the keys, and the words."""
        self._show(HelpDialog(self._view.keys, panel, self._view.frame.preset))

    def describe(self, cursor: ViewCursor) -> None:
        """Describe the screen in words; the cursor can move meanwhile."""
        self._show(DescriptionDialog(self._shown, cursor))

    def write(self) -> None:
        """Let the nets write text, if their task predicts symbols."""
        task = self._view.frame.task
        if not task.predicts_symbols:
            refuse()
            self._app.notify(cannot_write(task), markup=False)
            return

        def ask(wanted: Writing) -> bool:
            return self._channel.send(writing_commands.write(wanted, reply))

        def reply(texts: Texts) -> None:
            dialog.post_message(WritingDialog.Written(texts))

        dialog = WritingDialog(self._shown, ask)
        self._show(dialog)

    def leave(self, training: TrainingState, busy: bool, quit_lab: Callable[[], object]) -> None:
        """Quit; ask first if settings would be lost, or commands are still waiting."""
        question = ""
        if busy:
            question = "The last commands are still running. Quit anyway?"
        elif training.unsaved:
            question = "The settings have unsaved changes. Quit anyway?"
        elif training.others_unsaved:
            question = "A preset that was open before has unsaved changes. Quit anyway?"
        if question:
            self._open(ConfirmDialog(question, "quit", "cancel", self._view.keys), lambda _: quit_lab())
        else:
            quit_lab()

    def _send_over(self, older: str, command: Command) -> None:
        """Send a command that writes a file; if ``older`` names something that would be overwritten, ask first."""
        if not older:
            self._channel.send(command)
            return
        question = f"{older} exists. Overwrite it?"
        dialog = ConfirmDialog(question, "overwrite", "cancel", self._view.keys)
        self._open(dialog, lambda _: self._channel.send(command))


def _intervention(one: LaneIntervention) -> Command:
    """Return the command for an intervention: one that only shows while training goes on is applied at once."""
    if one.intervention.on == "learning":
        return what_if_commands.apply([one])
    return what_if_commands.toggle(one)


def _complaint(name: str) -> str:
    """Return why a preset cannot be saved under a name, or an empty string."""
    try:
        store.own_path(name)
    except RnnTuiError as error:
        return str(error)
    return ""
