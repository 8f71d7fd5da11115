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
    """``symbols`` random symbols, a gap of blanks that ends with a marker, and blanks: while they last, the target is
    the symbols again, and a blank at all other time steps.  Every time step is scored.
    """

    loss = cross_entropy
    split_by = "target"

    kind: Literal["copy"] = "copy"
    symbols: Annotated[int, Field(ge=1, le=100, description="how many are to be repeated")] = 3
    kinds: Annotated[int, Field(ge=2, le=26, description="how many different ones there are")] = 4
    gap: Annotated[
        int, Field(ge=1, le=1000, description="time steps between them and their repetition, with the marker")
    ] = 10

    @property
    def alphabet(self) -> tuple[str, ...]:
        return (*(chr(ord("a") + kind) for kind in range(self.kinds)), BLANK, GO)

    @property
    def classes(self) -> tuple[str, ...]:
        return self.alphabet[:-1]

    @property
    def whole(self) -> int:
        return 2 * self.symbols + self.gap

    @property
    def steps_back(self) -> int:
        return self.symbols + self.gap

    @property
    def wants(self) -> str:
        return f"twice task.symbols = {self.symbols} and task.gap = {self.gap}"

    @property
    def roles(self) -> tuple[str, ...]:
        return "symbol", "blank"

    def role(self, batch: Batch) -> Array:
        return np.asarray(batch.target == self.kinds, int)

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        S, answer = self.symbols, self.symbols + self.gap
        x, target = np.full((2, length, size), self.kinds)  # the blank comes after the symbols
        x[:S] = rng.integers(0, self.kinds, (S, size))
        x[answer - 1] = self.kinds + 1
        target[answer : answer + S] = x[:S]
        return Batch(one_hot(x, self.input_size), target, np.ones((length, size)))

    def floor(self, window: int | None, length: int) -> Floor:
        """Derived.  To see a symbol when it is asked for, a window must reach back S + gap: then 0.  A shorter one can
        but guess it, ln K each; S ln K / T in all for who knows when they are asked for.

        A window that holds nothing but blanks does not know even that: the gap's, the answer's and those after it look
        the same.  These add m H(a/m), with m windows of blanks alone and a of them in the answer.
        """
        S, gap, k = self.symbols, self.gap, window
        if k is None or k > S + gap:
            return Floor(0.0)
        answers = max(0, S - k + 1)  # the first k - 1 of the answer see the marker
        blanks = max(0, gap - k) + answers + length - self.whole  # if there is an answer among them, k ≤ S
        unsure = blanks * float(binary_entropy(answers / blanks)) if blanks else 0.0
        return Floor((S * log(self.kinds) + unsure) / length)

    def references(self, length: int) -> list[Reference]:
        """Who knows when to answer, and not what; and who says each class equally often."""
        return [
            Reference("chance", log(self.output_size)),
            Reference("when, not what", self.symbols * log(self.kinds) / length),
        ]
