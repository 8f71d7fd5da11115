"""Find the data among the rows of a CSV file: below a preamble and a header, above a footer, between comments."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from rnn_tui.number_format import counted
from rnn_tui.tasks.own_data.csv_dialect import is_remark
from rnn_tui.tasks.own_data.csv_number import UNITS, is_gap, is_number
from rnn_tui.tasks.own_data.csv_time import moment

LOOKED_AT, MOST_CELLS = 1000, 200_000  # rows and cells from which the numeric columns are determined
MOST_ABOVE, MOST_BELOW = 50, 50  # most rows of a header block and of a footer
ODD_ROWS = 0.2  # largest share of rows that may have another width or be comments
REMARK_STARTS = tuple("#%/~!;")
TOTALS = frozenset(
    """total totals sum subtotal grand average avg mean median min max minimum maximum count gesamt summe mittel
    mittelwert somme moyenne suma promedio totale media totaal gemiddelde итого сумма среднее 合计 总计 平均""".split()  # noqa: SIM905
)

Row: TypeAlias = tuple[str, ...]


@dataclass
class Layout:
    """The parts of a CSV file.

    Attributes:
        rows: the data; each row has ``width`` cells or fewer.
        places: each row's line in the file, from 1.
        header: the row of the names and its line, if there is one.
        others: further rows that may be the header, with their lines: units, groups, or (last) a first row of numbers.
        notes: what was skipped.
    """

    rows: list[Row]
    places: Sequence[int]
    width: int
    header: tuple[Row, int] | None = None
    others: list[tuple[Row, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def columns(self) -> Iterator[list[str]]:
        """Yield the cells of each column; a missing cell of a short row is empty."""
        least = min(map(len, self.rows), default=0)
        for i in range(self.width):
            yield [row[i] for row in self.rows] if i < least else [row[i] if i < len(row) else "" for row in self.rows]


def laid_out(rows: list[Row], places: Sequence[int], delimiter: str, remarked: bool = True) -> Layout | None:
    """Find the data; None if all cells of the file are empty.  ``remarked``: some rows may be comments."""
    even = len(set(map(len, rows))) == 1  # all rows have the same number of cells
    usual, width = _widths(rows)
    if not width:
        return None
    start = _start(rows, usual)
    numeric = numeric_columns(rows[start + 1 :] or rows[start:], width)
    block, first = _header_block(rows, start, numeric)
    before = next((i for i in reversed(range(start)) if _used(rows[i])), None)
    if not block and before is not None and _names_of_another_width(rows[before]):
        block = [before]
        width = max(width, _used(rows[before]))
    end = _end(rows, first, usual, numeric)
    header = _header(rows, block, width)
    found = Layout([], [], width, None if header is None else (rows[header], places[header]))
    if (
        before is not None
        and block == [before]
        and _used(rows[before]) == width - 1
        and _number_rows(rows[first:], numeric)
    ):
        found.header = ("", *rows[before]), places[before]
        found.notes.append("the header has one name too few: the first column is read as row numbers")
    found.others = [(rows[i], places[i]) for i in block if i != header]
    _note_above(found, [i for i in range(start) if i not in block and _used(rows[i])], places)
    _note_skipped(found, sum(1 for i in range(start, first) if i not in block and _used(rows[i])), "comment line")
    out = _repeats(found, rows, first, end) | (_remarks(found, rows, first, end, delimiter) if remarked else set())
    if not even:
        out |= {i for i in range(first, end) if len(rows[i]) != usual and usual > 1 and not _used(rows[i])}
    kept = [i for i in range(first, end) if i not in out] if out else range(first, end)
    found.rows = [rows[i] for i in kept] if out else rows[first:end]
    found.places = [places[i] for i in kept] if out else places[first:end]
    if below := sum(1 for row in rows[end:] if _used(row)):
        found.notes.append(f"skipped {counted(below, 'line')} below the data, from line {_first(rows, places, end)}")
    if not even:
        _note_widths(found)
    return found


def numeric_columns(rows: Sequence[Sequence[str]], width: int) -> list[bool]:
    """Return for each column whether it has more numbers than words, in a sample of rows from the whole file."""
    most = min(LOOKED_AT, max(30, MOST_CELLS // max(1, width)))
    surplus = [0] * width
    for row in rows[:: len(rows) // most + 1]:
        for i, cell in enumerate(row[:width]):
            if not is_gap(cell):
                surplus[i] += 1 if is_number(cell) else -1
    return [count > 0 for count in surplus]


def _widths(rows: list[Row]) -> tuple[int, int]:
    """Return the number of cells that most rows have, and the number of columns, without empty cells at the ends."""
    lengths = list(map(len, rows))
    tally = Counter(length for length in lengths if length)
    if not tally:
        return 0, 0
    usual = max(tally, key=lambda length: (tally[length], length))
    if len(tally) == 1 and any(row[-1].strip() for row in rows if row):
        return usual, usual
    regular = [row for row in rows if len(row) == usual]
    width = usual if any(row[-1].strip() for row in regular) else max(map(_used, regular))
    below = lengths.index(usual)
    longer = [row for row in rows[below:] if len(row) > usual and _used(row) > width]
    if not width or len(longer) >= 0.05 * len(rows):
        width = max(width, *map(_used, longer or rows))
    return usual, width


def _used(cells: Row) -> int:
    """Return the number of cells up to the last one that is not empty."""
    count = len(cells)
    while count and not cells[count - 1].strip():
        count -= 1
    return count


def _start(rows: list[Row], usual: int) -> int:
    """Return the first row of the table: the first of the most frequent width if nearly all below have it too."""
    filled = next(i for i, row in enumerate(rows) if _used(row))
    regular = next((i for i in range(filled, len(rows)) if len(rows[i]) == usual and _used(rows[i])), filled)
    if regular == filled:
        return filled
    others = sum(1 for row in rows[regular:] if row and len(row) != usual)
    return regular if others <= ODD_ROWS * (len(rows) - regular) else filled


def _header_block(rows: list[Row], start: int, numeric: list[bool]) -> tuple[list[int], int]:
    """Return the rows above the data that may be the header, and the first row of data."""
    block: list[int] = []
    at = start
    while at < len(rows) and len(block) < MOST_ABOVE:
        row = rows[at]
        cells = [cell for cell, number in zip(row, numeric, strict=False) if number]
        if _used(row) and not (block and is_remark(row[0]) and not any(map(is_number, cells))):
            words = any(not is_gap(cell) and not is_number(cell) for cell in cells)
            numbers = any(is_number(cell) for cell in cells)
            titled = words and (not numbers or not block)
            if not any(numeric):
                titled = not block and not any(map(is_number, row))
            if not titled:
                break
            block.append(at)
        at += 1
    if at == len(rows) and len(block) > 1 and any(numeric):  # all rows have words
        return block[:1], block[0] + 1
    return block, at if block else start


def _names_of_another_width(row: Row) -> bool:
    """Tell if a row directly above the data is a header with fewer or more cells than the data."""
    return len(row) > 1 and not is_remark(row[0]) and not any(map(is_number, row))


def _number_rows(rows: list[Row], numeric: list[bool]) -> bool:
    """Tell if the first cells only name or number the rows; R writes such a column without a name in the header."""
    first = [row[0].strip() for row in rows[:50] if row]
    if not numeric[0]:
        return True
    return all(cell.isdecimal() for cell in first) and all(int(b) == int(a) + 1 for a, b in pairwise(first))


def _header(rows: list[Row], block: list[int], width: int) -> int | None:
    """Return the row of the block that names the columns: not a row of units, and the one with the most names."""
    if len(block) < 2:
        return block[0] if block else None
    if _are_units(rows[block[-1]]):
        block = block[:-1]
    distinct = {i: len({cell.strip() for cell in rows[i] if cell.strip()}) for i in block}
    best = [i for i in block if distinct[i] == max(distinct.values())]
    return best[0] if width > 2 else best[-1]


def _are_units(row: Row) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    units = [cell for cell in cells if cell.strip("[]()").lower() in UNITS or cell[0] + cell[-1] in ("[]", "()", "--")]
    return len(units) >= len(cells) / 2 and max(map(len, units)) > 1  # letters alone may be names


def _end(rows: list[Row], first: int, usual: int, numeric: list[bool]) -> int:
    """Return the end of the data: rows below it have no values, or are totals."""
    end, below = len(rows), 0
    while end > first + 1:
        row = rows[end - 1]
        if _used(row):
            if below == MOST_BELOW or not _is_footer(row, rows[end - 2], usual, numeric):
                break
            below += 1
        end -= 1
    return end


def _is_footer(row: Row, above: Row, usual: int, numeric: list[bool]) -> bool:
    name = row[0].strip()
    if name and name.split()[0].rstrip(":").lower() in TOTALS and not is_number(name):
        return bool(above) and above[0].strip().split(" ")[0].rstrip(":").lower() != name.split()[0].rstrip(":").lower()
    if usual == 1:
        return numeric[:1] == [True] and len(name.split()) > 1 and not is_number(name)
    if len(row) == usual or not any(numeric):
        return False
    values = any(is_number(cell) for cell, number in zip(row, numeric, strict=False) if number)
    return not values and moment(row[0]) is None


def _remarks(found: Layout, rows: list[Row], first: int, end: int, delimiter: str) -> set[int]:
    """Return the rows among the data that are comments; none if so many rows begin like comments that they are data."""
    marked = [i for i in range(first, end) if rows[i] and rows[i][0].startswith(REMARK_STARTS)]
    remarks = [i for i in marked if is_remark(rows[i][0], delimiter)]
    if not len(remarks) <= max(1, ODD_ROWS * (end - first)) < end - first:
        return set()
    _note_skipped(found, len(remarks), "comment line")
    return set(remarks)


def _repeats(found: Layout, rows: list[Row], first: int, end: int) -> set[int]:
    """Return the rows among the data that repeat the header, as in concatenated files."""
    if found.header is None or rows.count(found.header[0]) < 2:
        return set()
    again = {i for i in range(first, end) if rows[i] == found.header[0]}
    _note_skipped(found, len(again), "repeated header")
    return again


def _note_above(found: Layout, skipped: list[int], places: Sequence[int]) -> None:
    header = f"header (line {found.header[1]})" if found.header else "data"
    if skipped:
        found.notes.append(
            f"skipped {counted(len(skipped), 'line')} above the {header}, from line {places[skipped[0]]}"
        )
    for row, place in found.others:
        cells = ", ".join(cell.strip() for cell in row[:4]) + (", …" if len(row) > 4 else "")
        found.notes.append(f"skipped line {place} ({cells[:60]}): it is not data; the {header} has the names")


def _note_skipped(found: Layout, count: int, noun: str) -> None:
    if count:
        found.notes.append(f"skipped {counted(count, noun)} among the data")


def _note_widths(found: Layout) -> None:
    long = [i for i, row in enumerate(found.rows) if len(row) > found.width and _used(row) > found.width]
    if long:
        found.notes.append(
            f"{counted(len(long), 'row')} with more cells than columns (first in line {found.places[long[0]]}): "
            "skipped the extra cells"
        )
    usual = max(map(len, found.rows), default=0) if not long else found.width
    short = [i for i, row in enumerate(found.rows) if row and len(row) < min(usual, found.width)]
    if short and len(short) < len(found.rows) / 2:
        found.notes.append(
            f"{counted(len(short), 'row')} with fewer cells than columns (first in line {found.places[short[0]]}): "
            "their last values are missing"
        )


def _first(rows: list[Row], places: Sequence[int], start: int) -> int:
    return places[next(i for i in range(start, len(rows)) if _used(rows[i]))]
