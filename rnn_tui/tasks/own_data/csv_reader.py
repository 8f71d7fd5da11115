"""Read a CSV file as a table, in any dialect and with any text around the data."""

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
from rnn_tui.tasks.own_data.data_file import FileCache, read_data

LOOKED_AT, MOST_CELLS = 1000, 200_000  # rows and cells in the sample of a table
MOST_TIMES = 20  # columns that are searched for times

TABLES = FileCache(2)


def read_table(path: Path, *wanted: str | None, encoding: str | None = None, decimal: str | None = None) -> CsvTable:
    """Return the table in a CSV file; it is cached until the file changes.

    Args:
        wanted: columns that the caller will read; another row is the header if it has all their names.
        encoding: of the file; None: guess it.
        decimal: the decimal sign; None: guess it.

    Raises:
        DataError: the file cannot be read (see ``read_data``) or has no rows of data.
    """
    table = TABLES.get(path, (encoding, decimal), lambda: _read_table(path, encoding, decimal))
    return table.named_by([name for name in wanted if name is not None])


def _read_table(path: Path, encoding: str | None, decimal: str | None) -> CsvTable:
    text, notes = read_data(path, encoding)
    lines = io.StringIO(text.replace(BETWEEN, " "), newline=None).readlines()  # splitlines() splits at form feeds too
    stated = separator_line(lines[0])
    skipped = next((i for i, line in enumerate(lines) if i >= bool(stated) and not _is_above(line, stated)), len(lines))
    delimiter = stated or sniffed(lines[skipped:], decimal)
    if delimiter == ";" and skipped:  # then ; at the start of a line is an empty cell, unless the line is a comment
        skipped = next((i for i in range(bool(stated), skipped) if _is_semicolon_row(lines[i])), skipped)
    remark = lines[skipped - 1].lstrip("".join(REMARK_STARTS)).strip() if skipped > bool(stated) else ""
    rows, places = _rows(path, lines, skipped, delimiter)
    del lines
    layout = laid_out(rows, places, delimiter, _may_hold_remarks(text))
    if layout is None:
        raise DataError(f"{path}: empty; all cells are empty")
    if not layout.rows:
        raise DataError(f"{path}: has a header but no rows of data")
    width, header = layout.width, layout.header
    if header is None and len(cells := _cells(remark, delimiter)) == width:
        header = cells, skipped
    remarks = skipped - bool(stated) - (header is not None and header[1] == skipped)
    above = [f"skipped {counted(remarks, 'comment line')} above the data"] if remarks > 0 else []
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
    """Tell if any line but the first begins like a comment."""
    return any(start in text and any(end + start in text for end in "\n\r") for start in REMARK_STARTS)


def _is_above(line: str, stated: str) -> bool:
    """Tell if a line before the data is blank or a comment."""
    return not line.strip() or is_remark(line, stated)


def _is_semicolon_row(line: str) -> bool:
    return line.startswith(";") and line.count(";") > 1 and not line.startswith("; ")


def _rows(path: Path, lines: list[str], skipped: int, delimiter: str) -> tuple[list[Row], Sequence[int]]:
    """Return the cells of each row after the ``skipped`` lines, and each row's line, from 1.

    Rows are tuples, which the garbage collector stops tracking.
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
        limit = f"; is a closing quote missing? A cell has at most {csv.field_size_limit():,} characters"
        wrong = f"{error}{limit if 'limit' in str(error) else ''}"
        raise DataError(f"{path}: row {skipped + reader.line_num}: {wrong}") from None
    return rows, places


def _cells(line: str, delimiter: str) -> Row:
    """Return the cells of one line; none if it is empty or not a valid row."""
    try:
        return tuple(next(cells_of([line], delimiter), ()))
    except csv.Error:
        return ()


def _are_years(table: CsvTable, first: Row) -> bool:
    """Tell if a first row of numbers has names: consecutive years, unlike the rows below."""
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
    """Return the table, with its rows reversed if its times run backwards in all rows."""
    some = table.sample[:: len(table.sample) // 50 + 1]
    for first in range(min(MOST_TIMES, len(table.columns))):
        for columns in joined_times([row[first : first + 3] for row in some], table.columns[first]):
            texts = [join(row[first : first + columns]) for row in some]
            found = times(texts, table.columns[first])
            if found is None or len(found) < 3:
                continue
            of = f"the times in column {table.columns[first]!r}"
            if runs_backwards(found) and _all_backwards(table, first, columns):
                note = f"{of} run backwards; the rows were reversed, oldest first"
                return replace(table, backwards=True, notes=(*table.notes, note))
            if are_dates(texts) and any(later < earlier for earlier, later in pairwise(found)):
                newest = all(later <= earlier for earlier, later in pairwise(found))
                how = "run backwards, but some are repeated" if newest else "are not in order"
                note = f"{of} {how}; the rows keep the file's order; sort the file if the order matters"
                return replace(table, notes=(*table.notes, note))
            return table
    return table


def _all_backwards(table: CsvTable, first: int, columns: int) -> bool:
    cells = [table.cells(index) for index in range(first, first + columns)]
    found = times([join(row) for row in zip(*cells, strict=True)], table.columns[first])
    return found is not None and runs_backwards(found)
