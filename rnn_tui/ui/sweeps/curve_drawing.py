"""Curves of a measure over one key of a sweep, with bands between the quartiles; a pure function of its parts."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, isinf, log10

import numpy as np
from rich.cells import cell_len

from rnn_tui.engine.parameters import Array
from rnn_tui.number_format import brief, percent, power_of_ten
from rnn_tui.ui.render.braille_plot import APART, MARKS, QUIET, Plot
from rnn_tui.ui.render.character_grid import CharacterGrid
from rnn_tui.ui.sweeps.key_axis import KeyAxis
from rnn_tui.ui.sweeps.look import Look, ValueScale, cut, write_labels
from rnn_tui.ui.sweeps.measures import LOSS, Measure, Summary
from rnn_tui.ui.widgets.end_labels import EndLabel, beside, written
from rnn_tui.ui.widgets.step_axis import nice

LEAST_ROWS, LEAST_COLUMNS = 2, 6  # of the plot
ROWS_PER_TICK, COLUMNS_PER_TICK = 4, 12
CLOSE = 3  # columns between two values of the axis, at least, so that each has a dot of its own


@dataclass(frozen=True)
class SweepCurve:
    """A curve of a lane.

    Attributes:
        values: by place on the axis.
        floors: the lowest possible loss by place; NaN if it is unknown.
    """

    name: str
    lane: int
    values: Sequence[Summary]
    floors: Sequence[float] = ()


@dataclass(frozen=True)
class CurveChart:
    """The contents of a chart.

    Attributes:
        cursor: the place under the cursor, None if that is in another chart.
        joined: whether the values are joined by lines; otherwise each is a point of its own.
    """

    axis: KeyAxis
    curves: Sequence[SweepCurve]
    cursor: int | None
    title: str = ""
    joined: bool = True


def draw_curves(
    chart: CurveChart, measure: Measure, scale: ValueScale, look: Look, rows: int, columns: int
) -> CharacterGrid:
    """Return the chart with its axes, in so many rows and columns; empty if there is no room for a plot."""
    grid, top = CharacterGrid(rows, columns), 1 if chart.title else 0
    ticks = ticks_of(scale, measure, max(1, (rows - top - 1) // ROWS_PER_TICK))
    margin = 1 + max((cell_len(label) for _, label in ticks), default=0)
    names = [curve.name for curve in chart.curves]
    aside = beside(names, columns - margin) if len(names) > 1 and chart.joined else 0
    shape = rows - top - 1, columns - margin - aside
    if shape[0] < LEAST_ROWS or shape[1] < LEAST_COLUMNS:
        return grid
    if chart.title:
        grid.write(0, margin, cut(chart.title, columns - margin), look.palette.text)
    labels = {round((1 - scale.share(value)) * (shape[0] - 1)): label for value, label in ticks}
    for y in range(shape[0]):
        label = labels.get(y, "")
        grid.write(top + y, 0, f"{label:>{margin - 1}}{'┤' if label else '│'}", look.palette.muted)
    centers = _centers(chart.axis, shape[1])
    texts, colors = _plot(chart, scale, look, shape, centers, aside)
    for y, (line, inks) in enumerate(zip(texts, colors, strict=True)):
        for x, (character, color) in enumerate(zip(line, inks, strict=True)):
            if character.strip():
                grid.write(top + y, margin + x, character, color)
    if chart.joined:
        names, here = list(chart.axis.labels), -1 if chart.cursor is None else chart.cursor
    else:
        centers, names, here = *_round_values(chart.axis, shape[1]), -1
    write_labels(grid, top + shape[0], [margin + round(center) // 2 for center in centers], names, here, look)
    return grid


def _centers(axis: KeyAxis, columns: int) -> Array:
    """Return the columns of dots (n,) of the values, with a margin at both ends."""
    return np.asarray(2 + axis.shares * (2 * columns - 6)).round()


def _round_values(axis: KeyAxis, columns: int) -> tuple[Array, list[str]]:
    """Return the columns of dots of round values on an axis with many values, and their labels."""
    ends = ValueScale(float(axis.values[0]), float(axis.values[-1]), axis.log)
    ticks = ticks_of(ends, LOSS, max(2, columns // COLUMNS_PER_TICK))
    return 2 + ends.shares(np.array([value for value, _ in ticks])) * (2 * columns - 6), [label for _, label in ticks]


def _plot(chart: CurveChart, scale: ValueScale, look: Look, shape: tuple[int, int], centers: Array,
          aside: int) -> tuple[Sequence[Sequence[str]], Sequence[Sequence[str]]]:  # fmt: skip
    """Return characters and colors (rows, columns and those for names)."""
    plot = Plot(shape, look.canvas.ascii, APART if look.canvas.marked else QUIET)
    if chart.joined:
        _draw_lines(plot, chart.curves, scale, look, centers)
    characters, colors = plot.characters(), plot.colors
    _draw_points(characters, colors, chart, scale, look, centers)
    if chart.cursor is not None:
        x = int(centers[chart.cursor]) // 2
        for y in range(shape[0]):
            if characters[y][x] == " ":
                characters[y][x], colors[y, x] = "┊", look.palette.marker
    ends = _ends(chart, scale, look, shape, centers) if aside and chart.joined else []
    return written(ends, characters, colors.tolist(), aside)


def _draw_lines(plot: Plot, curves: Sequence[SweepCurve], scale: ValueScale, look: Look, centers: Array) -> None:
    """Draw the bands between the quartiles and the floors, and over them the medians; the first curve on top."""
    rows, columns = plot.dots
    for curve in reversed(curves):
        low, high = (_rows(scale, [summary[i] for summary in curve.values], rows) for i in (0, 2))
        band = _line(centers, high, columns)[0], _line(centers, low, columns)[1]
        plot.draw(*band, look.palette.pinned(curve.lane), sparse=True)
        if len(curve.floors):
            floor_rows, _ = _line(centers, _rows(scale, curve.floors, rows), columns)
            plot.dotted(np.round(floor_rows), look.palette.muted)
    for curve in reversed(curves):
        top, bottom = _line(centers, _medians(curve, scale, rows), columns)
        mark = MARKS[curve.lane % len(MARKS)] if look.canvas.marked else ""
        plot.draw(np.round(top), np.round(bottom), look.palette.lane(curve.lane), mark)


def _draw_points(characters: list[list[str]], colors: Array, chart: CurveChart, scale: ValueScale, look: Look,
                 centers: Array) -> None:  # fmt: skip
    """Mark each value, if they are not too close, and at the top each point whose runs all diverged."""
    apart = not chart.joined or len(centers) == 1 or np.diff(centers).min() >= 2 * CLOSE
    for curve in reversed(chart.curves):
        point = MARKS[curve.lane % len(MARKS)] if look.canvas.marked else "●"
        medians = _medians(curve, scale, 4 * len(characters))
        for center, row, summary in zip(centers, medians, curve.values, strict=True):
            x = int(center) // 2
            if isinf(summary.median):
                characters[0][x], colors[0, x] = "✗", look.palette.wrong
            elif isfinite(row) and apart:
                y = int(row) // 4
                characters[y][x], colors[y, x] = point, look.palette.lane(curve.lane)


def _ends(chart: CurveChart, scale: ValueScale, look: Look, shape: tuple[int, int], centers: Array) -> list[EndLabel]:
    """Return the names at the ends of the curves."""
    found = []
    for curve in reversed(chart.curves):
        medians = _medians(curve, scale, 4 * shape[0])
        known = np.flatnonzero(np.isfinite(medians))
        if known.size:
            last = int(known[-1])
            column = shape[1] - 1 if last == len(centers) - 1 else int(centers[last]) // 2
            found.append(EndLabel(curve.name, look.palette.lane(curve.lane), medians[last] / 4, column))
    return found


def _medians(curve: SweepCurve, scale: ValueScale, rows: int) -> Array:
    """Return the rows of dots (n,) of the medians."""
    return _rows(scale, [summary.median for summary in curve.values], rows)


def _rows(scale: ValueScale, values: Sequence[float], rows: int) -> Array:
    """Return the rows of dots (n,) of values; NaN without a finite one."""
    array = np.array(values, float)
    shares = scale.shares(np.where(np.isfinite(array), array, np.nan))
    return np.asarray((1 - shares) * (rows - 1)).round()


def _line(centers: Array, rows: Array, columns: int) -> tuple[Array, Array]:
    """Return the highest and the lowest row (columns,) of straight lines between neighbors; NaN where there is none."""
    known = np.flatnonzero(np.isfinite(rows))
    if not known.size:
        return np.full(columns, np.nan), np.full(columns, np.nan)
    edges = np.arange(columns + 1) - 0.5
    at = np.interp(edges, centers[known], rows[known], left=np.nan, right=np.nan)
    for before, after in itertools.pairwise(known):
        if after - before > 1:
            at[(edges > centers[before] + 0.5) & (edges < centers[after] - 0.5)] = np.nan
    top, bottom = np.fmin(at[:-1], at[1:]), np.fmax(at[:-1], at[1:])
    places = centers[known].astype(int)
    top[places], bottom[places] = np.fmin(top[places], rows[known]), np.fmax(bottom[places], rows[known])
    return top, bottom


def ticks_of(scale: ValueScale, measure: Measure, most: int) -> list[tuple[float, str]]:
    """Return round values on the value axis with their labels, ascending; at least its ends."""
    if scale.log:
        low, high = log10(scale.low), log10(scale.high)
        every = max(1, ceil((high - low) / max(1, most)))
        powers = [n for n in range(ceil(low), floor(high) + 1) if n % every == 0]
        if len(powers) > 1:
            return [(10.0**n, power_of_ten(n)) for n in powers]
        return [(scale.low, brief(scale.low)), (scale.high, brief(scale.high))]
    label = (lambda value: percent(value, 0)) if measure.text(0.5) == "50%" else brief
    return [(value, label(value + 0.0)) for value in nice(scale.low, scale.high, max(2, most))]
