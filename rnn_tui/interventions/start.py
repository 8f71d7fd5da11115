"""Start from another state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, SpellingError, Target, exact, whole
from rnn_tui.number_format import significant


@dataclass(frozen=True)
class Start(Intervention):
    """Every sequence starts from another state than 0: that of the intact net after a time step of the probe, or one
    value for every entry of h (and c).
    """

    name: ClassVar[str] = "start"
    example: ClassVar[str] = "start:12 or start=0.5"
    about: ClassVar[str] = "Start from another state: the one after a time step of the probe, or one value everywhere."
    on: ClassVar[str] = "state"

    t: int | None = None
    value: float | None = None

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        if (spelling.place is None) == (spelling.value is None):
            raise SpellingError(f"'start' needs a time step or a value, as in {cls.example}")
        if spelling.place is not None:
            return cls(whole(spelling.place, cls.example))
        return cls(None, spelling.number(cls.example))

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:  # noqa: ARG003
        return [
            Offer(f"Start from the state after t = {place.t}", f"start:{place.t}", "b"),
            Offer("Start from a value everywhere …", "start=", "B", typed=True),
        ]

    @property
    def spelling(self) -> str:
        return f"start={exact(self.value)}" if self.value is not None else f"start:{self.t}"

    @property
    def said(self) -> str:
        return (
            f"start from {significant(self.value)}"
            if self.value is not None
            else f"start from the state after t = {self.t}"
        )

    def problem(self, target: Target) -> str:
        return target.no_state or ("" if self.t is None else target.no_time(self.t))

    def starts(self, target: Target, length: int) -> Sequence[int]:  # noqa: ARG002
        return (0,)

    def altered_memory(self, memory: Array, target: Target, t: int) -> Array:
        if t > 0:
            return memory
        if self.t is None:
            return np.full_like(memory, self.value)
        probe, parameters = target.probe, target.parameters
        assert probe is not None
        assert parameters is not None
        trace = target.model.trace(self.t + 1, 1, str(parameters.dtype))
        target.model.forward(parameters, probe[: self.t + 1], trace)
        return np.broadcast_to(trace.end(), memory.shape).copy()
