"""How a sweep is drawn: colors of numbers, and texts that fit."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite, isnan

import numpy as np
from rich.cells import cell_len
from textual.color import Color

from rnn_tui.engine.parameters import Array
from rnn_tui.ui.render.character_grid import CharacterGrid
from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.sweeps.measures import Measure, Summary
from rnn_tui.ui.widgets.text_widgets import BETWEEN

BAR = 16  # columns of the scale in a legend
LEAST_POSITIVE = 1e-12  # on a logarithmic scale


@dataclass(frozen=True)
class Look:
    """Colors and characters that the terminal, or a picture, can show."""

    palette: Palette
    canvas: Canvas

    def ground(self, share: float) -> str:
        """Return the color of a share of a scale, from that of zero to that of the most positive numbers.

        Without enough colors, empty.
        """
        if self.canvas.glyphs:
            return ""
        heat = self.palette.heat
        least = 0 if self.canvas.colors == "grays" else len(heat) // 2
        return heat[least + round(share * (len(heat) - 1 - least))]

    def glyph(self, share: float) -> str:
        """Return a character for a share of a scale, denser for more."""
        ramp = self.canvas.ramp[len(self.canvas.ramp) // 2 :]
        return ramp[round(share * (len(ramp) - 1))]

    def on(self, ground: str) -> str:
        """Return the color of text on a ground."""
        if not ground:
            return self.palette.text
        return "#000000" if Color.parse(ground).brightness > 0.5 else "#ffffff"


@dataclass(frozen=True)
class ValueScale:
    """The scale of a measure, from ``low`` to ``high``, linear or logarithmic."""

    low: float
    high: float
    log: bool = False

    @classmethod
    def of(
        cls, measure: Measure, summaries: Iterable[Summary], log: bool = False, quartiles: bool = False
    ) -> "ValueScale":
        """Return the scale of all finite medians, and with ``quartiles`` of these too."""
        values = [
            value
            for summary in summaries
            for value in (summary[:3] if quartiles else summary[1:2])
            if isfinite(value) and (value > 0 or not log)
        ]
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        if not log:
            least, most = measure.bounds
            low, high = low if least is None else least, high if most is None else most
            low = min(low, high)
        elif high <= low:
            low, high = low / 2, high * 2
        return cls(low, high if high > low else low + (abs(low) or 1.0), log)

    def share(self, value: float) -> float:
        """Return the place of a finite value between the ends, from 0 to 1."""
        return float(self.shares(np.array(value)))

    def shares(self, values: Array) -> Array:
        """Return the places of values between the ends, from 0 to 1; NaN stays."""
        low, high = self.low, self.high
        if self.log:
            low, high = np.log(low), np.log(high)
            with np.errstate(invalid="ignore", divide="ignore"):
                values = np.log(np.maximum(values, LEAST_POSITIVE))
        return np.clip((values - low) / (high - low), 0, 1)


def fitting(texts: tuple[str, ...], width: int) -> str:
    """Return the first text that fits; empty if none does."""
    return next((text for text in texts if cell_len(text) <= width), "")


def number_texts(measure: Measure, value: float) -> tuple[str, ...]:
    """Return a number in fewer and fewer characters: ``0.0123``, ``0.01``, ``.01``."""
    if isnan(value):
        return (measure.lacking, "–")
    if not isfinite(value):
        return ("diverged", "div.", "✗")
    text = measure.text(value)
    found = [text, text.removesuffix("%")]
    if "." in text and "e" not in text:
        found += [f"{value:.{digits}f}" for digits in (3, 2, 1) if digits < len(text.partition(".")[2])]
    found = [each.replace("-", "−") for each in found]
    return (*found, *(each.removeprefix("0") for each in found if each.startswith("0.") and len(each) > 3))


def cut(text: str, width: int) -> str:
    """Return as many parts of a line as fit, or as many characters."""
    parts = text.split(BETWEEN)
    while len(parts) > 1 and cell_len(BETWEEN.join(parts)) > width:
        parts.pop()
    line = BETWEEN.join(parts)
    while line and cell_len(line) > width:
        line = line[:-2] + "…" if len(line) > 1 else ""
    return line


def write_labels(
    grid: CharacterGrid, row: int, centers: Sequence[int], labels: Sequence[str], here: int, look: Look
) -> None:
    """Write labels below their columns: that of the place ``here``, and every n-th other one with room beside it."""
    taken: list[range] = []

    def write(place: int) -> bool:
        label = labels[place]
        start = max(0, min(centers[place] - (cell_len(label) - 1) // 2, grid.columns - cell_len(label)))
        cells = range(start, start + cell_len(label))
        free = all(cells.start > other.stop or cells.stop < other.start for other in taken)
        if free:
            taken.append(cells)
            grid.write(row, start, label, look.palette.text if place == here else look.palette.muted)
        return free

    if 0 <= here < len(labels):
        write(here)
    for place in range(0, len(labels), _every(centers, labels)):
        if place != here:
            write(place)


def _every(centers: Sequence[int], labels: Sequence[str]) -> int:
    """Return the least n for which every n-th label has room."""
    for every in range(1, len(labels)):
        some = range(0, len(labels), every)
        widths = [cell_len(labels[place]) for place in some]
        gaps = [centers[b] - centers[a] for a, b in itertools.pairwise(some)]
        if all(gap > (a + b) / 2 for gap, a, b in zip(gaps, widths, widths[1:], strict=False)):
            return every
    return max(1, len(labels))
