"""Prune small weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, SpellingError, Target, exact


@dataclass(frozen=True)
class Prune(Intervention):
    """All weights whose magnitude is below a threshold are 0, in every matrix or in one; biases stay."""

    name: ClassVar[str] = "prune"
    example: ClassVar[str] = "prune=0.1 or prune:W_hh=0.1"
    about: ClassVar[str] = "Set all weights below a threshold to 0; biases stay."
    on: ClassVar[str] = "weights"
    lasting: ClassVar[bool] = True

    threshold: float
    matrix: str | None = None

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        threshold = spelling.number(cls.example)
        if threshold <= 0:
            raise SpellingError(f"'prune' needs a threshold above 0, as in {cls.example}")
        return cls(threshold, spelling.matrix(cls.example))

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:  # noqa: ARG003
        return [Offer("Prune small weights …", "prune=", "p", typed=True)]

    @property
    def spelling(self) -> str:
        return f"prune{f':{self.matrix}' if self.matrix else ''}={exact(self.threshold)}"

    @property
    def said(self) -> str:
        return f"{self.matrix or 'weights'} below {self.threshold:g} pruned"

    def problem(self, target: Target) -> str:
        return "" if self.matrix is None else target.no_matrix(self.matrix, self._matrices(target.shapes))

    def _matrices(self, weights: Mapping[str, object]) -> list[str]:
        return [name for name in weights if name.startswith("W_")]

    def alter_weights(self, weights: Mapping[str, Array], target: Target, t: int = 0) -> None:  # noqa: ARG002
        for name in self._matrices(weights) if self.matrix is None else [self.matrix]:
            weights[name][np.abs(weights[name]) < self.threshold] = 0
