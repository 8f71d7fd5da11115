"""One update: a pure function of (state, batch)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from rnn_tui.engine.losses import Loss
from rnn_tui.engine.models import Model, Trace
from rnn_tui.engine.optimizers import Optimizer, Slots, clip_by_global_norm
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.schedules import Schedule, constant


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """B sequences of T time steps.

    Attributes:
        x: (T, I, B).
        target: (T, B) whole numbers for cross-entropy, (T, O, B) for the other losses.
        mask: (T, B), 1 where the answer is scored, 0 where not.
        begins: the sequences begin with this batch; otherwise they continue those of the previous batch.
        ends: the sequences end with this batch; otherwise the next batch continues them.
    """

    x: Array
    target: Array
    mask: Array
    begins: bool = True
    ends: bool = True

    def first(self) -> "Batch":
        """Return a batch of only the first sequence."""
        return Batch(self.x[..., :1], self.target[..., :1], self.mask[..., :1])

    def piece(self, number: int, count: int) -> "Batch":
        """Return piece ``number``, from 0, of ``count`` pieces of equal length that continue each other."""
        length = len(self.x) // count
        at = slice(number * length, (number + 1) * length)
        return Batch(self.x[at], self.target[at], self.mask[at], begins=number == 0, ends=number == count - 1)


GREAT = 1e18  # the square of a larger gradient norm may overflow float32


class Metrics(NamedTuple):
    """Metrics of one update: the loss on the batch before it, and the gradient norm before clipping.

    ``usable``: the optimizer's slots are finite after the update.  Without clipping, the square of a finite gradient
    may overflow; RMSprop would then never change that weight again, and nothing would show it.
    """

    loss: float
    gradient_norm: float
    usable: bool = True

    @property
    def finite(self) -> bool:
        return bool(np.isfinite(self.loss) and np.isfinite(self.gradient_norm) and self.usable)


@dataclass(frozen=True, eq=False, slots=True)
class TrainState:
    """The state of training between two steps; it is immutable.

    ``memory``: the carried states, or the last inputs of a window, if the next batch continues these sequences.
    """

    step: int
    parameters: Parameters
    slots: Slots
    memory: Array | None = None

    @property
    def nbytes(self) -> int:
        slots = sum(slot.nbytes for slot in self.slots.values())
        return self.parameters.flat.nbytes + slots + (0 if self.memory is None else self.memory.nbytes)


class Buffers:
    """A cache of one trace, for batches of the same shape.  Learners that take turns can share it."""

    def __init__(self) -> None:
        self._fits: tuple[object, ...] = ()
        self._trace: Trace | None = None

    def release(self) -> None:
        """Free the trace."""
        self._fits, self._trace = (), None

    def trace(self, model: Model, time: int, batch: int, dtype: np.dtype[Any]) -> Trace:
        """Return a trace of the model for sequences of ``time`` steps, ``batch`` at once."""
        fits = (model, time, batch, dtype)
        if self._trace is None or fits != self._fits:
            self._trace = None  # free it before another is allocated
            self._fits, self._trace = fits, model.trace(time, batch, str(dtype))
        return self._trace


@dataclass(frozen=True, eq=False)
class Learner:
    """The model, loss and optimizer with which one lane is trained.

    Attributes:
        clip_norm: limit of the gradient's global norm (0: none).
        weight_decay: λ of L2 regularization; λ θ is added to the clipped gradient, as in PyTorch's optimizers.
        schedule: the factor of the learning rate at a step.
        buffers: of the forward and backward pass.
        frozen: indices of the entries of θ that are not trained: their gradient is 0, and they never change.
        entry: an intervention: changes the parameters at the step at which this learner replaces another one.
    """

    model: Model
    loss: Loss
    optimizer: Optimizer
    clip_norm: float = 0.0
    weight_decay: float = 0.0
    schedule: Schedule = constant
    buffers: Buffers = field(default_factory=Buffers, repr=False)
    frozen: Array | None = field(default=None, repr=False)
    entry: Callable[[Parameters], Parameters] | None = field(default=None, repr=False)

    def start(self, parameters: Parameters) -> TrainState:
        """Return the state at step 0."""
        return TrainState(0, parameters, self.optimizer.slots(parameters.flat))

    def step(self, state: TrainState, batch: Batch) -> tuple[TrainState, Metrics]:
        """Make one update: unroll, loss, BPTT, clipping, optimizer.  Return the next state and the metrics.

        Slots of another optimizer are replaced by initial ones.  If the metrics are not finite (the state or the
        gradient has overflowed), the returned state is not usable.
        """
        parameters = state.parameters
        trace = self.trace(batch, parameters)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
            loss, gradient = self.gradient(state, batch, trace)
            norm = clip_by_global_norm(gradient, self.clip_norm)
            flat, slots = self.update(state, gradient)
        usable = norm < GREAT or all(bool(np.isfinite(slot).all()) for slot in slots.values())
        memory = None if batch.ends else trace.end()
        state = TrainState(state.step + 1, Parameters(parameters.layout, flat), slots, memory)
        return state, Metrics(loss, norm, usable)

    def gradient(self, state: TrainState, batch: Batch, trace: Trace) -> tuple[float, Array]:
        """Unroll, and return L and dL/dθ, a new array (layout.size,); the trace then has all intermediate values."""
        y = self.model.forward(state.parameters, batch.x, trace, None if batch.begins else state.memory)
        loss, dy = self.loss.mean(y, batch.target, batch.mask)
        gradient = self.model.backward(state.parameters, dy, trace)
        self._freeze(gradient)
        return loss, gradient

    def _freeze(self, gradient: Array) -> None:
        """Set the gradient of the frozen entries to 0, in place."""
        if self.frozen is not None:
            gradient[self.frozen] = 0

    def update(self, state: TrainState, gradient: Array) -> tuple[Array, Slots]:
        """Return the next θ and slots from the clipped ``gradient``, to which weight decay is added in place."""
        theta, slots = state.parameters.flat, state.slots
        if slots.keys() != self.optimizer.slot_names:
            slots = self.optimizer.slots(theta)
        if self.weight_decay:
            gradient += self.weight_decay * theta
            self._freeze(gradient)
        flat, slots = self.optimizer.update(theta, gradient, slots, self.schedule(state.step))
        if self.frozen is not None:
            flat[self.frozen] = theta[self.frozen]  # momentum would still move them
        return flat, slots

    def trace(self, batch: Batch, parameters: Parameters) -> Trace:
        """Return the buffers for batches of this shape; after a step they have its intermediate values."""
        time, _, size = batch.x.shape
        return self.buffers.trace(self.model, time, size, parameters.dtype)
