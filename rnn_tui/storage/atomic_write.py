"""Write files atomically: at every moment either the complete old file or the complete new one exists."""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EACCES, EEXIST, EINVAL
from pathlib import Path
from typing import BinaryIO

from rnn_tui.errors import RnnTuiError
from rnn_tui.storage.files import make_folder

UNFINISHED = ".saving-{}.tmp"  # a file that does not have its final name yet
HOUR = 3600  # seconds without a write, after which an unfinished file that no process holds is deleted
DAY = 24 * HOUR  # the same if it is unknown whether a process holds the file


class TargetExists(RnnTuiError):
    """The target file exists and must not be replaced."""


def write_text(path: Path, text: str, over: bool = True) -> None:
    """Write the text as UTF-8, like ``write_bytes``.

    Raises:
        RnnTuiError: as ``write_bytes``, or the text contains a file name that is not valid UTF-8.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        found = text[max(0, error.start - 20) : error.end + 20]
        raise RnnTuiError(f"{path}: not saved: {found!r} is not UTF-8; rename that file or folder") from None
    write_bytes(path, data, over)


def write_bytes(path: Path, data: bytes, over: bool = True) -> None:
    """Write a temporary file beside the target, flush it to the disk, then rename it; missing folders are created.

    A symbolic link stays a link, and the file that it points to is replaced; the permissions of an older file are
    preserved.  Without ``over`` no file is replaced, not even one that appears at the last moment.

    Raises:
        TargetExists: without ``over``, if the file exists; nothing was changed.
        RnnTuiError: nothing was written (no permission, full disk, …); an older file is unchanged.
    """
    write_all({path: data}, over)


def write_all(files: Mapping[Path, bytes], over: bool = True) -> None:
    """Write several files, each like ``write_bytes``; all are on the disk before the first is renamed.

    Raises:
        RnnTuiError: nothing was written, or some files could not be renamed; the message says which.
    """
    waiting = [_Unfinished(path) for path in files]
    try:
        for one in waiting:
            with _told(one.path, waiting):
                one.write(files[one.path])
        for one in waiting:
            with _told(one.path, waiting):
                one.finish(over)
    finally:
        for one in waiting:
            one.discard()
    for folder, one in {one.target.parent: one for one in waiting}.items():
        _settle(folder, one.target)


class _Unfinished:
    """A file that is being written, and that is locked until it has its final name."""

    def __init__(self, path: Path) -> None:
        self.path = self.target = path
        self.done = False
        self._temporary: Path | None = None
        self._file: BinaryIO | None = None

    def write(self, data: bytes) -> None:
        """Write the data to a temporary file.  Raises OSError or ValueError."""
        from rnn_tui.storage.locks import locked

        self.target = Path(os.path.realpath(self.path))
        make_folder(self.target.parent)
        mode = _mode(self.target)
        self._temporary, descriptor = _new_file(self.target.parent)
        try:
            self._file = os.fdopen(descriptor, "wb")
        except OSError:
            os.close(descriptor)
            raise
        locked(descriptor)
        self._file.write(data)
        self._file.flush()
        os.fsync(descriptor)
        if mode is not None:
            self._temporary.chmod(mode)

    def finish(self, over: bool) -> None:
        """Rename the temporary file to the target.  Raises OSError."""
        assert self._temporary
        assert self._file
        if os.name == "nt":  # Windows cannot rename an open file
            self._file.close()
        if over:
            self._temporary.replace(self.target)
        else:
            _link(self._temporary, self.target)
        self.done = True

    def discard(self) -> None:
        """Close and delete the temporary file."""
        with suppress(OSError):  # a file that cannot be deleted now is deleted later
            if self._file:
                self._file.close()
        with suppress(OSError):
            if self._temporary:
                self._temporary.unlink(missing_ok=True)


def _mode(target: Path) -> int | None:
    """Return the permissions of an older file; None if there is none.  Raises OSError if it must not be replaced."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(EINVAL, "neither a file nor a folder")
    if not os.access(target, os.W_OK):
        raise OSError(EACCES, "write-protected")
    return mode & 0o777


