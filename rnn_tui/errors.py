"""Errors that are the user's to mend: their text is complete, and is shown without a traceback."""

import difflib
from collections.abc import Iterable


class RnnTuiError(Exception):
    """What was found, where, what is allowed and the way out, in words that can be shown as they are.

    Each of ``lines`` stays one line, whatever odd file names and keys it quotes.
    """

    def __init__(self, *lines: str) -> None:
        super().__init__("\n  ".join(plain(line) for line in lines))


class DataError(RnnTuiError):
    """A data file (CSV or text) cannot be used."""


class FileError(RnnTuiError):
    """A file that is written by hand has problems.

    Attributes:
        source: the file, or the name that stands for it.
        problems: one line each, all of them.
    """

    def __init__(self, source: str, problems: list[str]) -> None:
        self.source = source
        self.problems = [plain(problem) for problem in problems]
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"{source}: {count}", *problems)


class PresetError(FileError):
    """A preset cannot be used."""


def plain(text: str) -> str:
    """The text with escapes for what would break the line or steer the terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def nearest(word: str, allowed: Iterable[str]) -> str:
    """``"; did you mean 'echo'?"`` for the nearest allowed word, or an empty string where none is near."""
    found = difflib.get_close_matches(word, list(allowed), n=1, cutoff=0.6)
    return f"; did you mean {found[0]!r}?" if found else ""
