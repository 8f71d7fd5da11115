"""The points of a sweep: all of a grid, lists that are zipped, or random ones."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np

from rnn_tui.experiments.jobs import Point
from rnn_tui.number_format import counted
from rnn_tui.presets.key_paths import key_words
from rnn_tui.presets.sweep_axis import Range
from rnn_tui.presets.sweep_settings import MOST_RUNS, SweepSettings

LARGEST_SAMPLED = 2**32  # points of a grid from which random ones are drawn without repetition
MOST_REPEATED = 10_000  # draws of points that have been drawn before


def points_of(sweep: SweepSettings, document: Mapping[str, Any], rng: np.random.Generator) -> list[Point]:
    """Return the points, without the seeds that ``sweep.seeds`` adds, in the order of the grid.

    Args:
        document: of the preset; a range gives whole numbers for a key that has one there.
        rng: for random points.

    Raises:
        ValueError: the keys do not fit together.
    """
    axes = _axes(sweep, document)
    if sweep.random is not None:
        return _random(axes, sweep.random, rng)
    if open_ranges := [axis.key for axis in axes if axis.values is None]:
        named = ", ".join(open_ranges)
        raise ValueError(f"{named}: a range without a number of values, such as :7, needs random points")
    return _zipped(axes) if sweep.zip else _grid(axes, sweep.seeds)


def first_point(sweep: SweepSettings, document: Mapping[str, Any]) -> Point:
    """Return the first value of each key; unlike the points, it is there even if the keys do not fit together."""
    return {axis.key: axis.first for axis in _axes(sweep, document)}


def _axes(sweep: SweepSettings, document: Mapping[str, Any]) -> "list[_Axis]":
    return [_Axis.of(key, values, _at(document, key)) for key, values in sweep.axes.items()]


@dataclass(frozen=True)
class _Axis:
    """The values of one key: ``values``, or, if this is None, the numbers of a range."""

    key: str
    values: list[Any] | None
    numbers: Range | None
    whole: bool

    @classmethod
    def of(cls, key: str, written: list[Any] | Range, now: Any) -> "_Axis":
        """Return the axis; ``now``: the value in the preset, None if there is none."""
        if not isinstance(written, Range):
            return cls(key, written, None, False)
        whole = written.whole if now is None else isinstance(now, int)
        return cls(key, None if written.count is None else written.values(whole), written, whole)

    @property
    def first(self) -> Any:
        if self.values is not None:
            return self.values[0]
        assert self.numbers is not None
        return self.numbers.drawn(0, self.whole)

    def draw(self, rng: np.random.Generator) -> Any:
        if self.values is not None:
            return self.values[int(rng.integers(len(self.values)))]
        assert self.numbers is not None
        return self.numbers.drawn(float(rng.random()), self.whole)


def _grid(axes: list[_Axis], seeds: int) -> list[Point]:
    columns = {axis.key: axis.values or [] for axis in axes}
    count = seeds * prod(map(len, columns.values()))
    if count > MOST_RUNS:
        raise ValueError(f"these are {count:,} runs; at most {MOST_RUNS:,} are allowed; draw random points instead")
    return [dict(zip(columns, row, strict=True)) for row in product(*columns.values())]


def _zipped(axes: list[_Axis]) -> list[Point]:
    columns = {axis.key: axis.values or [] for axis in axes}
    if len({len(values) for values in columns.values()}) > 1:
        said = ", ".join(f"{key} has {len(values)}" for key, values in columns.items())
        raise ValueError(f"zip needs the same number of values for each key; {said}")
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _random(axes: list[_Axis], count: int, rng: np.random.Generator) -> list[Point]:
    """Return random points, each once.  Raises ValueError if there are not so many."""
    sizes = [len(axis.values) for axis in axes if axis.values is not None]
    if len(sizes) == len(axes) and (size := prod(sizes)) <= LARGEST_SAMPLED:
        if count > size:
            raise ValueError(f"random = {count}: there are only {counted(size, 'different point')}")
        places = [np.unravel_index(at, sizes) for at in rng.choice(size, count, replace=False).tolist()]
        return [{axis.key: (axis.values or [])[i] for axis, i in zip(axes, at, strict=True)} for at in places]
    found: dict[str, Point] = {}
    for _ in range(count + MOST_REPEATED):
        point = {axis.key: axis.draw(rng) for axis in axes}
        found.setdefault(json.dumps(point), point)
        if len(found) == count:
            return list(found.values())
    raise ValueError(f"random = {count}: only {counted(len(found), 'different point')} could be drawn")


def _at(document: Any, key: str) -> Any:
    """Return the value of a dotted key in a document; None if it has none."""
    for word in key_words(key):
        if isinstance(document, list) and word.isdigit() and int(word) < len(document):
            document = document[int(word)]
        elif isinstance(document, Mapping):
            document = document.get(word)
        else:
            return None
    return None if isinstance(document, bool) else document
