"""One lane's history: the loss of every step, kept states, and exact replay between them."""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch, Learner, Metrics, TrainState

BUDGET = 64 * 2**20  # bytes of kept states, for all lanes together
FIRST_STRIDE = 64  # steps from one keyframe to the next, before any had to go
MOST_RECENT = 300  # states kept one by one, so that the last steps back cost nothing
LEAST_RECENT, LEAST_KEYFRAMES = 4, 3  # whatever they weigh

Proposal: TypeAlias = tuple[TrainState, Metrics]


class Diverged(Exception):
    """The update from ``step`` gave a loss or a gradient that is not finite."""

    def __init__(self, step: int, metrics: Metrics) -> None:
        super().__init__(f"not finite at step {step}")
        self.step = step
        self.metrics = metrics


class Timeline:
    """The states of one lane, from step 0 to the furthest step reached.

    A training step is a pure function of (state, step number), so any state is had again, bit for bit, by replaying
    from the nearest one kept.  ``edits`` are (step, learner): from that step on the lane learns so.

    Memory: kept states up to ``budget`` bytes, but at least LEAST_RECENT + LEAST_KEYFRAMES of them, and 8 bytes of loss
    per step.
    """

    def __init__(
        self, start: TrainState, edits: list[tuple[int, Learner]], batch: Callable[[int], Batch], budget: int = BUDGET
    ) -> None:
        self.state = start
        self._edits = list(edits)
        self._batch = batch
        self._budget = budget
        self._keyframes = {start.step: start}
        self._stride = FIRST_STRIDE
        self._recent: deque[TrainState] = deque([start])
        self._losses = np.empty(1024)
        self.last_step = start.step

    @property
    def step(self) -> int:
        return self.state.step

    @property
    def losses(self) -> Array:
        """The loss on each step's batch, before its update: (last_step,), read-only."""
        view = self._losses[: self.last_step]
        view.flags.writeable = False
        return view

    @property
    def learner(self) -> Learner:
        """How the lane learns at the present step."""
        at = bisect_right(self._edits, self.step, key=lambda edit: edit[0])
        return self._edits[at - 1][1]

    @property
    def batch(self) -> Batch:
        """What the next update learns from."""
        return self._batch(self.step)

    def propose(self) -> Proposal:
        """The next update, not yet made.

        Raises:
            Diverged: its loss or gradient is not finite.
        """
        state, metrics = self.learner.step(self.state, self.batch)
        if not metrics.finite:
            raise Diverged(self.step, metrics)
        return state, metrics

    def accept(self, proposal: Proposal) -> None:
        """Make the update."""
        state, metrics = proposal
        if self.step == self.last_step:
            self._record(metrics.loss)
        self.state = state
        if state.step > self._recent[-1].step:
            self._recent.append(state)
            most = max(LEAST_RECENT, min(MOST_RECENT, self._budget // 4 // state.nbytes))
            while len(self._recent) > most:
                self._recent.popleft()
        if state.step % self._stride == 0 and state.step not in self._keyframes:
            self._keep(state)

    def forward(self) -> None:
        """One update.  Raises Diverged, and stays where it is."""
        self.accept(self.propose())

    def seek(self, step: int) -> None:
        """Go to a step, backwards or forwards.  Raises Diverged, as ``forward``."""
        self.state = self._nearest(step)
        while self.step < step:
            self.forward()

    def edit(self, learner: Learner) -> None:
        """Learn otherwise from the present step on.  What had come after it is cut off."""
        step = self.step
        self._edits = [edit for edit in self._edits if edit[0] < step] + [(step, learner)]
        self._keyframes = {at: state for at, state in self._keyframes.items() if at <= step}
        self._recent = deque([state for state in self._recent if state.step <= step] or [self.state])
        self._losses = self._losses.copy()  # a frame may still show the old ones
        self.last_step = step

    def copy(self, batch: Callable[[int], Batch]) -> "Timeline":
        """A timeline that goes its own way from here; states are shared, since none is ever changed."""
        twin = Timeline(self.state, self._edits, batch, self._budget)
        twin._keyframes, twin._stride = dict(self._keyframes), self._stride
        twin._recent = deque(self._recent)
        twin._losses, twin.last_step = self._losses.copy(), self.last_step
        return twin

    def _nearest(self, step: int) -> TrainState:
        """The kept state from which ``step`` is the fewest updates away."""
        near = self.state if self.state.step <= step else self._keyframes[0]
        for state in (*self._recent, *self._keyframes.values()):
            if near.step < state.step <= step:
                near = state
        return near

    def _record(self, loss: float) -> None:
        if self.last_step == len(self._losses):
            self._losses = np.concatenate([self._losses, np.empty(len(self._losses))])
        self._losses[self.last_step] = loss
        self.last_step += 1

    def _keep(self, state: TrainState) -> None:
        self._keyframes[state.step] = state
        size = sum(kept.nbytes for kept in self._keyframes.values())
        if size > self._budget * 3 // 4 and len(self._keyframes) > LEAST_KEYFRAMES:
            self._stride *= 2
            self._keyframes = {at: kept for at, kept in self._keyframes.items() if at % self._stride == 0}
