"""Writing a file so that at every moment either the old one or the new one is there, whole."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

from rnn_tui.errors import RnnTuiError
from rnn_tui.processes import alive

UNFINISHED = re.compile(r"\.saving-(\d+)-\d+\.tmp")
NUMBERS = count()


def write_text(path: Path, text: str) -> None:
    """Write UTF-8, as ``write_bytes`` does.  Raises RnnTuiError too where the text has names of files that are none."""
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        found = text[max(0, error.start - 20) : error.end + 20]
        raise RnnTuiError(f"{path}: not saved: {found!r} is not UTF-8; rename that file or folder") from None
    write_bytes(path, data)


def write_bytes(path: Path, data: bytes) -> None:
    """Write beside the target, flush to the disk, then rename; folders on the way are made.

    A link stays one, and the file that it leads to is replaced; an older file's permissions stay too.

    Raises:
        RnnTuiError: nothing was written (no permission, full disk, …); an older file is untouched.
    """
    temporary = None
    try:
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        temporary, descriptor = _new_file(target.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            temporary.chmod(target.stat().st_mode & 0o777)
        temporary.replace(target)
    except OSError as error:
        raise RnnTuiError(f"{path}: not saved ({error.strerror or error}); nothing was changed") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)  # it is there only where something went wrong


def check(path: Path) -> None:
    """Whether something can be written there, before hours go into what.  Raises RnnTuiError, as ``write_bytes``."""
    try:
        folder = Path(os.path.realpath(path)).parent
        folder.mkdir(parents=True, exist_ok=True)
        temporary, descriptor = _new_file(folder)
        os.close(descriptor)
        temporary.unlink()
    except OSError as error:
        raise RnnTuiError(f"{path}: cannot be saved ({error.strerror or error})") from None


def _new_file(folder: Path) -> tuple[Path, int]:
    """An empty file that nobody else has, with the permissions that new files get, and its descriptor."""
    while True:
        path = folder / f".saving-{os.getpid()}-{next(NUMBERS)}.tmp"
        with suppress(FileExistsError):
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)


def _sweep(folder: Path) -> None:
    """Take away what processes that were killed while saving have left there."""
    for file in folder.glob(".saving-*.tmp"):
        found = UNFINISHED.fullmatch(file.name)
        if found and not alive(int(found[1])):
            with suppress(OSError):  # somebody else's
                file.unlink()


def free(path: Path) -> Path:
    """The path, or the first of ``name-2``, ``name-3``, … at which there is nothing yet."""
    found, number = path, 2
    while found.exists():
        found, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return found


def write_all(files: Mapping[Path, bytes]) -> None:
    """One after the other, each as ``write_bytes`` does."""
    for path, data in files.items():
        write_bytes(path, data)
