"""Read files that the user names: only regular files, up to a size limit; every failure is reported in one line."""

import os
import stat
from contextlib import suppress
from errno import ENOTDIR
from pathlib import Path
from typing import BinaryIO, Literal

from rnn_tui.errors import DataError

LIMIT = 32 * 2**20  # bytes
# Opening a pipe without a writer would block forever; on Windows, text mode would change the bytes.
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
OTHER_KINDS = {
    stat.S_IFDIR: "is a folder; name a file in it",
    stat.S_IFIFO: "is a pipe, not a file; save its output to a file and name that file",
    stat.S_IFSOCK: "is a socket, not a file",
    stat.S_IFCHR: "is a device, not a file",
    stat.S_IFBLK: "is a device, not a file",
}


def expanded(path: str) -> Path:
    """Return the path with a leading ``~`` or ``~user`` expanded; unchanged if there is no such user."""
    try:
        return Path(path).expanduser()
    except RuntimeError:  # reading will say that there is no such file
        return Path(path)


def path_kind(path: Path) -> Literal["", "file", "folder", "other"]:
    """Return what the path is; empty if nothing exists there.

    Raises:
        DataError: this cannot be determined: the name is too long, or a parent folder is not readable.
    """
    try:
        if not path.exists():
            return ""
        return "folder" if path.is_dir() else "file" if path.is_file() else "other"
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be accessed ({getattr(error, 'strerror', None) or error})") from None


def working_folder() -> Path:
    """Return the folder in which the program was started.  Raises DataError if it no longer exists."""
    try:
        return Path.cwd()
    except OSError:
        raise DataError("the folder in which the program was started no longer exists") from None


def make_folder(path: Path) -> None:
    """Create a folder and its parents, if they do not exist.  Raises OSError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:  # which says of a file in its place that the file exists
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR)) from None


def delete(path: Path) -> None:
    """Delete a file, if there is one; a file that cannot be deleted stays."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def open_file(path: Path) -> BinaryIO:
    """Open a regular file for reading bytes.

    Use it for every file that a user may name (data, presets, the configuration, runs): it neither waits for a pipe
    nor opens a device.

    Raises:
        DataError: in one line: there is no such file, it is a folder, a pipe or a device, or it is not readable.
    """
    try:
        _check_regular(path, path.stat().st_mode)
        descriptor = os.open(path, FLAGS)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except PermissionError:
        raise DataError(f"{path}: not readable (permission denied); ask its owner, or change its permissions") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    try:
        _check_regular(path, os.fstat(descriptor).st_mode)  # the file may have been replaced meanwhile
    except DataError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def _check_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise DataError(f"{path}: {OTHER_KINDS.get(stat.S_IFMT(mode), 'is not a file')}")


def read_bytes(path: Path, limit: int | None = None) -> bytes:
    """Return the bytes of a file, which may have at most ``limit`` (default: LIMIT).

    Raises:
        DataError: as ``open_file``, or the file is larger.
    """
    limit = LIMIT if limit is None else limit
    with open_file(path) as file:
        try:
            raw = file.read(limit + 1)
        except OSError as error:
            raise DataError(f"{path}: cannot be read ({error.strerror or error})") from None
    check_size(path, len(raw), limit)
    return raw


def check_size(path: Path, size: int, limit: int) -> None:
    """Raise DataError if a file, or its unpacked content, has more bytes than ``limit``."""
    if size > limit:
        most = f"{limit // 2**20} MiB" if limit >= 2**20 else f"{limit:,} bytes"
        raise DataError(f"{path}: larger than {most}, the limit; save a part of it as a separate file")


def read_text(path: Path, limit: int | None = None) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark.

    It is for presets and other files of this program; for data files in other encodings see ``data_file.read_data``.

    Raises:
        DataError: as ``read_bytes``, or the file is not UTF-8 text.
    """
    return utf8(path, read_bytes(path, limit))


def utf8(path: Path, raw: bytes) -> str:
    """Decode a file's bytes.  Raises DataError if they are not UTF-8 text."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        body, at = error.object, error.start  # counted from after the byte order mark
        row = body.count(b"\n", 0, at) + 1
        raise DataError(
            f"{path}: not UTF-8 text (byte 0x{body[at]:02x} in row {row}); save it as UTF-8 in a text editor"
        ) from None
    check_text(path, text)
    return text


def check_text(path: Path, text: str) -> None:
    """Raise DataError if the text contains a NUL character."""
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise DataError(f"{path}: not a text file (a NUL character in row {row})")
