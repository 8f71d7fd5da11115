"""Training states kept at regular steps, so that any other is a short replay away.  Only timeline.py makes them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from copy import copy

from rnn_tui.engine.training import TrainState

FIRST_STRIDE = 32  # steps from one keyframe to the next, before any had to go
LEAST_KEYFRAMES = 3  # whatever they weigh
OBJECTS = 1200  # bytes that a state takes beside its numbers: arrays, views, dicts


def weight(state: TrainState) -> int:
    """Bytes that it costs to keep a state."""
    return state.nbytes + OBJECTS


class Keyframes:
    """Every state at a multiple of ``stride`` that is offered, within ``budget`` bytes: on overflow every second one
    goes, and the stride is doubled.  The first state stays for ever.
    """

    def __init__(self, first: TrainState, budget: int, others: Iterable[TrainState] = ()) -> None:
        self._states = {state.step: state for state in (first, *sorted(others, key=lambda state: state.step))}
        self._steps = list(self._states)
        self._budget, self._stride = budget, FIRST_STRIDE
        self._size = sum(map(weight, self._states.values()))
        self._thin()

    @property
    def steps(self) -> list[int]:
        """Where they are, in order."""
        return self._steps

    def __iter__(self) -> Iterator[TrainState]:
        return iter(self._states.values())

    def offer(self, state: TrainState) -> None:
        """Keep it, if its step is one at which a state is kept."""
        if state.step % self._stride or state.step in self._states:
            return
        self._steps.insert(bisect_right(self._steps, state.step), state.step)
        self._states[state.step] = state
        self._size += weight(state)
        self._thin()

    def before(self, step: int) -> TrainState:
        """The last one that is not after ``step``, or the first."""
        return self._states[self._steps[max(0, bisect_right(self._steps, step) - 1)]]

    def cut(self, step: int) -> None:
        """Forget those after ``step``."""
        self._keep([at for at in self._steps if at <= step])

    def copy(self) -> "Keyframes":
        twin = copy(self)
        twin._states, twin._steps = dict(self._states), list(self._steps)
        return twin

    def shrink(self, budget: int) -> None:
        """Keep within fewer bytes for now, the first state at least; later ones are kept as before."""
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
