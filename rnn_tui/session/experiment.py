"""The learners, initial states and batches of a preset.  The batch of step s depends only on the seed and s."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np

from rnn_tui.engine.diagnostics import sequences_needed
from rnn_tui.engine.optimizers import OPTIMIZERS
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch, Buffers, Learner, TrainState
from rnn_tui.interventions import Target, applied
from rnn_tui.presets.preset import Preset
from rnn_tui.tasks import MOST_HELD_OUT, Floor, Reference, Task

Known = TypeVar("Known")

# Random streams of a seed: draws for one purpose never depend on the number of draws for another.
TRAINING, HELD_OUT, WEIGHTS, READOUT = range(4)

MOST_WORK = 2**21  # numbers in the buffers for scoring a lane, and in the states that are read by a linear readout
# Limits of the batches that are drawn together; a block has at least all batches of the same sequences.
MOST_DRAWN = 32  # steps
MOST_AHEAD = 2**16  # numbers in their inputs and outputs


class Experiment:
    """Everything that a preset and its seed determine: learners, initial states, batches.  It has no present step."""

    def __init__(self, preset: Preset, before: "Experiment | None" = None) -> None:
        """``before``: an experiment whose floors and references are reused if the task is the same."""
        self.preset = preset
        self.task: Task = preset.task
        self._known: dict[tuple[object, ...], Any] = {}
        if before is not None and before.task is self.task:
            self._known = before._known  # the floor of a large file takes a second to compute
        self._latest: tuple[int, list[Batch]] | None = None
        self._further = np.zeros((0, 0, 0))
        self.held_out = self._held_out()

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The nets of the lanes, without parameters, as what interventions act on."""
        return tuple(
            replace(
                settings.target(self.task, self.preset.training.engine),
                x=self.held_out.x,
                applied=applied.all_spelled(tuple(settings.interventions)),
            )
            for settings in self.preset.lanes
        )

    def learner(self, lane: int, buffers: Buffers | None = None, before: "Experiment | None" = None) -> Learner:
        """Return the learner of a lane.

        Args:
            buffers: shared with other learners.
            before: the experiment whose learner this one replaces; the lane's further interventions change the
                parameters then.
        """
        training, settings = self.preset.training, self.preset.lanes[lane]
        target, entry = settings.target(self.task, training.engine), None
        if before and (new := applied.added(before.preset.lanes[lane].interventions, settings.interventions)):
            entry = partial(applied.entered, new, target)
        return Learner(
            model=target.model,
            loss=self.task.loss,
            optimizer=OPTIMIZERS[training.optimizer](training.learning_rate),
            clip_norm=training.clip_norm,
            weight_decay=training.weight_decay,
            schedule=training.falling,
            buffers=buffers or Buffers(),
            frozen=applied.frozen(settings.interventions, target) if settings.interventions else None,
            entry=entry,
        )

    def learners(
        self, lane: int, later: Sequence[tuple[int, "Experiment"]] = (), buffers: Buffers | None = None
    ) -> list[tuple[int, Learner]]:
        """Return (step, the learner from that step on) of a lane, with those of the experiments after this one."""
        found, before = [(0, self.learner(lane, buffers))], self
        for step, experiment in later:
            found.append((step, experiment.learner(lane, buffers, before)))
            before = experiment
        return found

    def start(self, lane: int) -> TrainState:
        """Return the lane's state at step 0."""
        learner = self.learner(lane)
        parameters = learner.model.initial(
            self._rng(WEIGHTS, self.preset.lane_seed(lane)), self.preset.training.precision
        )
        if interventions := self.preset.lanes[lane].interventions:
            parameters = applied.entered(interventions, self.preset.lanes[lane].target(self.task), parameters)
        return learner.start(parameters)

    def batch(self, step: int) -> Batch:
        """Return the batch of the update from ``step`` to ``step + 1``, the same for every lane.

        If sequences continue through several batches, it is one piece of those sequences.
        """
        block, at = divmod(step, self.block)
        if self._latest is None or self._latest[0] != block:
            self._latest = None  # free it before others are allocated
            self._latest = block, self._batches(block)
        return self._latest[1][at]

    @cached_property
    def block(self) -> int:
        """The number of steps whose batches are drawn together: steps 0 to block - 1, block to 2 block - 1, ….

        Drawing several batches in a row is faster, and so is training one lane on all of them before the next lane:
        code and data then stay in the caches of the processor.
        """
        training, task = self.preset.training, self.task
        count = training.batches_per_sequence
        numbers = training.sequence_length * training.batch_size * (task.input_size + task.output_size)
        return count * max(1, min(MOST_DRAWN, MOST_AHEAD // numbers) // count)

    def _batches(self, block: int) -> list[Batch]:
        """Return the batches of a block of steps."""
        count = self.preset.training.batches_per_sequence
        first, size = block * self.block // count, self.block // count
        whole = map(self._sequences, range(first, first + size))
        return [sequences.piece(piece, count) for sequences in whole for piece in range(count)]

    def fresh_batch(self, step: int) -> Batch:
        """Return what ``batch`` returns, drawn anew; any thread may call it."""
        count = self.preset.training.batches_per_sequence
        number, piece = divmod(step, count)
        return self._sequences(number).piece(piece, count)

    def _sequences(self, number: int) -> Batch:
        """Return the sequences with this number, of all their batches."""
        training = self.preset.training
        length = training.sequence_length * training.batches_per_sequence
        return self.task.batch(self._rng(TRAINING, number), training.batch_size, length)

    @property
    def nbytes(self) -> int:
        """Bytes of the sequences in memory: held-out ones, the latest block, and further ones for a linear readout."""
        batches = [self.held_out, *(self._latest[1] if self._latest else [])]
        return self._further.nbytes + sum(
            array.nbytes for batch in batches for array in (batch.x, batch.target, batch.mask)
        )

    def forget(self) -> None:
        """Free the latest block and the further sequences; they are drawn again when they are needed."""
        self._latest = None
        self._further = np.zeros((0, 0, 0))

    def floor(self, lane: int) -> Floor | None:
        """Return the floor for the lane's window, or for all inputs; None if there is none."""
        return self._floor(getattr(self.preset.lanes[lane], "window", None))

    @property
    def best_floor(self) -> Floor | None:
        """The floor for all inputs; None if there is none."""
        return self._floor(None)

    @property
    def memoryless_floor(self) -> Floor | None:
        """The floor for the present input alone; None if there is none."""
        return self._floor(1)

    @property
    def references(self) -> list[Reference]:
        return self._once(("references", None), lambda: self.task.references_on(self.held_out))

    def readout_inputs(self, units: int, lags: int) -> Array:
        """Return x (T, I, B) on which to read the past from ``units`` numbers, up to ``lags`` time steps back.

        These are the held-out sequences; of a task that generates its data also further ones, from a stream of their
        own, if there are too few.
        """
        x = self.held_out.x
        (T, I, B), task = x.shape, self.task
        missing = min(sequences_needed(units, T, lags), MOST_WORK // (T * units)) - B
        if missing <= 0 or task.data:
            return x
        if self._further.shape != (T, I, missing):
            self._further = task.batch(self._rng(READOUT, 0), missing, T).x
        return np.concatenate([x, self._further], axis=2)

    @property
    def length(self) -> int:
        """T, the number of time steps of a batch."""
        return self.preset.training.sequence_length

    def _floor(self, window: int | None) -> Floor | None:
        return self._once(("floor", window), lambda: self.task.floor_on(self.held_out, window))

    def _once(self, what: tuple[str, int | None], compute: Callable[[], Known]) -> Known:
        key = (*what, *self.held_out.mask.shape)
        if key not in self._known:
            self._known[key] = compute()
        found: Known = self._known[key]
        return found

    def _held_out(self) -> Batch:
        """Return sequences that no lane trains on; the first one is the probe, which the screen shows."""
        length = self.preset.held_out_length
        largest = max(lane.uncut.model(self.task).numbers(length, 1) for lane in self.preset.lanes)
        size = max(1, min(MOST_HELD_OUT, MOST_WORK // largest))
        return self.task.held_out(self._rng(HELD_OUT, 0), size, length)

    def _rng(self, stream: int, index: int) -> np.random.Generator:
        return np.random.default_rng([self.preset.training.seed, stream, index])
