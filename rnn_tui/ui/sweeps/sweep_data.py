"""The runs of a sweep by their points: what the screen knows of a sweep."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from rnn_tui.experiments.jobs import SEED, Row
from rnn_tui.ui.sweeps.key_axis import LANES, KeyAxis, hashed, key_names, untied, value_text
from rnn_tui.ui.sweeps.measures import DIVERGED, FAILED, MEASURES, Measure, Summary, available

Place = tuple[int, ...]  # of a point: the place of each key's value on its axis


@dataclass(frozen=True)
class Contour:
    """The line base ^ exponent = level over a map; ``base`` and ``exponent`` are keys."""

    base: str
    exponent: str
    level: float


@dataclass(frozen=True)
class SweepOutline:
    """What is known of a sweep before its first run.

    Attributes:
        name: of the preset.
        lanes: names of the lanes.
        points: {dotted key: value} of each.
        seeds: number of runs of each point, which differ in their seeds.
        contour: a line over the map, or None.
    """

    name: str
    lanes: tuple[str, ...]
    points: Sequence[Mapping[str, Any]]
    seeds: int = 1
    contour: Contour | None = None


class SweepData:
    """The finished runs of a sweep, grouped by the points without their seeds.

    Attributes:
        outline: the plan.
        runs: in the order in which they finished.
        axes: by key: those of the keys that vary, in the order of the plan, and LANES if there are several lanes.
        diverged, failed: numbers of such runs.
        scattered: whether the points are far from a grid of all values, such as random ones.
    """

    def __init__(self, outline: SweepOutline) -> None:
        self.outline = outline
        self.runs: list[Row] = []
        self.diverged = self.failed = 0
        self._by_place: dict[Place, list[Row]] = {}
        self._place_of: dict[int, Place] = {}
        self._summaries: dict[tuple[Any, ...], Summary] = {}
        self._names = key_names(
            list(dict.fromkeys([*(key for point in outline.points for key in point), SEED])), outline.lanes
        )
        keys = [key for key in self._names if key != SEED]
        self.keys = untied(outline.points, keys)
        self.axes = {key: KeyAxis.of(key, self._names[key], [p[key] for p in outline.points if key in p])
                     for key in self.keys}  # fmt: skip
        if len(outline.lanes) > 1 or not self.axes:
            self.axes[LANES] = KeyAxis(LANES, "lane", outline.lanes)
        self.measures: list[Measure] = available([])
        points = {tuple(hashed(point.get(key)) for key in self.keys) for point in outline.points}
        self.scattered = len(points) < prod(len(self.axes[key]) for key in self.keys) / 2

    @property
    def total(self) -> int:
        """Number of all runs."""
        return len(self.outline.points) * self.outline.seeds

    @property
    def seeds(self) -> int:
        """Number of runs of each point, which differ in their seeds."""
        return self.outline.seeds * len({hashed(point.get(SEED)) for point in self.outline.points})

    def add(self, runs: Iterable[Row]) -> None:
        """Add runs that have finished; a run that is there already, or that the plan does not have, is ignored."""
        fresh = []
        for run in runs:
            place = tuple(self.axes[key].index(run["point"].get(key)) for key in self.keys)
            if run["index"] in self._place_of or -1 in place:
                continue
            self._place_of[run["index"]] = place
            self._by_place.setdefault(place, []).append(run)
            self.diverged += run["end"] == DIVERGED
            self.failed += run["end"] == FAILED
            fresh.append(run)
        self.runs += fresh
        self._summaries.clear()
        if fresh and len(self.measures) < len(MEASURES):
            self.measures = available(self.runs)

    @property
    def places(self) -> list[Place]:
        """The points with a finished run, in the order of their values."""
        return sorted(self._by_place)

    def place_of(self, run: Row) -> Mapping[str, int]:
        """Return the places of the run's values, by key."""
        return dict(zip(self.keys, self._place_of[run["index"]], strict=True))

    def at(self, place: Mapping[str, int]) -> list[Row]:
        """Return the runs at a point, or at all points with these places on some of the axes."""
        wanted = [place.get(key) for key in self.keys]
        if None not in wanted:
            return self._by_place.get(tuple(wanted), [])  # type: ignore[arg-type]
        fits = (
            found for found in self._by_place
            if all(at is None or at == own for at, own in zip(wanted, found, strict=True))
        )  # fmt: skip
        return [run for found in sorted(fits) for run in self._by_place[found]]

    def by_value(self, key: str) -> list[list[Row]]:
        """Return the runs with each value of a key, whatever their other values are."""
        found: list[list[Row]] = [[] for _ in self.axes[key].values]
        at = self.keys.index(key)
        for place in self.places:
            found[place[at]] += self._by_place[place]
        return found

    def summary(self, measure: Measure, place: Mapping[str, int]) -> Summary:
        """Return the summary of a measure over the runs at a point; ``place`` may also have that of the lane."""
        key = (measure.name, place.get(LANES, 0), *(place.get(key) for key in self.keys))
        if key not in self._summaries:
            self._summaries[key] = measure.summary(self.at(place), place.get(LANES, 0))
        return self._summaries[key]

    # Names.

    def point_name(self, place: Mapping[str, int]) -> str:
        """Return ``hidden size 8, delay 10``."""
        return ", ".join(f"{self.axes[key].name} {self.axes[key].labels[place[key]]}" for key in self.keys)

    def run_name(self, run: Row) -> str:
        """Return ``hidden size 8, delay 10, seed 3``: what tells the run from the others."""
        own = self.point_name(self.place_of(run))
        seed = f"seed {value_text(run['point'][SEED])}" if SEED in run["point"] else ""
        return ", ".join(filter(None, [own, seed])) or "the only run"

    def title(self) -> str:
        """Return ``Sweep of echo: delay × hidden size, 8 seeds``."""
        keys = " × ".join(self.axes[key].name for key in self.keys)
        seeds = f"{self.seeds} seeds" if self.seeds > 1 else ""
        name = self.outline.name if self.outline.name.startswith("sweep") else f"Sweep of {self.outline.name}"
        return ": ".join(filter(None, [name, ", ".join(filter(None, [keys, seeds]))]))
