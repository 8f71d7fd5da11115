"""Set or nudge a single weight."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.base import Intervention, Offer, Place, Spelling, SpellingError, Target, exact, whole
from rnn_tui.number_format import significant


@dataclass(frozen=True)
class Weight(Intervention):
    """One entry of a matrix, or of a bias, is set to a value, or the value is added to it.

    Attributes:
        row, column: the entry; a bias has no column.
    """

    name: ClassVar[str] = "W_hh"
    example: ClassVar[str] = "W_hh:3,5=0 or W_hh:3,5+=0.1 or b_h:3=0"
    about: ClassVar[str] = "Set or nudge a single weight."
    on: ClassVar[str] = "weights"
    lasting: ClassVar[bool] = True

    matrix: str
    row: int
    column: int | None
    value: float
    nudges: bool = False

    @classmethod
    def takes(cls, name: str) -> bool:
        return re.fullmatch(r"[Wb]_\w+", name) is not None

    @classmethod
    def spelled(cls, spelling: Spelling) -> Self:
        if not spelling.place:
            raise SpellingError(f"{spelling.name!r} needs an entry, as in {cls.example}")
        entry = [whole(part, cls.example) for part in spelling.place.split(",")]
        if len(entry) > 2:
            raise SpellingError(f"{spelling.place!r} is not an entry, as in {cls.example}")
        row, column = entry[0], entry[1] if len(entry) == 2 else None
        return cls(spelling.name, row, column, spelling.number(cls.example, nudges=True), bool(spelling.sign))

    @classmethod
    def offers(cls, target: Target, place: Place) -> Sequence[Offer]:
        matrix = next(iter(target.architecture.recurrent), "W_xh")
        return [Offer(f"Set a weight of u{place.unit} …", f"{matrix}:{place.unit},", "W", typed=True)]

    @property
    def _entry(self) -> str:
        return str(self.row) if self.column is None else f"{self.row},{self.column}"

    @property
    def spelling(self) -> str:
        return f"{self.matrix}:{self._entry}{self._change}"

    @property
    def _change(self) -> str:
        if not self.nudges:
            return f"={exact(self.value)}"
        return f"{'-' if self.value < 0 else '+'}={exact(abs(self.value))}"

    @property
    def said(self) -> str:
        entry = f"{self.matrix}[{self._entry}]"
        if not self.nudges:
            return f"{entry} = {significant(self.value)}"
        return f"{entry} {'−' if self.value < 0 else '+'} {significant(abs(self.value))}"

    def problem(self, target: Target) -> str:
        if problem := target.no_matrix(self.matrix):
            return problem
        shape = target.shapes[self.matrix]
        if len(shape) == 1 and self.column is not None:
            return f"{self.matrix} is a bias: name one entry, as in {self.matrix}:{self.row}={exact(self.value)}"
        if len(shape) == 2 and self.column is None:
            example = f"{self.matrix}:{self.row},0={exact(self.value)}"
            return f"{self.matrix} is a matrix: name a row and a column, as in {example}"
        for number, size, which in zip((self.row, self.column), shape, ("row", "column"), strict=False):
            if number is not None and number >= size:
                return f"{self.matrix} has no {which} {number}; its {which}s are 0 to {size - 1}"
        return ""

    def alter_weights(self, weights: Mapping[str, Array], target: Target, t: int = 0) -> None:  # noqa: ARG002
        at = self.row if self.column is None else (self.row, self.column)
        weights[self.matrix][at] = self.value + (weights[self.matrix][at] if self.nudges else 0)
