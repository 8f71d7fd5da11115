"""What keys have the player do with runs on disk: each command says in a sentence what it led to."""

from pathlib import Path

from rnn_tui.checkpoints import SUFFIX, Checkpoint, autosaves
from rnn_tui.checkpoints.reader import About, about, load
from rnn_tui.checkpoints.writer import save
from rnn_tui.errors import RnnTuiError, plain
from rnn_tui.number_format import counted
from rnn_tui.presets.store import of_run
from rnn_tui.session.checkpointing import checkpoint_of, restored
from rnn_tui.storage import atomic_write
from rnn_tui.storage.files import expanded, here
from rnn_tui.ui.training.training_thread import Command, Player


def file_name(preset: str, step: int) -> str:
    """What a run is called where the user does not say otherwise."""
    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in preset)[:40]
    return f"{name}-{step}{SUFFIX}"


def with_suffix(path: str) -> Path:
    """The path as it was typed, from here, with the ending that a run's file has.  Raises DataError."""
    path = path.strip()
    return here() / expanded(path if path.endswith(SUFFIX) else path + SUFFIX)


def keep(path: Path, over: bool = False) -> Command:
    """Save the run there, ``over`` an older file or not."""

    def command(player: Player) -> str:
        save(checkpoint_of(player.session, player.file.name), path, over)
        return f"run saved at step {player.session.step:,} as {plain(str(path))}"

    return command


def go_on(checkpoint: Checkpoint) -> Command:
    """Put a run that was saved on the bench."""

    def command(player: Player) -> str:
        session = restored(checkpoint)
        said = player.open(of_run(checkpoint.name, session.preset), session)
        player.say(session.replay_note, "error")
        return said

    return command


def take_up(path: Path) -> Command:
    """Put a run that an earlier lab has kept on the bench; those that were kept before it are next."""

    def command(player: Player) -> str:
        checkpoint = load(path)
        go_on(checkpoint)(player)
        autosaves.take(path)
        more = " · {file.last}: the one before it" if last() else ""
        return f"{checkpoint.name} taken up at step {checkpoint.step:,}; undo brings back what was here{more}"

    return command


def picture(svg: str, preset: str, step: int) -> str:
    """Write a picture of the screen into the present folder."""
    path = atomic_write.write_beside((here() / file_name(preset, step)).with_suffix(".svg"), svg.encode())
    return f"picture saved as {plain(str(path))}"


def export(form: str) -> Command:
    """Write the lanes, their metrics or their arrays into the present folder, beside what is there."""

    def command(player: Player) -> str:
        from rnn_tui.exports import EXPORTS
        from rnn_tui.exports.probe_arrays import npz_of

        session, name = player.session, Path(file_name(player.file.name, player.session.step)).stem
        if form == "npz":
            files = {f"{name}.npz": npz_of(session)}
        else:
            files = EXPORTS[form](session, name, range(len(session.preset.lanes)))
        if len(files) == 1:
            ((file, data),) = files.items()
            place = atomic_write.write_beside(here() / file, data)
        else:
            place = atomic_write.new_folder(here() / f"{name}-{form}")
            atomic_write.write_all({place / file: data for file, data in files.items()}, over=False)
        return f"{counted(len(files), 'file')} written: {plain(str(place))}"

    return command


def last() -> tuple[Path, About] | None:
    """The latest run that was kept by itself by a lab that is closed now; broken ones are passed over."""
    for path in reversed(autosaves.left()):
        try:
            return path, about(path)
        except RnnTuiError:
            continue
    return None
