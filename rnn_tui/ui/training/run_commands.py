"""Commands for runs on disk and for exports; each returns a message."""

from collections.abc import Callable
from pathlib import Path

from rnn_tui.checkpoints import SUFFIX, Checkpoint, autosaves
from rnn_tui.checkpoints.reader import RunHeader, load, read_header
from rnn_tui.checkpoints.writer import save
from rnn_tui.errors import RnnTuiError, escaped
from rnn_tui.number_format import counted
from rnn_tui.presets.command_line import command_line
from rnn_tui.presets.store import of_run
from rnn_tui.session.checkpointing import checkpoint_of, restored
from rnn_tui.storage import atomic_write
from rnn_tui.storage.files import expanded, working_folder
from rnn_tui.ui.render.picture_formats import encoded
from rnn_tui.ui.render.svg_picture import Picture
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.training_thread import TrainingThread


def file_name(preset: str, step: int) -> str:
    """Return the default file name of a run."""
    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in preset)[:40]
    return f"{name}-{step}{SUFFIX}"


def with_suffix(path: str) -> Path:
    """Return a typed path, from the current folder, with the suffix of a run.  Raises DataError."""
    path = path.strip()
    return working_folder() / expanded(path if path.endswith(SUFFIX) else path + SUFFIX)


def save_run(path: Path, over: bool = False) -> Command:
    """Return a command that saves the run; ``over``: may overwrite a file."""
    return Command(_save_run, (path, over))


def _save_run(thread: TrainingThread, path: Path, over: bool) -> str:
    save(checkpoint_of(thread.session, thread.file.name), path, over)
    return f"run saved at step {thread.session.step:,} as {escaped(str(path))}"


def open_run(checkpoint: Checkpoint) -> Command:
    """Return a command that opens a saved run."""
    return Command(_open_run, (checkpoint,))


def _open_run(thread: TrainingThread, checkpoint: Checkpoint) -> str:
    session = restored(checkpoint)
    said = thread.open(of_run(checkpoint.name, session.preset), session)
    thread.say(session.replay_note, "error")
    return said


def resume(path: Path) -> Command:
    """Return a command that resumes an automatically saved run; earlier ones are offered next."""
    return Command(_resume, (path,))


def _resume(thread: TrainingThread, path: Path) -> str:
    checkpoint = load(path)
    _open_run(thread, checkpoint)
    autosaves.take(path)
    more = " · {file.last}: the run before it" if last() else ""
    return f"resumed {checkpoint.name} at step {checkpoint.step:,}{more}"


def save_picture(picture: Picture, form: str, preset: str, step: int, panel: str = "") -> Command:
    """Return a command that saves a picture, of the screen or of a panel, to a new file in the current folder."""
    stem = "-".join([Path(file_name(preset, step)).stem, *filter(None, [panel.replace("_", "-")])])
    return Command(_save_picture, (picture, form, f"{stem}.{form}"))


def _save_picture(_: TrainingThread, picture: Picture, form: str, name: str) -> str:
    path = atomic_write.write_beside(working_folder() / name, encoded(picture, form))
    return f"picture saved as {escaped(str(path))}"


def copy_command_line(copy: Callable[[str], object]) -> Command:
    """Return a command that passes the command line for the current settings to ``copy``, in the training thread."""
    return Command(_copy_command_line, (copy,))


def _copy_command_line(thread: TrainingThread, copy: Callable[[str], object]) -> str:
    text = command_line(thread.file, thread.session.preset)  # may read a large table again
    copy(text)
    return f"copied to the clipboard: {text}"


def export(form: str) -> Command:
    """Return a command that exports lanes, metrics or arrays to new files in the current folder."""
    return Command(_export, (form,))


def _export(thread: TrainingThread, form: str) -> str:
    from rnn_tui.exports import EXPORTS
    from rnn_tui.exports.probe_arrays import npz_of

    session, name = thread.session, Path(file_name(thread.file.name, thread.session.step)).stem
    if form == "npz":
        files = {f"{name}.npz": npz_of(session)}
    else:
        files = EXPORTS[form](session, name, range(len(session.preset.lanes)))
    if len(files) == 1:
        ((file, data),) = files.items()
        place = atomic_write.write_beside(working_folder() / file, data)
    else:
        place = atomic_write.new_folder(working_folder() / f"{name}-{form}")
        atomic_write.write_all({place / file: data for file, data in files.items()}, over=False)
    return f"{counted(len(files), 'file')} written: {escaped(str(place))}"


def last() -> tuple[Path, RunHeader] | None:
    """Return the latest run that a closed lab saved automatically, or None; broken files are skipped."""
    for path in reversed(autosaves.left()):
        try:
            return path, read_header(path)
        except RnnTuiError:
            continue
    return None
