"""Counting: runs of n a's and then n b's, aⁿbⁿ (Elman nets count it too: Wiles and Elman 1995)."""

from functools import cached_property
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.floors.finite_state import Arrow, Source
from rnn_tui.tasks.grammar import Grammar


class Counting(Grammar):
    """Predict the next letter of aⁿbⁿ strings, with each n from 1 to ``longest`` equally likely.

    The start of the b's is random; their end can be predicted by counting.
    """

    split_by = "step"

    kind: Literal["counting"] = "counting"
    longest: Annotated[int, Field(ge=1, le=20, description="the greatest n")] = 5

    @cached_property
    def source(self) -> Source:
        """The source; state a3 means three a's so far, and b2 means two more b's."""
        arrows: dict[str, list[Arrow]] = {"start": [("a", "a1", 1.0)]}
        for n in range(1, self.longest + 1):
            p = 1 / (self.longest - n + 1)  # probability of this n among those still possible
            after = f"b{n - 1}" if n > 1 else "start"
            arrows[f"a{n}"] = [("b", after, p), *([("a", f"a{n + 1}", 1 - p)] if p < 1 else [])]
        for n in range(1, self.longest):
            arrows[f"b{n}"] = [("b", f"b{n - 1}" if n > 1 else "start", 1.0)]
        return Source(arrows)

    @property
    def roles(self) -> tuple[str, ...]:
        """The present letter and the next one."""
        return "a→a", "a→b", "b→a", "b→b"

    def role(self, batch: Batch) -> Array:
        return np.asarray(2 * batch.x.argmax(axis=1) + batch.target)
