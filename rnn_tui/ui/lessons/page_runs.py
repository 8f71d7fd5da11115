"""The runs with which pages of lessons begin: functions of the training thread that save and open them."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from rnn_tui.checkpoints import Checkpoint
from rnn_tui.errors import RnnTuiError
from rnn_tui.presets.store import PresetFile
from rnn_tui.ui.lessons.progress_file import delete_runs, run_path
from rnn_tui.ui.training.training_thread import TrainingThread

NOT_SAVED = "If you close the lab now, the lesson continues with the nets that were saved last"
BACKGROUND = "lesson.page"  # the name of the command that saves the nets of a page


class PageNumber(NamedTuple):
    """A page of a lesson: its name, the number of the page from 0, and how many there are."""

    lesson: str
    number: int
    pages: int


def keep_run(thread: TrainingThread, page: PageNumber | None, reply: Callable[[Checkpoint], object]) -> None:
    """Pass the present run to ``reply``, which may be called in any thread, and save it as the run of a page.

    Later pages have not begun yet: their runs are deleted.

    Args:
        page: the page; None: the run is not saved.

    Raises:
        RnnTuiError: the run cannot be saved.
    """
    from rnn_tui.checkpoints.writer import save
    from rnn_tui.session.checkpointing import checkpoint_of

    run = checkpoint_of(thread.session, thread.file.name)
    reply(run)
    if page is not None:
        try:
            save(run, run_path(page.lesson, page.number))
        except RnnTuiError as error:
            raise RnnTuiError(f"{error}. {NOT_SAVED}") from None
        delete_runs(page.lesson, range(page.number + 1, page.pages))


def open_run_of_page(thread: TrainingThread, file: PresetFile, run: Checkpoint, told: str) -> str:
    """Open the run with which a page began, and return what is ``told`` of it; undo restores the one before."""
    from rnn_tui.session.checkpointing import restored

    thread.open(file, restored(run))
    return told


def open_lesson(thread: TrainingThread, file: PresetFile, run: Path | None, told: str) -> str:
    """Open a lesson's preset, or the ``run`` with which its page began; return what is ``told`` of it."""
    from rnn_tui.checkpoints.reader import load

    try:
        if run is not None:
            return open_run_of_page(thread, file, load(run), told)
    except RnnTuiError as error:
        thread.say(f"{error}. The lesson continues with untrained nets.", "error")
    thread.open(file)
    return told
