"""Sweeps in the lab: opening one, opening a run of it, and going back to the sweep.

Only the lab imports it, when it is needed.
"""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from textual.app import App

from rnn_tui.errors import DataError, RnnTuiError
from rnn_tui.experiments.sweep_results import PLAN
from rnn_tui.presets.store import PresetFile
from rnn_tui.storage.files import expanded, path_kind, working_folder
from rnn_tui.ui.dialogs.base import TextDialog
from rnn_tui.ui.input.action_done import ActionReports, refuse, take_over
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.sweeps.screen import OpenedRun, SweepScreen
from rnn_tui.ui.sweeps.sweep_source import SweepSource
from rnn_tui.ui.sweeps.sweep_view import SweepView
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.training_channel import TrainingChannel
from rnn_tui.ui.training.training_thread import TrainingThread


class SweepFlow:
    """The sweep of a lab; belongs to the screen's thread.

    Args:
        channel: opens and trains the runs.
        reports: reports that a sweep was opened.
        shown: has the view of the lab.
    """

    def __init__(
        self, app: App[None], channel: TrainingChannel, reports: ActionReports, shown: ViewAccess, keys: Keymap
    ) -> None:
        self._app, self._channel, self._reports, self._shown, self._keys = app, channel, reports, shown, keys
        self._source: SweepSource | None = None
        self._view: SweepView | None = None

    def ask(self) -> None:
        """Ask for a folder, and open the sweep in it."""
        name = take_over()

        def check(text: str) -> str:
            try:
                SweepSource(folder_of(text))
            except RnnTuiError as error:
                return str(error)
            return ""

        def done(text: str | None) -> None:
            if text is not None:
                with self._reports.running(name):
                    self.open(folder_of(text))

        about = "The folder of a sweep, as given to rnn-tui sweep -o; also of one that is still running"
        proposed = str(self._source.folder) if self._source else proposed_folder()
        self._app.push_screen(TextDialog("Open a sweep", about, proposed, check, self._keys), done)

    def open(self, folder: Path) -> None:
        """Show the sweep in a folder; say why, if that is not possible."""
        try:
            source = SweepSource(folder)
            source.read()
        except RnnTuiError as error:
            refuse()
            self._app.notify(str(error), severity="error", markup=False, timeout=12)
        else:
            self.show(source)

    def show(self, source: SweepSource, view: SweepView | None = None) -> None:
        """Show a sweep."""
        self._source, self._view = source, view
        screen = SweepScreen(source, view, self._keys)

        def closed(run: OpenedRun | None) -> None:
            self._view = screen.seen
            if run is not None and self._channel.send(Command(open_run, (run.file,))):
                self._shown.show_view(replace(self._shown.seen, sweep_run=run.file.name))
                self._channel.seek(run.step)

        self._app.push_screen(screen, closed)

    def back(self) -> bool:
        """Return to the sweep, if the lab shows one of its runs; return whether it does."""
        if self._source is None or not self._shown.seen.of_sweep:
            return False
        with suppress(RnnTuiError):  # the screen reads again, and says why it cannot
            self._source.read()
        self.show(self._source, self._view)
        return True


def folder_of(text: str) -> Path:
    """Return the folder of a typed path.  Raises DataError if nothing was typed."""
    if not text.strip():
        raise DataError("type the path of a folder")
    return working_folder() / expanded(text.strip())


def proposed_folder() -> str:
    """Return the name of a folder with a sweep in the current folder, or an empty string."""
    try:
        found = [path for path in sorted(working_folder().iterdir()) if path_kind(path / PLAN) == "file"]
    except (OSError, RnnTuiError):
        return ""
    return found[0].name if found else ""


# A function of the training thread.


def open_run(thread: TrainingThread, file: PresetFile) -> str:
    """Open a run of a sweep at step 0."""
    thread.open(file)
    return f"opened {file.name}"
