"""Columns of numbers out of a CSV file: delimiter sniffed, header optional, gaps allowed."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.errors import DataError, nearest
from rnn_tui.tasks.files import read_text

DELIMITERS = ",;\t|"
BLANKS = " "  # stands for a run of blanks of any length
LOOKED_AT = 1000  # rows at most that tell which columns hold numbers
LARGEST = 1e300  # of a number; beyond, sums overflow
GAPS = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-", "."})
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")
PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")
QUOTED_OR_BLANKS = re.compile(r'("(?:[^"]|"")*"?)|[ \t]+')


@dataclass(frozen=True, eq=False)
class Table:
    """The cells of a CSV file.

    Attributes:
        columns: the header's names, or "1", "2", … where the file has no header.  None is empty all through.
        rows: the cells of each row; it may be short of some.
        places: (N,) each row's number in the file, from 1.
    """

    path: Path
    columns: list[str]
    rows: list[list[str]]
    places: list[int]
    decimal_comma: bool

    def number(self, text: str) -> float | None:
        """The number a cell holds, or None where it holds none (words, nothing, nan, inf)."""
        if self.decimal_comma and "," in text and DECIMAL_COMMA.fullmatch(text.strip()):
            text = text.replace(",", ".")
        try:
            value = float(text)
        except ValueError:
            return None
        return value if abs(value) < LARGEST and "_" not in text else None  # Python takes 1_000, nan for numbers

    @staticmethod
    def is_gap(text: str) -> bool:
        """Whether a cell says that its value is missing."""
        return text.strip().lower() in GAPS

    def index(self, column: str | None) -> int:
        """Where ``column`` is: by name, by number from 1, or (None) the only column of numbers.

        Raises:
            DataError: no such column, or the choice is not clear; the columns are listed.
        """
        if column is None:
            numeric = self._numeric()
            if len(numeric) == 1:
                return numeric[0]
            if not numeric:
                raise DataError(f"{self.path}: no column of numbers; is it a text? The columns are {self._listed()}")
            raise DataError(f"{self.path}: several columns of numbers; say which column: {self._listed()}")
        if (count := self.columns.count(column)) > 1:
            raise DataError(f"{self.path}: {count} columns are called {column!r}; give its number, from 1")
        if count:
            return self.columns.index(column)
        numbers = [str(i + 1) for i in range(len(self.columns))]
        if column in numbers:
            return numbers.index(column)
        hint = nearest(column, self.columns)
        raise DataError(f"{self.path}: no column {column!r}{hint}; the columns are {self._listed()}")

    def numbers(self, column: str | None) -> Array:
        """The values (N,) of one column, NaN where one is missing; a row that is short of the cell has none.

        Raises:
            DataError: as ``index``, or cells are neither numbers nor gaps: the first by row, the others counted.
        """
        index = self.index(column)
        texts = [cells[index] if index < len(cells) else "" for cells in self.rows]
        try:
            plain = np.array(list(map(float, texts)))  # most files; ten times as fast as one cell after the other
        except ValueError:
            pass
        else:
            if np.all(np.abs(plain) < LARGEST) and "_" not in "".join(texts):
                return plain
        found = [self.number(text) for text in texts]
        bad = [i for i, value in enumerate(found) if value is None and not self.is_gap(texts[i])]
        if bad:
            complaint = self._complaint([(self.places[i], texts[i]) for i in bad], self.columns[index])
            raise DataError(f"{self.path}: {complaint}")
        return np.array(found, float)  # of None this makes NaN

    def _complaint(self, bad: list[tuple[int, str]], column: str) -> str:
        row, text = bad[0]
        line = f"row {row}, column {column!r}: found {text.strip()[:40]!r}, expected a finite number"
        if len(bad) > 1:
            others = ", ".join(str(row) for row, _ in bad[1:6]) + (", …" if len(bad) > 6 else "")
            line += f" ({len(bad) - 1} more such: row {others})"
        return line + "; mend or remove such rows, or leave the cell empty (or NA, NaN, null, none, ?, -) for a gap"

    def _numeric(self) -> list[int]:
        """The columns that hold more numbers than words, in rows from all over the file."""
        surplus: Counter[int] = Counter()
        for cells in self.rows[:: len(self.rows) // LOOKED_AT + 1]:
            for i, cell in enumerate(cells):
                if not self.is_gap(cell):
                    surplus[i] += 1 if self.number(cell) is not None else -1
        return [i for i in range(len(self.columns)) if surplus[i] > 0]

    def _listed(self) -> str:
        shown = ", ".join(repr(name) for name in self.columns[:20])
        return shown + (f", … ({len(self.columns)} in all)" if len(self.columns) > 20 else "")


def read_table(path: Path, *wanted: str | None) -> Table:
    """Read a CSV file.

    Lines that begin with # before the data are skipped, and so are blank lines, but for those amid a single column:
    there each is a row without a value.  The first row is a header if it holds no number (see ``_is_header``) or one
    of the columns that are ``wanted``; without one the last line that begins with # may be it.

    Raises:
        DataError: the file cannot be read (see ``read_text``) or holds no row of data.
    """
    lines = io.StringIO(read_text(path), newline=None).readlines()  # splitlines() would split at form feeds too
    skipped = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    remark = lines[skipped - 1].lstrip("#").strip() if skipped else ""
    del lines[:skipped]
    delimiter = sniff(lines)
    reader = _reader(lines, delimiter)
    rows, places = [], []  # and not one list of pairs: collecting them would take longer than reading does
    try:
        for cells in reader:
            rows.append(cells)
            places.append(skipped + reader.line_num)
    except csv.Error as error:
        raise DataError(f"{path}: row {skipped + reader.line_num}: {error}") from None
    table = _trimmed(Table(path, [], rows, places, decimal_comma=delimiter != ","))
    width = len(table.columns)
    if _is_header(table, wanted):
        if len(table.rows) == 1:
            raise DataError(f"{path}: a header but no rows of data")
        names = _names(table.rows[0], width)
        return replace(table, columns=names, rows=table.rows[1:], places=table.places[1:])
    names = _cells(remark, delimiter)
    return replace(table, columns=_names(names, width)) if len(names) == width else table


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line; none where it is empty, or no line of a table at all."""
    try:
        return next(_reader([line], delimiter), [])
    except csv.Error:
        return []


