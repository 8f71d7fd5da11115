"""The histories of all lanes of a session, which always are at the same step."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Protocol

from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.engine.training import TrainState
from rnn_tui.presets.preset import Preset
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.timeline import Timeline


class Sized(Protocol):
    """An object with a size in memory."""

    @property
    def nbytes(self) -> int: ...


@dataclass
class LaneHistories:
    """Everything that undo restores: timelines, settings by step, and runs saved for comparison.

    Attributes:
        experiments: (step, the experiment with the settings from that step on), the first at step 0.
        pinned_runs: runs saved for comparison.
        undecided: the later steps that a change has removed, until they are saved as a pinned run or discarded.
    """

    experiments: list[tuple[int, Experiment]]
    timelines: list[Timeline]
    pinned_runs: tuple[PinnedRun, ...] = ()
    undecided: PinnedRun | None = None

    @property
    def step(self) -> int:
        return self.timelines[0].step

    @property
    def last_step(self) -> int:
        """The last step of the history."""
        return max(timeline.last_step for timeline in self.timelines)

    @property
    def experiment(self) -> Experiment:
        """The experiment with the settings at the present step."""
        return self.experiments[bisect_right(self.experiments, self.step, key=lambda pair: pair[0]) - 1][1]

    @property
    def keyframes(self) -> list[int]:
        """The steps that can be reached without replaying."""
        return min((timeline.keyframes for timeline in self.timelines), key=len)

    def approach(self, step: int) -> None:
        """Go to the nearest step before ``step`` that needs no update; the rest takes updates forward."""
        while (near := min(timeline.nearest(step).step for timeline in self.timelines)) < step:
            step = near
        for timeline in self.timelines:
            timeline.seek(step)

    def future(self) -> PinnedRun | None:
        """Return the later steps as a pinned run; None if there are none."""
        if self.last_step <= self.step:
            return None
        known = self.undecided
        if known is not None and self.last_step <= known.since:  # an earlier edit: the later steps are the same
            return replace(known, since=min(self.step, known.since))
        return PinnedRun.of(self._last_settings, self._losses, self.step)

    def as_pinned_run(self) -> PinnedRun:
        """Return the whole run as a pinned run."""
        return PinnedRun.of(self._last_settings, self._losses)

    # Memory.

    @property
    def states(self) -> set[TrainState]:
        """All saved states."""
        return set().union(*(timeline.states for timeline in self.timelines))

    @property
    def parts(self) -> list[Sized]:
        """Everything else that needs memory: metrics, pinned runs and sequences."""
        kept = (*self.pinned_runs, self.undecided) if self.undecided else self.pinned_runs
        arrays = [array for timeline in self.timelines for array in timeline.arrays]
        return [*arrays, *kept, *(experiment for _, experiment in self.experiments)]

    def thin(self, room: int) -> None:
        """Reduce the memory to ``room`` bytes, but keep the first, the present and the last state of each lane."""
        for _, experiment in self.experiments:
            experiment.forget()
        spare = (room - sum({id(part): part.nbytes for part in self.parts}.values())) // len(self.timelines)
        for timeline in self.timelines:
            timeline.thin(spare)

    def copy(self) -> "LaneHistories":
        batch = self.experiments[0][1].batch
        twins = [timeline.copy(batch) for timeline in self.timelines]
        return replace(self, experiments=list(self.experiments), timelines=twins)

    @property
    def _last_settings(self) -> Preset:
        return self.experiments[-1][1].preset

    @property
    def _losses(self) -> tuple[MetricHistory, ...]:
        return tuple(timeline.losses for timeline in self.timelines)
