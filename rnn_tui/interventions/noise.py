"""Add noise to the state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, SpellingError, Target, exact

SEED = 0


@dataclass(frozen=True)
class Noise(Intervention):
    """Each time step reads the state of the one before plus Gaussian noise, always the same draws."""

    name: ClassVar[str] = "noise"
    example: ClassVar[str] = "noise=0.1"
    about: ClassVar[str] = "Add noise of a standard deviation to the state from one time step to the next."
    on: ClassVar[str] = "state"

    size: float

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        size = spelling.number(cls.example)
        if spelling.place is not None or size < 0:
            raise SpellingError(f"'noise' needs a size from 0, as in {cls.example}")
        return cls(size)

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:  # noqa: ARG003
        return [Offer("Add noise to the state …", "noise=", "n", typed=True)]

    @property
    def spelling(self) -> str:
        return f"noise={exact(self.size)}"

    @property
    def said(self) -> str:
        return f"noise of {self.size:g} on the state"

    def problem(self, target: Target) -> str:
        return target.no_state

    def starts(self, target: Target, length: int) -> Sequence[int]:  # noqa: ARG002
        return range(1, length)

    def altered_memory(self, memory: Array, target: Target, t: int) -> Array:  # noqa: ARG002
        if t == 0:
            return memory
        S, H, B = memory.shape
        noise = np.random.default_rng([SEED, t]).standard_normal((B, S, H))  # of a sequence the same in every batch
        return np.asarray(memory + self.size * noise.transpose(1, 2, 0), memory.dtype)
