"""Read a CSV file, of whatever dialect and with whatever around the data, as a table."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from rnn_tui.errors import DataError
from rnn_tui.number_format import counted
from rnn_tui.tasks.own_data.csv_dialect import cells_of, is_remark, is_simple, separator_line, sniffed
from rnn_tui.tasks.own_data.csv_layout import REMARK_STARTS, Row, laid_out
from rnn_tui.tasks.own_data.csv_table import BETWEEN, CsvTable, as_float, column_names
from rnn_tui.tasks.own_data.csv_time import YEARS, are_dates, join, joined_times, runs_backwards, times
from rnn_tui.tasks.own_data.data_file import Remembered, read_data

LOOKED_AT, MOST_CELLS = 1000, 200_000  # rows, and cells of them, that tell what the columns hold
MOST_TIMES = 20  # columns at most that are looked at for times

TABLES = Remembered(2)


def read_table(path: Path, *wanted: str | None, encoding: str | None = None, decimal: str | None = None) -> CsvTable:
    """Read a CSV file; it is remembered until it changes.

    Args:
        wanted: columns that will be asked for; a first row of numbers is the header if these are among them.
        encoding: what the file is in, where it should not be guessed.
        decimal: the sign before decimals, likewise.

    Raises:
        DataError: the file cannot be read (see ``read_data``) or holds no row of data.
    """
    table = TABLES.get(path, (encoding, decimal), lambda: _read_table(path, encoding, decimal))
    return table.named_by([name for name in wanted if name is not None])


def _read_table(path: Path, encoding: str | None, decimal: str | None) -> CsvTable:
    text, notes = read_data(path, encoding)
    lines = io.StringIO(text.replace(BETWEEN, " "), newline=None).readlines()  # splitlines() splits at form feeds too
    stated = separator_line(lines[0])
    skipped = next((i for i, line in enumerate(lines) if i >= bool(stated) and not _is_above(line, stated)), len(lines))
    delimiter = stated or sniffed(lines[skipped:], decimal)
    if delimiter == ";" and skipped:  # then ; at the start of a line is an empty cell, unless the line is a remark
        skipped = next((i for i in range(bool(stated), skipped) if _is_semicolon_row(lines[i])), skipped)
    remark = lines[skipped - 1].lstrip("".join(REMARK_STARTS)).strip() if skipped > bool(stated) else ""
    rows, places = _rows(path, lines, skipped, delimiter)
    del lines
    layout = laid_out(rows, places, delimiter, _may_hold_remarks(text))
    if layout is None:
        raise DataError(f"{path}: empty; no cell of it holds anything")
    if not layout.rows:
        raise DataError(f"{path}: a header but no rows of data")
    width, header = layout.width, layout.header
    if header is None and len(cells := _cells(remark, delimiter)) == width:
        header = cells, skipped
    remarks = skipped - bool(stated) - (header is not None and header[1] == skipped)
    above = [f"{counted(remarks, 'line')} of remarks above the data left out"] if remarks > 0 else []
    names = [str(i + 1) for i in range(width)] if header is None else column_names(header[0], width)
    texts = [BETWEEN.join(column) for column in layout.columns()]
    first = layout.rows[0] if header is None else ()
    heads = (*layout.others, *([(first, layout.places[0])] if first else []))
    most = min(LOOKED_AT, max(30, MOST_CELLS // width))
    sample = [row[:width] for row in layout.rows[:: len(layout.rows) // most + 1]]
    table = CsvTable(
        path, names, texts, layout.places, sample, delimiter, decimal, header[1] if header else None, heads,
        (*notes, *above, *layout.notes),
    )  # fmt: skip
    return _oldest_first(table.headed(column_names(first, width)) if _are_years(table, first) else table)


def _may_hold_remarks(text: str) -> bool:
    """Tell if any line but the first begins like a remark."""
    return any(start in text and any(end + start in text for end in "\n\r") for start in REMARK_STARTS)


def _is_above(line: str, stated: str) -> bool:
    """Tell if a line before the data is blank or a remark."""
    return not line.strip() or is_remark(line, stated)


def _is_semicolon_row(line: str) -> bool:
    return line.startswith(";") and line.count(";") > 1 and not line.startswith("; ")


def _rows(path: Path, lines: list[str], skipped: int, delimiter: str) -> tuple[list[Row], Sequence[int]]:
    """The cells of each row behind the first lines, and the line of each, from 1.

    Rows are tuples, which the garbage collector need not look at.
    """
    del lines[:skipped]
    if is_simple(lines, delimiter):
        rows = [tuple(line.rstrip("\n").split(delimiter)) if line != "\n" else () for line in lines]
        return rows, range(skipped + 1, skipped + 1 + len(rows))
    reader = cells_of(lines, delimiter)
    rows, places = [], []
    try:
        for cells in reader:
            rows.append(tuple(cells))
            places.append(skipped + reader.line_num)
    except csv.Error as error:
        limit = f"; is a quote left open? A cell has at most {csv.field_size_limit():,} characters"
        wrong = f"{error}{limit if 'limit' in str(error) else ''}"
        raise DataError(f"{path}: row {skipped + reader.line_num}: {wrong}") from None
    return rows, places


def _cells(line: str, delimiter: str) -> Row:
    """The cells of one line; none where it is empty, or no line of a table at all."""
    try:
        return tuple(next(cells_of([line], delimiter), ()))
    except csv.Error:
        return ()


def _are_years(table: CsvTable, first: Row) -> bool:
    """Tell if a first row of numbers alone is names: years one after the other, unlike what is below."""
    if len(first) < 2 or table.count < 3 or not all(cell.strip().isdecimal() for cell in first):
        return False
    years = [int(cell) for cell in first]
    below = [value for row in table.rows(20)[1:] for cell in row if (value := as_float(cell)) is not None]
    return (
        all(YEARS[0] <= year <= YEARS[1] for year in years)
        and years == list(range(years[0], years[0] + len(years)))
        and not any(YEARS[0] <= value <= YEARS[1] for value in below)
    )


def _oldest_first(table: CsvTable) -> CsvTable:
    """The table, whose rows are turned round where its times run backwards all through."""
    some = table.sample[:: len(table.sample) // 50 + 1]
    for first in range(min(MOST_TIMES, len(table.columns))):
        for columns in joined_times([row[first : first + 3] for row in some], table.columns[first]):
            texts = [join(row[first : first + columns]) for row in some]
            found = times(texts, table.columns[first])
            if found is None or len(found) < 3:
                continue
            of = f"the times in column {table.columns[first]!r}"
            if runs_backwards(found) and _all_backwards(table, first, columns):
                note = f"{of} run backwards; the rows are sorted, the oldest first"
                return replace(table, backwards=True, notes=(*table.notes, note))
            if are_dates(texts) and any(later < earlier for earlier, later in pairwise(found)):
                newest = all(later <= earlier for earlier, later in pairwise(found))
                how = "run backwards, but some are there more than once" if newest else "are not in order"
                note = f"{of} {how}; the rows stay as they are in the file; sort it if they should not"
                return replace(table, notes=(*table.notes, note))
            return table
    return table


def _all_backwards(table: CsvTable, first: int, columns: int) -> bool:
    cells = [table.cells(index) for index in range(first, first + columns)]
    found = times([join(row) for row in zip(*cells, strict=True)], table.columns[first])
    return found is not None and runs_backwards(found)
