"""Text: predict the next character or the next word."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from math import log
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import numpy as np
from pydantic import Field

from rnn_tui.engine.losses import cross_entropy
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.errors import DataError
from rnn_tui.tasks.base import Floor, Reference, Task, one_hot
from rnn_tui.tasks.floors.ngram import cross_entropy_of_counts
from rnn_tui.tasks.holdout import HELD_OUT, HoldoutSplit
from rnn_tui.tasks.own_data.data_file import FileCache, read_data
from rnn_tui.tasks.own_data.file_task import FileTask
from rnn_tui.tasks.own_data.text_symbols import characters, many, words

MOST_KINDS = 500
MOST_COUNTED = 1_000_000  # characters or words of each part that are counted, those nearest to the split
LONGEST_CONTEXT = 4  # counts of longer contexts are too small to be useful
RARE = "<rare>"  # replaces every word except the MOST_KINDS - 1 most frequent ones
NEW = {"characters": "\N{REPLACEMENT CHARACTER}", "words": "<new>"}  # replaces symbols missing in the training part

TEXTS = FileCache(2)


class Symbols(NamedTuple):
    """A text as symbols.

    Attributes:
        raw: the whole text; each line end is one character.
        kinds: the symbols of the training part, and the symbols that replace others.
        codes: (N,) the index in ``kinds`` of each symbol of the text.
        new: the index of the symbol that replaces those missing in the training part; None if there are none.
        notes: to the user, on how the text was read.
    """

    raw: str
    kinds: tuple[str, ...]
    codes: Array
    new: int | None
    notes: tuple[str, ...]


class Text(FileTask, Task):
    """Predict the next character or word of a text file; inputs are one-hot.  The last 20 % are held out.

    Words are converted to lower case, and every punctuation mark is a word.  The symbols are those of the training
    part; a symbol that only the held-out part contains is replaced by one further symbol, and is not scored.
    """

    loss = cross_entropy

    kind: Literal["text"] = "text"
    path: Annotated[str, Field(min_length=1)]
    level: Annotated[Literal["characters", "words"], Field(description="the symbols of the text")] = "characters"
    encoding: Annotated[str | None, Field(description="of the file; default: guessed")] = None

    @property
    def ahead(self) -> int:
        return 1

    @cached_property
    def _symbols(self) -> Symbols:
        """The text as symbols.  Raises DataError."""
        path = Path(self.path)
        return TEXTS.get(path, (self.level, self.encoding), lambda: read_symbols(path, self.level, self.encoding))

    @property
    def raw(self) -> str:
        """The whole text; each line end is one character.  Raises DataError."""
        return self._symbols.raw

    @property
    def data(self) -> bytes:
        chosen = self._symbols.new is not None or RARE in self.alphabet
        return self.raw.encode() + ("\0".join(self.alphabet).encode() if chosen else b"")

    @property
    def notes(self) -> list[str]:
        try:
            return list(self._symbols.notes)
        except DataError:
            return []

    @property
    def alphabet(self) -> tuple[str, ...]:
        return self._symbols.kinds

    @cached_property
    def tokens(self) -> HoldoutSplit:
        """The text as whole numbers, the index of each character or word in ``alphabet``."""
        return HoldoutSplit(self._symbols.codes)

    def symbols_of(self, text: str) -> Sequence[str]:
        return words(text) if self.level == "words" else characters(text)

    def spelled(self, codes: list[int]) -> str:
        if self.level == "characters":
            return super().spelled(codes)
        return re.sub(r" (?=[^\w\s<])", "", " ".join(self.alphabet[code] for code in codes))

    def problems(self, length: int) -> list[str]:
        try:
            count, new = len(self._symbols.codes), self._symbols.new
            kinds = len(self.alphabet) - (new is not None)
        except DataError as error:
            return [str(error)]
        fits = HoldoutSplit.fits(count)
        if fits < length + 1:
            return [
                f"{self.path}: too short: of its {count} {self.level}, {fits} are held out (the last "
                f"{HELD_OUT:.0%}), but a sequence of {length} time steps (training.sequence_length) needs {length + 1};"
                " use a longer file"
            ]
        if kinds > MOST_KINDS:
            return [f"{self.path}: {kinds} different characters; at most {MOST_KINDS} are allowed"]
        if kinds < 2:
            one = self.level.removesuffix("s")
            found = f"only one {one}, {self.alphabet[0]!r}, repeated" if kinds else f"no {one}"
            return [f"{self.path}: {found}; there is nothing to learn"]
        if (self.tokens.held_out[1:] == new).all():
            later = f"the held-out part (the last {HELD_OUT:.0%}) has no {self.level} of the training part"
            return [f"{self.path}: {later}, so nothing can be scored; are the two parts different texts?"]
        return []

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        return self._batch(self.tokens.draw(rng, size, length + 1))

    def held_out(self, rng: np.random.Generator, size: int, length: int) -> Batch:  # noqa: ARG002
        return self._batch(self.tokens.later(size, length + 1))

    def _batch(self, windows: Array) -> Batch:
        """Return x (T, V, B) and target (T, B) from windows (T + 1, B) of whole numbers."""
        target, new = windows[1:], self._symbols.new
        mask = np.ones(target.shape) if new is None else (target != new).astype(float)
        return Batch(one_hot(windows[:-1], self.input_size), target, mask)

    def floor(self, window: int | None, length: int) -> Floor | None:
        """Return the cross-entropy of the next symbol given the last ``window`` symbols, by smoothed counts.

        It is an estimate, counted on the training part and measured on the held-out part; a network may beat it.  None
        for long windows, and for all inputs.
        """
        if window is None or window > min(length, LONGEST_CONTEXT):
            return None
        return Floor(self._counted(window), exact=False, by="counting")

    def references(self, length: int) -> list[Reference]:  # noqa: ARG002
        """Return ln V, and the cross-entropies of unigrams and bigrams, counted on the training part."""
        return [
            Reference("chance", log(len(self.alphabet))),
            Reference("unigram", self._counted(0)),
            Reference("bigram", self._counted(1)),
        ]

    def _counted(self, context: int) -> float:
        train, test = self.tokens.earlier[-MOST_COUNTED:], self.tokens.held_out[:MOST_COUNTED]
        return cross_entropy_of_counts(train, test, len(self.alphabet), context, self._symbols.new)


def read_symbols(path: Path, level: Literal["characters", "words"], encoding: str | None) -> Symbols:
    """Return the text of a file as symbols of the given level.  Raises DataError."""
    text, notes = read_data(path, encoding)
    raw = text.replace("\r\n", "\n")
    pieces = words(raw) if level == "words" else characters(raw)
    cut = HoldoutSplit.cut(len(pieces))
    kinds = vocabulary(pieces[:cut], level)
    new = set(pieces[cut:]).difference(kinds) if RARE not in kinds else set[str]()
    if not new:
        return Symbols(raw, kinds, _codes(pieces, kinds), None, notes)
    if NEW[level] not in kinds:
        kinds = (*kinds, NEW[level])
    place = kinds.index(NEW[level])
    codes = _codes(pieces, kinds, place)
    count = int((codes[cut:] == place).sum())
    note = (
        f"{count:,} of {len(pieces) - cut:,} {level} of the held-out part are not in the training part "
        f"({many(new)}): they are replaced by {NEW[level]!r} and not scored"
    )
    return Symbols(raw, kinds, codes, place, (*notes, note))


def vocabulary(pieces: Sequence[str], level: str) -> tuple[str, ...]:
    """Return the different characters or words; of too many words, the most frequent ones and RARE."""
    if level == "characters":
        return tuple(sorted(set(pieces)))
    counts = Counter(pieces)
    if len(counts) <= MOST_KINDS:
        return tuple(sorted(counts))
    return (*sorted(word for word, _ in counts.most_common(MOST_KINDS - 1)), RARE)


def _codes(pieces: Sequence[str], kinds: tuple[str, ...], other: int = -1) -> Array:
    """Return the index (N,) of each piece in ``kinds``; for other pieces that of RARE, or ``other`` without RARE."""
    places = {kind: place for place, kind in enumerate(kinds)}
    other = places.get(RARE, other)
    if not isinstance(pieces, str):
        return np.array([places.get(piece, other) for piece in pieces], np.int64)
    table = np.full(0x110000, other, np.int64)  # by code point
    table[[ord(kind) for kind in kinds]] = np.arange(len(kinds))
    return np.asarray(table[np.frombuffer(pieces.encode("utf-32-le"), np.uint32)])
