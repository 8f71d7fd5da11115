"""Silence a unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from rnn_tui.interventions.base import Offer, Place, Spelling, Target, unit
from rnn_tui.interventions.unit_intervention import UnitIntervention


@dataclass(frozen=True)
class Silence(UnitIntervention):
    """Whatever reads h of the unit reads 0 (an ablation; Morcos et al. 2018)."""

    name: ClassVar[str] = "silence"
    example: ClassVar[str] = "silence:u3"
    about: ClassVar[str] = "Silence a unit: whatever reads it reads 0."

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
