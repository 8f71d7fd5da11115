"""Copy (Hochreiter and Schmidhuber 1997; in this form Arjovsky, Shah and Bengio 2016): repeat symbols after a gap."""

from math import log
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from rnn_tui.engine.losses import cross_entropy
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference, Task, binary_entropy, one_hot

BLANK, GO = "_", "!"


class Copy(Task):
    """Repeat symbols after a gap.

    Inputs are ``symbols`` random symbols, a gap of blanks that ends with a marker, and then blanks.  After the marker
    the targets are the symbols in their order; at all other time steps the target is a blank.  All time steps are
    scored.
    """

    loss = cross_entropy
    split_by = "target"

    kind: Literal["copy"] = "copy"
    symbols: Annotated[int, Field(ge=1, le=100, description="number of symbols to repeat")] = 3
    kinds: Annotated[int, Field(ge=2, le=26, description="number of different symbols")] = 4
    gap: Annotated[
        int, Field(ge=1, le=1000, description="time steps between the symbols and their repetition, with the marker")
    ] = 10

    @property
    def alphabet(self) -> tuple[str, ...]:
        return (*(chr(ord("a") + kind) for kind in range(self.kinds)), BLANK, GO)

    @property
    def classes(self) -> tuple[str, ...]:
        return self.alphabet[:-1]

    @property
    def least_length(self) -> int:
        return 2 * self.symbols + self.gap

    @property
    def steps_back(self) -> int:
        return self.symbols + self.gap

    @property
    def needs_room_for(self) -> str:
        return f"twice task.symbols = {self.symbols} and task.gap = {self.gap}"

    @property
    def roles(self) -> tuple[str, ...]:
        return "symbol", "blank"

    def role(self, batch: Batch) -> Array:
        return np.asarray(batch.target == self.kinds, int)

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        S, answer = self.symbols, self.symbols + self.gap
        x, target = np.full((2, length, size), self.kinds)  # the number of the blank
        x[:S] = rng.integers(0, self.kinds, (S, size))
        x[answer - 1] = self.kinds + 1
        target[answer : answer + S] = x[:S]
        return Batch(one_hot(x, self.input_size), target, np.ones((length, size)))

    def floor(self, window: int | None, length: int) -> Floor:
        """Return the derived floor.

        A window that reaches back S + gap time steps contains each symbol when it is asked for: 0.  With a shorter
        window a net can only guess it, ln K each: S ln K / T in all, if it knows when symbols are asked for.

        A window of only blanks does not tell that: windows in the gap, in the answer and after it are equal.  They add
        m H(a/m), with m windows of only blanks, of which a are in the answer.
        """
        S, gap, k = self.symbols, self.gap, window
        if k is None or k > S + gap:
            return Floor(0.0)
        answers = max(0, S - k + 1)  # the first k - 1 of the answer see the marker
        blanks = max(0, gap - k) + answers + length - self.least_length  # if there is an answer among them, k ≤ S
        unsure = blanks * float(binary_entropy(answers / blanks)) if blanks else 0.0
        return Floor((S * log(self.kinds) + unsure) / length)

    def references(self, length: int) -> list[Reference]:
        """Return the losses of guessing every class, and of knowing when to answer, but not what."""
        return [
            Reference("chance", log(self.output_size)),
            Reference("when, not what", self.symbols * log(self.kinds) / length),
        ]
