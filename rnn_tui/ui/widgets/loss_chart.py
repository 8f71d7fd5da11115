"""The chart of losses or gradient norms: curves over the steps, levels and floors, on a log or linear axis.

It is not drawn by a plotting library, because the lab redraws it up to ten times a second during training: one widget
and some array operations take a tenth of the time.
"""

from collections.abc import Sequence
from itertools import groupby
from math import ceil, floor, log10
from typing import NamedTuple

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from rnn_tui.engine.held_out_history import HeldOutHistory
from rnn_tui.engine.held_out_quartiles import HeldOutQuartiles
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.engine.parameters import Array
from rnn_tui.ui.render.braille_plot import Plot
from rnn_tui.ui.widgets.downsampling import Reduced, Samples
from rnn_tui.ui.widgets.end_labels import EndLabel, written
from rnn_tui.ui.widgets.step_axis import MARGIN, StepAxis, StepAxisWidget, nice

SMALLEST, LARGEST = 1e-12, 1e30  # drawn range of a loss
SMOOTHING = 50  # a smoothed curve is the mean over this fraction of the steps shown
BEST, BEST_BELOW = "▾", "▴"  # point at the lowest held-out loss, from above or from below
EXPLODED = 100.0  # a band leaves the chart at the top where it is above its first median by this factor
LEVEL = 3  # columns before the end of a curve, whose mean gives the row of its name


