"""Scale recurrent weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, Target, exact
from rnn_tui.number_format import significant


@dataclass(frozen=True)
class Scale(Intervention):
    """All recurrent matrices, or one matrix or bias, are multiplied by a factor."""

    name: ClassVar[str] = "scale"
    example: ClassVar[str] = "scale=0.5 or scale:W_xh=2"
    about: ClassVar[str] = "Multiply the recurrent weights, or one matrix, by a factor."
    on: ClassVar[str] = "weights"
    lasting: ClassVar[bool] = True

    factor: float
    matrix: str | None = None

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        return cls(spelling.number(cls.example), spelling.matrix(cls.example))

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:  # noqa: ARG003
        return [Offer("Scale the recurrent weights by …", "scale=", "m", typed=True)]

    @property
    def spelling(self) -> str:
        return f"scale{f':{self.matrix}' if self.matrix else ''}={exact(self.factor)}"

    @property
    def said(self) -> str:
        return f"{self.matrix or 'recurrent weights'} × {significant(self.factor)}"

    def problem(self, target: Target) -> str:
        return target.no_state if self.matrix is None else target.no_matrix(self.matrix)

    def alter_weights(self, weights: Mapping[str, Array], target: Target, t: int = 0) -> None:  # noqa: ARG002
        for name in target.architecture.recurrent if self.matrix is None else (self.matrix,):
            weights[name][...] *= self.factor
