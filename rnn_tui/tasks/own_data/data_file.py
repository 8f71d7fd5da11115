"""Read a user's data file as text: unpack it, decode it, and cache it until the file changes."""

import io
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from rnn_tui.errors import DataError
from rnn_tui.storage import files
from rnn_tui.storage.files import check_size, check_text, read_bytes
from rnn_tui.tasks.own_data.text_encoding import decoded

GZIP = b"\x1f\x8b"
UNPACK = "unpack it first (on Windows with 7-Zip)"
SAVE_AS = "open it in its program and save it as CSV (UTF-8)"
# First bytes of files that are not text, what they are, and what to do.
SIGNATURES = (
    (b"PK\x05\x06", "an empty zip archive", "name another file"),
    (b"\xfd7zXZ\x00", "packed with xz", f"{UNPACK}, e.g. with xz -d"),
    (b"BZh", "packed with bzip2", f"{UNPACK}, e.g. with bzip2 -d"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", f"{UNPACK}, e.g. with zstd -d"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"Rar!", "a rar archive", UNPACK),
    (b"PAR1", "a Parquet file", "write it as CSV, e.g. with pandas: read_parquet(…).to_csv(…)"),
    (b"ARROW1", "an Arrow or Feather file", "write it as CSV, e.g. with pandas: read_feather(…).to_csv(…)"),
    (b"\x89HDF", "an HDF5 file", "write it as CSV, e.g. with pandas: read_hdf(…).to_csv(…)"),
    (b"CDF\x01", "a NetCDF file", "write it as CSV, e.g. with ncdump or xarray"),
    (b"\x93NUMPY", "a NumPy array", "write it as CSV with numpy.savetxt"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document", SAVE_AS),
    (b"%PDF", "a PDF document", "save its table as CSV"),
)
SPREADSHEETS = (b"xl/", b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis")

Kept = TypeVar("Kept")


class DataText(NamedTuple):
    """A text, and notes to the user on how it was read."""

    text: str
    notes: tuple[str, ...]


def read_data(path: Path, encoding: str | None = None) -> DataText:
    """Return the text of a data file in any encoding, with or without gzip compression.

    Raises:
        DataError: as ``files.read_bytes``, or the file is not text; the message says what to do.
    """
    raw, notes = read_bytes(path), []
    if raw.startswith(GZIP):
        raw = _unzipped(path, raw)
        notes.append("unpacked (gzip)")
    _refuse_other_kinds(path, raw)
    try:
        text, note = decoded(raw, encoding)
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    check_text(path, text)
    if not text.strip():
        raise DataError(f"{path}: empty; there is nothing to learn from")
    return DataText(text, (*notes, note) if note else tuple(notes))


def _unzipped(path: Path, raw: bytes) -> bytes:
    """Unpack at most ``files.LIMIT`` bytes, whatever size the file declares."""
    import gzip  # few files need it

    try:
        with gzip.open(io.BytesIO(raw)) as file:
            found = file.read(files.LIMIT + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: a damaged gzip file ({error}); download or pack it again") from None
    check_size(path, len(found), files.LIMIT)
    return found


def _refuse_other_kinds(path: Path, raw: bytes) -> None:
    if raw.startswith(b"PK\x03\x04"):
        if any(part in raw[:4096] for part in SPREADSHEETS):
            raise DataError(f"{path}: a workbook (.xlsx, .ods), not a text file; {SAVE_AS}")
        raise DataError(f"{path}: a zip archive; unpack it first, e.g. with python -m zipfile -e FILE FOLDER")
    for start, kind, remedy in SIGNATURES:
        if raw.startswith(start):
            raise DataError(f"{path}: {kind}; {remedy}")


class FileCache:
    """A cache of what was computed from the files read last; an entry is valid until its file changes.

    A task is created anew whenever a setting changes; without the cache each would read its file again.  Every thread
    may use it.
    """

    def __init__(self, most: int) -> None:
        self._most, self._kept, self._lock = most, OrderedDict[Hashable, Any](), Lock()

    def get(self, path: Path, options: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return the result of ``make`` for the file in its present state and these options."""
        key = (str(path), options, _stamp(path))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: Kept = self._kept[key]
                return found
        made = make()
        if _stamp(path) == key[2] is not None:  # the file was not changed meanwhile
            with self._lock:
                self._kept[key] = made
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return made

    def forget(self) -> None:
        """Remove all entries."""
        with self._lock:
            self._kept.clear()


def _stamp(path: Path) -> Hashable:
    """Return the file's time, size and inode, which change when it is written; None if it cannot be accessed."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
