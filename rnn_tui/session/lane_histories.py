"""All lanes of a run, moved through time together.  Only session.py and checkpointing.py make benches."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Protocol

from rnn_tui.checkpoints.pinned_run import Pin
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.engine.training import TrainState
from rnn_tui.presets.preset import Preset
from rnn_tui.session.experiment import Run
from rnn_tui.session.timeline import Diverged, Timeline


class Sized(Protocol):
    """What takes room."""

    @property
    def nbytes(self) -> int: ...


@dataclass
class Bench:
    """All that undo brings back.

    Attributes:
        runs: (step, the run whose settings hold from there on), the first at step 0.
        pins: runs kept for comparison.
        undecided: the future that a change in the past has taken away, until it is known whether it is kept as a pin.
    """

    runs: list[tuple[int, Run]]
    timelines: list[Timeline]
    pins: tuple[Pin, ...] = ()
    undecided: Pin | None = None

    @property
    def step(self) -> int:
        return self.timelines[0].step

    @property
    def last_step(self) -> int:
        """The furthest step of the history."""
        return max(timeline.last_step for timeline in self.timelines)

    @property
    def run(self) -> Run:
        """The run whose settings are in force."""
        return self.runs[bisect_right(self.runs, self.step, key=lambda run: run[0]) - 1][1]

    @property
    def keyframes(self) -> list[int]:
        """The steps that cost nothing to go to."""
        return min((timeline.keyframes for timeline in self.timelines), key=len)

    def forward(self) -> None:
        """One update of every lane, or of none.

        Raises:
            Diverged: of which lane, it says too.
        """
        proposals = []
        for lane, timeline in enumerate(self.timelines):
            try:
                proposals.append(timeline.propose())
            except Diverged as diverged:
                diverged.lane = lane
                raise
        for timeline, proposal in zip(self.timelines, proposals, strict=True):
            timeline.accept(proposal)

    def approach(self, step: int) -> None:
        """Go as near to ``step`` as can be without an update: what is left are updates forwards."""
        while (near := min(timeline.nearest(step).step for timeline in self.timelines)) < step:
            step = near
        for timeline in self.timelines:
            timeline.seek(step)

    def future(self) -> Pin | None:
        """What lies ahead, as it would be kept; None where nothing does."""
        if self.last_step <= self.step:
            return None
        known = self.undecided
        if known is not None and self.last_step <= known.since:  # an edit further back: what is at stake is the same
            return replace(known, since=min(self.step, known.since))
        return Pin.of(self._last_settings, self._losses, self.step)

    def as_pin(self) -> Pin:
        """The whole run, as it is kept for comparison."""
        return Pin.of(self._last_settings, self._losses)

    # What it takes in memory.

    @property
    def states(self) -> set[TrainState]:
        """Every state that is kept."""
        return set().union(*(timeline.states for timeline in self.timelines))

    @property
    def parts(self) -> list[Sized]:
        """All else that takes room: metrics, pins, and sequences."""
        kept = (*self.pins, self.undecided) if self.undecided else self.pins
        arrays = [array for timeline in self.timelines for array in timeline.arrays]
        return [*arrays, *kept, *(run for _, run in self.runs)]

    def thin(self, room: int) -> None:
        """Keep within so many bytes for now; the first, the present and the last state of each lane at least."""
        for _, run in self.runs:
            run.forget()
        spare = (room - sum({id(part): part.nbytes for part in self.parts}.values())) // len(self.timelines)
        for timeline in self.timelines:
            timeline.thin(spare)

    def copy(self) -> "Bench":
        batch = self.runs[0][1].batch
        twins = [timeline.copy(batch) for timeline in self.timelines]
        return replace(self, runs=list(self.runs), timelines=twins)

    @property
    def _last_settings(self) -> Preset:
        return self.runs[-1][1].preset

    @property
    def _losses(self) -> tuple[MetricHistory, ...]:
        return tuple(timeline.losses for timeline in self.timelines)
