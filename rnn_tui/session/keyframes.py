"""Training states saved at regular steps, from which any other state is replayed.  Only timeline.py makes them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from copy import copy

from rnn_tui.engine.training import TrainState

FIRST_STRIDE = 32  # steps from one keyframe to the next, at first
LEAST_KEYFRAMES = 3  # kept even if they exceed the budget
OBJECTS = 1200  # bytes that a state needs besides its numbers: arrays, views, dicts


def weight(state: TrainState) -> int:
    """Return the bytes of a saved state."""
    return state.nbytes + OBJECTS


class Keyframes:
    """States at multiples of a stride, within ``budget`` bytes.

    If the budget is exceeded, the stride is doubled and every second state is discarded, but never the first one.
    """

    def __init__(self, first: TrainState, budget: int, others: Iterable[TrainState] = ()) -> None:
        self._states = {state.step: state for state in (first, *sorted(others, key=lambda state: state.step))}
        self._steps = list(self._states)
        self._budget, self._stride = budget, FIRST_STRIDE
        self._size = sum(map(weight, self._states.values()))
        self._thin()

    @property
    def steps(self) -> list[int]:
        """Steps of the keyframes, in order."""
        return self._steps

    def __iter__(self) -> Iterator[TrainState]:
        return iter(self._states.values())

    def offer(self, state: TrainState) -> None:
        """Save the state if its step is a multiple of the stride."""
        if state.step % self._stride or state.step in self._states:
            return
        self._steps.insert(bisect_right(self._steps, state.step), state.step)
        self._states[state.step] = state
        self._size += weight(state)
        self._thin()

    def before(self, step: int) -> TrainState:
        """Return the last keyframe at or before ``step``, or the first one."""
        return self._states[self._steps[max(0, bisect_right(self._steps, step) - 1)]]

    def cut(self, step: int) -> None:
        """Discard the keyframes after ``step``."""
        self._keep([at for at in self._steps if at <= step])

    def copy(self) -> "Keyframes":
        twin = copy(self)
        twin._states, twin._steps = dict(self._states), list(self._steps)
        return twin

    def shrink(self, budget: int) -> None:
        """Discard keyframes until at most ``budget`` bytes, or only the first, remain; the stride does not change."""
        stride = self._stride
        while self._size > budget and len(self._steps) > 1:
            stride *= 2
            self._keep([at for at in self._steps if at % stride == 0 or at == self._steps[0]])

    def _thin(self) -> None:
        first = self._steps[0]
        while self._size > self._budget and len(self._steps) > LEAST_KEYFRAMES:
            self._stride *= 2
            self._keep([at for at in self._steps if at % self._stride == 0 or at == first])

    def _keep(self, steps: list[int]) -> None:
        self._states = {step: self._states[step] for step in steps}
        self._steps = steps
        self._size = sum(map(weight, self._states.values()))
