"""Split the lines of a CSV file into cells: the delimiter, quotes, and a first line such as ``sep=;``."""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from rnn_tui.tasks.own_data.csv_number import is_gap, is_number

DELIMITERS = ",;\t|"
BLANKS = " "  # means any number of blanks
ALONE = "\x1f"  # means no delimiter: each line is one cell
REMARKS = ("#", "%", "//", "~", "!", ";")  # a line that begins so is a comment, unless ; is the delimiter
LOOKED_AT = 100  # lines from which the delimiter is determined
DECIMAL_COMMA = re.compile(r"[+\-−]?\d+,\d+([eE][+-]?\d+)?")
PLAIN_NUMBER = re.compile(r"[+\-−]?\d+([.,]\d+)?([eE][+-]?\d+)?")
GROUPED = re.compile(r"[+\-−]?\d{1,3}([ ,]\d{3})*([.,]\d+)?")
QUOTED_OR_BLANKS = re.compile(r'("(?:[^"]|"")*"?)|[ \t]+')
SEPARATOR_LINE = re.compile(r'(?i)"?sep=(.|\\t)"?\s*')


def separator_line(line: str) -> str:
    """Return the delimiter that a first line such as ``sep=;`` states, as Excel writes it; empty if it states none."""
    found = SEPARATOR_LINE.fullmatch(line)
    return found[1].replace("\\t", "\t") if found else ""


def is_remark(line: str, delimiter: str = "") -> bool:
    """Tell if a line is a comment, by its first characters."""
    start = line.lstrip(' "')
    return start.startswith(REMARKS) and not (delimiter == ";" and start.startswith(";"))


def cells_of(lines: Iterable[str], delimiter: str) -> Any:
    """Return an iterator over the cells of each row, like ``csv.reader``."""
    if delimiter == BLANKS:
        lines, delimiter = map(_tabbed, lines), "\t"
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)


def sniffed(lines: list[str], decimal: str | None = None) -> str:
    """Return the delimiter that splits the lines most evenly into complete cells; BLANKS if no other does.

    If ``decimal`` is a comma, commas are not delimiters.
    """
    some = [*lines[: LOOKED_AT // 2], *lines[LOOKED_AT // 2 :: max(1, 2 * len(lines) // LOOKED_AT)]]
    filled = [line for line in some if line.strip()] or [line for line in lines if line.strip()][:LOOKED_AT]
    first = [line for line in filled if not is_remark(line)] or filled
    if not first:
        return ","
    if _one_number_each(lines, first, decimal):
        return ALONE
    if _decimal_commas_between_blanks(first):
        return BLANKS

    def fit(delimiter: str) -> tuple[float, int]:
        rows = list(cells_of(first, delimiter))
        width, rows_of_it = Counter(map(len, rows)).most_common(1)[0]
        if width == 1:
            return 0.0, 1
        cells = [cell for row in rows if len(row) == width for cell in row]
        return rows_of_it / len(rows) * sum(_whole(cell, delimiter) for cell in cells) / len(cells), width

    try:
        fits = {delimiter: fit(delimiter) for delimiter in DELIMITERS if (delimiter, decimal) != (",", ",")}
        best = max(fits, key=lambda delimiter: fits[delimiter])
        if fits[best][0] > 0:
            return best
        return BLANKS if fit(BLANKS)[0] > 0 else ","
    except csv.Error:  # a cell longer than the csv module allows; reading will report it
        return ","


def _whole(cell: str, delimiter: str) -> bool:
    """Tell if no other delimiter should split a cell: it is a number or a gap, or contains no other delimiter."""
    return not any(other in cell for other in DELIMITERS if other != delimiter) or is_gap(cell) or is_number(cell)


def _one_number_each(lines: list[str], first: list[str], decimal: str | None) -> bool:
    """Tell if each line is one number, written with a decimal comma or with grouped thousands.

    A line is not a row of two columns if it has no comma but other lines have one (only the last line may be
    incomplete), if the header has one cell, or if the part after the comma is not a whole number.
    """
    head = 0 if _is_one_number(first[0]) else 1
    ones = sum(map(_is_one_number, first[head:]))
    if ones < 2 or ones < 0.9 * (len(first) - head):
        return False
    body = [line.strip() for line in lines if line.strip() and not is_remark(line)]
    numbers = body[head:]
    for sign in ", ":
        having = sum(sign in line for line in numbers)
        if having:
            title = body[0]
            single = bool(head) and not any(delimiter in title for delimiter in DELIMITERS)
            single = single and (sign == "," or " " not in title)
            lone = any(sign not in line and _is_one_number(line) for line in numbers[:-1])
            lone = lone or (sign == "," and _cannot_be_whole([line.partition(",")[2] for line in numbers]))
            grouped = sign == "," or all(GROUPED.fullmatch(line) for line in numbers if sign in line)
            if (single or (lone and having > 1) or (sign, decimal) == (",", ",")) and grouped:
                return True
    return False


def _cannot_be_whole(parts: list[str]) -> bool:
    """Tell if the parts after the commas must be decimals: some begin with a zero, or none of many ends with a zero.

    Every tenth whole number ends with a zero; decimals without final zeros never do.
    """
    if not all(part.isdecimal() for part in parts):
        return False
    long = [part for part in parts if len(part) > 1]
    if any(part[0] == "0" for part in long):
        return True
    various = len(set(long)) >= 10 and len(set(map(len, parts))) > 1
    return various and len(long) >= 50 and not any(part[-1] == "0" for part in long)


def _is_one_number(line: str) -> bool:
    text = line.strip().strip('"').replace("\xa0", " ").replace("\u202f", " ")
    return PLAIN_NUMBER.fullmatch(text) is not None or GROUPED.fullmatch(text) is not None


def _decimal_commas_between_blanks(first: list[str]) -> bool:
    """Tell if all words below the first line are numbers with decimal commas, so that commas are not delimiters."""
    words = [re.split(r"[ \t]+", line.strip()) for line in first[1:]]
    alone = all(len(line) == 1 for line in words)
    return (
        bool(words)
        and not alone
        and any("," in word for line in words for word in line)
        and all(PLAIN_NUMBER.fullmatch(word) for line in words for word in line)
    )


def _tabbed(line: str) -> str:
    """Return the line with one tab in place of each run of blanks outside quotes."""
    if '"' in line or not line.isascii():  # str.split() would cut at spaces within numbers too
        return QUOTED_OR_BLANKS.sub(lambda found: found[1] or "\t", line.strip(" \t\r\n"))
    return "\t".join(line.split())


def is_simple(lines: list[str], delimiter: str) -> bool:
    """Tell if the lines have no quotes, so that ``str.split`` can replace the slower csv module."""
    if delimiter == BLANKS or max(map(len, lines), default=0) > csv.field_size_limit():
        return False
    return not any('"' in line for line in lines)
