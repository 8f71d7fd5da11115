"""Predicting the next symbol of a finite-state source: what the tasks with a grammar have in common."""

from abc import abstractmethod
from functools import cached_property
from math import log

import numpy as np

from rnn_tui.engine.losses import cross_entropy
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference, Task, one_hot
from rnn_tui.tasks.floors.finite_state import Source, entropy


class Grammar(Task):
    """Symbols one-hot, string after string without a pause; the target is the next symbol."""

    loss = cross_entropy

    @cached_property
    @abstractmethod
    def source(self) -> Source:
        """Where the symbols come from."""

    @property
    def ahead(self) -> int:
        return 1

    @property
    def alphabet(self) -> tuple[str, ...]:
        return tuple(self.source.symbols)

    @property
    def roles(self) -> tuple[str, ...]:
        """By the symbol that comes next."""
        return self.alphabet

    def role(self, batch: Batch) -> Array:
        return np.asarray(batch.target)

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        stream = self.source.draw(rng, size, length + 1)
        return Batch(one_hot(stream[:-1], self.input_size), stream[1:], np.ones((length, size)))

    def floor(self, window: int | None, length: int) -> Floor | None:
        """Computed exactly from the grammar, see :meth:`~rnn_tui.tasks.floors.finite_state.Source.entropy`; None where
        there are too many windows.
        """
        loss = self.source.entropy(window, length)
        return None if loss is None else Floor(loss)

    def references(self, length: int) -> list[Reference]:
        """ln V, and the symbols' own frequencies."""
        return [
            Reference("chance", log(self.output_size)),
            Reference("unigram", entropy(self.source.frequencies(length))),
        ]
