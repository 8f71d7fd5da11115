"""A table of cells: find its columns, and read their numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.errors import DataError, nearest
from rnn_tui.tasks.own_data import csv_number
from rnn_tui.tasks.own_data.csv_dialect import BLANKS
from rnn_tui.tasks.own_data.csv_layout import numeric_columns
from rnn_tui.tasks.own_data.csv_number import LARGEST, Numbers, groups_are_thousands, read_numbers
from rnn_tui.tasks.own_data.csv_time import times

BETWEEN = "\x1f"  # separates the cells of a column that is stored as one text
POINTS_IN_THREES = re.compile(r"\s*[+-]?(\d{1,3}|[1-9]\d{0,2}(\.\d{3})+)\s*")
BY_NAME, BY_NUMBER = "name:", "number:"  # prefixes for a column that could be either


@dataclass(frozen=True, eq=False)
class CsvTable:
    """The cells of a CSV file.

    Attributes:
        columns: the header's names, or "1", "2", … if the file has no header.
        texts: the cells of each column in one text, which takes a tenth of the memory of a list.
        places: (N,) each row's line in the file, from 1.
        sample: rows from the whole file, unchanged; some may have fewer cells.
        heads: other rows that may be the header, and their lines; the last may be the first row of data.
        notes: to the user, on how the file was read.
        backwards: the newest row comes first in the file; ``numbers`` has the oldest first.
    """

    path: Path
    columns: list[str]
    texts: list[str]
    places: Sequence[int]
    sample: Sequence[Sequence[str]]
    delimiter: str
    decimal: str | None = None
    header: int | None = None
    heads: tuple[tuple[tuple[str, ...], int], ...] = ()
    notes: tuple[str, ...] = ()
    backwards: bool = False
    _read: dict[tuple[int, tuple[str, ...]], tuple[Array, str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """N, the number of rows of data."""
        return len(self.places)

    def cells(self, index: int) -> list[str]:
        """Return the cells (N,) of a column, in the file's order."""
        return self.texts[index].split(BETWEEN)

    def rows(self, count: int, columns: int | None = None) -> list[list[str]]:
        """Return the first ``count`` rows, with the first ``columns`` cells of each (None: all)."""
        parts = [text.split(BETWEEN, count)[:count] for text in self.texts[:columns]]
        return [list(row) for row in zip(*parts, strict=True)]

    def index(self, column: str | None) -> int:
        """Return the index of ``column``: given by name, by number from 1, or None for the only column of numbers.

        Raises:
            DataError: there is no such column, or the choice is ambiguous; the message lists the columns.
        """
        if column is None:
            return self._only_numeric()
        if column not in self.columns and column.startswith((BY_NAME, BY_NUMBER)):
            kind, _, word = column.partition(":")
            return self._named(word) if kind == "name" else self._numbered(word, column)
        if self.is_ambiguous(column):
            raise DataError(
                f"{self.path}: {column!r} is the name of column {self.columns.index(column) + 1} and the number of "
                f"column {self.columns[int(column) - 1]!r}; write {BY_NAME}{column} or {BY_NUMBER}{column}"
            )
        if column in self.columns:
            return self._named(column)
        return self._numbered(column, column)

    def is_ambiguous(self, column: str) -> bool:
        """Tell if the text is the name of one column and the number of another."""
        number = self._number(column)
        return number is not None and column in self.columns and self.columns[number] != column

    def _only_numeric(self) -> int:
        numeric = self.numeric
        if len(numeric) == 1:
            return numeric[0]
        if not numeric:
            raise DataError(f"{self.path}: no column of numbers; is it a text? The columns are {self._listed()}")
        raise DataError(
            f"{self.path}: several columns of numbers: {self._listed(numeric)}; choose one with --column (in a preset: "
            "task.column)"
        )

    def _named(self, name: str) -> int:
        if (count := self.columns.count(name)) > 1:
            raise DataError(f"{self.path}: {count} columns are named {name!r}; give the column's number, from 1")
        return self.columns.index(name) if count else self._numbered("", name)

    def _number(self, word: str) -> int | None:
        short = len(word) < 10 and word.isascii() and word.isdecimal() and word[0] != "0"
        return int(word) - 1 if short and int(word) <= len(self.columns) else None

    def _numbered(self, word: str, column: str) -> int:
        number = self._number(word) if word else None
        if number is not None:
            return number
        hint = nearest(column, self.columns)
        where = f" (line {self.header} has the names)" if self.header not in (None, 1) else ""
        raise DataError(f"{self.path}: no column {column!r}{hint}; the columns are {self._listed()}{where}")

    @cached_property
    def numeric(self) -> list[int]:
        """Indices of the columns with more numbers than words, in a sample of rows from the whole file."""
        return [i for i, number in enumerate(numeric_columns(self.sample, len(self.columns))) if number]

    def numbers(self, column: str | None, missing: Sequence[str] = ()) -> Array:
        """Return the values (N,) of one column, the oldest first, NaN where one is missing.

        ``missing``: further cells that mark a missing value, such as -999.

        Raises:
            DataError: as ``index``, or some cells are neither numbers nor gaps, or the decimal sign is ambiguous.
        """
        return self.read(self.index(column), missing)[0]

    def read(self, index: int, missing: Sequence[str] = ()) -> tuple[Array, str]:
        """Return the values of a column, and a note on how they were read or "".  Raises DataError like ``numbers``."""
        key = (index, tuple(missing))
        if key not in self._read:
            values, note = self._values(index, missing)
            values = values[::-1].copy() if self.backwards else values
            values.flags.writeable = False
            self._read[key] = values, note
        return self._read[key]

    def _values(self, index: int, missing: Sequence[str]) -> tuple[Array, str]:
        texts = self.cells(index)
        if missing:
            words = {word.strip() for word in missing}
            texts = ["" if text.strip() in words else text for text in texts]
        values, note = self._floats(texts), ""
        if values is None or self._points_may_group(texts):
            numbers = self._settled(read_numbers(texts, self.decimal), texts, index)
            self._refuse_words(numbers, texts, index)
            values, note = np.array(numbers.values, float), numbers.note
        for word in missing:
            number = as_float(word)
            if number is not None:
                values[values == number] = np.nan
        return values, note and f"column {self.columns[index]!r}: {note}"

    def _floats(self, texts: list[str]) -> Array | None:
        """Return the values if all cells are plain numbers or gaps, as in most files; otherwise None."""
        for gaps in (False, True):
            if gaps:
                texts = ["nan" if csv_number.is_gap(text) else text for text in texts]
            try:
                plain = np.array(list(map(float, texts)))
            except ValueError:
                continue
            if not (np.all(np.abs(plain[~np.isnan(plain)]) < LARGEST) and "_" not in "".join(texts)):
                return None
            return plain if self.decimal != "," or not any("." in text for text in texts) else None
        return None

    def _points_may_group(self, texts: list[str]) -> bool:
        """Tell if points may be thousands separators: three digits follow each of them."""
        if self.delimiter in (",", BLANKS) or self.decimal is not None:
            return False
        fits = all(POINTS_IN_THREES.fullmatch(text) or csv_number.is_gap(text) for text in texts)
        return fits and any("." in text for text in texts)

    def _settled(self, numbers: Numbers, texts: list[str], index: int) -> Numbers:
        """Return the numbers in the notation that the rest of the file implies.

        Raises:
            DataError: the rest of the file does not decide between the two notations.
        """
        if not numbers.readings:
            return numbers
        (first, small), (second, large) = numbers.readings  # the sign is decimal, or groups thousands
        sign = first.decimal
        elsewhere = self._decimal_elsewhere(index)
        if elsewhere is None and groups_are_thousands(texts, sign):
            elsewhere = second.decimal
        if elsewhere is None and self.delimiter == ",":
            elsewhere = "."
        if elsewhere is None and sign == "." and self.delimiter != ";":
            other = f"'{numbers.example}' is read as {small:g}; to read it as {large:,.0f} use --decimal ,"
            return numbers._replace(note=other)
        if elsewhere is None:
            raise DataError(
                f"{self.path}: column {self.columns[index]!r}: '{numbers.example}' can mean {small:g} or {large:,.0f}; "
                f"give the decimal sign: --decimal {sign} for {small:g}, --decimal {second.decimal} for "
                f"{large:,.0f} (in a preset: task.decimal; in the lab: the decimal sign beside the columns)"
            )
        return read_numbers(texts, elsewhere)

    def _decimal_elsewhere(self, index: int) -> str | None:
        """Return the decimal sign of the other columns, if they imply one."""
        signs = set()
        for other in self.numeric:
            if other != index:
                cells = [row[other] for row in self.sample if other < len(row)]
                found = read_numbers(cells)
                sign = found.notation.decimal
                if not found.readings and any(sign in cell for cell in cells):
                    signs.add(sign)
        return signs.pop() if len(signs) == 1 else None

    def _refuse_words(self, numbers: Numbers, texts: list[str], index: int) -> None:
        """Raise DataError if cells are neither numbers nor gaps; it names the first row and counts the others."""
        bad = [i for i, value in enumerate(numbers.values) if value is None]
        if not bad:
            return
        column = self.columns[index]
        filled = sum(not csv_number.is_gap(text) for text in texts)
        if len(bad) > filled / 2 and len(bad) > 2:
            kind = "times" if times([texts[i] for i in bad[:20]], column) else "words"
            examples = ", ".join(repr(word[:20]) for word in list(dict.fromkeys(texts[i].strip() for i in bad))[:3])
            if all(csv_number.is_too_large(texts[i]) for i in bad):
                raise DataError(
                    f"{self.path}: column {column!r} contains numbers that are too large ({examples}); they must be "
                    f"below {LARGEST:g}: divide them, or choose another column"
                )
            others = ", ".join(repr(self.columns[i]) for i in self.numeric[:20]) or "none"
            raise DataError(
                f"{self.path}: column {column!r} contains {kind} ({examples}), not numbers; the columns of numbers are "
                f"{others}"
            )
        row = self.places[bad[0]]
        line = f"row {row}, column {column!r}: found {texts[bad[0]].strip()[:40]!r}, expected a finite number"
        if len(bad) > 1:
            more = ", ".join(str(self.places[i]) for i in bad[1:6]) + (", …" if len(bad) > 6 else "")
            line += f" ({len(bad) - 1} more such: row {more})"
        word = texts[bad[0]].strip()
        missing = f", or treat it as missing: --missing {word!r}" if len(word) <= 12 else ""
        raise DataError(
            f"{self.path}: {line}; fix or delete such rows, or leave the cell empty (or NA, NaN, null, none, ?, -) for "
            f"a missing value{missing}"
        )

    def _listed(self, indices: Sequence[int] | None = None) -> str:
        """Return the names of columns, by default of all, as a list in a sentence."""
        names = [self.columns[i] for i in (range(len(self.columns)) if indices is None else indices)]
        shown = ", ".join(repr(name[:60]) for name in names[:20])
        return shown + (f", … ({len(names)} in all)" if len(names) > 20 else "")

    def named_by(self, wanted: Sequence[str]) -> "CsvTable":
        """Return the table with the names of another possible header row, if that has all ``wanted`` names."""
        wanted = [name for name in wanted if name not in self.columns and self._number(name) is None]
        for cells, place in self.heads:
            names = column_names(cells, len(self.columns))
            if wanted and all(name.removeprefix(BY_NAME) in names for name in wanted):
                if self.header is not None or place != self.places[0]:
                    return replace(self, columns=names, header=place)
                return self.headed(names)
        return self

    def headed(self, names: list[str]) -> "CsvTable":
        """Return the table with its first row as the header."""
        note = f"line {self.places[0]} was read as the header"
        texts = [text.partition(BETWEEN)[2] for text in self.texts]
        return replace(
            self, columns=names, texts=texts, places=self.places[1:], header=self.places[0], heads=(),
            notes=(*self.notes, note), _read={},
        )  # fmt: skip


def as_float(text: str) -> float | None:
    """Return the number; None if the text is not one."""
    try:
        return float(text)
    except ValueError:
        return None


def column_names(cells: Sequence[str], width: int) -> list[str]:
    """Return the names of columns from the cells of a header; columns without a name are numbered from 1."""
    padded = [*cells, *[""] * width][:width]
    return [cell.strip() or str(i + 1) for i, cell in enumerate(padded)]
