"""Flip-flop (Sussillo and Barak 2013): hold the sign of the last pulse on each input."""

from itertools import product
from math import log
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from rnn_tui.engine.losses import cross_entropy
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch
from rnn_tui.tasks.base import Floor, Reference, Task


class FlipFlop(Task):
    """Rare pulses of +1 and −1 on each input; the target is the sign of the last pulse on each, all signs as one class.

    All inputs have a pulse at the first time step, so that every answer is determined.
    """

    loss = cross_entropy

    kind: Literal["flip-flop"] = "flip-flop"
    bits: Annotated[int, Field(ge=1, le=4, description="number of inputs, each with a bit to hold")] = 3
    every: Annotated[int, Field(ge=1, le=1000, description="mean number of time steps between two pulses")] = 6

    @property
    def channels(self) -> tuple[str, ...]:
        return ("x",) if self.bits == 1 else tuple(f"x{bit}" for bit in range(1, self.bits + 1))

    @property
    def classes(self) -> tuple[str, ...]:
        """The signs of all bits, the first one first: ``--+``."""
        return tuple("".join(signs) for signs in product("-+", repeat=self.bits))

    def batch(self, rng: np.random.Generator, size: int, length: int) -> Batch:
        drawn = rng.integers(0, 2 * self.every, (length, self.bits, size))
        x = (drawn == 0) - (drawn == 1).astype(float)
        x[0] = 2.0 * rng.integers(0, 2, (self.bits, size)) - 1
        return Batch(x, *self.target_of(x))

    def target_of(self, x: Array) -> tuple[Array, Array]:
        held = _held(x) > 0
        places = 2 ** np.arange(self.bits)[::-1]
        target = (held * places[:, None]).sum(axis=1)
        return target, np.ones((len(x), x.shape[2]))

    def floor(self, window: int | None, length: int) -> Floor:
        """Return the derived floor: each bit without a pulse in the window is a coin flip, ln 2.

        There is none in the last k inputs with probability (1 − 1/every)^k at t ≥ k; a window that reaches back to the
        first time step has one.
        """
        if window is None or window >= length:
            return Floor(0.0)
        unknown = (1 - 1 / self.every) ** window * (length - window) / length
        return Floor(self.bits * log(2) * unknown)

    def references(self, length: int) -> list[Reference]:  # noqa: ARG002
        return [Reference("chance", self.bits * log(2))]


def _held(x: Array) -> Array:
    """Return the last value other than 0 of each input (T, I, B), which starts with one."""
    held = x.copy()
    for t in range(1, len(x)):
        held[t] = np.where(x[t] == 0, held[t - 1], x[t])
    return held
