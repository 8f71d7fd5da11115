"""Freeze parameters: they no longer learn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, Target

READOUT = ("W_hy", "b_y")


@dataclass(frozen=True)
class Freeze(Intervention):
    """A matrix or a bias no longer learns.  ``reservoir``: everything but the readout W_hy and b_y, so that the net is
    an echo-state network (Jaeger 2001).
    """

    name: ClassVar[str] = "freeze"
    example: ClassVar[str] = "freeze:W_hh or freeze:reservoir"
    about: ClassVar[str] = "Freeze a matrix: it no longer learns.  Frozen as a reservoir, only the readout learns."
    on: ClassVar[str] = "learning"
    lasting: ClassVar[bool] = True

    what: str

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        return cls(spelling.only_place(cls.example).strip())

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:  # noqa: ARG003
        matrix = [Offer("Freeze W_hh: it no longer learns", "freeze:W_hh", "z")] if "W_hh" in target.shapes else []
        reservoir = Offer("Freeze all but the readout: an echo-state network", "freeze:reservoir", "Z")
        return [*matrix, reservoir, Offer("Freeze another matrix …", "freeze:", typed=True)]

    @property
    def spelling(self) -> str:
        return f"freeze:{self.what}"

    @property
    def said(self) -> str:
        return "all but the readout frozen" if self.what == "reservoir" else f"{self.what} frozen"

    def problem(self, target: Target) -> str:
        return target.no_matrix(self.what, [*target.shapes, "reservoir"])

    def freeze(self, frozen: Mapping[str, Array], target: Target) -> None:  # noqa: ARG002
        for name in [name for name in frozen if name not in READOUT] if self.what == "reservoir" else [self.what]:
            frozen[name][...] = True
