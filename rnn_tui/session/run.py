"""One preset made into things that learn.  The batch of step s is a function of (seed, s), and of nothing else."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from rnn_tui.engine.cells import RNNCell
from rnn_tui.engine.models import FeedForwardModel, Model, RecurrentModel
from rnn_tui.engine.optimizers import OPTIMIZERS
from rnn_tui.engine.training import Batch, Learner, TrainState
from rnn_tui.presets import FeedForwardLane, LaneSettings, Preset, RecurrentLane
from rnn_tui.tasks import MOST_HELD_OUT, Floor, Reference, Task

Known = TypeVar("Known")

# The streams of a seed: what is drawn for one purpose never depends on how much was drawn for another.
TRAINING, HELD_OUT, WEIGHTS = range(3)

MOST_WORK = 2**21  # hidden values (T·B·H) computed to score a lane once


def _recurrent(lane: RecurrentLane, task: Task) -> Model:
    cell = RNNCell(task.inputs, lane.hidden_size, lane.activation)
    return RecurrentModel(cell, task.outputs, lane.initializer, lane.gain)


def _feed_forward(lane: FeedForwardLane, task: Task) -> Model:
    return FeedForwardModel(task.inputs, lane.hidden_size, task.outputs, lane.window, lane.activation)


MODELS: dict[type[LaneSettings], Callable[..., Model]] = {RecurrentLane: _recurrent, FeedForwardLane: _feed_forward}


class Run:
    """What a preset and its seed determine: learners, first states, batches.  Holds no position in time."""

    def __init__(self, preset: Preset, before: "Run | None" = None) -> None:
        """``before``: a run whose floors and references hold here too, where the task is the same."""
        self.preset = preset
        self.task: Task = preset.task
        self._known: dict[tuple[str, int, int | None], Any] = {}
        if before is not None and before.task is self.task:
            self._known = before._known  # a floor that is counted from a large file takes a second
        self._latest: tuple[int, Batch] | None = None
        self.held_out = self._held_out()

    def learner(self, lane: int) -> Learner:
        training = self.preset.training
        settings = self.preset.lanes[lane]
        optimizer = OPTIMIZERS[training.optimizer](training.learning_rate)
        return Learner(MODELS[type(settings)](settings, self.task), self.task.loss, optimizer, training.clip_norm)

    def start(self, lane: int) -> TrainState:
        """The lane's state at step 0."""
        learner = self.learner(lane)
        parameters = learner.model.initial(self._rng(WEIGHTS, lane), self.preset.training.precision)
        return learner.start(parameters)

    def batch(self, step: int) -> Batch:
        """The batch of the update from ``step`` to ``step + 1``, the same for every lane."""
        if self._latest is None or self._latest[0] != step:
            training = self.preset.training
            rng = self._rng(TRAINING, step)
            self._latest = step, self.task.batch(rng, training.batch_size, training.sequence_length)
        return self._latest[1]

    def floor(self, lane: int) -> Floor | None:
        """Of the lane's window, or of all inputs."""
        window = getattr(self.preset.lanes[lane], "window", None)
        return self._once(("floor", self.length, window), lambda: self.task.floor(window, self.length))

    @property
    def references(self) -> list[Reference]:
        return self._once(("references", self.length, None), lambda: self.task.references(self.length))

    @property
    def length(self) -> int:
        """T"""
        return self.preset.training.sequence_length

    def _once(self, key: tuple[str, int, int | None], compute: Callable[[], Known]) -> Known:
        if key not in self._known:
            self._known[key] = compute()
        found: Known = self._known[key]
        return found

    def _held_out(self) -> Batch:
        """Sequences that no lane trains on; the first one is the probe that the screen shows."""
        length = self.length
        widest = max(lane.widest(self.task)[1] for lane in self.preset.lanes)
        size = max(16, min(MOST_HELD_OUT, MOST_WORK // (length * widest)))
        return self.task.held_out(self._rng(HELD_OUT, 0), size, length)

    def _rng(self, stream: int, index: int) -> np.random.Generator:
        return np.random.default_rng([self.preset.training.seed, stream, index])
