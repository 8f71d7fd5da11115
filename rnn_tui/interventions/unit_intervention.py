"""The base of interventions after which everything that reads one unit reads the same value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Target, readers_of_h, with_unit


@dataclass(frozen=True)
class UnitIntervention(Intervention):
    """Whatever reads h of the unit reads ``read``: its column of every matrix that multiplies h is 0, and stays 0."""

    on: ClassVar[str] = "state"
    lasting: ClassVar[bool] = True

    unit: int

    @property
    def read(self) -> float:
        """The value that is read in place of h."""
        return 0.0

    @property
    def slot(self) -> object:
        return "unit", self.unit

    def problem(self, target: Target) -> str:
        return target.no_unit(self.unit)

    def alter_weights(self, weights: Mapping[str, Array], target: Target, t: int = 0) -> None:  # noqa: ARG002
        for name in readers_of_h(weights):
            weights[name][:, self.unit] = 0

    def alter_states(self, states: dict[str, Array], target: Target) -> None:  # noqa: ARG002
        states["h"] = with_unit(states["h"], self.unit, self.read)

    def freeze(self, frozen: Mapping[str, Array], target: Target) -> None:  # noqa: ARG002
        for name in readers_of_h(frozen):
            frozen[name][:, self.unit] = True
