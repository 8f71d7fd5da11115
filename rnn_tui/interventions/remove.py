"""Remove an input: the net reads its mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, Target
from rnn_tui.interventions.input_place import InputPlace


@dataclass(frozen=True)
class Remove(Intervention):
    """The input at a time step is its mean over all held-out sequences and time steps, which tells nothing.

    Of a symbol these are the frequencies of all symbols.
    """

    name: ClassVar[str] = "remove"
    example: ClassVar[str] = "remove:7"
    about: ClassVar[str] = "Remove an input: the net reads the mean in its place."
    on: ClassVar[str] = "input"

    place: InputPlace

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        return cls(InputPlace.of(spelling.only_place(cls.example), cls.example))

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:
        places = InputPlace.all_at(place.t, target)
        where = places[0].said if len(places) == 1 else f"the inputs at t = {place.t}"
        return [Offer(f"Remove {where}: the net reads the mean", f"remove:{place.t}", "r")]

    @property
    def spelling(self) -> str:
        return f"remove:{self.place.spelling}"

    @property
    def said(self) -> str:
        return f"{self.place.said} removed"

    def problem(self, target: Target) -> str:
        # Without a name all inputs of the time step are removed.
        return target.no_time(self.place.t) if not self.place.channel else self.place.problem(target)

    def altered_input(self, x: Array, target: Target) -> Array:
        assert target.x is not None
        x, mean = x.copy(), target.x.mean(axis=(0, 2))  # (I,)
        rows = self.place.row(target) if self.place.channel else slice(None)
        x[self.place.t, rows] = mean[rows] if self.place.channel else mean[:, None]
        return x
