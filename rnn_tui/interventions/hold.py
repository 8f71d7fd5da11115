"""Hold a unit at a value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Offer, Place, Spelling, Target, bias_of, exact, readers_of_h, unit
from rnn_tui.interventions.unit_intervention import UnitIntervention
from rnn_tui.number_format import signed, significant


@dataclass(frozen=True)
class Hold(UnitIntervention):
    """Whatever reads h of the unit reads a value v: W[:, unit] v becomes part of the bias."""

    name: ClassVar[str] = "hold"
    example: ClassVar[str] = "hold:u3=0.5"
    about: ClassVar[str] = "Hold a unit at a value: whatever reads it reads that value."

    value: float

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        return cls(unit(spelling.place or "", cls.example), spelling.number(cls.example))

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:  # noqa: ARG003
        name, value = f"u{place.unit}", f"{place.value:.2g}"
        return [
            Offer(f"Hold {name} at its value here, {signed(float(value))}", f"hold:{name}={value}", "h"),
            Offer(f"Hold {name} at …", f"hold:{name}=", "H", typed=True),
        ]

    @property
    def spelling(self) -> str:
        return f"hold:u{self.unit}={exact(self.value)}"

    @property
    def said(self) -> str:
        return f"u{self.unit} held at {significant(self.value)}"

    @property
    def read(self) -> float:
        return self.value

    def alter_weights(self, weights: Mapping[str, Array], target: Target, t: int = 0) -> None:
        for name in readers_of_h(weights):
            bias_of(name, weights)[...] += self.value * weights[name][:, self.unit]
        super().alter_weights(weights, target, t)
