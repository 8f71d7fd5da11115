"""Flip a bit of the input."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, Target
from rnn_tui.interventions.input_place import InputPlace


@dataclass(frozen=True)
class Flip(Intervention):
    """The input at a time step is the other one of the only two values that it takes; in every sequence."""

    name: ClassVar[str] = "flip"
    example: ClassVar[str] = "flip:7"
    about: ClassVar[str] = "Flip a bit of the input."
    on: ClassVar[str] = "input"

    place: InputPlace

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        return cls(InputPlace.of(spelling.only_place(cls.example), cls.example))

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:
        bits = [each for each in InputPlace.all_at(place.t, target) if not cls(each).problem(target)]
        return [Offer(f"Flip {each.said}", f"flip:{each.spelling}", "" if i else "f") for i, each in enumerate(bits)]

    @property
    def spelling(self) -> str:
        return f"flip:{self.place.spelling}"

    @property
    def said(self) -> str:
        return f"{self.place.said} flipped"

    def problem(self, target: Target) -> str:
        if problem := self.place.problem(target):
            return problem
        if target.x is None:
            return ""
        if target.task.alphabet:
            count = target.task.input_size
            return "" if count == 2 else f"it is one of {count} symbols, not a bit; choose one, as in x:7=b"
        values = np.unique(target.x[:, self.place.row(target)])
        return "" if len(values) == 2 else f"it is not a bit; set it, as in x:{self.place.spelling}=0"

    def altered_input(self, x: Array, target: Target) -> Array:
        x, t = x.copy(), self.place.t
        if target.task.alphabet:
            x[t] = x[t, ::-1]
            return x
        assert target.x is not None
        row = self.place.row(target)
        x[t, row] = np.unique(target.x[:, row]).sum() - x[t, row]
        return x
