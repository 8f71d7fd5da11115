"""One column of numbers out of a CSV file: delimiter sniffed, header optional."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.errors import DataError, nearest
from rnn_tui.tasks.files import read_text

DELIMITERS = ",;\t|"
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")


@dataclass(frozen=True, eq=False)
class Table:
    """The cells of a CSV file.

    Attributes:
        columns: the header's names, or "1", "2", … where the file has no header.
        rows: (row number in the file, cells); a row of the file may be short of cells.
    """

    path: Path
    columns: list[str]
    rows: list[tuple[int, list[str]]]
    decimal_comma: bool

    def number(self, text: str) -> float | None:
        """The number a cell holds, or None where it holds none (words, nothing, nan, inf)."""
        if self.decimal_comma and DECIMAL_COMMA.fullmatch(text.strip()):
            text = text.replace(",", ".")
        try:
            value = float(text)
        except ValueError:
            return None
        return value if abs(value) < 1e300 and "_" not in text else None  # Python takes 1_000, and nan, for numbers

    def index(self, column: str | None) -> int:
        """Where ``column`` is: by name, by number from 1, or (None) the only column that holds a number.

        Raises:
            DataError: no such column, or the choice is not clear; the columns are listed.
        """
        if column is None:
            numeric = [i for i in range(len(self.columns)) if self._looks_numeric(i)]
            if len(numeric) == 1:
                return numeric[0]
            found = "no column of numbers" if not numeric else "several columns of numbers"
            raise DataError(f"{self.path}: {found}; say which column: {self._listed()}")
        if column in self.columns:
            return self.columns.index(column)
        numbers = [str(i + 1) for i in range(len(self.columns))]
        if column in numbers:
            return numbers.index(column)
        hint = nearest(column, self.columns)
        raise DataError(f"{self.path}: no column {column!r}{hint}; the columns are {self._listed()}")

    def numbers(self, column: str | None) -> Array:
        """The values (N,) of one column.

        Raises:
            DataError: as ``index``, or cells are empty or not finite numbers: the first by row, the others counted.
        """
        index = self.index(column)
        values, bad = [], []
        for row, cells in self.rows:
            text = cells[index] if index < len(cells) else ""
            value = self.number(text)
            values.append(np.nan if value is None else value)
            if value is None:
                bad.append((row, text))
        if bad:
            raise DataError(f"{self.path}: {self._complaint(bad, self.columns[index])}")
        return np.asarray(values)

    def _complaint(self, bad: list[tuple[int, str]], column: str) -> str:
        row, text = bad[0]
        found = f"found {text.strip()[:40]!r}" if text.strip() else "found an empty cell"
        line = f"row {row}, column {column!r}: {found}, expected a finite number"
        if len(bad) > 1:
            others = ", ".join(str(row) for row, _ in bad[1:6]) + (", …" if len(bad) > 6 else "")
            line += f" ({len(bad) - 1} more such: row {others})"
        return line + "; fill or remove such rows"

    def _looks_numeric(self, index: int) -> bool:
        cells = [cells[index] for _, cells in self.rows[:20] if index < len(cells)]
        return 2 * sum(self.number(cell) is not None for cell in cells) > len(cells)

    def _listed(self) -> str:
        shown = ", ".join(repr(name) for name in self.columns[:20])
        return shown + (f", … ({len(self.columns)} in all)" if len(self.columns) > 20 else "")


def read_table(path: Path, column: str | None = None) -> Table:
    """Read a CSV file.  Blank lines at its end are left out; elsewhere they are rows without cells.

    The first row is a header if it holds no number, or if it holds the name of the ``column`` that is wanted.

    Raises:
        DataError: the file cannot be read (see ``read_text``) or holds no row of data.
    """
    lines = io.StringIO(read_text(path), newline=None).readlines()  # splitlines() would split at form feeds too
    delimiter = sniff(lines)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    try:
        rows = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise DataError(f"{path}: row {reader.line_num}: {error}") from None
    while rows and not any(cell.strip() for cell in rows[-1][1]):
        rows.pop()
    while rows and not any(cell.strip() for cell in rows[0][1]):
        rows.pop(0)
    if not rows:
        raise DataError(f"{path}: empty; no cell of it holds anything")
    width = max(len(cells) for _, cells in rows)
    table = Table(path, [str(i + 1) for i in range(width)], rows, decimal_comma=delimiter != ",")
    first = rows[0][1]
    numbers = [table.number(cell) is not None for cell in first]
    # where the first row is all numbers, a column that is one of them may also be meant by its place
    named = column in [cell.strip() for cell in first] and not (all(numbers) and column in table.columns)
    if any(numbers) and not named:
        return table
    names = [cell.strip() or str(i + 1) for i, cell in enumerate(first)]
    names += [str(i + 1) for i in range(len(names), width)]
    if len(rows) == 1:
        raise DataError(f"{path}: a header but no rows of data")
    return Table(path, names, rows[1:], table.decimal_comma)


def sniff(lines: list[str]) -> str:
    """The delimiter of a CSV text: the one that splits the first lines most evenly into most cells."""
    first = list(islice((line for line in lines if line.strip()), 50))
    if first and "," not in first[0] and len(first) > 1 and all(DECIMAL_COMMA.fullmatch(x.strip()) for x in first[1:]):
        return ";"  # one column, of numbers with decimal commas

    def evenness(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(cells) for cells in csv.reader(first, delimiter=delimiter))
        width, lines_of_it = widths.most_common(1)[0]
        return (lines_of_it / len(first) if width > 1 else 0.0, width)

    try:
        best = max(DELIMITERS, key=evenness)
        return best if evenness(best)[0] > 0 else ","
    except csv.Error:  # a cell longer than the csv module allows; reading will say where
        return ","
