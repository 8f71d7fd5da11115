"""A drawing of characters, each with a color and a ground, which becomes the lines of a widget or of a picture."""

from collections.abc import Callable
from itertools import groupby

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

Ink = Callable[[str, str], Style]  # of a color and a ground; empty: as around


class CharacterGrid:
    """``rows`` × ``columns`` characters; what is written outside is cut off."""

    def __init__(self, rows: int, columns: int) -> None:
        self.rows, self.columns = max(0, rows), max(0, columns)
        self._texts = [[" "] * self.columns for _ in range(self.rows)]
        self._looks = [[("", "")] * self.columns for _ in range(self.rows)]

    def write(self, row: int, column: int, text: str, color: str = "", ground: str = "") -> int:
        """Write a text and return the column after it; an empty color or ground leaves what is there."""
        for character in text:
            width = cell_len(character)
            if not width:
                if 0 <= row < self.rows and 0 < column <= self.columns:
                    self._texts[row][column - 1] += character
                continue
            if 0 <= row < self.rows and column >= 0 and column + width <= self.columns:
                for i in range(width):
                    before = self._looks[row][column + i]
                    self._texts[row][column + i] = "" if i else character
                    self._looks[row][column + i] = (color or before[0], ground or before[1])
            column += width
        return column

    def at(self, row: int, column: int) -> str:
        """Return the character at a place; empty outside, and behind a wide character."""
        return self._texts[row][column] if 0 <= row < self.rows and 0 <= column < self.columns else ""

    def ground_at(self, row: int, column: int) -> str:
        """Return the ground at a place; empty if it has none."""
        return self._looks[row][column][1] if 0 <= row < self.rows and 0 <= column < self.columns else ""

    def put(self, other: "CharacterGrid", row: int, column: int) -> None:
        """Copy another drawing to a place."""
        for y in range(min(other.rows, self.rows - row)):
            count = min(other.columns, self.columns - column)
            self._texts[row + y][column : column + count] = other._texts[y][:count]
            self._looks[row + y][column : column + count] = other._looks[y][:count]

    @property
    def lines(self) -> list[str]:
        """The rows as text."""
        return ["".join(row) for row in self._texts]

    def strips(self, ink: Ink) -> list[Strip]:
        """Return the rows with their styles."""
        found = []
        for texts, looks in zip(self._texts, self._looks, strict=True):
            runs = groupby(range(self.columns), key=looks.__getitem__)
            segments = [Segment("".join(texts[x] for x in run), ink(*look)) for look, run in runs]
            found.append(Strip(segments, self.columns))
        return found
