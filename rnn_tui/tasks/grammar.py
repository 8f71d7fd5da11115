"""Predicting the next symbol of a finite-state source: the base of tasks with a grammar."""

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
    """Predict the next symbol; inputs are one-hot symbols of strings that follow each other without a pause."""

    loss = cross_entropy

    @cached_property
    @abstractmethod
    def source(self) -> Source:
        """The source of the symbols."""

    @property
    def ahead(self) -> int:
        return 1

    @property
    def alphabet(self) -> tuple[str, ...]:
        return tuple(self.source.symbols)

    @property
    def roles(self) -> tuple[str, ...]:
        """The next symbol."""
        return self.alphabet

    def role(self, batch: Batch) -> Array:
        return np.asarray(batch.target)

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        stream = self.source.draw(rng, size, length + 1)
        return Batch(one_hot(stream[:-1], self.input_size), stream[1:], np.ones((length, size)))

    def floor(self, window: int | None, length: int) -> Floor | None:
        """Return the exact floor, computed from the grammar; None if there are too many windows.

        See :meth:`~rnn_tui.tasks.floors.finite_state.Source.entropy`.
        """
        loss = self.source.entropy(window, length)
        return None if loss is None else Floor(loss)

    def references(self, length: int) -> list[Reference]:
        """Return ln V, and the cross-entropy of the symbols' frequencies."""
        return [
            Reference("chance", log(self.output_size)),
            Reference("unigram", entropy(self.source.frequencies(length))),
        ]
