"""Reading a user's file: never more than a stated limit, and every way it can fail in one line."""

from pathlib import Path
from typing import Literal

from rnn_tui.errors import DataError

LIMIT = 32 * 2**20  # bytes


def expanded(path: str) -> Path:
    """With a leading ~ or ~somebody made a folder; left as it is where nobody has that name."""
    try:
        return Path(path).expanduser()
    except RuntimeError:  # reading will say that there is no such file
        return Path(path)


def found(path: Path) -> Literal["", "file", "folder", "other"]:
    """What is there.

    Raises:
        DataError: it cannot be looked at: a name that is too long, or a folder on the way that is closed.
    """
    try:
        if not path.exists():
            return ""
        return "folder" if path.is_dir() else "file" if path.is_file() else "other"
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be looked at ({getattr(error, 'strerror', None) or error})") from None


def here() -> Path:
    """The folder in which the program was started.  Raises DataError where it is gone."""
    try:
        return Path.cwd()
    except OSError:
        raise DataError("the folder in which the program was started is gone") from None


def read_text(path: Path) -> str:
    """The file's text (UTF-8, with or without a byte order mark), at most ``LIMIT`` bytes of it.

    Raises:
        DataError: there is no such file, it cannot be read, is too large, empty, or not UTF-8 text.
    """
    try:
        if path.is_dir():
            raise DataError(f"{path}: is a directory; name a file in it")
        with path.open("rb") as file:
            raw = file.read(LIMIT + 1)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if len(raw) > LIMIT:
        raise DataError(f"{path}: larger than {LIMIT // 2**20} MiB, the most that is read; cut it, e.g. with head")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        body, at = error.object, error.start  # counted from behind a byte order mark
        row = body.count(b"\n", 0, at) + 1
        raise DataError(
            f"{path}: not UTF-8 text (byte 0x{body[at]:02x} in row {row}); convert it, e.g. with iconv"
        ) from None
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise DataError(f"{path}: not a text file (a NUL character in row {row})")
    if not text.strip():
        raise DataError(f"{path}: empty; there is nothing to learn from")
    return text
