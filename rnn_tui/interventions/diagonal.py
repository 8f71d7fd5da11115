"""Keep only the diagonal of the recurrent weights, or everything else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, Target


@dataclass(frozen=True)
class Diagonal(Intervention):
    """Each unit reads only itself: all other recurrent weights are 0."""

    name: ClassVar[str] = "diagonal"
    example: ClassVar[str] = "diagonal"
    about: ClassVar[str] = "Keep only the diagonal of the recurrent weights: each unit reads only itself."
    on: ClassVar[str] = "weights"
    lasting: ClassVar[bool] = True

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        spelling.alone()
        return cls()

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:  # noqa: ARG003
        return [Offer("Keep only the diagonal: each unit reads only itself", cls.name, "d")]

    @property
    def spelling(self) -> str:
        return self.name

    @property
    def said(self) -> str:
        return "only the diagonal of the recurrent weights"

    def problem(self, target: Target) -> str:
        return target.no_state

    def alter_weights(self, weights: Mapping[str, Array], target: Target, t: int = 0) -> None:  # noqa: ARG002
        for name in target.architecture.recurrent:
            weights[name][self._removed(target.units)] = 0

    def freeze(self, frozen: Mapping[str, Array], target: Target) -> None:
        for name in target.architecture.recurrent:
            frozen[name][self._removed(target.units)] = True

    def _removed(self, units: int) -> Array:
        """Return which entries (H, H) are removed."""
        return ~np.eye(units, dtype=bool)


@dataclass(frozen=True)
class OffDiagonal(Diagonal):
    """No unit reads itself: the diagonal of the recurrent weights is 0."""

    name: ClassVar[str] = "off-diagonal"
    example: ClassVar[str] = "off-diagonal"
    about: ClassVar[str] = "Remove the diagonal of the recurrent weights: no unit reads itself."

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:  # noqa: ARG003
        return [Offer("Remove the diagonal: no unit reads itself", cls.name, "D")]

    @property
    def said(self) -> str:
        return "recurrent weights without the diagonal"

    def _removed(self, units: int) -> Array:
        return np.eye(units, dtype=bool)
