"""A chart of curves in braille dots or in ASCII; later curves cover earlier ones."""

import numpy as np

from rnn_tui.engine.parameters import Array

DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])  # of a braille character, 4 rows × 2 columns
MARKS = "*o+x"  # of lanes, because color alone may not tell curves apart
AHEAD = ":"  # in ASCII, for curves without a mark
DOT = "."  # in ASCII, for dotted curves
FILL, DASH = "'", "-"  # in ASCII, for bands and dashed curves
APART, QUIET = 9, 18  # columns between the marks of a curve, without and with colors


class Plot:
    """A chart of ``shape`` (rows, columns) characters, each with a color, which is empty if nothing is drawn."""

    def __init__(self, shape: tuple[int, int], in_ascii: bool = False, apart: int = APART) -> None:
        self.shape, self._ascii, self._apart = shape, in_ascii, apart
        self._codes, self._marks = np.zeros(shape, int), np.full(shape, "", dtype="<U1")
        self.colors = np.full(shape, "", dtype="<U16")

    @property
    def dots(self) -> tuple[int, int]:
        """Rows and columns of dots."""
        return 4 * self.shape[0], 2 * self.shape[1]

    def draw(self, top: Array, bottom: Array, color: str, mark: str = "", sparse: bool = False) -> None:
        """Fill each column of dots from row ``top`` to row ``bottom``, except NaN; repeat ``mark`` along the curve.

        ``sparse``: fill only every other dot, as on a chessboard.
        """
        y = np.arange(self.dots[0])[:, None]
        with np.errstate(invalid="ignore"):
            dots = (y >= top) & (y <= bottom)
        if sparse:
            dots &= (y + np.arange(self.dots[1])) % 2 == 0
        self._put(dots, color, mark)

    def band(self, top: Array, bottom: Array, color: str) -> None:
        """Fill each column of dots from row ``top`` to row ``bottom``, except NaN, with every other dot."""
        y = np.arange(self.dots[0])[:, None]
        with np.errstate(invalid="ignore"):
            dots = (y >= top) & (y <= bottom) & ((y + np.arange(self.dots[1])) % 2 == 0)
        self._put(dots, color, "", FILL)

    def dashed(self, rows: Array, color: str) -> None:
        """Draw dashes of three cells, with one cell between them, at ``rows`` of the columns of dots, except NaN."""
        rows = np.where(np.arange(len(rows)) % 8 < 6, rows, np.nan)
        with np.errstate(invalid="ignore"):
            dots = np.arange(self.dots[0])[:, None] == rows
        self._put(dots, color, "", DASH)

    def dotted(self, rows: Array, color: str, mark: str = "") -> None:
        """Draw a dot in every other cell, at ``rows`` of the columns of dots, except NaN; repeat ``mark`` along it."""
        rows = np.where(np.arange(len(rows)) % 4 == 0, rows, np.nan)
        with np.errstate(invalid="ignore"):
            dots = np.arange(self.dots[0])[:, None] == rows
        self._put(dots, color, mark, DOT)

    def _put(self, dots: Array, color: str, mark: str, dot: str = "") -> None:
        """Draw dots; ``dot``: in ASCII, the character of each cell, with ``mark`` only in some."""
        cells: Array = dots.reshape(self.shape[0], 4, -1, 2).transpose(0, 2, 1, 3)
        codes = (cells * DOTS).sum(axis=(2, 3))
        self._codes |= codes
        if self._ascii:
            self.colors[codes > 0], self._marks[codes > 0] = color, dot or mark or AHEAD
            if not dot:
                return
        self.colors[(codes > 0) & (self._marks == "")] = color  # a mark stays visible where curves meet
        if mark:
            apart = self._apart
            offset = apart // 2 + MARKS.find(mark) * apart // len(
                MARKS
            )  # different offsets keep all marks visible if curves overlap
            for x in range(offset % apart, self.shape[1], apart):
                rows = np.flatnonzero(codes[:, x])
                if len(rows):
                    y = rows[len(rows) // 2]
                    self._marks[y, x], self.colors[y, x] = mark, color

    def characters(self) -> list[list[str]]:
        """Return the characters; a space if nothing is drawn."""
        rows = zip(self._codes.tolist(), self._marks.tolist(), strict=True)
        return [
            [mark or (chr(0x2800 + code) if code else " ") for code, mark in zip(*row, strict=True)] for row in rows
        ]
