"""A text file of lines that is only appended to: what was appended survives the end of the process at any time."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

from rnn_tui.errors import RnnTuiError
from rnn_tui.storage.files import open_file


def complete_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file, without line ends; a last line that is not complete is left out.

    Raises:
        DataError: the file cannot be read.
    """
    with open_file(path) as file:
        for line in file:
            if line.endswith(b"\n"):
                yield line[:-1]


class LineFile:
    """A file to which lines are appended, each of them flushed to the disk.

    Raises RnnTuiError if the file cannot be opened or written.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, which is created if there is none; a last line that is not complete is removed."""
        self._path = path
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
            os.ftruncate(self._descriptor, self._complete())
        except OSError as error:
            raise RnnTuiError(f"{path}: cannot be written ({error.strerror or error})") from None

    def _complete(self) -> int:
        """Return the number of bytes up to the end of the last complete line."""
        end = os.fstat(self._descriptor).st_size
        while end > 0:
            begin = max(0, end - 2**16)
            os.lseek(self._descriptor, begin, os.SEEK_SET)
            at = os.read(self._descriptor, end - begin).rfind(b"\n")
            if at >= 0:
                return begin + at + 1
            end = begin
        return 0

    def append(self, line: bytes) -> None:
        """Append a line, without its line end, and flush it to the disk."""
        rest = memoryview(line + b"\n")
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
            os.fsync(self._descriptor)
        except OSError as error:
            raise RnnTuiError(f"{self._path}: not written ({error.strerror or error})") from None

    def close(self) -> None:
        with suppress(OSError):
            os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
