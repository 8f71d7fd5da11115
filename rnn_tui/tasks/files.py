"""Reading a user's file: never more than a stated limit, and every way it can fail in one line."""

import os
import stat
from pathlib import Path
from typing import BinaryIO, Literal

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


def opened(path: Path) -> BinaryIO:
    """The file, open for reading.  A pipe or a device is refused before it is waited for.

    Raises:
        DataError: there is no such file, it may not be read, or it is something else.
    """
    try:
        _refuse_others(path, path.stat().st_mode)  # opening a device may do something by itself
        file = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb")
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except PermissionError as error:
        raise DataError(f"{path}: not readable ({error.strerror})") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    try:
        _refuse_others(path, os.fstat(file.fileno()).st_mode)  # it may have become another meanwhile
    except DataError:
        file.close()
        raise
    return file


def _refuse_others(path: Path, mode: int) -> None:
    """Raises DataError for what is no file."""
    if stat.S_ISDIR(mode):
        raise DataError(f"{path}: is a directory; name a file in it")
    if not stat.S_ISREG(mode):
        kinds = {stat.S_ISFIFO: "a pipe", stat.S_ISSOCK: "a socket", stat.S_ISCHR: "a device", stat.S_ISBLK: "a device"}
        found = next((words for test, words in kinds.items() if test(mode)), "something else")
        raise DataError(f"{path}: is {found}, not a file; write what it holds to a file first")


def read_bytes(path: Path, limit: int | None = None) -> bytes:
    """All that the file holds, at most ``limit`` bytes (None: LIMIT).  Raises DataError."""
    limit = LIMIT if limit is None else limit
    try:
        with opened(path) as file:
            raw = file.read(limit + 1)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error})") from None
    if len(raw) > limit:
        raise DataError(f"{path}: larger than {limit // 2**20} MiB, the most that is read; cut it, e.g. with head")
    return raw


def read_text(path: Path) -> str:
    """The file's text (UTF-8, with or without a byte order mark), at most ``LIMIT`` bytes of it.

    Raises:
        DataError: there is no such file, it cannot be read, is too large, empty, or not UTF-8 text.
    """
    return utf8(path, read_bytes(path))


def utf8(path: Path, raw: bytes) -> str:
    """The text that a file holds.  Raises DataError where it holds none."""
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
