"""Central differences, and the small nets and batches they are taken on."""

from collections.abc import Callable
from functools import partial

import numpy as np
from support import reference_equations

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.cells import CELLS, Cell, RNNCell
from rnn_tui.engine.losses import Answer, Loss, binary_cross_entropy, cross_entropy, mean_squared_error
from rnn_tui.engine.models import Model, RecurrentModel, Trace
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.training import Batch

EPSILON = 1e-6
CLOSE = {
    "rtol": 1e-6,
    "atol": 1e-8,
}  # of central differences in float64: rounding is about 1e-10, curvature about 1e-12
LOSSES = [cross_entropy, binary_cross_entropy, mean_squared_error]

# Every cell by a name that says its activation too: (I, H) -> cell.
CELL_KINDS: dict[str, Callable[[int, int], Cell]] = {
    **{f"rnn-{name}": partial(RNNCell, activation=name) for name in ACTIVATIONS},
    **{name: kind for name, kind in CELLS.items() if name != "rnn"},
}


def numeric_gradient(f: Callable[[Array], float], theta: Array) -> Array:
    """df/dθ by central differences, one entry of ``theta`` (any shape) at a time."""
    gradient = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        nudge = np.zeros_like(theta)
        nudge[i] = 1
        gradient[i] = numeric_slope(f, theta, nudge)
    return gradient


def numeric_slope(f: Callable[[Array], float], theta: Array, direction: Array) -> float:
    """How fast f grows from ``theta`` in the direction (of the same shape), by a central difference."""
    return (f(theta + EPSILON * direction) - f(theta - EPSILON * direction)) / (2 * EPSILON)


def full_mask(time: int, size: int) -> Array:
    return np.ones((time, size))


def late_mask(time: int, size: int) -> Array:
    """Only the later half of each sequence is scored."""
    mask = np.ones((time, size))
    mask[: time // 2] = 0
    return mask


def ragged_mask(time: int, size: int) -> Array:
    """Each sequence is scored up to another length."""
    return (np.arange(time)[:, None] < time - np.arange(size) % time).astype(float)


MASKS = {"full": full_mask, "late": late_mask, "ragged": ragged_mask}


def random_batch(
    rng: np.random.Generator, loss: Loss, inputs: int, outputs: int, time: int, size: int, mask: str = "full"
) -> Batch:
    """A batch of noise, with targets such as ``loss`` wants them."""
    x = rng.standard_normal((time, inputs, size))
    return Batch(x, random_target(rng, loss, outputs, time, size), MASKS[mask](time, size))


def random_target(rng: np.random.Generator, loss: Loss, outputs: int, time: int, size: int) -> Array:
    if loss.answer is Answer.CLASS:
        return rng.integers(0, outputs, (time, size))
    return rng.uniform(0, 1, (time, outputs, size))


def random_parameters(model: Model, rng: np.random.Generator) -> Parameters:
    """Every parameter uniform in (-1, 1), which drives gates away from their middle as small ones would not."""
    parameters = Parameters.zeros(model.layout, "float64")
    for view in parameters.views.values():
        view[...] = rng.uniform(-1, 1, view.shape)
    return parameters


def random_memory(model: Model, rng: np.random.Generator, size: int) -> Array:
    """Noise such as a batch of ``size`` sequences could have left behind."""
    return rng.uniform(-1, 1, model.trace(1, size).end().shape)


def loss_and_gradient(
    model: Model, parameters: Parameters, batch: Batch, loss: Loss, trace: Trace | None = None, memory=None
) -> tuple[float, Array]:
    """L and dL/dθ, by the engine."""
    trace = trace or model.trace(len(batch.x), batch.x.shape[2], str(parameters.dtype))
    value, dy = loss.mean(model.forward(parameters, batch.x, trace, memory), batch.target, batch.mask)
    return value, model.backward(parameters, dy, trace)


def in_pieces(model: Model, parameters: Parameters, x: Array, length: int, memory=None) -> Callable[[Array], Array]:
    """y (T, O, B) as a function of θ, of x read in pieces of ``length`` time steps.

    Each piece begins with the memory that the one before it leaves at ``parameters``, whatever θ then is: what a
    truncated gradient is the gradient of.
    """
    pieces = []
    for start in range(0, len(x), length):
        piece = x[start : start + length]
        trace = model.trace(len(piece), x.shape[2])
        pieces.append((piece, trace, memory))
        model.forward(parameters, piece, trace, memory)
        memory = trace.end()

    def outputs(theta: Array) -> Array:
        at = Parameters(model.layout, theta)
        return np.concatenate([model.forward(at, piece, trace, kept) for piece, trace, kept in pieces])

    return outputs


def truncated_loss(model: Model, parameters: Parameters, batch: Batch, loss: Loss, memory=None):
    """L as a function of θ, of which ``model.backward`` at ``parameters`` is to be the gradient."""
    depth, uncut = len(batch.x), model
    if isinstance(model, RecurrentModel):
        depth, uncut = model.truncation or depth, RecurrentModel(model.cell, model.outputs)
    outputs = in_pieces(uncut, parameters, batch.x, depth, memory)
    return lambda theta: loss.mean(outputs(theta), batch.target, batch.mask)[0]


def passed_back(model: RecurrentModel, time: int, size: int) -> tuple[Parameters, Batch, Array, Trace]:
    """Parameters, a batch, the memory before it, and the trace after a forward and a backward pass."""
    rng = np.random.default_rng(3)
    parameters, memory = random_parameters(model, rng), random_memory(model, rng, size)
    batch = random_batch(rng, mean_squared_error, model.cell.inputs, model.outputs, time, size, "late")
    trace = model.trace(time, size)
    loss_and_gradient(model, parameters, batch, mean_squared_error, trace, memory)
    return parameters, batch, memory, trace


def numeric_nudges(net: Callable, lab, hidden: int, nudged: Callable[[Array], dict]) -> Array:
    """dL by each entry of a nudge (T, H, B), which ``nudged`` turns into arguments of the plain loop ``net``."""
    parameters, batch, memory, _ = lab

    def loss(nudge):
        _, y = net(parameters, batch.x, memory=memory, **nudged(nudge))
        return reference_equations.loss("mean squared error", y, batch.target, batch.mask)

    return numeric_gradient(loss, np.zeros((len(batch.x), hidden, batch.x.shape[2])))
