"""Read times as tables write them, as numbers whose order can be compared."""

import re
from collections.abc import Sequence
from itertools import pairwise

NAMES = re.compile(
    r"(?i)(.*[^a-z])?(date|datum|time|timestamp|zeit|year|jahr|month|day|tag|epoch|unix|datetime|fecha|heure|ts|t)"
    r"([^a-z].*)?|.*(date|time|timestamp|datum)"
)
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, start=1)}
CLOCK = r"(?:[T ,]+(\d{1,2})[:h](\d{2})(?::(\d{2}(?:[.,]\d+)?))?\s*([AaPp]\.?[Mm]\.?)?)?"
ZONE = r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
YEAR_FIRST = re.compile(rf"(\d{{4}})(?:[-/.](\d{{1,2}})[-/.](\d{{1,2}})|[-/](\d{{1,2}})){CLOCK}{ZONE}")
COMPACT = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}})(?:[T ]?(\d{{2}}):?(\d{{2}})(?::?(\d{{2}}))?())?{ZONE}")
YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ](\d{{4}}|\d{{2}}){CLOCK}{ZONE}")
DAY_MONTH = re.compile(
    rf"(?:[A-Za-z]{{3,9}},?\s+)?(\d{{1,2}})[-/. ]+([A-Za-z]{{3,9}})\.?[-/., ]+(\d{{4}}|\d{{2}}){CLOCK}{ZONE}"
)
MONTH_DAY = re.compile(rf"(?:[A-Za-z]{{3,9}},?\s+)?([A-Za-z]{{3,9}})\.?\s+(?:(\d{{1,2}}),?\s+)?(\d{{4}}){CLOCK}{ZONE}")
WITH_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(\s*[AaPp]\.?[Mm]\.?)?")
YEARS_AT = re.compile(r"1[5-9]|2[01]")
YEARS = (1500, 2200)
EPOCHS = ((1e8, 5e9), (1e11, 5e12), (1e14, 5e15), (1e17, 5e18))  # s, ms, µs and ns since 1970


def times(texts: Sequence[str], name: str = "") -> list[float] | None:
    """Return the times as numbers, or None if a cell is not a time; ``name``: of the column.

    A date such as 03/04/2024 is read with the day first, unless a date in the column must have its month first.
    Numbers are times if the column's name or their range says so.
    """
    months_first = any(
        int(found[2]) > 12 for text in texts if (found := YEAR_LAST.fullmatch(text.strip())) and int(found[1]) <= 12
    )
    read = [moment(text, months_first) for text in texts]
    if None not in read:
        return [value for value in read if value is not None]
    return _numbers(texts, name)


def runs_backwards(values: Sequence[float]) -> bool:
    """Tell if each time is earlier than the previous one."""
    return len(values) > 2 and all(later < earlier for earlier, later in pairwise(values))


def moment(text: str, month_first: bool = False) -> float | None:
    """Return the seconds since a fixed day; None if the text is not a date."""
    text = text.strip()
    if not text[:1].isalnum():
        return None
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day, alone, *rest = found.groups()
        return _seconds(int(year), int(month or alone), int(day or 1), *rest)
    if found := COMPACT.fullmatch(text):
        year, month, day, *rest = found.groups()
        return _seconds(int(year), int(month), int(day), *rest)
    if found := YEAR_LAST.fullmatch(text):
        first, second, year, *rest = found.groups()
        day, month = (second, first) if month_first else (first, second)
        return _seconds(_full(year), int(month), int(day), *rest)
    for pattern, order in ((DAY_MONTH, (0, 1)), (MONTH_DAY, (1, 0))):
        if found := pattern.fullmatch(text):
            groups = found.groups()
            month = MONTHS.get(groups[order[1]][:3].lower(), 0)
            return _seconds(_full(groups[2]), month, int(groups[order[0]] or 1), *groups[3:])
    return None


def are_dates(texts: Sequence[str]) -> bool:
    """Tell if the texts are dates, and not numbers that may only count something."""
    return bool(texts) and moment(texts[0]) is not None


def joined_times(rows: Sequence[Sequence[str]], name: str) -> list[int]:
    """Return how many adjacent columns may be one time, the most first: year, month, day, or date and time of day."""
    if all(len(row) > 1 and len(row[0].strip()) == 4 and row[0].strip().isdecimal() for row in rows):
        return [3, 2, 1] if "year" in name.lower() or "jahr" in name.lower() or YEARS_AT.search(rows[0][0]) else [1]
    if all(len(row) > 1 and WITH_CLOCK.fullmatch(row[1].strip()) for row in rows):
        return [2, 1]
    return [1]


def join(cells: Sequence[str]) -> str:
    """Return the cells of a row that are one time as one text."""
    words = [cell.strip() for cell in cells]
    return ("-" if len(words) > 1 and words[0].isdecimal() else " ").join(words)


def _full(year: str) -> int:
    return int(year) + (0 if len(year) == 4 else 2000 if int(year) < 70 else 1900)


def _seconds(
    year: int, month: int, day: int, hour: str | None, minute: str | None, second: str | None, half: str | None,
    zone: str | None,
) -> float | None:  # fmt: skip
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    shifted = year - (month < 3)  # years begin in March, so that the leap day is the last
    days = 365 * shifted + shifted // 4 - shifted // 100 + shifted // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    return (
        days * 86400.0 + hours * 3600 + int(minute or 0) * 60 + float((second or "0").replace(",", ".")) - _offset(zone)
    )


def _offset(zone: str | None) -> float:
    """Return the seconds by which a time zone is ahead of UTC."""
    if not zone or zone[0] not in "+-":
        return 0.0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return (1 if zone[0] == "+" else -1) * (int(digits[:2]) * 3600.0 + int(digits[2:]) * 60)


def _numbers(texts: Sequence[str], name: str) -> list[float] | None:
    """Return numbers that are times: years, time since 1970, or any numbers in a column whose name says so."""
    try:
        values = list(map(float, texts))
    except ValueError:
        return None
    if not values or not all(abs(value) < float("inf") for value in values):
        return None
    named = NAMES.fullmatch(name.strip()) is not None
    whole = all(value == int(value) for value in values)
    years = whole and all(YEARS[0] <= value <= YEARS[1] for value in values)
    since_1970 = any(all(low <= value <= high for value in values) for low, high in EPOCHS)
    return values if named or years or since_1970 else None
