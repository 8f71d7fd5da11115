"""Hold a unit at a value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import (
    Intervention,
    Offer,
    Place,
    Spelling,
    Target,
    bias_of,
    exact,
    readers_of_h,
    unit,
    with_unit,
)
from rnn_tui.number_format import signed, significant


@dataclass(frozen=True)
class Hold(Intervention):
    """Whatever reads h of the unit reads a value v: W[:, unit] v becomes part of the bias."""

    name: ClassVar[str] = "hold"
    example: ClassVar[str] = "hold:u3=0.5"
    about: ClassVar[str] = "Hold a unit at a value: whatever reads it reads that value."
    on: ClassVar[str] = "state"
    lasting: ClassVar[bool] = True

    unit: int
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
    def slot(self) -> object:
        return "unit", self.unit

    def problem(self, target: Target) -> str:
        return target.no_unit(self.unit)

    def alter_weights(self, weights: Mapping[str, Array], target: Target, t: int = 0) -> None:  # noqa: ARG002
        for name in readers_of_h(weights):
            bias_of(name, weights)[...] += self.value * weights[name][:, self.unit]
            weights[name][:, self.unit] = 0

    def alter_states(self, states: dict[str, Array], target: Target) -> None:  # noqa: ARG002
        states["h"] = with_unit(states["h"], self.unit, self.value)

    def freeze(self, frozen: Mapping[str, Array], target: Target) -> None:  # noqa: ARG002
        for name in readers_of_h(frozen):
            frozen[name][:, self.unit] = True
