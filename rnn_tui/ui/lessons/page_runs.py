"""The runs with which pages of lessons begin: functions of the training thread that save and open them."""

from collections.abc import Callable
from pathlib import Path

from rnn_tui.checkpoints import Checkpoint
from rnn_tui.errors import RnnTuiError
from rnn_tui.presets.store import PresetFile
from rnn_tui.ui.training.training_thread import TrainingThread

BACKGROUND = "lesson.page"  # the name of the command that saves the nets of a page


def keep_run(thread: TrainingThread, path: Path | None, reply: Callable[[Checkpoint], object]) -> None:
    """Pass the present run to ``reply``, which may be called in any thread, and save it.  Raises RnnTuiError."""
    from rnn_tui.checkpoints.writer import save
    from rnn_tui.session.checkpointing import checkpoint_of

    run = checkpoint_of(thread.session, thread.file.name)
    reply(run)
    if path is not None:
        save(run, path)


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
