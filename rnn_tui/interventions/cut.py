"""Cut the recurrence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, SpellingError, Target, whole


@dataclass(frozen=True)
class Cut(Intervention):
    """All recurrent matrices are 0: W_hh, or those of the gates.  c of an LSTM and z·h of a GRU still carry on.

    From a time step on it is only a lens.
    """

    name: ClassVar[str] = "cut"
    example: ClassVar[str] = "cut or cut:12"
    about: ClassVar[str] = "Cut the recurrence: the recurrent weights are 0, always or from a time step on."
    on: ClassVar[str] = "weights"
    lasting: ClassVar[bool] = True

    t: int = 0

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        if spelling.value is not None:
            raise SpellingError(f"'cut' takes no value, as in {cls.example}")
        return cls(0 if spelling.place is None else whole(spelling.place, cls.example))

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:  # noqa: ARG003
        later = [Offer(f"Cut the recurrence from t = {place.t} on", f"cut:{place.t}", "C")] if place.t else []
        return [Offer("Cut the recurrence", "cut", "c"), *later]

    @property
    def spelling(self) -> str:
        return f"cut:{self.t}" if self.t else "cut"

    @property
    def said(self) -> str:
        return f"recurrence cut from t = {self.t} on" if self.t else "recurrence cut"

    def problem(self, target: Target) -> str:
        return target.no_state or target.no_time(self.t)

    @property
    def stays(self) -> bool:
        return self.t == 0

    def starts(self, target: Target, length: int) -> Sequence[int]:  # noqa: ARG002
        return (self.t,)

    def alter_weights(self, weights: Mapping[str, Array], target: Target, t: int = 0) -> None:
        if t >= self.t:
            for name in target.architecture.recurrent:
                weights[name][...] = 0

    def freeze(self, frozen: Mapping[str, Array], target: Target) -> None:
        for name in target.architecture.recurrent:
            frozen[name][...] = True
