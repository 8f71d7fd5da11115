"""Read numbers as people write them: decimal commas, thousands separators, trailing signs, currencies and units."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from itertools import product
from typing import NamedTuple

LARGEST = 1e300  # sums of larger numbers could overflow
GAPS = frozenset(
    {"", "na", "n/a", "nan", "-nan", "null", "none", "nat", "?", "-", ".", "#n/a", "#na", "<na>", "(null)", "\\n"}
)
PLAIN = {  # the ASCII character for each typographic one
    **dict.fromkeys("−–‒‐‑－﹣—", "-"),
    **dict.fromkeys("＋﹢", "+"),
    **dict.fromkeys("．", "."),
    **dict.fromkeys("，٫", ","),
    **dict.fromkeys("’‘ʼ′´`＇٬", "'"),
    **dict.fromkeys("\xa0\u202f\u2009\u2007\u2008\u200a\u2002\u2003\u2005\u2006\u3000", " "),
    **dict.fromkeys("（", "("),
    **dict.fromkeys("）", ")"),
    **dict.fromkeys("％", "%"),
    **dict.fromkeys("\u200e\u200f\u2060\ufeff\u061c", ""),  # invisible marks
}
CURRENCIES = "$€£¥₹₽¢₩₺₪฿"
UNITS = frozenset(
    """% ‰ ° °c °f k c f deg degc degf rad s sec ms us µs ns min h hr hrs hour hours d day days mm cm m km in ft mi nm
    µm μm g kg mg µg t lb lbs oz l ml n kn pa hpa kpa mpa bar mbar psi atm j kj mj wh kwh mwh gwh cal kcal w kw mw gw hp
    v mv kv a ma µa μa ah mah ohm ω kω hz khz mhz ghz db dbm lx lm mol ppm ppb m/s km/h kmh mph kt kts knots m/s2 m/s²
    w/m2 w/m² m2 m² m3 m³ m3/s m³/s l/s mm/h kg/m3 g/m3 µg/m3 µg/m³ rpm""".split()  # noqa: SIM905
)
CURRENCY = rf"[{CURRENCIES}]|[A-Z]{{1,3}}\$|(?:[A-Z]{{3}}|[Kk]r\.?|Fr\.|Rs\.?) "
CELL = re.compile(
    rf"(?P<open>\(?)(?P<before>[+-]?) ?(?P<prefix>{CURRENCY})? ?(?P<sign>[+-]?) ?"
    r"(?P<body>[\d.,'_ ]*[\d.])(?P<power>(?:[eEdD][+-]?\d+)?) ?(?P<suffix>[^\d\s+()\-.,'_][^\d()]{0,11}?)?"
    r"(?P<close>\)?)(?P<after>[+-]?)"
)
TO_NINE = str.maketrans("12345678", "99999999")
TO_NINES = str.maketrans("012345678", "999999999")


class Notation(NamedTuple):
    """How the numbers of a column are written; ``thousands`` is empty if digits are not grouped."""

    decimal: str
    thousands: str

    def value(self, body: str, power: str = "") -> float:
        """Return the number that ``body`` means in this notation; ``power``: an exponent such as ``e-3``."""
        if self.thousands:
            body = body.replace(self.thousands, "")
        return float(body.replace(self.decimal, ".") + power)


NOTATIONS = [
    *(Notation(decimal, "") for decimal in ".,"),
    *(Notation(*pair) for pair in product(".,", ",.' _") if pair[0] != pair[1]),
]
POINT = Notation(".", "")


class Parts(NamedTuple):
    """The parts of a cell that may be a number: digits with separators, sign, exponent, and currency or unit."""

    body: str
    negative: bool
    power: str
    affix: str


class Numbers(NamedTuple):
    """The numbers of a column.

    Attributes:
        values: NaN for a gap, None for a cell that is neither a number nor a gap.
        readings: two possible notations, each with the number that ``example`` means in it, if the column is ambiguous;
            ``values`` then follow the first.
        note: a note to the user on how the numbers were read.
    """

    values: list[float | None]
    notation: Notation
    readings: tuple[tuple[Notation, float], ...] = ()
    example: str = ""
    note: str = ""


def is_gap(text: str) -> bool:
    """Tell if a cell marks a missing value."""
    text = text.strip().lower()
    return text in GAPS or (len(text) == 1 and PLAIN.get(text) == "-")


def plain_text(text: str) -> str:
    """Return the cell with ASCII characters in place of digits, signs and spaces of other scripts and of typography."""
    if text.isascii():
        return text.strip()
    text = "".join(PLAIN.get(c, str(unicodedata.decimal(c)) if not c.isascii() and c.isdecimal() else c) for c in text)
    return text.strip()


def parts(text: str) -> Parts | None:
    """Return the parts of a cell that may be a number; None if it cannot be one."""
    found = CELL.fullmatch(plain_text(text))
    if not found:
        return None
    signs = found["before"] + found["sign"] + found["after"]
    if len(signs) > 1 or bool(found["open"]) != bool(found["close"]) or (signs and found["open"]):
        return None
    affix = " ".join(part.strip() for part in (found["prefix"] or "", found["suffix"] or ""))
    power = found["power"].lower().replace("d", "e")
    return Parts(found["body"].strip(" "), "-" in signs or bool(found["open"]), power, affix)


def is_number(text: str) -> bool:
    """Tell if a cell is a number in some notation, with or without a currency, a percent sign or a known unit."""
    try:
        value = float(text)
    except ValueError:
        found = parts(text)
        if not found or not any(_fits(notation, shape(found.body)) for notation in NOTATIONS):
            return False
        prefix, _, suffix = found.affix.partition(" ")
        return prefix in ("", *CURRENCIES) and (not suffix or suffix in CURRENCIES or suffix.lower() in UNITS)
    return abs(value) < LARGEST


def is_too_large(text: str) -> bool:
    """Tell if a cell is a number that is too large to compute with, or infinite."""
    with suppress(ValueError):
        return abs(float(text)) >= LARGEST
    return False


def read_numbers(texts: Sequence[str], decimal: str | None = None) -> Numbers:
    """Return the numbers of a column, in the notation that fits most of its cells; gaps are NaN.

    ``decimal``: the decimal sign, if it is known.
    """
    cells = [None if is_gap(text) else parts(text) for text in texts]
    affix = _common_affix(cells)
    tally, examples = Counter[str](), dict[str, str]()
    for cell in cells:
        if cell:
            outline = shape(cell.body)
            tally[outline] += 1
            examples.setdefault(outline, cell.body)
    allowed = [notation for notation in NOTATIONS if decimal in (None, notation.decimal)]
    fits = {n: sum(count for outline, count in tally.items() if _fits(n, outline)) for n in allowed}
    best = [notation for notation in allowed if fits[notation] == max(fits.values())]
    fitting = [body for outline, body in examples.items() if _fits(best[0], outline)]
    best = [notation for notation in best if all(_fits(notation, shape(body)) for body in fitting)]
    readings = {tuple(n.value(body) for body in fitting): n for n in reversed(best)}
    notations = sorted(readings.values(), key=best.index)
    values = [_value(text, cell, notations[0], affix) for text, cell in zip(texts, cells, strict=True)]
    used = notations[0].thousands if any(notations[0].thousands in body for body in fitting) else ""
    note = _note(Notation(notations[0].decimal if any(notations[0].decimal in b for b in fitting) else "", used), affix)
    if len(notations) == 1:
        return Numbers(values, notations[0], note=note)
    example = next(body for body in fitting if notations[0].value(body) != notations[1].value(body))
    return Numbers(values, notations[0], tuple((n, n.value(example)) for n in notations[:2]), example, note)


def groups_are_thousands(texts: Iterable[str], sign: str) -> bool:
    """Tell if three digits after ``sign`` cannot be decimals: some cells have no ``sign``, others end with a zero.

    A column has either a fixed number of decimals, so that every cell has them, or no final zeros.
    """
    cells = [found for text in texts if not is_gap(text) and (found := parts(text))]
    whole = [cell for cell in cells if sign not in cell.body and cell.body.strip("0")]
    bare = any(not cell.negative or cell.body.strip("9") for cell in whole)  # -999 may stand for a missing value
    return bare and any(sign in cell.body and cell.body.endswith("0") for cell in cells)


def shape(body: str) -> str:
    """Return the text with nines in place of digits, except for a leading zero, which no thousands follow."""
    return body[0] + body[1:].translate(TO_NINES) if body[:1] == "0" else body.translate(TO_NINES)


@cache
def _pattern(notation: Notation) -> re.Pattern[str]:
    decimal, thousands = map(re.escape, notation)
    whole = r"\d+"
    if thousands:
        whole = rf"[1-9]\d{{0,2}}(?:{thousands}\d{{3}})+|\d+"
        if notation.thousands == ",":  # also the Indian grouping: 12,34,567
            whole = rf"[1-9]\d?(?:,\d{{2}})+,\d{{3}}|{whole}"
    return re.compile(rf"(?:{whole})(?:{decimal}\d*)?|{decimal}\d+")


def _fits(notation: Notation, outline: str) -> bool:
    return _pattern(notation).fullmatch(outline) is not None


def _common_affix(cells: Iterable[Parts | None]) -> str:
    """Return the currency and unit of every number; blank if they differ, so that cells with one are not numbers."""
    affixes = {cell.affix for cell in cells if cell}
    return affixes.pop() if len(affixes) == 1 else " "


def _value(text: str, cell: Parts | None, notation: Notation, affix: str) -> float | None:
    if cell is None or cell.affix != affix:
        return float("nan") if is_gap(text) else None
    outline = shape(cell.body)
    if not _fits(notation, outline):
        if not _fits(POINT, outline) or _fits(Notation(",", "."), outline):
            return None
        notation = POINT  # in a column with decimal commas, a point that does not group thousands is decimal too
    value = notation.value(cell.body, cell.power)
    value = -value if cell.negative else value
    return value if abs(value) < LARGEST else None


def _note(used: Notation, affix: str) -> str:
    names = {",": "commas", ".": "points", " ": "spaces", "'": "apostrophes", "_": "underscores"}
    notes = [f"{names[used.thousands]} read as thousands separators"] if used.thousands else []
    notes += ["comma read as decimal sign"] if used.decimal == "," else []
    notes += [f"{affix.strip()!r} ignored"] if affix.strip() else []
    return ", ".join(notes)
