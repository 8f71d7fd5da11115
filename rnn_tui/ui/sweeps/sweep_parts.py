"""The maps and charts of a view of a sweep, and the scale that they share."""

from collections.abc import Mapping, Sequence
from math import nan
from statistics import median

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.experiments.jobs import Row
from rnn_tui.ui.sweeps.curve_drawing import CurveChart, SweepCurve
from rnn_tui.ui.sweeps.key_axis import LANES, value_text
from rnn_tui.ui.sweeps.look import ValueScale
from rnn_tui.ui.sweeps.map_drawing import Formula, SweepMap
from rnn_tui.ui.sweeps.measures import LOSS, Summary
from rnn_tui.ui.sweeps.scatter import cell_summaries
from rnn_tui.ui.sweeps.sweep_data import SweepData
from rnn_tui.ui.sweeps.sweep_view import CURVES, MAP, SweepView

Part = SweepMap | CurveChart


def parts_of(data: SweepData, view: SweepView, pointed: bool = True) -> list[Part]:
    """Return the maps or charts of a view: one, or one for each value of the key by which it is split."""
    if not view.split:
        return [_part(data, view, view.place, "", pointed)]
    axis = data.axes[view.split]
    return [
        _part(data, view, {**view.place, view.split: place}, f"{axis.name} {label}" if axis.numeric else label,
              pointed and place == view.place[view.split])
        for place, label in enumerate(axis.labels)
    ]  # fmt: skip


def _part(data: SweepData, view: SweepView, place: Mapping[str, int], title: str, here: bool) -> Part:
    across, down = view.axis(data, view.across), view.axis(data, view.down)
    if view.drawing == CURVES:
        lanes = [place.get(LANES, 0)] if view.split == LANES else range(len(data.outline.lanes))
        curves = [_curve(data, view, {**place, LANES: lane}, lane) for lane in lanes]
        return CurveChart(across, curves, view.place[view.across] if here else None, title, not data.scattered)
    if data.scattered:
        return _scattered(data, view, place, title, here)
    cells = [
        [data.summary(view.shown, {**place, view.across: x, **({view.down: y} if view.down else {})})
         for x in range(len(across))]
        for y in range(len(down))
    ]  # fmt: skip
    cursor = (view.place.get(view.down, 0), view.place[view.across]) if here else None
    return SweepMap(across, down, cells, cursor, title, contour_of(data, view, place))


def _scattered(data: SweepData, view: SweepView, place: Mapping[str, int], title: str, here: bool) -> SweepMap:
    """Return the map of a sweep without a grid: each cell has all runs whose values are in it."""
    lane = place.get(LANES, 0)
    columns, rows, cells = cell_summaries(data, view.shown, view.across, view.down, lane)
    down = rows.axis if rows else view.axis(data, "")
    x = columns.places[view.place[view.across]]
    y = rows.places[view.place[view.down]] if rows else 0
    return SweepMap(columns.axis, down, cells, (y, x) if here else None, title, contour_of(data, view, place))


def _curve(data: SweepData, view: SweepView, place: Mapping[str, int], lane: int) -> SweepCurve:
    if data.scattered:
        groups = data.by_value(view.across)
    else:
        groups = [data.at({**place, view.across: x}) for x in range(len(data.axes[view.across]))]
    floors = [_floor(runs, lane) for runs in groups] if view.shown is LOSS else []
    return SweepCurve(data.outline.lanes[lane], lane, [view.shown.summary(runs, lane) for runs in groups], floors)


def _floor(runs: Sequence[Row], lane: int) -> float:
    """Return the median of the lane's floor over some runs; NaN if it is unknown."""
    lanes = [run["lanes"][lane] for run in runs if lane < len(run["lanes"])]
    found = [each["floor"] for each in lanes if each.get("floor") is not None]
    return float(median(found)) if found else nan


def contour_of(data: SweepData, view: SweepView, place: Mapping[str, int]) -> Formula | None:
    """Return the plan's formula as a function of the values across and down; None if the map has none of its keys."""
    contour = data.outline.contour
    if contour is None or view.drawing != MAP or not {contour.base, contour.exponent} & {view.across, view.down}:
        return None
    if not all(key in data.axes and data.axes[key].numeric for key in (contour.base, contour.exponent)):
        return None

    def formula(across: Array, down: Array) -> Array:
        given = {view.across: across, view.down: down}
        base, exponent = (
            given.get(key, np.array(float(data.axes[key].values[place[key]])))
            for key in (contour.base, contour.exponent)
        )
        return np.asarray(exponent * np.log(base) - np.log(contour.level) + 0 * (across + down))

    return formula


def contour_text(data: SweepData) -> str:
    """Return the formula of the contour in words: ``gain^delay = 1e−5``."""
    contour = data.outline.contour
    if contour is None:
        return ""
    base, exponent = (data.axes[key].name if key in data.axes else key for key in (contour.base, contour.exponent))
    return f"{base}^{exponent} = {value_text(contour.level)}"


def summaries_of(parts: Sequence[Part]) -> list[Summary]:
    """Return all summaries of the parts."""
    return [
        summary
        for part in parts
        for row in (part.cells if isinstance(part, SweepMap) else [curve.values for curve in part.curves])
        for summary in row
    ]


def scale_of(view: SweepView, parts: Sequence[Part]) -> ValueScale:
    """Return the scale that the parts share."""
    return ValueScale.of(view.shown, summaries_of(parts), view.log, quartiles=view.drawing == CURVES)
