"""Writing a file so that at every moment either the old one or the new one is there, whole."""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EACCES, EEXIST, EINVAL, ENOTDIR
from pathlib import Path
from typing import BinaryIO

from rnn_tui.errors import RnnTuiError

UNFINISHED = ".saving-{}.tmp"  # a file that has not got its name yet
HOUR = 3600  # seconds without a write, after which an unfinished file that no process holds is given up
DAY = 24 * HOUR  # the same where it cannot be known whether a process holds it


class TargetExists(RnnTuiError):
    """A file is there that was not to be replaced."""


def write_text(path: Path, text: str, over: bool = True) -> None:
    """Write UTF-8, as ``write_bytes`` does.  Raises RnnTuiError too where the text has names of files that are none."""
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        found = text[max(0, error.start - 20) : error.end + 20]
        raise RnnTuiError(f"{path}: not saved: {found!r} is not UTF-8; rename that file or folder") from None
    write_bytes(path, data, over)


def write_bytes(path: Path, data: bytes, over: bool = True) -> None:
    """Write beside the target, flush to the disk, then rename; folders on the way are made.

    A link stays one, and the file that it leads to is replaced; an older file's permissions stay too.  Without ``over``
    no file is replaced, not even one that appears at the last moment.

    Raises:
        TargetExists: without ``over``, where a file is there; nothing was changed.
        RnnTuiError: nothing was written (no permission, full disk, …); an older file is untouched.
    """
    write_all({path: data}, over)


def write_all(files: Mapping[Path, bytes], over: bool = True) -> None:
    """Several files, each as ``write_bytes`` does: all are on the disk before the first one gets its name.

    Raises:
        RnnTuiError: nothing was written, or some files could not get their names; then it says which.
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
    """A file on its way to the disk, which is locked until it has its name."""

    def __init__(self, path: Path) -> None:
        self.path = self.target = path
        self.done = False
        self._temporary: Path | None = None
        self._file: BinaryIO | None = None

    def write(self, data: bytes) -> None:
        """Raises OSError or ValueError."""
        from rnn_tui.storage.locks import locked

        self.target = Path(os.path.realpath(self.path))
        _make(self.target.parent)
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
        """Give it its name.  Raises OSError."""
        assert self._temporary
        assert self._file
        if os.name == "nt":  # where no open file can be renamed
            self._file.close()
        if over:
            self._temporary.replace(self.target)
        else:
            _link(self._temporary, self.target)
        self.done = True

    def discard(self) -> None:
        """Take away what is left of it."""
        with suppress(OSError):  # what cannot be taken away now is swept up later
            if self._file:
                self._file.close()
        with suppress(OSError):
            if self._temporary:
                self._temporary.unlink(missing_ok=True)


def _make(folder: Path) -> None:
    """Make a folder and those on the way.  Raises OSError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR)) from None


def _mode(target: Path) -> int | None:
    """The permissions of an older file, None where there is none.  Raises OSError for what must not be replaced."""
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
    """Give a file its name where nothing has it.  Raises OSError."""
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
    """Errors of the system as RnnTuiError: of which file, why, and what is there now."""
    try:
        yield
    except (OSError, ValueError) as error:
        kind = TargetExists if isinstance(error, FileExistsError) else RnnTuiError
        raise kind(f"{path}: not saved ({_why(error)}); {_state(files)}") from None


def _why(error: OSError | ValueError) -> str:
    return str(getattr(error, "strerror", None) or error)


def _state(files: list[_Unfinished]) -> str:
    """What is there after a failure."""
    done, not_done = ([str(one.path) for one in files if one.done is there] for there in (True, False))
    if not done:
        return "nothing was changed"
    return f"written: {', '.join(done)}; not written: {', '.join(not_done)}"


def check_writable(path: Path) -> None:
    """Raise RnnTuiError where nothing can be written there, before hours go into what is to be written."""
    try:
        target = Path(os.path.realpath(path))
        _make(target.parent)
        _mode(target)
        temporary, descriptor = _new_file(target.parent)
        os.close(descriptor)
        temporary.unlink()
    except (OSError, ValueError) as error:
        raise RnnTuiError(f"{path}: cannot be saved ({_why(error)})") from None


def _new_file(folder: Path) -> tuple[Path, int]:
    """An empty file that no other process has, with the permissions that new files get, and its descriptor."""
    while True:
        path = folder / UNFINISHED.format(os.urandom(6).hex())
        with suppress(FileExistsError):
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)


def _settle(folder: Path, newest: Path) -> None:
    """Have new names on the disk too, and take away what killed processes have left there."""
    with suppress(OSError):  # Windows opens no folder, and not every file system flushes one
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    for file in folder.glob(UNFINISHED.format("*")):
        with suppress(OSError):  # somebody else's, or gone meanwhile
            age = newest.stat().st_mtime - file.stat().st_mtime  # by the file system's own clock
            if age > HOUR and _given_up(file, age):
                file.unlink()


def _given_up(file: Path, age: float) -> bool:
    """Whether no process will finish it."""
    from rnn_tui.storage.locks import is_free

    held_by_none = is_free(file)
    return age > DAY if held_by_none is None else held_by_none


def free_path(path: Path) -> Path:
    """The path, or the first of ``name-2``, ``name-3``, … at which there is nothing yet."""
    found, number = path, 2
    while os.path.lexists(found):
        found, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return found


def write_beside(path: Path, data: bytes) -> Path:
    """Write to the path, or to the first ``free_path`` one; which it was.  Raises RnnTuiError."""
    while True:
        found = free_path(path)
        with suppress(TargetExists):  # another process was faster
            write_bytes(found, data, over=False)
            return found


def copy_beside(data: bytes, path: Path) -> Path:
    """A file there, or beside it, that holds the data: an older one, or a new one.  Raises RnnTuiError."""
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
    """An empty folder at the path, or at the first ``free_path`` one; which it was.  Raises RnnTuiError."""
    while True:
        found = free_path(path)
        try:
            found.mkdir(parents=True)
            return found
        except FileExistsError:  # another process was faster
            continue
        except (OSError, ValueError) as error:
            raise RnnTuiError(f"{found}: cannot be made ({_why(error)})") from None
