"""Mirror the recurrence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Spelling, Target


@dataclass(frozen=True)
class Mirror(Intervention):
    """All recurrent weights change their sign, and no longer learn."""

    name: ClassVar[str] = "mirror"
    example: ClassVar[str] = "mirror"
    about: ClassVar[str] = "Change the sign of W_hh."
    on: ClassVar[str] = "weights"
    lasting: ClassVar[bool] = True

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        spelling.alone()
        return cls()

    @property
    def spelling(self) -> str:
        return self.name

    @property
    def said(self) -> str:
        return "sign of W_hh changed"

    def problem(self, target: Target) -> str:
        return target.no_state

    def alter_weights(self, weights: Mapping[str, Array], target: Target, t: int = 0) -> None:  # noqa: ARG002
        for name in target.architecture.recurrent:
            weights[name][...] *= -1

    def freeze(self, frozen: Mapping[str, Array], target: Target) -> None:
        for name in target.architecture.recurrent:
            frozen[name][...] = True
