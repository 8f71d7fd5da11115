"""Split a text into symbols: characters as a reader sees them, or words."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
LONGEST_WORD = 64  # characters; longer words are cut
JOINER = "\u200d"  # joins its two neighbors to one pictograph
FLAG = "[\U0001f1e6-\U0001f1ff]"  # two of these letters are a flag
# Besides combining marks: skin tones, the letters of regional flags, and the later parts of a Korean syllable.
EXTENDING = re.compile(
    "[\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u1160-\u11ff\u20e3]"
)


def characters(text: str) -> Sequence[str]:
    """Return the characters as a reader sees them: a letter with its marks, or a pictograph of several code points.

    These are nearly the extended grapheme clusters of Unicode (UAX 29).  A text without any is returned unchanged.
    """
    kinds = set(text)
    marks = {c for c in kinds if unicodedata.category(c) in ("Mn", "Me", "Mc") or EXTENDING.fullmatch(c)}
    if not marks and JOINER not in kinds and not any(re.fullmatch(FLAG, c) for c in kinds):
        return text
    mark = f"[{''.join(map(re.escape, sorted(marks)))}]" if marks else r"(?!)"
    cluster = re.compile(rf"(?:{FLAG}{{2}}|(?s:.))(?:{mark}|{JOINER}(?s:.)?)*")
    return [found[0] for found in cluster.finditer(text)]


def words(text: str) -> list[str]:
    """Return the words in lower case; every punctuation mark is a word."""
    return [_cut(found[0]) for found in WORD.finditer(text.lower())]  # findall would hold up all other threads


def many(kinds: Iterable[str], most: int = 5) -> str:
    """Return the first ``most`` symbols as a list: ``'a', 'b', …``."""
    symbols = sorted(kinds)
    return ", ".join(map(repr, symbols[:most])) + (", …" if len(symbols) > most else "")


def _cut(word: str) -> str:
    return word if len(word) <= LONGEST_WORD else word[:LONGEST_WORD] + "…"
