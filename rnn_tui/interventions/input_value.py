"""Set or nudge a number of the input, or choose another symbol."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.errors import DataError
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, SpellingError, Target
from rnn_tui.interventions.input_place import InputPlace


@dataclass(frozen=True)
class InputValue(Intervention):
    """The input at a time step is another number or symbol, or a number is added to it; in every sequence.

    Attributes:
        text: the number, in the user's units, or the symbol.
        sign: of a number that is added; empty: it is set.
    """

    name: ClassVar[str] = "x"
    example: ClassVar[str] = "x:7=0 or x:7+=0.1 or x:7=b"
    about: ClassVar[str] = "Set or nudge a number of the input, or choose another symbol."
    on: ClassVar[str] = "input"

    place: InputPlace
    text: str
    sign: str = ""

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        if spelling.place is None or not spelling.value:
            raise SpellingError(f"'x' needs a time step and a value, as in {cls.example}")
        text = spelling.value if spelling.value.isspace() else spelling.value.strip()
        return cls(InputPlace.of(spelling.place, cls.example), text, spelling.sign)

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:
        if target.task.alphabet:
            return [Offer(f"Choose another symbol at t = {place.t} …", f"x:{place.t}=", "x", typed=True)]
        return [
            Offer(f"Set {each.said} to …", f"x:{each.spelling}=", "" if i else "x", typed=True)
            for i, each in enumerate(InputPlace.all_at(place.t, target))
        ]

    @property
    def spelling(self) -> str:
        return f"x:{self.place.spelling}{self.sign}={self.text}"

    @property
    def said(self) -> str:
        change = {"": "=", "+": "+", "-": "−"}[self.sign]
        return f"{self.place.said} {change} {repr(self.text) if self.text.isspace() else self.text}"

    def problem(self, target: Target) -> str:
        if problem := self.place.problem(target):
            return problem
        if target.task.alphabet:
            if self.sign:
                return "a symbol cannot be nudged; choose one, as in x:7=b"
            try:
                codes = target.task.encoded(self.text)
            except DataError as error:
                return str(error)
            return "" if len(codes) == 1 else f"{self.text!r} is {len(codes)} symbols; choose one"
        try:
            number = float(self.text)
        except ValueError:
            number = np.nan
        return "" if np.isfinite(number) else f"{self.text!r} is not a number, and the input is numbers"

    def altered_input(self, x: Array, target: Target) -> Array:
        x = x.copy()
        if target.task.alphabet:
            x[self.place.t] = 0
            x[self.place.t, target.task.encoded(self.text)[0]] = 1
            return x
        row, value = self.place.row(target), float(self.text)
        zero, one = target.task.input_in_units(np.array([0.0, 1.0]), row)
        if not self.sign:
            x[self.place.t, row] = (value - zero) / (one - zero)
        else:
            x[self.place.t, row] += (-value if self.sign == "-" else value) / (one - zero)
        return x
