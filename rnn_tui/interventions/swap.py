"""Swap two inputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, SpellingError, Target, whole


@dataclass(frozen=True)
class Swap(Intervention):
    """The inputs of two time steps are exchanged, in every sequence."""

    name: ClassVar[str] = "swap"
    example: ClassVar[str] = "swap:3,7"
    about: ClassVar[str] = "Swap the inputs of two time steps."
    on: ClassVar[str] = "input"

    one: int
    other: int

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        times = [whole(part, cls.example) for part in spelling.only_place(cls.example).split(",")]
        if len(times) != 2:
            raise SpellingError(f"'swap' needs two time steps, as in {cls.example}")
        return cls(*times)

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:  # noqa: ARG003
        return [Offer(f"Swap x_{place.t} with another input …", f"swap:{place.t},", "w", typed=True)]

    @property
    def spelling(self) -> str:
        return f"swap:{self.one},{self.other}"

    @property
    def said(self) -> str:
        return f"x_{self.one} and x_{self.other} swapped"

    def problem(self, target: Target) -> str:
        return target.no_time(self.one) or target.no_time(self.other)

    def altered_input(self, x: Array, target: Target) -> Array:  # noqa: ARG002
        x = x.copy()
        x[[self.one, self.other]] = x[[self.other, self.one]]
        return x
