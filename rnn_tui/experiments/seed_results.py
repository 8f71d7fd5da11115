"""What further seeds of a run have shown so far: quartiles over the steps, and the spread of the results."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from rnn_tui.engine.held_out_quartiles import HeldOutQuartiles
from rnn_tui.engine.quantiles import quantile
from rnn_tui.experiments.seed_run import LaneRun, SeedRun


class Spread(NamedTuple):
    """The results of one lane with all finished seeds.

    Attributes:
        seeds: number of finished seeds.
        median, least, most: held-out loss at the last step; infinite with a seed that diverged.
        solved: number of seeds with which the lane solved the task; None if that is undefined.
        diverged: the seeds with which it diverged.
        lowest: number of seeds with which it has the lowest loss of all lanes.
    """

    seeds: int
    median: float
    least: float
    most: float
    solved: int | None
    diverged: tuple[int, ...]
    lowest: int


@dataclass(frozen=True, eq=False)
class SeedResults:
    """Runs with further seeds; immutable.

    Attributes:
        seeds: all that are wanted, in the order in which they are trained.
        goal: the step up to which they are trained.
        lanes: number of lanes.
        runs: the newest run of each seed that has begun.
    """

    seeds: tuple[int, ...]
    goal: int
    lanes: int
    runs: Mapping[int, SeedRun] = field(default_factory=dict)

    @property
    def finished(self) -> list[SeedRun]:
        """The runs that are at the goal, in the order of the seeds."""
        return [run for run in self._known if run.finished and run.goal == self.goal]

    @property
    def failed(self) -> list[SeedRun]:
        """The runs that have ended with an error."""
        return [run for run in self._known if run.error]

    @property
    def missing(self) -> tuple[int, ...]:
        """The seeds that have not ended at the goal."""
        return tuple(
            seed
            for seed in self.seeds
            if seed not in self.runs or not self.runs[seed].ended or self.runs[seed].goal != self.goal
        )

    @property
    def share(self) -> float:
        """The share of all updates that are made."""
        done = sum(run.share for run in self._known if run.goal == self.goal)
        return done / max(1, len(self.seeds))

    @cached_property
    def quartiles(self) -> tuple[HeldOutQuartiles, ...]:
        """The quartiles of each lane's held-out loss by step, over the seeds that have come so far."""
        return tuple(
            HeldOutQuartiles.of([run.lanes[lane].held_out for run in self._known if run.lanes])
            for lane in range(self.lanes)
        )

    @cached_property
    def spreads(self) -> tuple[Spread, ...]:
        """The spread of each lane's results; empty before the first seed has finished."""
        runs = self.finished
        if not runs:
            return ()
        winners = [min(range(self.lanes), key=lambda lane, run=run: run.lanes[lane].loss) for run in runs]  # type: ignore[misc]
        return tuple(self._spread(lane, winners.count(lane)) for lane in range(self.lanes))

    def in_order(self, lane: int) -> list[SeedRun]:
        """Return the seeds by their result in a lane, the best first; those that have not finished come last."""
        runs = [self.runs.get(seed, SeedRun(seed, self.goal)) for seed in self.seeds]
        done = {run.seed for run in self.finished}
        return sorted(runs, key=lambda run: (run.seed not in done, run.seed in done and _rank(run.lanes[lane])))

    def having(self, run: SeedRun) -> "SeedResults":
        """Return the results with a newer run of a seed; one to another goal replaces more steps only at its end."""
        known = self.runs.get(run.seed)
        if run.seed not in self.seeds or (known and not known.error and not run.ended and run.step < known.step):
            return self
        return SeedResults(self.seeds, self.goal, self.lanes, {**self.runs, run.seed: run})

    def wanting(self, seeds: tuple[int, ...], goal: int) -> "SeedResults":
        """Return the results of these seeds up to another goal; errors are forgotten."""
        runs = {seed: run for seed, run in self.runs.items() if seed in seeds and not run.error}
        return SeedResults(seeds, goal, self.lanes, runs)

    @property
    def _known(self) -> list[SeedRun]:
        return [self.runs[seed] for seed in self.seeds if seed in self.runs]

    def _spread(self, lane: int, lowest: int) -> Spread:
        runs = self.finished
        each = [run.lanes[lane] for run in runs]
        losses = sorted(run.loss for run in each)
        solved = None if any(run.solved is None for run in each) else sum(bool(run.solved) for run in each)
        diverged = tuple(run.seed for run in runs if run.lanes[lane].diverged_at is not None)
        return Spread(len(runs), quantile(losses, 0.5), losses[0], losses[-1], solved, diverged, lowest)


def _rank(lane: LaneRun) -> tuple[bool, float]:
    return not lane.solved, lane.loss
