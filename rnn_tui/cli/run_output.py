"""The file in which ``rnn-tui train -o`` saves a run."""

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
    """The file in which to save a run; it is overwritten only if it has not changed since the start of the training."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = self._stamp()

    @classmethod
    def checked(cls, name: str, may_overwrite: bool) -> "RunOutput":
        """Return the output with this name, checked before the training.  Raises RnnTuiError if it cannot be used."""
        from rnn_tui.checkpoints import SUFFIX
        from rnn_tui.checkpoints.reader import read_header
        from rnn_tui.storage import atomic_write
        from rnn_tui.storage.files import expanded, path_kind

        path = expanded(name)
        if path.suffix != SUFFIX:
            raise RnnTuiError(f"{name}: the name of a run must end in {SUFFIX}")
        if path_kind(path):
            try:
                read_header(path)
            except RnnTuiError:
                raise RnnTuiError(f"{name} exists and is not a run; choose another name") from None
            if not may_overwrite:
                raise RnnTuiError(f"{name} exists; --force overwrites it, --resume {name} continues it")
        atomic_write.check_writable(path)
        return cls(path)

    def save(self, session: "Session", name: str) -> bool:
        """Save the run, and print where; return False if that failed, so that the results are still printed."""
        from rnn_tui.session.checkpointing import checkpoint_of

        session.approach(session.step)  # all lanes at the same step, if an update was interrupted
        try:
            with saying_unsaved(self.path):
                path = self._write(checkpoint_of(session, name))
        except RnnTuiError as error:
            click.echo(f"Error: {error}", err=True)
            return False
        why = "" if path == self.path else f", because another run was saved as {self.path.name} during the training"
        click.echo(f"run saved as {escaped(str(path))}{why}", err=True)
        return True

    def _write(self, checkpoint: "Checkpoint") -> Path:
        """Write the file, or a file beside it if another run took its name; return its path.  Raises RnnTuiError."""
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
    """Print that nothing was saved if ctrl+c is pressed meanwhile."""
    try:
        yield
    except KeyboardInterrupt:
        if path is not None:
            click.echo(f"{escaped(str(path))}: the run was not saved", err=True)
        raise
