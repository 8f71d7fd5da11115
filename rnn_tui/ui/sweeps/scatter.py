"""Sweeps without a grid, such as random ones: values share cells, and the cursor goes from point to point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rnn_tui.ui.sweeps.key_axis import LANES, KeyAxis
from rnn_tui.ui.sweeps.measures import Measure, Summary
from rnn_tui.ui.sweeps.sweep_data import SweepData

MOST_CELLS = 10  # of an axis


@dataclass(frozen=True)
class Cells:
    """The cells of an axis.

    Attributes:
        axis: the middle of each cell as its value.
        places: of the cell of each value of the whole axis.
    """

    axis: KeyAxis
    places: Sequence[int]


def cells_of(axis: KeyAxis, most: int = MOST_CELLS) -> Cells:
    """Return cells of equal width on the scale of an axis; the axis itself if it has few values, or words."""
    if len(axis) <= most or not axis.numeric:
        return Cells(axis, range(len(axis)))
    low, high = axis.scaled(axis.values[0]), axis.scaled(axis.values[-1])
    middles = low + (np.arange(most) + 0.5) * (high - low) / most
    values = np.exp(middles) if axis.log else middles
    rounded = tuple(float(f"{value:.2g}") for value in values)
    if len(set(rounded)) < most:
        rounded = tuple(map(float, values))
    shares = [(axis.scaled(value) - low) / (high - low) for value in axis.values]
    return Cells(KeyAxis(axis.key, axis.name, rounded), [min(most - 1, int(share * most)) for share in shares])


def cell_summaries(
    data: SweepData, measure: Measure, across: str, down: str, lane: int
) -> tuple[Cells, Cells | None, list[list[Summary]]]:
    """Return the cells of the axes, and the summary of all runs in each cell, by cells down and across."""
    columns = cells_of(data.axes[across])
    rows = cells_of(data.axes[down]) if down else None
    groups: dict[tuple[int, int], list[dict[str, int]]] = {}
    for place in data.places:
        point = dict(zip(data.keys, place, strict=True))
        for at in _lanes(data, across, down, lane):
            whole = {**point, LANES: at}
            cell = (rows.places[whole[down]] if rows else 0, columns.places[whole[across]])
            groups.setdefault(cell, []).append(whole)
    count = len(rows.axis) if rows else 1
    table = [
        [_together(data, measure, groups.get((y, x), [])) for x in range(len(columns.axis))] for y in range(count)
    ]  # fmt: skip
    return columns, rows, table


def _lanes(data: SweepData, across: str, down: str, lane: int) -> Sequence[int]:
    return range(len(data.outline.lanes)) if LANES in (across, down) else (lane,)


def _together(data: SweepData, measure: Measure, points: Sequence[Mapping[str, int]]) -> Summary:
    runs = [run for point in points for run in data.at(point)]
    return measure.summary(runs, points[0][LANES] if points else 0)


def point_beside(data: SweepData, place: Mapping[str, int], key: str, by: int) -> Mapping[str, int]:
    """Return the point that is ``by`` points further along the axis of a key."""
    points = [dict(zip(data.keys, found, strict=True)) for found in data.places]
    if not points or key not in data.keys:
        return place
    points.sort(key=lambda point: (point[key], *point.values()))
    here = next((i for i, point in enumerate(points) if all(place[k] == at for k, at in point.items())), None)
    if here is None:
        return {**place, **points[0]}
    return {**place, **points[max(0, min(len(points) - 1, here + by))]}
