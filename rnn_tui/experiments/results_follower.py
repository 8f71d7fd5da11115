"""The results of a sweep that may still run, as they grow: only what was appended is read again."""

from pathlib import Path

from rnn_tui.experiments.jobs import Row
from rnn_tui.experiments.sweep_results import RESULTS, result_of
from rnn_tui.storage.files import open_file, path_kind

MOST_AT_ONCE = 2**24  # bytes, so that the screen stays responsive while a large file is read


class ResultsFollower:
    """Reads the result lines of a folder once each, without their curves.

    Args:
        folder: of the sweep.
    """

    def __init__(self, folder: Path) -> None:
        self._path, self._begin, self._number = folder / RESULTS, 0, 0

    def fresh(self) -> list[Row]:
        """Return the results of the complete lines since the last call; at most some ten thousand.

        Of a file that has become shorter, all lines are fresh.

        Raises:
            DataError: the file cannot be read.
            FileError: a line is not a result.
        """
        if not path_kind(self._path):
            return []
        with open_file(self._path) as file:
            if file.seek(0, 2) < self._begin:
                self._begin = self._number = 0
            file.seek(self._begin)
            raw = file.read(MOST_AT_ONCE)
        whole = raw[: raw.rfind(b"\n") + 1]
        rows = []
        for line in whole.split(b"\n")[:-1]:
            self._number += 1
            rows.append(result_of(line, self._path, self._number))
        self._begin += len(whole)
        return rows
