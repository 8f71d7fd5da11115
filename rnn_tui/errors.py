"""Errors that are the user's to mend: their text is complete, and is shown without a traceback."""

import difflib
from collections.abc import Iterable, Sequence

MOST_PROBLEMS = 20  # that are told of one file
LONGEST_LINE = 2000  # characters; paths may be long
LONGEST_WORD = 100  # that another one is looked for


class RnnTuiError(Exception):
    """What was found, where, what is allowed and the way out, in words that can be shown as they are.

    Each of ``lines`` stays one line, whatever odd file names and keys it quotes.
    """

    def __init__(self, *lines: str) -> None:
        super().__init__("\n  ".join(escaped(shortened(line, LONGEST_LINE)) for line in lines))


class DataError(RnnTuiError):
    """A data file (CSV or text) cannot be used."""


class FileError(RnnTuiError):
    """A file that is written by hand has problems.

    Attributes:
        source: the file, or the name that stands for it.
        problems: one line each; of very many the first ones, and how many more there are.
    """

    def __init__(self, source: str, problems: Sequence[str], count: int | None = None) -> None:
        """``count``: how many there are, where ``problems`` has the first ones alone."""
        self.source, count = source, len(problems) if count is None else count
        self.problems = [escaped(shortened(problem, LONGEST_LINE)) for problem in problems[:MOST_PROBLEMS]]
        if count > len(self.problems):
            self.problems.append(f"… and {count - len(self.problems):,} more")
        super().__init__(f"{source}: {'1 problem' if count == 1 else f'{count:,} problems'}", *self.problems)


class PresetError(FileError):
    """A preset cannot be used."""


def escaped(text: str) -> str:
    """The text with escapes for what would break the line or steer the terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shortened(text: str, most: int) -> str:
    """The text, without its middle where it is longer."""
    if len(text) <= most:
        return text
    return f"{text[: most * 2 // 3]} … {text[len(text) - most // 3 :]}"


def nearest(word: str, allowed: Iterable[str]) -> str:
    """``"; did you mean 'echo'?"`` for the nearest allowed word, or an empty string where none is near."""
    found = [] if len(word) > LONGEST_WORD else difflib.get_close_matches(word, list(allowed), n=1, cutoff=0.6)
    return f"; did you mean {found[0]!r}?" if found else ""
