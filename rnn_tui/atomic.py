"""Writing a file so that at every moment either the old one or the new one is there, whole."""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from rnn_tui.errors import RnnTuiError
from rnn_tui.processes import runs

UNFINISHED = re.compile(r"\.saving-(\d+)-.*\.tmp")


def write_text(path: Path, text: str) -> None:
    """Write UTF-8, as ``write_bytes`` does."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write beside the target, flush to the disk, then rename; folders on the way are made.

    Raises:
        RnnTuiError: nothing was written (no permission, full disk, …); an older file is untouched.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".saving-{os.getpid()}-", suffix=".tmp")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise RnnTuiError(f"{path}: not saved ({error.strerror or error}); nothing was changed") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)  # it is there only where something went wrong


def _sweep(folder: Path) -> None:
    """Take away what processes that were killed while saving have left there."""
    for file in folder.glob(".saving-*.tmp"):
        if (found := UNFINISHED.fullmatch(file.name)) and not runs(int(found[1])):
            file.unlink(missing_ok=True)


def free(path: Path) -> Path:
    """The path, or the first of ``name-2``, ``name-3``, … at which there is nothing yet."""
    found, number = path, 2
    while found.exists():
        found, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return found


def write_all(files: Mapping[Path, bytes]) -> None:
    """Each of them, as ``write_bytes`` does."""
    for path, data in files.items():
        write_bytes(path, data)
