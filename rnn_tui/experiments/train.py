"""The training loop without a screen, for the command line, benchmarks and sweeps.

A run is a TrainingRun, or a session if its history is needed.  The loop reads no clock and prints nothing: it yields
events to its caller.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from rnn_tui.engine.training import Metrics
from rnn_tui.session.forward_timeline import DivergenceError


class Trainable(Protocol):
    """The part of a run that the loop uses."""

    @property
    def step(self) -> int: ...

    def forward(self, count: int = 1) -> Sequence[Metrics]: ...


class Progress(NamedTuple):
    """The run is at ``step``; ``losses``: by lane, on the last batch before its update."""

    step: int
    losses: tuple[float, ...]


class Diverged(NamedTuple):
    """The update from ``step`` is not finite for lane number ``lane`` and was not applied.  It is the last event."""

    step: int
    lane: int


class Done(NamedTuple):
    """The run is at its goal.  It is the last event."""

    step: int


Event: TypeAlias = Progress | Diverged | Done


def train(run: Trainable, goal: int, every: int = 1) -> Iterator[Event]:
    """Train a run up to step ``goal``; yield Progress after each ``every`` updates, then Diverged or Done.

    To stop early, stop iterating: the run is then at the step of the last event.  Events can be pickled.
    """
    while run.step < goal:
        try:
            metrics = run.forward(min(every, goal - run.step))
        except DivergenceError as error:
            yield Diverged(error.step, error.lane)
            return
        yield Progress(run.step, tuple(each.loss for each in metrics))
    yield Done(run.step)
