"""Silence a unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, Target, readers_of_h, unit, with_unit


@dataclass(frozen=True)
class Silence(Intervention):
    """Whatever reads h of the unit reads 0 (an ablation; Morcos et al. 2018)."""

    name: ClassVar[str] = "silence"
    example: ClassVar[str] = "silence:u3"
    about: ClassVar[str] = "Silence a unit: whatever reads it reads 0."
    on: ClassVar[str] = "state"
    lasting: ClassVar[bool] = True

    unit: int

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        return cls(unit(spelling.only_place(cls.example), cls.example))

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:  # noqa: ARG003
        return [Offer(f"Silence u{place.unit}", f"silence:u{place.unit}", "s")]

    @property
    def spelling(self) -> str:
        return f"silence:u{self.unit}"

    @property
    def said(self) -> str:
        return f"u{self.unit} silenced"

    @property
    def slot(self) -> object:
        return "unit", self.unit

    def problem(self, target: Target) -> str:
        return target.no_unit(self.unit)

    def alter_weights(self, weights: Mapping[str, Array], target: Target, t: int = 0) -> None:  # noqa: ARG002
        for name in readers_of_h(weights):
            weights[name][:, self.unit] = 0

    def alter_states(self, states: dict[str, Array], target: Target) -> None:  # noqa: ARG002
        states["h"] = with_unit(states["h"], self.unit, 0)

    def freeze(self, frozen: Mapping[str, Array], target: Target) -> None:  # noqa: ARG002
        for name in readers_of_h(frozen):
            frozen[name][:, self.unit] = True
