"""Errors that the user can fix: their text is complete, and is shown without a traceback."""

import difflib
from collections.abc import Iterable, Sequence

MOST_PROBLEMS = 20  # reported for one file
LONGEST_LINE = 2000  # characters; paths may be long
LONGEST_WORD = 100  # characters; for longer words no similar word is suggested


class RnnTuiError(Exception):
    """An error with a message for the user: what was found, where, what is allowed, and what to do.

    Each of ``lines`` stays one line, whatever file names and keys it quotes.
    """

    def __init__(self, *lines: str) -> None:
        super().__init__("\n  ".join(escaped(shortened(line, LONGEST_LINE)) for line in lines))


class DataError(RnnTuiError):
    """A data file (CSV or text) cannot be used."""


class FileError(RnnTuiError):
    """A file that the user writes by hand has problems.

    Attributes:
        source: the file, or a name for it.
        problems: one line each: the first MOST_PROBLEMS, then how many more there are.
    """

    def __init__(self, source: str, problems: Sequence[str], count: int | None = None) -> None:
        """Report ``problems``; ``count``: how many there are, if ``problems`` has only the first ones."""
        self.source, count = source, len(problems) if count is None else count
        self.problems = [escaped(shortened(problem, LONGEST_LINE)) for problem in problems[:MOST_PROBLEMS]]
        if count > len(self.problems):
            self.problems.append(f"… and {count - len(self.problems):,} more")
        super().__init__(f"{source}: {'1 problem' if count == 1 else f'{count:,} problems'}", *self.problems)


class PresetError(FileError):
    """A preset cannot be used."""


def escaped(text: str) -> str:
    """Return the text with escapes in place of line ends and control characters, which could steer the terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shortened(text: str, most: int) -> str:
    """Return the text with at most about ``most`` characters; the middle of a longer one is replaced by "…"."""
    if len(text) <= most:
        return text
    return f"{text[: most * 2 // 3]} … {text[len(text) - most // 3 :]}"


def nearest(word: str, allowed: Iterable[str]) -> str:
    """Return ``"; did you mean 'echo'?"`` with the most similar allowed word; empty if none is similar."""
    found = similar(word, allowed)
    return f"; did you mean {found!r}?" if found else ""


def similar(word: str, allowed: Iterable[str]) -> str:
    """Return the most similar allowed word; empty if none is similar."""
    found = [] if len(word) > LONGEST_WORD else difflib.get_close_matches(word, list(allowed), n=1, cutoff=0.6)
    return found[0] if found else ""
