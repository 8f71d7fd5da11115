"""A text file of lines that is only appended to: what was appended survives the end of the process at any time."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
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
    """A file to which lines are appended.

    Each line is written at once, so that it survives the end of this process.  A thread flushes the lines to the disk,
    so that they survive the end of the system; while it flushes some, more may be appended, which are flushed together.

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
        self._changed, self._closing, self._problem = Event(), False, ""
        self._flushing = Thread(target=self._flush, daemon=True)
        self._flushing.start()

    def append(self, line: bytes) -> None:
        """Append a line, without its line end."""
        rest = memoryview(line + b"\n")
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            self._problem = str(error.strerror or error)
        self._changed.set()
        self._raise()

    def close(self) -> None:
        """Flush the last lines, and close the file."""
        self._closing = True
        self._changed.set()
        self._flushing.join()
        with suppress(OSError):
            os.close(self._descriptor)
        self._raise()

    def _raise(self) -> None:
        if self._problem:
            raise RnnTuiError(f"{self._path}: not written ({self._problem})")

    def _flush(self) -> None:
        """Flush what was appended until the file is closed: what the thread runs."""
        closing = False
        while not closing:
            self._changed.wait()
            self._changed.clear()
            closing = self._closing  # then this flush includes the last line
            try:
                os.fsync(self._descriptor)
            except OSError as error:
                self._problem = str(error.strerror or error)

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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
