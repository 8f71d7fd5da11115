"""Reset the state at a time step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, Target, whole


@dataclass(frozen=True)
class Reset(Intervention):
    """Time step t starts from the state 0 (h, and c of an LSTM), as the first one does."""

    name: ClassVar[str] = "reset"
    example: ClassVar[str] = "reset:12"
    about: ClassVar[str] = "Reset the state before a time step: it starts from 0, and has forgotten everything."
    on: ClassVar[str] = "state"

    t: int

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        return cls(whole(spelling.only_place(cls.example), cls.example))

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:  # noqa: ARG003
        return [Offer(f"Reset the state before t = {place.t}", f"reset:{place.t}", "t")] if place.t else []

    @property
    def spelling(self) -> str:
        return f"reset:{self.t}"

    @property
    def said(self) -> str:
        return f"state reset before t = {self.t}"

    def problem(self, target: Target) -> str:
        return target.no_state or target.no_time(self.t)

    def starts(self, target: Target, length: int) -> Sequence[int]:  # noqa: ARG002
        return (self.t,)

    def altered_memory(self, memory: Array, target: Target, t: int) -> Array:  # noqa: ARG002
        return np.zeros_like(memory) if t == self.t else memory
