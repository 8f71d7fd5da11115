"""Forward and backward passes for diagnostics: in float64, and with as many copies of a sequence as buffers allow."""

from collections.abc import Iterator
from copy import copy

import numpy as np

from rnn_tui.engine.cells.base import Unrolled
from rnn_tui.engine.models import FeedForwardModel, Model, RecurrentModel, Trace
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.training import Buffers

MOST_NUMBERS = 2**20  # in the buffers of one pass: 8 MB


def precise(parameters: Parameters) -> Parameters:
    """Return the parameters in float64."""
    return Parameters(parameters.layout, parameters.flat.astype(float))


def untruncated(model: Model) -> Model:
    """Return the model with a gradient that flows through the whole sequence."""
    return truncated(model, 0)


def truncated(model: Model, truncation: int) -> Model:
    """Return the model with a gradient that is cut every ``truncation`` time steps; 0: never."""
    if not isinstance(model, RecurrentModel) or model.truncation == truncation:
        return model
    other = copy(model)
    other.truncation = truncation
    return other


def state_size(model: Model) -> int:
    """Return N, how many numbers ``hidden_states`` returns at a time step: H; of an LSTM 2 H."""
    if isinstance(model, RecurrentModel):
        return len(model.cell.memory) * model.cell.hidden
    assert isinstance(model, FeedForwardModel)
    return model.hidden


def pieces(count: int, numbers: int) -> Iterator[slice]:
    """Yield slices of ``range(count)`` such that buffers of ``numbers`` per item stay below ``MOST_NUMBERS``."""
    size = max(1, min(count, MOST_NUMBERS // max(1, numbers)))
    for start in range(0, count, size):
        yield slice(start, min(count, start + size))


def states_of(trace: Trace) -> Array:
    """Return what a net knows of the past after each time step (T, N, B): h, of an LSTM [h; c]."""
    return trace.carried_states() if isinstance(trace, Unrolled) else trace.h.copy()


@np.errstate(all="ignore")
def hidden_states(model: Model, parameters: Parameters, x: Array) -> Array:
    """Return what the net knows of the past (T, N, B) after each time step of x (T, I, B).

    N is H; of an LSTM 2 H, [h; c], the units first.
    """
    parameters, (T, _, B) = precise(parameters), x.shape
    found, buffers = [], Buffers()
    for part in pieces(B, model.numbers(T, 1)):
        trace = buffers.trace(model, T, part.stop - part.start, parameters.dtype)
        model.forward(parameters, x[..., part], trace)
        found.append(states_of(trace))
    return np.concatenate(found, axis=2)


def answer_gradients(model: Model, parameters: Parameters, x: Array, answers: Array) -> Iterator[tuple[slice, Trace]]:
    """Yield traces after a backward pass from one answer each: copy τ of x (T, I) is scored at time step τ only.

    With them comes the slice of those τ; the next trace overwrites this one.  ``answers`` (T,): the output that is the
    answer at each time step.
    """
    T, buffers = len(x), Buffers()
    for part in pieces(T, model.numbers(T, 1)):
        taus = np.arange(T)[part]
        trace = buffers.trace(model, T, len(taus), parameters.dtype)
        y = model.forward(parameters, np.broadcast_to(x[..., None], (*x.shape, len(taus))), trace)
        dy = np.zeros(y.shape)
        dy[taus, answers[part], np.arange(len(taus))] = 1
        send_back(model, parameters, dy, trace)
        yield part, trace


def send_back(model: Model, parameters: Parameters, dy: Array, trace: Trace) -> None:
    """Take dL/dy (T, O, B) back through the trace, as ``model.backward`` does, but without the weights' gradients."""
    if isinstance(trace, Unrolled):
        trace.receive(dy)
        trace.backward(parameters.matrices)
    else:
        model.backward(parameters, dy, trace)


def likeliest(model: Model, parameters: Parameters, x: Array) -> Array:
    """Return the output that is the answer at each time step (T,): of several outputs the greatest."""
    y = model.forward(parameters, x[..., None], model.trace(len(x), 1))
    return np.asarray(y[..., 0].argmax(axis=1))