def _link(temporary: Path, target: Path) -> None:
    """Rename a file if nothing has the new name yet.  Raises OSError."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # no links on this file system
        if os.path.lexists(target):
            raise FileExistsError(EEXIST, os.strerror(EEXIST)) from None
        temporary.replace(target)


@contextmanager
def _told(path: Path, files: list[_Unfinished]) -> Iterator[None]:
    """Turn system errors into an RnnTuiError that says which file failed, why, and what was written."""
    try:
        yield
    except (OSError, ValueError) as error:
        kind = TargetExists if isinstance(error, FileExistsError) else RnnTuiError
        raise kind(f"{path}: not saved ({_why(error)}); {_state(files)}") from None


def _why(error: OSError | ValueError) -> str:
    return str(getattr(error, "strerror", None) or error)


def _state(files: list[_Unfinished]) -> str:
    """Return in words which files were written before a failure."""
    done, not_done = ([str(one.path) for one in files if one.done is there] for there in (True, False))
    if not done:
        return "nothing was changed"
    return f"written: {', '.join(done)}; not written: {', '.join(not_done)}"


def check_writable(path: Path) -> None:
    """Raise RnnTuiError if the file cannot be written: checked before a long computation whose result goes there."""
    try:
        target = Path(os.path.realpath(path))
        make_folder(target.parent)
        _mode(target)
        temporary, descriptor = _new_file(target.parent)
        os.close(descriptor)
        temporary.unlink()
    except (OSError, ValueError) as error:
        raise RnnTuiError(f"{path}: cannot be saved ({_why(error)})") from None


def _new_file(folder: Path) -> tuple[Path, int]:
    """Create an empty file under a new name, with default permissions; return its path and descriptor."""
    while True:
        path = folder / UNFINISHED.format(os.urandom(6).hex())
        with suppress(FileExistsError):
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)


def _settle(folder: Path, newest: Path) -> None:
    """Flush the folder, so that new names are on the disk, and delete temporary files that killed processes left."""
    with suppress(OSError):  # Windows opens no folder, and not every file system flushes one
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    for file in folder.glob(UNFINISHED.format("*")):
        with suppress(OSError):  # owned by another user, or deleted meanwhile
            age = newest.stat().st_mtime - file.stat().st_mtime  # by the file system's own clock
            if age > HOUR and _given_up(file, age):
                file.unlink()


def _given_up(file: Path, age: float) -> bool:
    """Tell if no process will finish this temporary file."""
    from rnn_tui.storage.locks import is_free

    held_by_none = is_free(file)
    return age > DAY if held_by_none is None else held_by_none


def free_path(path: Path) -> Path:
    """Return the path, or the first of ``name-2``, ``name-3``, … that does not exist."""
    found, number = path, 2
    while os.path.lexists(found):
        found, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return found


def write_beside(path: Path, data: bytes) -> Path:
    """Write to ``free_path(path)`` and return that path.  Raises RnnTuiError."""
    while True:
        found = free_path(path)
        with suppress(TargetExists):  # another process was faster
            write_bytes(found, data, over=False)
            return found


def copy_beside(data: bytes, path: Path) -> Path:
    """Return a file at the path, or beside it, that holds the data; write one if there is none.

    Raises:
        RnnTuiError: the file cannot be written.
    """
    found, number = path, 2
    while os.path.lexists(found):
        if _holds(found, data):
            return found
        found, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return write_beside(found, data)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def new_folder(path: Path) -> Path:
    """Create an empty folder at ``free_path(path)`` and return its path.  Raises RnnTuiError."""
    while True:
        found = free_path(path)
        try:
            found.mkdir(parents=True)
            return found
        except FileExistsError:  # another process was faster
            continue
        except (OSError, ValueError) as error:
            raise RnnTuiError(f"{found}: cannot be created ({_why(error)})") from None
