"""The results of a sweep that may still run, as they grow: only what was appended is read again."""

import json
from pathlib import Path

from rnn_tui.errors import FileError
from rnn_tui.experiments.jobs import Row
from rnn_tui.experiments.sweep_results import CURVES, RESULTS
from rnn_tui.storage.files import open_file, path_kind

MOST_AT_ONCE = 2**24  # bytes, so that the screen stays responsive while a large file is read


OF_RUN = ("index", "point", "step", "end", "error")  # which each result has
OF_LANE = ("name", "loss", "accuracy", "r2", "floor", "solved", "solved_at")


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
            rows.append(self._row(line))
        self._begin += len(whole)
        return rows

    def _row(self, line: bytes) -> Row:
        try:
            row: Row = json.loads(line)
            lanes = [{**{key: lane[key] for key in OF_LANE}, **_without_curves(lane)} for lane in row["lanes"]]
            return {**{key: row[key] for key in OF_RUN}, "point": dict(row["point"]), "lanes": lanes}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise FileError(str(self._path), [f"line {self._number:,} is not a result"]) from None


def _without_curves(lane: Row) -> Row:
    return {key: value for key, value in lane.items() if key not in CURVES}
