"""What is kept in memory of a sweep while it runs: a few numbers of each run, in arrays that are allocated once."""

from collections import Counter

import numpy as np

from rnn_tui.experiments.jobs import Row
from rnn_tui.experiments.sweep_plan import SweepPlan
from rnn_tui.experiments.sweep_results import LaneSummary, summary_of_lane

NEVER, UNDEFINED = -1, -2  # in the array of the steps at which a lane had solved the task


class SweepTally:
    """The results of a sweep so far, by point and lane.

    Attributes:
        points: without seeds, in the order of the grid.
        ends: number of runs by the reason for which they ended.
    """

    def __init__(self, plan: SweepPlan) -> None:
        self.points, self.ends = plan.points(), Counter[str]()
        self._seeds = plan.sweep.seeds
        self._names: dict[int, list[tuple[str, str]]] = {}
        self._done = np.zeros(self.run_count, bool)
        self._losses = self._accuracies = np.zeros((self.run_count, 0))
        self._solved = np.zeros((self.run_count, 0), np.int8)
        self._solved_at = np.zeros((self.run_count, 0), np.int64)

    @property
    def run_count(self) -> int:
        """Number of runs of the sweep."""
        return len(self.points) * self._seeds

    @property
    def done(self) -> int:
        """Number of runs that have a result."""
        return int(self._done.sum())

    def add(self, row: Row) -> None:
        """Add the result of a run."""
        index, lanes = row["index"], row["lanes"]
        self.ends[row["end"]] += 1
        self._done[index] = True
        if len(lanes) > self._losses.shape[1]:
            self._widen(len(lanes))
        for number, lane in enumerate(lanes):
            self._losses[index, number] = np.inf if lane["loss"] is None else lane["loss"]
            self._accuracies[index, number] = np.nan if lane["accuracy"] is None else lane["accuracy"]
            self._solved[index, number] = UNDEFINED if lane["solved"] is None else lane["solved"]
            self._solved_at[index, number] = NEVER if lane["solved_at"] is None else lane["solved_at"]
        if lanes:
            self._names.setdefault(index // self._seeds, [(lane["name"], lane["kind"]) for lane in lanes])

    def done_at(self, point: int) -> int:
        """Return the number of runs of a point that have a result."""
        return int(self._done[self._runs(point)].sum())

    def lanes(self, point: int) -> list[LaneSummary]:
        """Return the summary of each lane over the runs of a point so far; empty if all of them failed."""
        runs = self._runs(point)
        there = np.flatnonzero(~np.isnan(self._losses[runs]).all(axis=1)) + runs.start
        return [
            summary_of_lane(
                number, name, kind, self.done_at(point),
                losses=self._losses[there, number].tolist(),
                accuracies=[value for value in self._accuracies[there, number].tolist() if not np.isnan(value)],
                solved=[bool(value) for value in self._solved[there, number].tolist() if value != UNDEFINED],
                solved_at=[value for value in self._solved_at[there, number].tolist() if value != NEVER],
            )
            for number, (name, kind) in enumerate(self._names.get(point, []))
        ]  # fmt: skip

    @property
    def lane_count(self) -> int:
        """Number of lanes, as far as results are there."""
        return self._losses.shape[1]

    @property
    def started(self) -> list[int]:
        """The points that have results, by number."""
        there: list[int] = np.flatnonzero(self._done.reshape(len(self.points), -1).any(axis=1)).tolist()
        return there

    def best(self, count: int) -> list[int]:
        """Return the ``count`` points with results whose median loss of some lane is lowest, the lowest first."""
        there = np.array(self.started, int)
        if not self.lane_count:
            return self.started[:count]
        losses = self._losses.reshape(len(self.points), self._seeds, -1)[there]  # few of the points at first
        unknown = np.asarray(np.isnan(losses).all(axis=1))[:, None]
        medians = np.nanmedian(np.where(unknown, np.inf, losses), axis=1).min(axis=1)
        order: list[int] = there[np.argsort(medians, kind="stable")[:count]].tolist()
        return order

    def _runs(self, point: int) -> slice:
        return slice(point * self._seeds, (point + 1) * self._seeds)

    def _widen(self, lanes: int) -> None:
        more = lanes - self._losses.shape[1]
        self._losses, self._accuracies = (
            np.pad(array, ((0, 0), (0, more)), constant_values=np.nan) for array in (self._losses, self._accuracies)
        )
        self._solved = np.pad(self._solved, ((0, 0), (0, more)))
        self._solved_at = np.pad(self._solved_at, ((0, 0), (0, more)), constant_values=NEVER)
