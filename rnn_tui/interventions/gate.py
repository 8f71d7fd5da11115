"""Force a gate open or shut."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, Target, unit

SATURATING = 50.0  # σ(50) is 1 in double precision, and σ(−50) is 2e-22


def gates_of(target: Target) -> list[str]:
    """Return the names of the gates of a net."""
    return [name for name, state in target.architecture.states.items() if state.function == "σ"]


@dataclass(frozen=True)
class OpenGate(Intervention):
    """A gate is 1 at all time steps: its weights are 0 and its bias saturates σ.  All units, or one."""

    name: ClassVar[str] = "open"
    example: ClassVar[str] = "open:f or open:f.u3"
    about: ClassVar[str] = "Force a gate open: it is 1, whatever the net reads."
    on: ClassVar[str] = "weights"
    lasting: ClassVar[bool] = True
    bias: ClassVar[float] = SATURATING
    done: ClassVar[str] = "open"
    key: ClassVar[str] = "o"

    gate: str
    unit: int | None = None

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        gate, dot, one = spelling.only_place(cls.example).partition(".")
        return cls(gate.strip(), unit(one, cls.example) if dot else None)

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:
        gates = gates_of(target)
        shown = place.state if place.state in gates else next(iter(gates), "")
        order, key = "Force gate {} " + cls.done, cls.key  # of the gate that is shown
        return [Offer(order.format(gate), f"{cls.name}:{gate}", key if gate == shown else "") for gate in gates]

    @property
    def spelling(self) -> str:
        return f"{self.name}:{self.gate}{'' if self.unit is None else f'.u{self.unit}'}"

    @property
    def said(self) -> str:
        whose = "" if self.unit is None else f" of u{self.unit}"
        return f"gate {self.gate}{whose} {self.done}"

    def problem(self, target: Target) -> str:
        gates = gates_of(target)
        if not gates:
            return "it has no gates; a GRU has r and z, an LSTM has i, f and o"
        if self.gate not in gates:
            return f"it has no gate {self.gate!r}; its gates are {', '.join(gates)}"
        return "" if self.unit is None else target.no_unit(self.unit)

    def _rows(self) -> slice | int:
        return slice(None) if self.unit is None else self.unit

    def alter_weights(self, weights: Mapping[str, Array], target: Target, t: int = 0) -> None:  # noqa: ARG002
        for name in (f"W_h{self.gate}", f"W_x{self.gate}"):
            weights[name][self._rows()] = 0
        weights[f"b_{self.gate}"][self._rows()] = self.bias

    def freeze(self, frozen: Mapping[str, Array], target: Target) -> None:  # noqa: ARG002
        for name in (f"W_h{self.gate}", f"W_x{self.gate}", f"b_{self.gate}"):
            frozen[name][self._rows()] = True


@dataclass(frozen=True)
class ShutGate(OpenGate):
    """A gate is 0 at all time steps."""

    name: ClassVar[str] = "shut"
    example: ClassVar[str] = "shut:i or shut:i.u3"
    about: ClassVar[str] = "Force a gate shut: it is 0, whatever the net reads."
    bias: ClassVar[float] = -SATURATING
    done: ClassVar[str] = "shut"
    key: ClassVar[str] = "O"
