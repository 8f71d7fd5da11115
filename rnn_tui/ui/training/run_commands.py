"""Commands for runs on disk, and for what leaves for other programs: each says in a sentence what it led to."""

from collections.abc import Callable
from pathlib import Path

from rnn_tui.checkpoints import SUFFIX, Checkpoint, autosaves
from rnn_tui.checkpoints.reader import RunHeader, load, read_header
from rnn_tui.checkpoints.writer import save
from rnn_tui.errors import RnnTuiError, escaped
from rnn_tui.presets.command_line import command_line
from rnn_tui.presets.store import of_run
from rnn_tui.session.checkpointing import checkpoint_of, restored
from rnn_tui.storage import atomic_write
from rnn_tui.storage.files import expanded, working_folder
from rnn_tui.ui.training.command_queue import Command
from rnn_tui.ui.training.training_thread import TrainingThread


def file_name(preset: str, step: int) -> str:
    """What a run is called where the user does not say otherwise."""
    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in preset)[:40]
    return f"{name}-{step}{SUFFIX}"


def with_suffix(path: str) -> Path:
    """The path as it was typed, from here, with the ending that a run's file has.  Raises DataError."""
    path = path.strip()
    return working_folder() / expanded(path if path.endswith(SUFFIX) else path + SUFFIX)


def keep(path: Path, over: bool = False) -> Command:
    """Save the run there, ``over`` an older file or not."""
    return Command(_keep, (path, over))


def _keep(thread: TrainingThread, path: Path, over: bool) -> str:
    save(checkpoint_of(thread.session, thread.file.name), path, over)
    return f"run saved at step {thread.session.step:,} as {escaped(str(path))}"


def go_on(checkpoint: Checkpoint) -> Command:
    """Put a run that was saved on the bench."""
    return Command(_go_on, (checkpoint,))


def _go_on(thread: TrainingThread, checkpoint: Checkpoint) -> str:
    session = restored(checkpoint)
    said = thread.open(of_run(checkpoint.name, session.preset), session)
    thread.say(session.replay_note, "error")
    return said


def take_up(path: Path) -> Command:
    """Put a run that an earlier lab has kept on the bench; those that were kept before it are next."""
    return Command(_take_up, (path,))


def _take_up(thread: TrainingThread, path: Path) -> str:
    checkpoint = load(path)
    _go_on(thread, checkpoint)
    autosaves.take(path)
    more = " · {file.last}: the one before it" if last() else ""
    return f"{checkpoint.name} taken up at step {checkpoint.step:,}; undo brings back what was here{more}"


def picture(svg: str, preset: str, step: int) -> Command:
    """Write a picture of the screen into the present folder."""
    return Command(_picture, (svg, preset, step))


def _picture(_: TrainingThread, svg: str, preset: str, step: int) -> str:
    path = atomic_write.write_beside((working_folder() / file_name(preset, step)).with_suffix(".svg"), svg.encode())
    return f"picture saved as {escaped(str(path))}"


def copy_command_line(copy: Callable[[str], object]) -> Command:
    """Give the command line that leads to the present settings to ``copy``, which may be called in any thread."""
    return Command(_copy_command_line, (copy,))


def _copy_command_line(thread: TrainingThread, copy: Callable[[str], object]) -> str:
    text = command_line(thread.file, thread.session.preset)  # which may read a large table again
    copy(text)
    return f"on the clipboard: {text}"


def export(form: str) -> Command:
    """Write the lanes, their metrics or their arrays into the present folder, beside what is there."""
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
    return f"{len(files)} file{'s' if len(files) > 1 else ''} written: {escaped(str(place))}"


def last() -> tuple[Path, RunHeader] | None:
    """The latest run that was kept by itself by a lab that is closed now; broken ones are passed over."""
    for path in reversed(autosaves.left()):
        try:
            return path, read_header(path)
        except RnnTuiError:
            continue
    return None
