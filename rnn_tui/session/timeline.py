"""One lane's history: the metrics of every step, saved states, and exact replay between them."""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from rnn_tui.engine.metric_history import Log
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch, Learner, TrainState
from rnn_tui.session.forward_timeline import ForwardTimeline, Proposal
from rnn_tui.session.held_out_loss import HeldOutLoss
from rnn_tui.session.keyframes import Keyframes, weight

if TYPE_CHECKING:
    from rnn_tui.checkpoints import LaneHistory

BUDGET = 64 * 2**20  # bytes of saved states, for all lanes together
MOST_RECENT = 300  # latest states that are all saved, so that going back to them needs no replay
LEAST_RECENT = 4  # saved even if they exceed the budget


class Timeline(ForwardTimeline):
    """The states of one lane, from step 0 to the last step reached.

    A training step is a pure function of (state, step number), so any state can be reproduced bit for bit by replaying
    from the nearest saved one.  ``edits`` are (step, the learner from that step on).

    Saved are the first and the last state, keyframes, and the states visited most recently.  Memory: about ``budget``
    bytes, and 16 bytes of metrics for each of the latest million steps.
    """

    def __init__(
        self,
        start: TrainState,
        edits: list[tuple[int, Learner]],
        batch: Callable[[int], Batch],
        budget: int = BUDGET,
        held_out: HeldOutLoss | None = None,
    ) -> None:
        super().__init__(start, edits, batch, held_out=held_out)
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
        held_out: HeldOutLoss | None = None,
    ) -> "Timeline":
        """Return the timeline of a stored ``history``."""
        line = cls(start, edits, batch, budget, held_out)
        line.state = history.state
        line._furthest = max((history.state, *history.keyframes), key=lambda state: state.step)
        line._recent = deque([history.state])
        line._keyframes = Keyframes(start, budget * 3 // 4, history.keyframes)
        line._losses, line._norms = Log(history.losses), Log(history.norms)
        line._held_out = history.held_out
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
        """Steps of the keyframes, in order."""
        return self._keyframes.steps

    @property
    def kept(self) -> tuple[TrainState, ...]:
        """The keyframes and the last state."""
        return (*self._keyframes, self._furthest)

    def keyframe_before(self, step: int) -> TrainState:
        """Return the last keyframe at or before ``step``, or the first one."""
        return self._keyframes.before(step)

    # Memory.

    @property
    def states(self) -> set[TrainState]:
        """All saved states."""
        return {*self._keyframes, *self._recent, self._furthest, self.state}

    @property
    def arrays(self) -> tuple[Array, ...]:
        """The arrays of the metrics."""
        return (*self._losses.arrays, *self._norms.arrays, self._held_out.steps, self._held_out.losses)

    def thin(self, room: int) -> None:
        """Reduce the saved states to ``room`` bytes, but keep the first, the present and the last one."""
        self._recent = deque([self.state])
        self._keyframes.shrink(room - weight(self.state) - weight(self._furthest))

    # Moving.

    def accept(self, proposal: Proposal) -> None:
        """Apply an update, and save its state among the recent ones and, at a keyframe's step, as a keyframe."""
        self.state = proposal.state
        self._add(proposal.held_out)
        if self.step > self.last_step:
            self._record(proposal.metrics)
        if self.step >= self._furthest.step:
            self._furthest = self.state
        self._remember(self.state)
        self._keyframes.offer(self.state)

    def forward(self) -> None:
        """Make one update.  Raises DivergenceError; the lane then does not change."""
        self.accept(self.propose())

    def seek(self, step: int) -> None:
        """Go to a step, backward or forward.  Raises DivergenceError, as ``forward``."""
        self.state = self.nearest(step)
        while self.step < step:
            self.forward()

    def nearest(self, step: int) -> TrainState:
        """Return the saved state from which the fewest updates lead to ``step``."""
        kept = [self._keyframes.before(step)]
        kept += [state for state in (self.state, self._furthest) if state.step <= step]
        if at := bisect_right(self._recent, step, key=lambda state: state.step):
            kept.append(self._recent[at - 1])
        return max(kept, key=lambda state: state.step)

    def edit(self, learner: Learner) -> None:
        """Change the learner from the present step on, and discard the later steps.

        If the edit, or the one that it replaces, changes parameters, the update before it is made again.
        """
        step = self.step
        earlier = [edit for edit in self._edits if edit[0] < step]
        replaced = [edit for edit in self._edits if edit[0] == step]
        self._edits = [*earlier, (step, learner)]
        if any(edited.entry for _, edited in [*replaced, (step, learner)]):
            self.seek(step - 1)
            self._cut()
            self.forward()
        else:
            self._cut()

    def _cut(self) -> None:
        """Discard the steps after the present one."""
        step = self.step
        self._keyframes.cut(step)
        self._furthest = self.state
        self._recent = deque([state for state in self._recent if state.step <= step] or [self.state])
        self._losses, self._norms = self._losses.cut(step), self._norms.cut(step)
        self._held_out = self._held_out.until(step)

    def copy(self, batch: Callable[[int], Batch], held_out: HeldOutLoss | None = None) -> "Timeline":
        """Return an independent timeline; states are shared, since they are immutable.

        ``held_out``: a new measure of the held-out loss.
        """
        return self.moved(Timeline(self.state, self._edits, batch, self._budget, held_out or self._measure))

    def moved(self, twin: "Timeline") -> "Timeline":
        """Give ``twin``, a new timeline of a lane with the same net, this history; return it.

        If it measures the held-out loss on other sequences, replaying makes new measurements.
        """
        twin.state = self.state
        if twin._measure is not None and twin._measure.agrees_with(self._measure):
            twin._held_out = self._held_out
        twin._furthest, twin._keyframes, twin._recent = self._furthest, self._keyframes.copy(), deque(self._recent)
        twin._losses, twin._norms = self._losses.cut(self.last_step), self._norms.cut(self.last_step)
        return twin

    def _remember(self, state: TrainState) -> None:
        """Save the state among the recent ones."""
        first, last = self._recent[0].step, self._recent[-1].step
        if first <= state.step <= last:
            return
        if state.step != last + 1:  # not the next step: another part of the history
            self._recent.clear()
        self._recent.append(state)
        most = max(LEAST_RECENT, min(MOST_RECENT, self._budget // 4 // weight(state)))
        while len(self._recent) > most:
            self._recent.popleft()
