"""One lane's history: the metrics of every step, kept states, and exact replay between them."""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from rnn_tui.engine.metric_history import Log
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch, Learner, TrainState
from rnn_tui.session.forward_timeline import ForwardTimeline, Proposal
from rnn_tui.session.keyframes import Keyframes, weight

if TYPE_CHECKING:
    from rnn_tui.checkpoints import LaneHistory

BUDGET = 64 * 2**20  # bytes of kept states, for all lanes together
MOST_RECENT = 300  # states kept one by one, so that the last steps back cost nothing
LEAST_RECENT = 4  # whatever they weigh


class Timeline(ForwardTimeline):
    """The states of one lane, from step 0 to the furthest step reached.

    A training step is a pure function of (state, step number), so any state is had again, bit for bit, by replaying
    from the nearest one kept.  ``edits`` are (step, learner): from that step on the lane learns so.

    Kept are the first state and the furthest one, keyframes, and the last states that one came through, wherever in
    time that was.  Memory: about ``budget`` bytes, and 16 bytes of metrics for each of the latest million steps.
    """

    def __init__(
        self, start: TrainState, edits: list[tuple[int, Learner]], batch: Callable[[int], Batch], budget: int = BUDGET
    ) -> None:
        super().__init__(start, edits, batch)
        self._furthest = start
        self._budget = budget
        self._keyframes = Keyframes(start, budget * 3 // 4)
        self._recent: deque[TrainState] = deque([start])

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
    def last_step(self) -> int:
        return len(self._losses)

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

    def accept(self, proposal: Proposal) -> None:
        """Make the update, and keep its state where it is worth keeping."""
        self.state, metrics = proposal
        if self.step > self.last_step:
            self._record(metrics)
        if self.step >= self._furthest.step:
            self._furthest = self.state
        self._remember(self.state)
        self._keyframes.offer(self.state)

    def forward(self) -> None:
        """One update.  Raises DivergenceError, and stays where it is."""
        self.accept(self.propose())

    def seek(self, step: int) -> None:
        """Go to a step, backwards or forwards.  Raises DivergenceError, as ``forward``."""
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