class Curve(NamedTuple):
    """A curve of losses, or of another metric of every step.

    ``losses`` (steps,) start at step ``begin``; those before step ``done`` are the past.  Before ``begin`` there may be
    ``blocks`` (n, 3) of ``width`` steps: least, greatest and mean loss.

    ``floor`` is drawn as a dashed line, ``tag`` is written beside the end, and ``mark`` along the past.

    ``raw``: the color of the losses behind the smoothed curve; empty: they are not drawn; None: nothing is smoothed.
    ``held_out`` is drawn as a dotted curve in the color ``tint``, with a sign at the lowest loss of the past.
    ``quartiles``, of the held-out losses with further seeds, are drawn as a band behind it in the color ``shade``, with
    a dashed median.
    """

    losses: Array
    done: int
    color: str
    floor: float | None = None
    begin: int = 0
    tag: str = ""
    mark: str = ""
    blocks: Array = np.empty((0, 3))
    width: int = 1
    raw: str | None = None
    held_out: HeldOutHistory = HeldOutHistory()
    tint: str = ""
    quartiles: HeldOutQuartiles | None = None
    shade: str = ""

    @classmethod
    def of(cls, history: MetricHistory, since: int, done: int, color: str, tag: str, mark: str) -> "Curve":
        """Return the curve of the steps from ``since`` on."""
        begin = max(since, history.first)
        blocks = history.blocks[min(since, history.first) // history.width :]
        losses = history.values[begin - history.first :]
        return cls(losses, done, color, None, begin, tag, mark, blocks, history.width)

    @property
    def end(self) -> int:
        """The step after the last loss."""
        return self.begin + len(self.losses)


class Level(NamedTuple):
    """A loss for comparison, drawn as a dotted line with its name."""

    loss: float
    name: str


class Scale(NamedTuple):
    """The loss axis from ``low`` to ``high`` (log10 if ``log``), and the step axis from ``first`` to ``last``."""

    low: float
    high: float
    last: int
    log: bool
    first: int = 0

    @classmethod
    def of(
        cls, curves: Sequence[Curve], samples: Sequence[Samples], log: bool, levels: Sequence[Level], axis: StepAxis
    ) -> "Scale":
        """Return a range around everything that is drawn; it is never empty."""
        values = [part for one in samples for part in (one.low, one.high)]
        for curve in curves:
            inside = (curve.held_out.steps >= axis.first) & (curve.held_out.steps <= axis.last)
            values.append(curve.held_out.losses[inside & np.isfinite(curve.held_out.losses)])
            if (band := curve.quartiles) is not None and len(band):
                inside, most = (band.steps >= axis.first) & (band.steps <= axis.last), EXPLODED * band.median[0]
                values += [part[inside & (part < most)] for part in (band.low, band.median, band.high)]
        lines = [c.floor for c in curves if c.floor is not None] + [level.loss for level in levels]
        values += [np.array([line]) for line in lines if line > 0 or not log]
        drawn = on_axis(np.concatenate([*values, np.zeros(0)]), log)
        last, first = axis.last, axis.first
        if not len(drawn):
            return cls(-3.0, 0.5, last, log, first) if log else cls(0.0, 1.0, last, log, first)
        low, high = float(drawn.min()), float(drawn.max())
        if log:
            room = max(0.05 * (high - low), 0.02)
            return cls(low - room, high + room, last, log, first)
        return cls(min(low, 0.0), max(high, 0.0) + max(0.05 * (high - low), 1e-9), last, log, first)

    def row(self, values: Array | float, rows: int) -> Array:
        """Return the row of values on the axis; row 0 is at the top."""
        share = (self.high - np.asarray(values)) / (self.high - self.low)
        return np.round(share * (rows - 1))

    def line(self, value: float, rows: int) -> int:
        """Return the line of text, of ``rows``, in which a curve with this value is drawn with four dots per line."""
        return int(self.row(value, 4 * rows)) // 4

    @property
    def loss_ticks(self) -> list[tuple[float, str]]:
        """Positions on the axis, with their labels."""
        if not self.log:
            return [(tick, f"{tick:.4g}") for tick in nice(self.low, self.high, 5)]
        decades = [float(power) for power in range(ceil(self.low), floor(self.high) + 1)]
        if len(decades) < 3:
            parts = (log10(part) + power for power in range(floor(self.low), ceil(self.high)) for part in (1, 2, 5))
            decades = [tick for tick in parts if self.low <= tick <= self.high]
        if len(decades) < 2:
            decades = [log10(tick) for tick in nice(10**self.low, 10**self.high, 4) if tick > 0]
        every = max(1, ceil(len(decades) / 6))
        return [(tick, f"{10**tick:.3g}") for tick in decades[::every]]


def last_step(curves: Sequence[Curve]) -> int:
    """Return the end of the step axis."""
    bands = [curve.quartiles.steps for curve in curves if curve.quartiles is not None]
    return max(10, *(curve.end for curve in curves), *(int(steps[-1]) for steps in bands if len(steps)), 0)


def on_axis(losses: Array, log: bool) -> Array:
    clipped = np.clip(losses, SMALLEST if log else -LARGEST, LARGEST)
    return np.log10(clipped) if log else clipped


def envelope(samples: Samples, last: int, columns: int, begin: int = 0) -> tuple[Array, Array]:
    """Return the least and the greatest loss (columns,) per column of a chart of the steps from ``begin`` to ``last``.

    NaN if there is no loss; with fewer steps than columns, straight lines connect the steps.
    """
    low, high = np.full(columns, np.nan), np.full(columns, np.nan)
    place = (samples.steps - begin) * columns // (last - begin)
    if last - begin <= columns and len(place):
        between = np.arange(max(0, place[0]), min(columns - 1, place[-1]) + 1)
        low[between], high[between] = (np.interp(between, place, each) for each in (samples.low, samples.high))
        return low, high
    inside = slice(*np.searchsorted(place, [0, columns]).tolist())
    samples, place = samples.where(inside), place[inside]
    if not len(place):
        return low, high
    first = np.flatnonzero(np.diff(place, prepend=-1))
    low[place[first]] = np.minimum.reduceat(samples.low, first)
    high[place[first]] = np.maximum.reduceat(samples.high, first)
    # a column extends to its neighbor, so that the curve has no gaps
    low[1:], high[1:] = np.fmin(low[1:], high[:-1]), np.fmax(high[1:], low[:-1])
    empty = np.ones(columns, bool)
    empty[place[first]] = False
    low[empty] = high[empty] = np.nan
    return low, high


def interpolated(steps: Array, losses: Array, axis: StepAxis, log: bool, columns: int) -> Array:
    """Return the places on the axis (columns,) of lines through losses at some steps; NaN outside them."""
    losses = on_axis(losses, log)
    found = np.full(columns, np.nan)
    if len(steps):
        at = axis.first + (np.arange(columns) + 0.5) * axis.width / columns
        inside = (at >= steps[0] - axis.width / columns) & (at <= steps[-1] + axis.width / columns)
        found[inside] = np.interp(at[inside], steps, losses)
    return found


def between(low: Array, high: Array, scale: Scale, rows: int) -> tuple[Array, Array]:
    """Return the first and the last of ``rows`` rows for values from ``low`` to ``high``."""
    return scale.row(on_axis(high, scale.log), rows), scale.row(on_axis(low, scale.log), rows)


class LossChart(StepAxisWidget):
    """Curves and floors, with the loss axis on the left and the steps below."""

    DEFAULT_CSS = "LossChart { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._curves: Sequence[Curve] = ()
        self._levels: Sequence[Level] = ()
        self._log = True
        self._read: list[Reduced] = []  # for each curve

    def show(
        self, curves: Sequence[Curve], log: bool, levels: Sequence[Level] = (), axis: StepAxis | None = None
    ) -> None:
        """Show curves; without ``axis``, over all steps."""
        self._curves, self._log, self._levels = curves, log, levels
        self.axis = axis or StepAxis.all_of(last_step(curves), last_step(curves))
        until = min(self.axis.last, self.axis.reach)
        self.tags = [curve.tag for curve in curves if curve.end >= until]
        self.redraw()

    def drawing(self) -> list[Strip]:
        columns, rows = self.columns, self.size.height - 1
        if columns < 10 or rows < 2:
            return []
        self._read += [Reduced() for _ in self._curves[len(self._read) :]]
        first, last = self.axis.first, self.axis.last
        samples = [
            Samples.of_blocks(curve.blocks, curve.width, curve.begin, (first, last))
            .and_then(read.within(first, last, curve.losses, curve.begin))
            .scored()
            for read, curve in zip(self._read, self._curves, strict=False)
        ]
        scale, muted = Scale.of(self._curves, samples, self._log, self._levels, self.axis), self.palette.muted
        characters, colors = self._plot(samples, scale, (rows, columns), muted)
        gray = self.ink(muted)
        labels = {scale.line(tick, rows): label for tick, label in scale.loss_ticks}
        lines = []
        for y in range(rows):
            label = labels.get(y, "")
            margin = f"{label:>{MARGIN - 1}} "[:MARGIN]  # 1.05e-05 needs the space too
            axis = Segment(f"{margin}{'┤' if label else '│'}", gray)
            runs = groupby(range(columns + self.beside), key=lambda x, row=colors[y]: row[x])  # type: ignore[misc]
            spans = [(color, "".join(characters[y][x] for x in places)) for color, places in runs]
            lines.append(Strip([axis, *(Segment(text, self.ink(c)) for c, text in spans)]))
        return [*lines, Strip([Segment(self.axis.labels(columns) + " " * self.beside, gray)])]

    def _plot(
        self, samples: Sequence[Samples], scale: Scale, shape: tuple[int, int], muted: str
    ) -> tuple[list[list[str]], list[list[str]]]:
        """Return characters and colors (rows, columns with those for names); the color is empty if nothing is drawn.

        ``shape``: rows and columns of the drawing.
        """
        rows, columns = shape
        plot, apart = Plot(shape, self.canvas.ascii), 2 if self.canvas.ascii else 1
        self._draw_bands(plot, scale)
        self._draw_curves(plot, samples, scale, muted)
        self._draw_held_out(plot, scale, muted)
        characters, colors = plot.characters(), plot.colors
        for curve in self._curves:
            if curve.floor is None or (curve.floor <= 0 and scale.log):
                continue
            y = scale.line(float(on_axis(np.array(curve.floor), scale.log)), rows)
            free = [x for x in range(columns) if characters[y][x] in " ╌"]
            for x in free[::apart]:
                characters[y][x], colors[y, x] = "╌", curve.color
        for level in self._levels:
            if level.loss > 0 or not scale.log:
                y = scale.line(float(on_axis(np.array(level.loss), scale.log)), rows)
                colors[y, _draw_level(level.name, characters[y], apart)] = muted
        for curve in reversed(self._curves):  # the sign of the first lane is on top
            self._point_at_best(curve, scale, characters, colors)
        tags = [self._end(*one, scale, shape) for one in zip(self._curves, samples, strict=True)]
        return written([tag for tag in reversed(tags) if tag], characters, colors.tolist(), self.beside)

    def _draw_curves(self, plot: Plot, samples: Sequence[Samples], scale: Scale, muted: str) -> None:
        """Draw the later steps, the raw losses, and over them the smoothed curves."""
        window, lines = self.axis.width // SMOOTHING, []
        for curve, read in zip(self._curves, samples, strict=True):
            past, future = read.parted(curve.done)
            smooth = curve.raw is not None and window > 1
            for part, color, mark in ((future, muted, ""), (past, curve.raw if smooth else curve.color, curve.mark)):
                if color:
                    ends = envelope(part, scale.last, plot.dots[1], scale.first)
                    behind = smooth and part is past
                    sparse = behind and self.canvas.marked and not self.canvas.ascii
                    plot.draw(*between(*ends, scale, plot.dots[0]), color, "" if behind else mark, sparse)
            if smooth:
                lines.append((curve, past.on(lambda values: on_axis(values, scale.log)).smoothed(window)))
        for curve, line in lines:
            low, high = envelope(line, scale.last, plot.dots[1], scale.first)
            plot.draw(scale.row(high, plot.dots[0]), scale.row(low, plot.dots[0]), curve.color, curve.mark)

    def _draw_bands(self, plot: Plot, scale: Scale) -> None:
        """Draw the quartiles of further seeds as bands, and over all of them the medians."""
        height, columns = plot.dots
        bands = [(curve, curve.quartiles) for curve in self._curves if curve.quartiles is not None]
        rows = [
            [scale.row(interpolated(band.steps, part, self.axis, scale.log, columns), height)
             for part in (band.high, band.low, band.median)]
            for _, band in bands
        ]  # fmt: skip
        for (curve, _), (top, bottom, _) in zip(bands, rows, strict=True):
            plot.band(top, bottom, curve.shade)
        for (curve, _), (_, _, middle) in zip(bands, rows, strict=True):
            plot.dashed(middle, curve.color)

    def _draw_held_out(self, plot: Plot, scale: Scale, muted: str) -> None:
        """Draw the held-out losses as dotted lines, over all other curves."""
        columns = plot.dots[1]
        for curve in self._curves:
            some = np.isfinite(curve.held_out.losses)
            steps, losses = curve.held_out.steps[some], curve.held_out.losses[some]
            rows = scale.row(interpolated(steps, losses, self.axis, scale.log, columns), plot.dots[0])
            done = np.arange(columns) < self.axis.place(curve.done, columns) + 1
            plot.dotted(np.where(done, np.nan, rows), muted)
            plot.dotted(np.where(done, rows, np.nan), curve.tint, curve.mark)

    def _point_at_best(self, curve: Curve, scale: Scale, characters: list[list[str]], colors: Array) -> None:
        """Write a sign above the lowest held-out loss of the past, or below it in the first row."""
        best, rows, columns = curve.held_out.until(curve.done).best, len(characters), len(characters[0])
        if best is None or not self.axis.first <= best.step <= self.axis.last:
            return
        y = scale.line(float(on_axis(np.array(best.loss), scale.log)), rows)
        x = min(self.axis.place(best.step, columns), columns - 1)
        y, sign = (y - 1, BEST) if y else (1, BEST_BELOW)
        if y < rows:
            characters[y][x], colors[y, x] = sign, curve.color

    def _end(self, curve: Curve, samples: Samples, scale: Scale, shape: tuple[int, int]) -> EndLabel | None:
        """Return the name at the end of a curve, in the row of the mean of its last columns, which moves little."""
        if not curve.tag or not len(samples.steps):
            return None
        last = samples.steps[-1]
        near = samples.steps >= last - LEVEL * self.axis.width / shape[1]
        middle = np.concatenate([on_axis(part[near], scale.log) for part in (samples.low, samples.high)]).mean()
        row = (float(scale.row(middle, 4 * shape[0])) + 0.5) / 4 - 0.5  # in dots, like the curve
        return EndLabel(curve.tag, curve.color, row, min(self.axis.place(int(last), shape[1]), shape[1] - 1))


def _draw_level(name: str, row: list[str], apart: int) -> list[int]:
    """Draw a dotted line through the free cells of a row, with its name as far right as it fits; return its columns."""
    free = [x for x, character in enumerate(row) if character == " "]
    for x in free[::apart]:
        row[x] = "┈"
    begins = range(len(row) - len(name) - 1, 0, -1) if len(row) > 2 * len(name) else ()
    for begin in (x for x in begins if set(range(x, x + len(name))) <= set(free)):
        row[begin : begin + len(name)] = name
        break
    return free