def _trimmed(table: Table) -> Table:
    """Without columns and rows at the edges that hold nothing, and blank lines; columns numbered."""
    used = [_used(cells) for cells in table.rows]
    width = max(used, default=0)  # a delimiter at the end of every line makes no column
    if not width:
        raise DataError(f"{table.path}: empty; no cell of it holds anything")
    first = next(i for i, count in enumerate(used) if count)
    last = next(i for i in range(len(used) - 1, -1, -1) if used[i])
    kept = [i for i in range(first, last + 1) if table.rows[i] or width == 1]
    rows, places = [table.rows[i] for i in kept], [table.places[i] for i in kept]
    return replace(table, columns=[str(i + 1) for i in range(width)], rows=rows, places=places)


def _names(cells: list[str], width: int) -> list[str]:
    """The columns' names; those without one are numbered from 1."""
    padded = islice(chain(cells, repeat("")), width)
    return [cell.strip() or str(i + 1) for i, cell in enumerate(padded)]


def _is_header(table: Table, wanted: Iterable[str | None]) -> bool:
    """Whether the first row is names: those wanted stand there, or none is a number and none a gap.  With a gap (a
    "-" may be a name) it is, if further down a column with a word has numbers.
    """
    first = [cell.strip() for cell in table.rows[0]]
    numbers = [table.number(cell) is not None for cell in first]
    # where the first row is all numbers and gaps, a column that is one of them may also be meant by its place
    data = all(number or table.is_gap(cell) for number, cell in zip(numbers, first, strict=True))
    if any(name in first and not (data and name in table.columns) for name in wanted):
        return True
    if any(numbers) or not any(cell and table.is_gap(cell) for cell in first):
        return not any(numbers)
    words = [i for i, cell in enumerate(first) if not table.is_gap(cell)]
    below = table.rows[1:21]
    return any(table.number(cells[i]) is not None for cells in below for i in words if i < len(cells))


def _used(cells: list[str]) -> int:
    """How many cells there are up to the last that holds anything."""
    count = len(cells)
    while count and not cells[count - 1].strip():
        count -= 1
    return count


def _reader(lines: Iterable[str], delimiter: str) -> Any:
    """The cells of each row, as ``csv.reader`` gives them."""
    if delimiter == BLANKS:
        lines, delimiter = map(_tabbed, lines), "\t"
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)


def _tabbed(line: str) -> str:
    """One tab for each run of blanks that is not in quotes."""
    if '"' in line:
        return QUOTED_OR_BLANKS.sub(lambda found: found[1] or "\t", line.strip(" \t"))
    return "\t".join(line.split())


def sniff(lines: list[str]) -> str:
    """The delimiter of a CSV text: the one that splits the first lines most evenly into most cells; blanks where no
    other does.
    """
    first = list(islice((line for line in lines if line.strip()), 50))
    if _has_decimal_commas(first):
        return BLANKS

    def evenness(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(cells) for cells in _reader(first, delimiter))
        width, lines_of_it = widths.most_common(1)[0] if first else (1, 0)
        return (lines_of_it / len(first) if width > 1 else 0.0, width)

    try:
        best = max(DELIMITERS, key=evenness)
        if evenness(best)[0] > 0:
            return best
        return BLANKS if evenness(BLANKS)[0] > 0 else ","
    except csv.Error:  # a cell longer than the csv module allows; reading will say where
        return ","


def _has_decimal_commas(first: list[str]) -> bool:
    """Whether below the first line all words are numbers with decimal commas, so that no comma separates cells."""
    words = [line.split() for line in first[1:]]
    alone = all(len(line) == 1 for line in words)
    return (
        bool(words)
        and not (alone and "," in first[0])
        and any("," in word for line in words for word in line)
        and all(PLAIN_NUMBER.fullmatch(word) for line in words for word in line)
    )
