"""One lane's history: the metrics of every step, kept states, and exact replay between them."""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from rnn_tui.engine.metric_history import Log, MetricHistory
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch, Learner, Metrics, TrainState
from rnn_tui.session.keyframes import Keyframes, weight

if TYPE_CHECKING:
    from rnn_tui.checkpoints import LaneHistory

BUDGET = 64 * 2**20  # bytes of kept states, for all lanes together
MOST_RECENT = 300  # states kept one by one, so that the last steps back cost nothing
LEAST_RECENT = 4  # whatever they weigh

Proposal: TypeAlias = tuple[TrainState, Metrics]


class Diverged(Exception):
    """The update from ``step`` gave a loss or a gradient that is not finite; ``lane``: which one's, where that is
    known.
    """

    lane = 0

    def __init__(self, step: int, metrics: Metrics) -> None:
        super().__init__(f"not finite at step {step}")
        self.step = step
        self.metrics = metrics


class Timeline:
    """The states of one lane, from step 0 to the furthest step reached.

    A training step is a pure function of (state, step number), so any state is had again, bit for bit, by replaying
    from the nearest one kept.  ``edits`` are (step, learner): from that step on the lane learns so.

    Kept are the first state and the furthest one, keyframes, and the last states that one came through, wherever in
    time that was.  Memory: about ``budget`` bytes, and 16 bytes of metrics for each of the latest million steps.
    """

    def __init__(
        self, start: TrainState, edits: list[tuple[int, Learner]], batch: Callable[[int], Batch], budget: int = BUDGET
    ) -> None:
        self.state = start
        self._furthest = start
        self._edits = list(edits)
        self._batch = batch
        self._budget = budget
        self._keyframes = Keyframes(start, budget * 3 // 4)
        self._recent: deque[TrainState] = deque([start])
        self._losses, self._norms = Log(), Log()

    @classmethod
    def restored(
        cls,
        start: TrainState,
        history: "LaneHistory",
        edits: list[tuple[int, Learner]],
        batch: Callable[[int], Batch],
        budget: int = BUDGET,
    ) -> "Timeline":
        """The timeline whose ``history`` was stored, with what is kept of it."""
        line = cls(start, edits, batch, budget)
        line.state = history.state
        line._furthest = max((history.state, *history.keyframes), key=lambda state: state.step)
        line._recent = deque([history.state])
        line._keyframes = Keyframes(start, budget * 3 // 4, history.keyframes)
        line._losses, line._norms = Log(history.losses), Log(history.norms)
        return line

    @property
    def step(self) -> int:
        return self.state.step

    @property
    def last_step(self) -> int:
        return len(self._losses)

    @property
    def losses(self) -> MetricHistory:
        """The loss on each step's batch, before its update."""
        return self._losses.history

    @property
    def norms(self) -> MetricHistory:
        """The norm of each step's gradient before it was clipped."""
        return self._norms.history

    @property
    def start(self) -> TrainState:
        """The state at step 0."""
        return self._keyframes.before(0)

    @property
    def keyframes(self) -> list[int]:
        """The steps whose states are kept for good, in order."""
        return self._keyframes.steps

    @property
    def kept(self) -> tuple[TrainState, ...]:
        """The states at those steps, and the furthest."""
        return (*self._keyframes, self._furthest)

    @property
    def learner(self) -> Learner:
        """How the lane learns at the present step."""
        return self.learner_at(self.step)

    @property
    def batch(self) -> Batch:
        """What the next update learns from."""
        return self.batch_at(self.step)

    def learner_at(self, step: int) -> Learner:
        """How the lane learns at a step."""
        at = bisect_right(self._edits, step, key=lambda edit: edit[0])
        return self._edits[at - 1][1]

    def batch_at(self, step: int) -> Batch:
        """What the update at a step learns from."""
        return self._batch(step)

    def keyframe_before(self, step: int) -> TrainState:
        """The last keyframe that is not after ``step``, or the first."""
        return self._keyframes.before(step)

    # What it takes in memory.

    @property
    def states(self) -> set[TrainState]:
        """Every state that is kept."""
        return {*self._keyframes, *self._recent, self._furthest, self.state}

    @property
    def arrays(self) -> tuple[Array, ...]:
        """The arrays of the metrics."""
        return (*self._losses.arrays, *self._norms.arrays)

    def thin(self, room: int) -> None:
        """Keep no more bytes of states than that for now; the first, the present and the furthest one at least."""
        self._recent = deque([self.state])
        self._keyframes.shrink(room - weight(self.state) - weight(self._furthest))

    # Moving.

    def propose(self) -> Proposal:
        """The next update, not yet made.

        Raises:
            Diverged: its loss or gradient is not finite.
        """
        state, metrics = self.learner.step(self.state, self.batch)
        if not metrics.finite:
            raise Diverged(self.step, metrics)
        if self.step == self.last_step:
            for log in (self._losses, self._norms):
                log.reserve()  # what can fail fails here, before any lane has moved
        return state, metrics

    def accept(self, proposal: Proposal) -> None:
        """Make the update."""
        self.state, metrics = proposal
        if self.step > self.last_step:
            self._losses.append(metrics.loss)
            self._norms.append(metrics.gradient_norm)
        if self.step >= self._furthest.step:
            self._furthest = self.state
        self._remember(self.state)
        self._keyframes.offer(self.state)

    def forward(self) -> None:
        """One update.  Raises Diverged, and stays where it is."""
        self.accept(self.propose())

    def seek(self, step: int) -> None:
        """Go to a step, backwards or forwards.  Raises Diverged, as ``forward``."""
        self.state = self.nearest(step)
        while self.step < step:
            self.forward()

    def nearest(self, step: int) -> TrainState:
        """The kept state from which ``step`` is the fewest updates away."""
        kept = [self._keyframes.before(step)]
        kept += [state for state in (self.state, self._furthest) if state.step <= step]
        if at := bisect_right(self._recent, step, key=lambda state: state.step):
            kept.append(self._recent[at - 1])
        return max(kept, key=lambda state: state.step)

    def edit(self, learner: Learner) -> None:
        """Learn otherwise from the present step on.  What had come after it is cut off."""
        step = self.step
        self._edits = [edit for edit in self._edits if edit[0] < step] + [(step, learner)]
        self._keyframes.cut(step)
        self._furthest = self.state
        self._recent = deque([state for state in self._recent if state.step <= step] or [self.state])
        self._losses, self._norms = self._losses.cut(step), self._norms.cut(step)

    def copy(self, batch: Callable[[int], Batch]) -> "Timeline":
        """A timeline that goes its own way from here; states are shared, since none is ever changed."""
        twin = Timeline(self.state, self._edits, batch, self._budget)
        twin._furthest, twin._keyframes, twin._recent = self._furthest, self._keyframes.copy(), deque(self._recent)
        twin._losses, twin._norms = self._losses.cut(self.last_step), self._norms.cut(self.last_step)
        return twin

    def _remember(self, state: TrainState) -> None:
        """Keep it at hand, with those right before it."""
        first, last = self._recent[0].step, self._recent[-1].step
        if first <= state.step <= last:
            return
        if state.step != last + 1:  # another part of the past
            self._recent.clear()
        self._recent.append(state)
        most = max(LEAST_RECENT, min(MOST_RECENT, self._budget // 4 // weight(state)))
        while len(self._recent) > most:
            self._recent.popleft()
