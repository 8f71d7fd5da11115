"""Plain ASCII for fonts without block and braille glyphs.

The filter is the last step for every line, including dialogs, borders and messages; each column stays one column, so
that nothing moves.  Where there is room, as in formulas and hints, ``spelt`` has already replaced symbols by words.
"""

import re
from functools import cache
from unicodedata import normalize

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

COLUMNS = {
    "▁▂▃▄▅▆▇█": "_:-=+*%#",  # from low to high
    "▔▀▌▐▍▎▏▊▋▉": "'\"||||||||",
    "─━═╌╍┄┅┈┉": "-==--....",
    "│┃║┊┋╎": "|||:::",
    "┤├┴┬┼": "++^++",
    "▾▼▸▶▹►◂◀▴▲■□●○◆◇": "vv>>>><<^^##Oo*o",
    "✓✔✗✘": "++xx",
    "←→↑↓↵⇥␣": "<>^v$>_",
    "−–—‐": "----",
    "≈≡≤≥×·•∘±⊕√∞∂∑∫": "~=<>x.**~^VIdSS",
    "ᵀ": "'",
    "‖‹›«»‘’“”„…¶§°": '|<><>\'\'"""~$$o',
    "ΔΣΠΩαβγδεζηθικλμνξπρστυφχψω": "dSPOabgdezewiklmvxprstufxyw",
}
TABLE = str.maketrans("".join(COLUMNS), "".join(COLUMNS.values()))
SPELT = {
    "←→": "<- ->", "←": "<-", "→": "->", "‖": "||", "∂": "d", "η": "eta", "Σ": "sum", "σ": "sigma", "√": "sqrt",
    "∞": "inf", "≤": "<=", "²": "^2", "½": "1/2", "λ": "lambda", "ε": "eps", "β": "beta", "α": "alpha", "π": "pi",
    "\u0302": "^", "ŝ": "s^", "…": "...", "ᵀ": "'",
}  # fmt: skip
PRODUCT = re.compile(r"(?<=\S)·(?=\S)|(?<=\d)( )·( )(?= *[−\d])")


def spelt(text: str) -> str:
    """Return a text with words in place of symbols, and stars for products."""
    text = PRODUCT.sub(lambda dot: f"{dot[1] or ''}*{dot[2] or ''}", text)
    for symbol, word in SPELT.items():
        text = text.replace(symbol, word)
    return text


@cache
def in_place(character: str) -> str:
    """Return ASCII of the same width for a character: its letter without accents, or ``?``."""
    width, code = cell_len(character), ord(character)
    if 0x2800 <= code < 0x2900:
        return ":" if code.bit_count() > len("⠿") + 4 else "."
    if 0x2500 <= code < 0x2580:
        return "+"  # corners
    letters = normalize("NFKD", character).encode("ascii", "ignore").decode()
    return letters if len(letters) == width else "?" * width


def plain(text: str) -> str:
    """Return the text in ASCII, with the same columns."""
    if text.isascii():
        return text
    text = text.replace("  ∞", "inf").translate(TABLE)
    return text if text.isascii() else "".join(c if c.isascii() else in_place(c) for c in text)


class Ascii(LineFilter):
    """Converts every line to ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        return [
            segment if segment.text.isascii() else segment._replace(text=plain(segment.text)) for segment in segments
        ]
