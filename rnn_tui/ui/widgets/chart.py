"""The loss chart: curves over steps, floors as dashes, on a log or linear axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from textual.reactive import reactive
from textual_plot import AxisFormatter, HiResMode, NumericAxisFormatter, PlotWidget

from rnn_tui.engine.parameters import Array

SMALLEST, LARGEST = 1e-12, 1e30  # what is drawn of a loss; the plot cannot take 1e308
COLUMNS = 240  # a curve is cut to the least and greatest loss in each of so many columns


@dataclass(frozen=True, eq=False)
class Curve:
    """``losses`` (steps,), of which the first ``done`` are the past; ``floor`` is drawn as a dashed line."""

    losses: Array
    done: int
    colour: str
    floor: float | None


class LogFormatter(AxisFormatter):
    """Ticks of values that are log10 of what is meant."""

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:  # noqa: ARG002
        low, high = floor(min_), ceil(max_)
        every = max(1, ceil((high - low) / 4))
        whole = [float(tick) for tick in range(low, high + 1, every) if min_ <= tick <= max_]
        if len(whole) >= 2:
            return whole
        parts = [log10(part) + power for power in range(low, high + 1) for part in (1, 2, 5)]
        return [tick for tick in parts if min_ <= tick <= max_] or [min_]

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        return [f"{10**tick:.3g}" for tick in ticks]


class LossChart(PlotWidget, can_focus=False):
    """textual-plot, fed with data already reduced to what its columns can show."""

    margin_top, margin_bottom, margin_left = reactive(0), reactive(1), reactive(8)

    def __init__(self) -> None:
        super().__init__(allow_pan_and_zoom=False)

    def show(self, curves: Sequence[Curve], log: bool, muted: str) -> None:
        self.clear()
        self.set_y_formatter(LogFormatter() if log else NumericAxisFormatter())
        last = max([len(curve.losses) for curve in curves] + [1])
        self.set_xlimits(0, max(10, last))
        low, high = _limits(curves, log)
        self.set_ylimits(low, high)
        for curve in curves:
            if curve.floor is not None and (curve.floor > 0 or not log):
                x = np.linspace(0, max(10, last), 40)
                self.scatter(x, np.full(40, _axis(np.array([curve.floor]), log)[0]), "╌", curve.colour)
        for curve in curves:
            for losses, start, colour in (
                (curve.losses[curve.done :], curve.done, muted),
                (curve.losses[: curve.done], 0, curve.colour),
            ):
                x, y = reduced(losses, start, last)
                if len(x):
                    self.plot(x, _axis(y, log), colour, HiResMode.BRAILLE)


def reduced(losses: Array, start: int, last: int) -> tuple[Array, Array]:
    """Steps and losses (N,), at most two for each column of a chart over ``last`` steps: its least and greatest."""
    per_column = max(1, ceil(last / COLUMNS))
    finite = np.where(np.isfinite(losses), losses, np.nan)
    if per_column <= 2:
        steps = start + np.arange(len(losses))
        keep = ~np.isnan(finite)
        return steps[keep], finite[keep]
    columns = -(-len(losses) // per_column)
    padded = np.full(columns * per_column, np.nan)
    padded[: len(losses)] = finite
    grid = padded.reshape(columns, per_column)
    grid = grid[~np.isnan(grid).all(axis=1)]
    at = np.flatnonzero(~np.isnan(padded.reshape(columns, per_column)).all(axis=1)) * per_column + start
    both = np.stack([np.nanmin(grid, axis=1), np.nanmax(grid, axis=1)], axis=1) if len(grid) else np.zeros((0, 2))
    return np.repeat(at, 2), both.ravel()


def _axis(losses: Array, log: bool) -> Array:
    clipped = np.clip(losses, SMALLEST if log else -LARGEST, LARGEST)
    return np.log10(clipped) if log else clipped


def _limits(curves: Sequence[Curve], log: bool) -> tuple[float, float]:
    """A range with room around what is drawn, never empty."""
    values = [curve.losses[np.isfinite(curve.losses)] for curve in curves]
    values += [np.array([curve.floor]) for curve in curves if curve.floor is not None and (curve.floor > 0 or not log)]
    drawn = _axis(np.concatenate([*values, np.zeros(0)]), log)
    if not len(drawn):
        return (-3.0, 0.5) if log else (0.0, 1.0)
    low, high = float(drawn.min()), float(drawn.max())
    if not log:
        low = min(low, 0.0)
    room = max(0.05 * (high - low), 0.1 if log else 0.02 * max(abs(high), 1e-9))
    return low - (room if log else 0), high + room
