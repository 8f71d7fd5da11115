"""Text: predict the next character or the next word."""

import re
from collections import Counter
from functools import cached_property
from math import log
from pathlib import Path
from typing import Annotated, Literal

import numpy as np

from rnn_tui.engine.losses import cross_entropy
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.errors import DataError
from rnn_tui.schema import About, Size
from rnn_tui.tasks.base import Floor, Reference, Task, one_hot
from rnn_tui.tasks.files import read_text
from rnn_tui.tasks.ngrams import cross_entropy_of_counts
from rnn_tui.tasks.stretch import HELD_OUT, FromFile, Stretch

MOST_KINDS = 500
MOST_COUNTED = 1_000_000  # characters or words of each part, those nearest to the cut
LONGEST_CONTEXT = 4  # beyond, counts are too rare to say anything
WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
RARE = "<rare>"  # stands for every word that is none of the MOST_KINDS - 1 most frequent ones


class Text(FromFile, Task):
    """The characters or words of a text file, one-hot; the target is the next one.  The last 20 % are held out.

    Words are taken in lower case, and every punctuation mark is one.
    """

    loss = cross_entropy

    kind: Literal["text"] = "text"
    path: Annotated[str, Size(1)]
    level: Literal["characters", "words"] = "characters"
    encoding: Annotated[str | None, About("of the file, where it should not be guessed")] = None

    @property
    def ahead(self) -> int:
        return 1

    @cached_property
    def raw(self) -> str:
        """The whole text, line ends as one character.  Raises DataError."""
        return read_text(Path(self.path)).replace("\r\n", "\n")

    @property
    def data(self) -> bytes:
        return self.raw.encode()

    @cached_property
    def _words(self) -> list[str]:
        return WORD.findall(self.raw.lower())

    @cached_property
    def alphabet(self) -> tuple[str, ...]:
        if self.level == "characters":
            return tuple(sorted(set(self.raw)))
        counts = Counter(self._words)
        if len(counts) <= MOST_KINDS:
            return tuple(sorted(counts))
        return (*sorted(word for word, _ in counts.most_common(MOST_KINDS - 1)), RARE)

    @cached_property
    def tokens(self) -> Stretch:
        """The text as whole numbers, the place of each character or word in ``alphabet``."""
        if self.level == "words":
            places = {word: place for place, word in enumerate(self.alphabet)}
            return Stretch(np.array([places.get(word, len(places) - 1) for word in self._words], np.int64))
        points = np.frombuffer(self.raw.encode("utf-32-le"), np.uint32)
        return Stretch(np.unique(points, return_inverse=True)[1].astype(np.int64))

    def spelled(self, codes: list[int]) -> str:
        if self.level == "characters":
            return super().spelled(codes)
        return re.sub(r" (?=[^\w\s<])", "", " ".join(self.alphabet[code] for code in codes))

    def problems(self, length: int) -> list[str]:
        try:
            count, kinds = len(self._words if self.level == "words" else self.raw), len(self.alphabet)
        except DataError as error:
            return [str(error)]
        if Stretch.fits(count) < length + 1:
            return [
                f"{self.path}: too short: of its {count} {self.level} {Stretch.fits(count)} are held out (the last "
                f"{HELD_OUT:.0%}), but a sequence of {length} time steps (training.sequence_length) needs {length + 1}"
            ]
        if kinds > MOST_KINDS:
            return [f"{self.path}: {kinds} different characters; at most {MOST_KINDS} can be told apart"]
        if kinds < 2:
            one = self.level.removesuffix("s")
            found = f"only one {one}, {self.alphabet[0]!r}, again and again" if kinds else f"no {one}"
            return [f"{self.path}: {found}; nothing to learn"]
        return []

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        return self._batch(self.tokens.draw(rng, size, length + 1))

    def held_out(self, rng: np.random.Generator, size: int, length: int) -> Batch:  # noqa: ARG002
        return self._batch(self.tokens.later(size, length + 1))

    def _batch(self, windows: Array) -> Batch:
        """windows (T + 1, B) of whole numbers -> x (T, V, B), target (T, B)"""
        return Batch(one_hot(windows[:-1], self.input_size), windows[1:], np.ones(windows[1:].shape))

    def floor(self, window: int | None, length: int) -> Floor | None:
        """Estimated: the cross-entropy on the held-out part of the next character or word given the last ``window``
        ones, by smoothed counts of the training part.  A network may beat it.  None for long windows, and for all.
        """
        if window is None or window > min(length, LONGEST_CONTEXT):
            return None
        return Floor(self._counted(window), exact=False, by="counting")

    def references(self, length: int) -> list[Reference]:  # noqa: ARG002
        """ln V, then the text's own unigram and bigram, counted on the training part, on the held-out part."""
        return [
            Reference("chance", log(len(self.alphabet))),
            Reference("unigram", self._counted(0)),
            Reference("bigram", self._counted(1)),
        ]

    def _counted(self, context: int) -> float:
        train, test = self.tokens.earlier[-MOST_COUNTED:], self.tokens.held_out[:MOST_COUNTED]
        return cross_entropy_of_counts(train, test, len(self.alphabet), context)
