"""One update: a pure function of (state, batch)."""

from dataclasses import dataclass, field

import numpy as np

from rnn_tui.engine.losses import Loss
from rnn_tui.engine.models import Model, Trace
from rnn_tui.engine.optimizers import Optimizer, Slots, clip_by_global_norm
from rnn_tui.engine.parameters import Array, Parameters


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """B sequences of T time steps.

    Attributes:
        x: (T, I, B).
        target: (T, B) whole numbers for cross-entropy, (T, O, B) for the other losses.
        mask: (T, B), 1 where the answer is scored, 0 where not.
    """

    x: Array
    target: Array
    mask: Array

    def first(self) -> "Batch":
        """The first sequence alone."""
        return Batch(self.x[..., :1], self.target[..., :1], self.mask[..., :1])


@dataclass(frozen=True, slots=True)
class Metrics:
    """Of one update, all before it: the loss on the batch, and the gradient's norm before clipping."""

    loss: float
    gradient_norm: float

    @property
    def finite(self) -> bool:
        return bool(np.isfinite(self.loss) and np.isfinite(self.gradient_norm))


@dataclass(frozen=True, eq=False, slots=True)
class TrainState:
    """All that training carries from one step to the next; nothing in it is ever changed in place."""

    step: int
    parameters: Parameters
    slots: Slots

    @property
    def nbytes(self) -> int:
        return self.parameters.flat.nbytes + sum(slot.nbytes for slot in self.slots.values())


@dataclass(frozen=True, eq=False)
class Learner:
    """How one lane learns: model, loss, optimizer, and the limit of the gradient's global norm (0: none)."""

    model: Model
    loss: Loss
    optimizer: Optimizer
    clip_norm: float = 0.0
    _traces: dict[tuple[int, ...], Trace] = field(default_factory=dict)  # buffers, reused while the shape is the same

    def start(self, parameters: Parameters) -> TrainState:
        return TrainState(0, parameters, self.optimizer.slots(parameters.flat))

    def step(self, state: TrainState, batch: Batch) -> tuple[TrainState, Metrics]:
        """unroll -> loss -> BPTT -> clip -> update.

        Slots that another optimizer left behind are of no use to this one: it begins with empty ones.  Where the
        metrics are not finite (the state or the gradient has overflowed), the state that comes back is not usable.
        """
        parameters = state.parameters
        trace = self._trace(batch.x, parameters)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
            y = self.model.forward(parameters, batch.x, trace)
            loss, dy = self.loss.mean(y, batch.target, batch.mask)
            gradient = self.model.backward(parameters, dy, trace)
            norm = clip_by_global_norm(gradient, self.clip_norm)
            slots = state.slots
            if slots.keys() != self.optimizer.slot_names:
                slots = self.optimizer.slots(parameters.flat)
            flat, slots = self.optimizer.update(parameters.flat, gradient, slots)
        return TrainState(state.step + 1, Parameters(parameters.layout, flat), slots), Metrics(loss, norm)

    def _trace(self, x: Array, parameters: Parameters) -> Trace:
        shape = (x.shape[0], x.shape[2])
        if shape not in self._traces:
            self._traces.clear()
            self._traces[shape] = self.model.trace(*shape, str(parameters.dtype))
        return self._traces[shape]
