"""Models: a recurrent net unrolled over time, and a feed-forward net with a window.

A model holds sizes, never weights and never memory: parameters come in, a trace holds what was computed.  Both kinds
answer the same four calls, so that whoever trains or shows a model need not know which it is.
"""

from typing import Protocol, TypeAlias

import numpy as np

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.cells import Cell
from rnn_tui.engine.initializers import INITIALIZERS
from rnn_tui.engine.parameters import Array, Block, Layout, PackedMatrix, Parameters
from rnn_tui.engine.traces import RecurrentTrace, WindowTrace

Trace: TypeAlias = RecurrentTrace | WindowTrace


class Model(Protocol):
    """``forward`` and ``backward`` over a trace of the batch's own (T, B)."""

    layout: Layout

    def initial(self, rng: np.random.Generator, dtype: str = "float64") -> Parameters:
        """Fresh parameters; the same generator state gives the same bits."""

    def trace(self, time: int, batch: int, dtype: str = "float64") -> Trace:
        """Buffers for sequences of ``time`` steps, ``batch`` at once."""

    def forward(self, parameters: Parameters, x: Array, trace: Trace) -> Array:
        """x (T, I, B) -> y (T, O, B), a view of the trace."""

    def backward(self, parameters: Parameters, dy: Array, trace: Trace) -> Array:
        """dL/dy (T, O, B), after the forward pass of the same trace -> dL/dθ, flat (layout.size,), a new array."""


class RecurrentModel:
    """A cell unrolled over T time steps, with a linear output, trained by full backpropagation through time.

        h_t = cell(x_t, h_{t-1}),  h_0 = 0        y_t = W_hy h_t + b_y

    BPTT as in Werbos 1990.  Initial values: W_hh by ``initializer`` times ``gain``, all others uniform in
    (-1/√H, 1/√H), as PyTorch has it.
    """

    def __init__(self, cell: Cell, outputs: int, initializer: str = "uniform", gain: float = 1.0) -> None:
        self.cell, self.outputs = cell, outputs
        self.initializer, self.gain = initializer, gain
        I, H, Z, O = cell.inputs, cell.hidden, cell.sums, outputs
        self.sizes = (I, H, Z, O)
        output: dict[str, Block] = {"W_hy": (slice(0, H), slice(Z, Z + O)), "b_y": (H + I, slice(Z, Z + O))}
        self.layout = Layout(PackedMatrix(H + I + 1, Z + O, {**cell.blocks(), **output}))

    def initial(self, rng: np.random.Generator, dtype: str = "float64") -> Parameters:
        parameters = Parameters.zeros(self.layout, dtype)
        H = self.cell.hidden
        for name, view in parameters.views.items():
            if name == "W_hh":
                view[...] = self.gain * INITIALIZERS[self.initializer](rng, *view.shape)
            else:
                view[...] = rng.uniform(-1, 1, view.shape) / np.sqrt(H)
        return parameters

    def trace(self, time: int, batch: int, dtype: str = "float64") -> RecurrentTrace:
        return RecurrentTrace(self.sizes, time, batch, dtype)

    def forward(self, parameters: Parameters, x: Array, trace: Trace) -> Array:
        assert isinstance(trace, RecurrentTrace)
        (W,) = parameters.matrices
        trace.x[...], trace.h_start[...] = x, 0
        self.cell.roll_forward(W.T, trace)
        W.T.dot(trace.a[-1], trace.zy[-1])  # the last y
        return trace.y

    def backward(self, parameters: Parameters, dy: Array, trace: Trace) -> Array:
        assert isinstance(trace, RecurrentTrace)
        (W,) = parameters.matrices
        trace.dy[...] = dy
        self.cell.roll_backward(W, trace)
        gradient = np.empty(self.layout.size, parameters.dtype)
        trace.weight_gradient(out=gradient.reshape(W.shape))
        gradient *= self.layout.mask  # x reaches y through h alone
        return gradient


class FeedForwardModel:
    """A net without memory: one hidden layer over the last k inputs, the same at every time step.

        h_t = f(W_xh [x_t; x_{t-1}; …; x_{t-k+1}] + b_h)        y_t = W_hy h_t + b_y

    Inputs before the start of the sequence are zero.  Initial values: uniform in
    (-1/√fan-in, 1/√fan-in), as PyTorch has it.
    """

    def __init__(
        self,
        inputs: int,
        hidden: int,
        outputs: int,
        window: int = 1,
        activation: str = "tanh",
    ) -> None:
        self.inputs, self.hidden, self.outputs, self.window = inputs, hidden, outputs, window
        self.activation = ACTIVATIONS[activation]
        seen, H, O = window * inputs, hidden, outputs
        self.layout = Layout(
            PackedMatrix(seen + 1, H, {"W_xh": (slice(0, seen), slice(0, H)), "b_h": (seen, slice(0, H))}),
            PackedMatrix(H + 1, O, {"W_hy": (slice(0, H), slice(0, O)), "b_y": (H, slice(0, O))}),
        )

    def initial(self, rng: np.random.Generator, dtype: str = "float64") -> Parameters:
        parameters = Parameters.zeros(self.layout, dtype)
        for matrix in parameters.matrices:  # (fan-in + 1, out): the last row is the bias
            matrix[...] = rng.uniform(-1, 1, matrix.shape) / np.sqrt(len(matrix) - 1)
        return parameters

    def trace(self, time: int, batch: int, dtype: str = "float64") -> WindowTrace:
        return WindowTrace((self.inputs, self.hidden, self.window, self.outputs), time, batch, dtype)

    def forward(self, parameters: Parameters, x: Array, trace: Trace) -> Array:
        assert isinstance(trace, WindowTrace)
        W_in, W_out = parameters.matrices
        T, I = len(x), self.inputs
        for lag in range(min(self.window, T)):
            trace.u[lag * I : (lag + 1) * I, lag:] = x[: T - lag].transpose(1, 0, 2)
        np.dot(W_in.T, _wide(trace.u), out=_wide(trace.z_rows))
        self.activation.apply(trace.z_rows, trace.a[:-1])
        np.dot(W_out.T, _wide(trace.a), out=_wide(trace.y_rows))
        return trace.y

    def backward(self, parameters: Parameters, dy: Array, trace: Trace) -> Array:
        assert isinstance(trace, WindowTrace)
        _, W_out = parameters.matrices
        trace.dy[...] = dy
        np.dot(W_out[:-1], _wide(trace.dy_rows), out=_wide(trace.dh_rows))
        self.activation.slope(trace.a[:-1], trace.slope)
        np.multiply(trace.dh_rows, trace.slope, out=trace.dz_rows)
        gradient = np.empty(self.layout.size, parameters.dtype)
        dW_in, dW_out = self.layout.matrices(gradient)
        np.dot(_wide(trace.u), _wide(trace.dz_rows).T, out=dW_in)
        np.dot(_wide(trace.a), _wide(trace.dy_rows).T, out=dW_out)
        return gradient


def _wide(rows: Array) -> Array:
    """(features, T, B) -> (features, T·B)"""
    return rows.reshape(len(rows), -1)
