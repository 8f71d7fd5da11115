"""The file that ``rnn-tui train -o`` saves a run in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rnn_tui.errors import RnnTuiError, escaped

if TYPE_CHECKING:
    from rnn_tui.checkpoints import Checkpoint
    from rnn_tui.session.session import Session


class RunOutput:
    """The file to save a run in; it is replaced only as long as it is the one that was there at the start."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = self._stamp()

    @classmethod
    def checked(cls, name: str, may_overwrite: bool) -> "RunOutput":
        """The output of that name, looked at before anything is trained.  Raises RnnTuiError where it cannot be."""
        from rnn_tui.checkpoints import SUFFIX
        from rnn_tui.checkpoints.reader import read_header
        from rnn_tui.storage import atomic_write
        from rnn_tui.storage.files import expanded, path_kind

        path = expanded(name)
        if path.suffix != SUFFIX:
            raise RnnTuiError(f"{name}: the file of a run ends in {SUFFIX}")
        if path_kind(path):
            try:
                read_header(path)
            except RnnTuiError:
                raise RnnTuiError(f"{name}: there already, and no run; it stays as it is") from None
            if not may_overwrite:
                raise RnnTuiError(f"{name}: there already; --force overwrites it, --resume {name} goes on with it")
        atomic_write.check_writable(path)
        return cls(path)

    def save(self, session: "Session", name: str) -> bool:
        """Save the run, and say where; False where that went wrong, which must not cost the numbers too."""
        from rnn_tui.session.checkpointing import checkpoint_of

        session.approach(session.step)  # where all lanes are, should one have been interrupted
        try:
            with saying_unsaved(self.path):
                path = self._write(checkpoint_of(session, name))
        except RnnTuiError as error:
            click.echo(f"Error: {error}", err=True)
            return False
        why = "" if path == self.path else "; another run has been saved at the name you gave meanwhile"
        click.echo(f"run saved as {escaped(str(path))}{why}", err=True)
        return True

    def _write(self, checkpoint: "Checkpoint") -> Path:
        """Write it there, or beside another run that has come meanwhile; where it is.  Raises RnnTuiError."""
        from rnn_tui.checkpoints.writer import save
        from rnn_tui.storage import atomic_write

        try:
            save(checkpoint, self.path, over=self._seen is not None and self._seen == self._stamp())
            return self.path
        except atomic_write.TargetExists:
            beside = atomic_write.free_path(self.path)
            save(checkpoint, beside, over=False)
            return beside

    def _stamp(self) -> tuple[int, ...] | None:
        try:
            there = self.path.stat()
        except OSError:
            return None
        return there.st_ino, there.st_mtime_ns, there.st_size


@contextmanager
def saying_unsaved(path: object) -> Iterator[None]:
    """Say that nothing was saved there, where ctrl+c comes now."""
    try:
        yield
    except KeyboardInterrupt:
        if path is not None:
            click.echo(f"{escaped(str(path))}: the run was not saved", err=True)
        raise
