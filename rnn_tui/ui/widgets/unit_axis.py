"""Positions of hidden units on the rows of a heat map."""

from dataclasses import dataclass

from rnn_tui.number_format import counted

MOST_HIGH = 3  # rows of a unit
LABEL = 9  # columns for the label of a row


def tallest(columns: int, alone: bool = False) -> int:
    """Return how many rows a unit may have whose cells have this width: a narrow and high cell would look like a line.

    ``alone``: a panel that has the screen for itself has larger cells, about as high as wide.
    """
    return max(1, min(MOST_HIGH, columns), columns // 2 if alone else 1)


@dataclass(frozen=True)
class UnitAxis:
    """The visible part of ``units``: ``count`` from ``first`` on.

    Attributes:
        per_row: units in a row of the terminal, 1 or 2.
        height: rows of a unit; 1 if there are two units in a row.
    """

    units: int
    first: int
    count: int
    per_row: int
    height: int

    @classmethod
    def fit(cls, units: int, rows: int, cursor: int, highest: int = 1, halves: bool = True) -> "UnitAxis":
        """Return an axis of all units if they fit, otherwise of those around the cursor.

        Args:
            rows: of the terminal.
            highest: rows that a unit may have.
            halves: whether a row can show two units.
        """
        rows = max(1, rows)
        per_row = 2 if halves and units > rows else 1
        visible = rows * per_row
        first = max(0, min(cursor - visible // 2, units - visible))
        first += first % per_row  # rounded up, so that the last of an odd number is visible
        return cls(units, first, min(visible, units - first), per_row, max(1, min(highest, rows // units)))

    @property
    def shown(self) -> range:
        return range(self.first, self.first + self.count)

    def at(self, row: int) -> int | None:
        """Return the first unit drawn in a row, or None."""
        unit = self.first + row // self.height * self.per_row
        return unit if row >= 0 and unit in self.shown else None

    def label(self, unit: int, name: str = "u") -> str:
        """Return the names of the units in the row that starts with ``unit``: u4, or u4–5."""
        last = min(unit + self.per_row, self.units) - 1
        whole = f"{name}{unit}–{last}"
        if last == unit:
            return f"{name}{unit}"
        return whole if len(whole) < LABEL else f"{name}{unit}–{str(last)[-1]}"

    @property
    def counts(self) -> str:
        """Number of units, and on which sides some are out of sight: ``64 units, 20 shown ↓``."""
        said = counted(self.units, "unit")
        above, below = self.first > 0, self.shown.stop < self.units
        arrows = f"{'↑' if above else ''}{'↓' if below else ''}"
        return f"{said}, {self.count:,} shown {arrows}" if arrows else said
