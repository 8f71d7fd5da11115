"""Training that only goes forward: a lane's present state and, on request, its metrics."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from rnn_tui.engine.held_out_history import HeldOutHistory, is_measured
from rnn_tui.engine.metric_history import Log, MetricHistory
from rnn_tui.engine.training import Batch, Learner, Metrics, TrainState
from rnn_tui.session.held_out_loss import HeldOutLoss


class Proposal(NamedTuple):
    """Updates that are computed but not applied.

    Attributes:
        state: after them.
        metrics: of each.
        held_out: the held-out loss by step, of the states before and after each, as far as they are to be measured.
    """

    state: TrainState
    metrics: tuple[Metrics, ...]
    held_out: Mapping[int, float]


class DivergenceError(Exception):
    """The update from ``step`` gave a loss or a gradient that is not finite.

    Attributes:
        lane: number of the lane, set by ``advance``.
    """

    lane = 0

    def __init__(self, step: int, metrics: Metrics) -> None:
        super().__init__(f"not finite at step {step}")
        self.step = step
        self.metrics = metrics


class ForwardTimeline:
    """One lane from its initial state forward.  It stores one state, so nothing can be undone or replayed.

    Memory: one state, and with ``curves`` 16 bytes of metrics for each of the latest million steps.
    """

    def __init__(
        self,
        start: TrainState,
        edits: list[tuple[int, Learner]],
        batch: Callable[[int], Batch],
        curves: bool = True,
        held_out: HeldOutLoss | None = None,
    ) -> None:
        """Begin at ``start``.

        Args:
            edits: (step, the learner from that step on) in order, the first at step 0.
            batch: maps a step to the batch of its update.
            curves: whether losses and gradient norms are recorded.
            held_out: measures the held-out loss at fixed steps; None: it is not recorded.
        """
        self.state = start
        self._edits = list(edits)
        self._batch = batch
        self._curves = curves
        self._losses, self._norms = Log(), Log()
        self._measure, self._held_out = held_out, HeldOutHistory()

    @property
    def step(self) -> int:
        return self.state.step

    @property
    def last_step(self) -> int:
        """The last step of the history: here, the present one."""
        return self.step

    @property
    def losses(self) -> MetricHistory:
        """The loss on each step's batch, before its update; empty without curves."""
        return self._losses.history

    @property
    def norms(self) -> MetricHistory:
        """The norm of each step's gradient before clipping; empty without curves."""
        return self._norms.history

    @property
    def held_out(self) -> HeldOutHistory:
        """The held-out loss at fixed steps."""
        return self._held_out

    @property
    def learner(self) -> Learner:
        """The learner at the present step."""
        return self.learner_at(self.step)

    @property
    def batch(self) -> Batch:
        """The batch of the next update."""
        return self.batch_at(self.step)

    def learner_at(self, step: int) -> Learner:
        """Return the learner at a step."""
        at = bisect_right(self._edits, step, key=lambda edit: edit[0])
        return self._edits[at - 1][1]

    def batch_at(self, step: int) -> Batch:
        """Return the batch of the update at a step."""
        return self._batch(step)

    def update(self, state: TrainState) -> tuple[TrainState, Metrics]:
        """Return the state after the update from ``state``, with an intervention at its step, and the metrics."""
        learner, following = self.learner_at(state.step), self.learner_at(state.step + 1)
        state, metrics = learner.step(state, self.batch_at(state.step))
        if following is not learner and following.entry is not None:
            state = replace(state, parameters=following.entry(state.parameters))
        return state, metrics

    def propose(self, count: int = 1) -> Proposal:
        """Compute the next ``count`` updates without applying them.

        Raises:
            DivergenceError: the loss or gradient of one of them is not finite.
        """
        state, made, held_out = self.state, [], dict[int, float]()
        for _ in range(count):
            following, metrics = self.update(state)
            if not metrics.finite:
                raise DivergenceError(state.step, metrics)
            made.append(metrics)
            if self._measure is not None:
                learner = self.learner_at(state.step)
                for each in (state, following):
                    if is_measured(each.step) and each.step not in held_out and each.step not in self._held_out:
                        held_out[each.step] = self._measure(learner, each)
            state = following
        if self._curves and self.step == self.last_step:
            for log in (self._losses, self._norms):
                log.reserve()  # for one update, as a session makes: if this fails, no lane has changed yet
        return Proposal(state, tuple(made), held_out)

    def accept(self, proposal: Proposal) -> None:
        """Apply the updates."""
        self._record(proposal.metrics)
        self._add(proposal.held_out)
        self.state = proposal.state

    def _record(self, made: Sequence[Metrics]) -> None:
        """Append the metrics of updates beyond the last step."""
        if self._curves:
            for metrics in made:
                self._losses.append(metrics.loss)
                self._norms.append(metrics.gradient_norm)

    def _add(self, measured: Mapping[int, float]) -> None:
        for step, loss in measured.items():
            self._held_out = self._held_out.added(step, loss)


def advance(timelines: Sequence[ForwardTimeline], count: int = 1) -> list[Metrics]:
    """Make ``count`` updates of every lane, one lane after the other; return the metrics of the last one by lane.

    Raises:
        DivergenceError: an update is not finite.  It names the lane; all lanes are then at the step of that update.
    """
    proposals = []
    for lane, timeline in enumerate(timelines):
        try:
            proposals.append(timeline.propose(count))
        except DivergenceError as error:
            if error.step > timeline.step:
                advance(timelines, error.step - timeline.step)  # raises the error if another lane diverges earlier
            error.lane = lane
            raise
    for timeline, proposal in zip(timelines, proposals, strict=True):
        timeline.accept(proposal)
    return [proposal.metrics[-1] for proposal in proposals]
