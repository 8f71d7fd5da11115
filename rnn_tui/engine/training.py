"""One update: a pure function of (state, batch)."""

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
        begins, ends: whether the sequences start with it, and whether they stop; else they continue those of the batch
            before, and the next batch continues them.
    """

    x: Array
    target: Array
    mask: Array
    begins: bool = True
    ends: bool = True

    def first(self) -> "Batch":
        """The first sequence alone."""
        return Batch(self.x[..., :1], self.target[..., :1], self.mask[..., :1])

    def piece(self, number: int, count: int) -> "Batch":
        """One of ``count`` pieces of equal length, counted from 0, that continue each other."""
        length = len(self.x) // count
        at = slice(number * length, (number + 1) * length)
        return Batch(self.x[at], self.target[at], self.mask[at], begins=number == 0, ends=number == count - 1)


GREAT = 1e18  # a gradient whose square float32 can only just hold


class Metrics(NamedTuple):
    """Of one update, all before it: the loss on the batch, and the gradient's norm before clipping.

    ``usable`` says that the optimizer's slots are finite after it.  A gradient that was not clipped may be finite and
    its square not; RMSprop would then never move again, and nothing would say so.
    """

    loss: float
    gradient_norm: float
    usable: bool = True

    @property
    def finite(self) -> bool:
        return bool(np.isfinite(self.loss) and np.isfinite(self.gradient_norm) and self.usable)


@dataclass(frozen=True, eq=False, slots=True)
class TrainState:
    """All that training carries from one step to the next; nothing in it is ever changed in place.

    ``memory`` is what the next batch inherits where it continues the sequences of this one.
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
    """The trace for the last batch's shape, kept for the next one.  Learners that take turns can share it."""

    def __init__(self) -> None:
        self._fits: tuple[object, ...] = ()
        self._trace: Trace | None = None

    def release(self) -> None:
        """Let go of it."""
        self._fits, self._trace = (), None

    def trace(self, model: Model, time: int, batch: int, dtype: np.dtype[Any]) -> Trace:
        fits = (model, time, batch, dtype)
        if self._trace is None or fits != self._fits:
            self._trace = None  # let go of it before there is another
            self._fits, self._trace = fits, model.trace(time, batch, str(dtype))
        return self._trace


@dataclass(frozen=True, eq=False)
class Learner:
    """How one lane learns.

    Attributes:
        clip_norm: the limit of the gradient's global norm (0: none).
        weight_decay: λ of L2 regularisation; λ θ is added to the clipped gradient, as PyTorch's optimizers do.
        schedule: what the learning rate is multiplied with at a step.
        buffers: of the forward and backward pass.
    """

    model: Model
    loss: Loss
    optimizer: Optimizer
    clip_norm: float = 0.0
    weight_decay: float = 0.0
    schedule: Schedule = constant
    buffers: Buffers = field(default_factory=Buffers, repr=False)

    def start(self, parameters: Parameters) -> TrainState:
        return TrainState(0, parameters, self.optimizer.slots(parameters.flat))

    def step(self, state: TrainState, batch: Batch) -> tuple[TrainState, Metrics]:
        """unroll -> loss -> BPTT -> clip -> update.

        Slots that another optimizer left behind are of no use to this one: it begins with empty ones.  Where the
        metrics are not finite (the state or the gradient has overflowed), the state that comes back is not usable.
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
        """unroll -> loss -> BPTT: L, and dL/dθ (layout.size,), a new array.  The trace then holds all it came from."""
        y = self.model.forward(state.parameters, batch.x, trace, None if batch.begins else state.memory)
        loss, dy = self.loss.mean(y, batch.target, batch.mask)
        return loss, self.model.backward(state.parameters, dy, trace)

    def update(self, state: TrainState, gradient: Array) -> tuple[Array, Slots]:
        """The next θ and slots, from the clipped ``gradient``, to which weight decay is added in place."""
        theta, slots = state.parameters.flat, state.slots
        if slots.keys() != self.optimizer.slot_names:
            slots = self.optimizer.slots(theta)
        if self.weight_decay:
            gradient += self.weight_decay * theta
        return self.optimizer.update(theta, gradient, slots, self.schedule(state.step))

    def trace(self, batch: Batch, parameters: Parameters) -> Trace:
        """The buffers for batches of this shape; after a step they hold what it computed."""
        time, _, size = batch.x.shape
        return self.buffers.trace(self.model, time, size, parameters.dtype)
