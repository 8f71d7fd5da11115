"""Models: a recurrent net unrolled over time, and a feed-forward net with a window.

A model has sizes, but no weights and no state: parameters are arguments, and a trace stores what was computed.  Both
kinds have the same interface, so that other code need not know which it uses.
"""

from collections.abc import Iterable, Mapping
from math import prod
from typing import Any, ClassVar, Protocol, TypeAlias

import numpy as np

from rnn_tui.engine import compiled
from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.architecture import ACTIVATION, Architecture, Option, State, TorchSource
from rnn_tui.engine.cells import Cell
from rnn_tui.engine.cells.base import Unrolled, UnrollShape, wide
from rnn_tui.engine.initializers import INITIALIZERS, INPUT_INITIALIZERS
from rnn_tui.engine.parameters import Array, Block, Layout, PackedMatrix, Parameters
from rnn_tui.engine.window_buffers import WindowTrace

Trace: TypeAlias = Unrolled | WindowTrace

OUTPUT_EQUATION = "y_t = W_hy h_t + b_y"  # of every model


class Model(Protocol):
    """The interface of a model: ``forward`` and ``backward`` with a trace for the batch's (T, B)."""

    layout: Layout

    def initial(self, rng: np.random.Generator, dtype: str = "float64") -> Parameters:
        """Return initial parameters; the same generator state gives the same bits."""

    def trace(self, time: int, batch: int, dtype: str = "float64") -> Trace:
        """Return buffers for ``batch`` sequences of ``time`` steps."""

    def numbers(self, time: int, batch: int) -> int:
        """Return the number of numbers in the buffers of that trace."""

    def forward(self, parameters: Parameters, x: Array, trace: Trace, memory: Array | None = None) -> Array:
        """Return y (T, O, B), a view of the trace, for x (T, I, B).

        ``memory``: ``trace.end()`` of the sequences that these continue; None if they begin here.
        """

    def backward(self, parameters: Parameters, dy: Array, trace: Trace) -> Array:
        """Return dL/dθ, a new flat array (layout.size,), for dL/dy (T, O, B), after the trace's forward pass."""


class RecurrentModel:
    """A cell unrolled over T time steps, with a linear output, trained by backpropagation through time.

        h_t = cell(x_t, h_{t-1})        y_t = W_hy h_t + b_y

    BPTT as in Werbos 1990.  With a ``truncation`` of k the gradient, and only the gradient, is cut between the time
    steps k | k + 1, 2k | 2k + 1, … of a batch, as if the batch were read in pieces of k and the hidden state detached
    between them (the general case is in Williams and Peng 1990): it reaches back at most k - 1 time steps.  With 0 it
    reaches through the whole batch.  A state inherited from the previous batch is always detached.

    Initial values: the recurrent H × H matrices by ``initializer`` times ``gain``, and a few initializers also give the
    input weights; all others uniform in (-1/√H, 1/√H), as in PyTorch.

    ``engine``: what computes the time loops, a name of ``compiled.ENGINES``.
    """

    def __init__(
        self,
        cell: Cell,
        outputs: int,
        initializer: str = "uniform",
        gain: float = 1.0,
        truncation: int = 0,
        engine: str = "numpy",
    ) -> None:
        self.cell, self.outputs, self.engine = cell, outputs, engine
        self.initializer, self.gain, self.truncation = initializer, gain, truncation
        first, *others = cell.packed(outputs)
        h, y = slice(0, cell.hidden), slice(first.columns - outputs, first.columns)
        output: dict[str, Block] = {"W_hy": (h, y), "b_y": (first.rows - 1, y)}
        self.layout = Layout(PackedMatrix(first.rows, first.columns, {**first.blocks, **output}), *others)

    def initial(self, rng: np.random.Generator, dtype: str = "float64") -> Parameters:
        parameters = Parameters.zeros(self.layout, dtype)
        for name, view in parameters.views.items():
            if name in self.cell.recurrent:
                view[...] = self.gain * INITIALIZERS[self.initializer](rng, *view.shape)
            elif name.startswith("W_x") and self.initializer in INPUT_INITIALIZERS:
                view[...] = INPUT_INITIALIZERS[self.initializer](rng, *view.shape)
            else:
                view[...] = rng.uniform(-1, 1, view.shape) / np.sqrt(self.cell.hidden)
        for name, offset in self.cell.offsets.items():
            parameters[name][...] += offset
        return parameters

    def trace(self, time: int, batch: int, dtype: str = "float64") -> Unrolled:
        shape = UnrollShape(time, batch, self.outputs, dtype, self.truncation)
        return compiled.unroll(self.cell, shape) if self.engine == "compiled" else self.cell.unroll(shape)

    def numbers(self, time: int, batch: int) -> int:
        return _numbers(self.cell.buffers(UnrollShape(time, batch, self.outputs, depth=self.truncation)).values())

    def forward(self, parameters: Parameters, x: Array, trace: Trace, memory: Array | None = None) -> Array:
        assert isinstance(trace, Unrolled)
        trace.begin(x, memory)
        trace.forward(parameters.matrices)
        return trace.y

    def backward(self, parameters: Parameters, dy: Array, trace: Trace) -> Array:
        assert isinstance(trace, Unrolled)
        trace.receive(dy)
        trace.backward(parameters.matrices)
        gradient = np.empty(self.layout.size, parameters.dtype)
        trace.weight_gradients(out=self.layout.matrices(gradient))
        gradient[self.layout.holes] = 0  # the product fills them too, such as those from x to y
        return gradient


NUMPY = """\
    # h_t = f(W_xh x_t + b_h), at all time steps at once
    h = f(x @ W_xh.T + b_h)  # (T, B, H)"""

NUMPY_WINDOW = """\
    # before the start of the sequences x is zero
    before = np.zeros(($before, *x.shape[1:]), x.dtype)
    past = np.concatenate([before, x])  # ($before + T, B, I)
    # h_t = f(W_xh [x_t; x_{t-1}; ...] + b_h), at all time steps at once
    lagged = [past[$before - lag : len(past) - lag] for lag in range($K)]
    h = f(np.concatenate(lagged, axis=-1) @ W_xh.T + b_h)  # (T, B, H)"""

TORCH = """\
    z = net["hidden"](x)  # (T, B, I) -> (T, B, H)
    h = $f"""

TORCH_WINDOW = """\
    # the last $K inputs, the latest first, with zeros before the start of the sequences
    seen = [F.pad(x, (0, 0, 0, 0, lag, 0))[: len(x)] for lag in range($K)]
    z = net["hidden"](torch.cat(seen, dim=-1))  # (T, B, $K I) -> (T, B, H)
    h = $f"""


def _numbers(shapes: Iterable[tuple[int, ...]]) -> int:
    return sum(map(prod, shapes))


class FeedForwardModel(Architecture):
    """A net without memory: one hidden layer over the last k inputs, the same at every time step.

        h_t = f(W_xh [x_t; x_{t-1}; …; x_{t-k+1}] + b_h)        y_t = W_hy h_t + b_y

    Inputs before the start of the sequence are zero, unless it continues another.  Initial values: uniform in
    (-1/√fan-in, 1/√fan-in), as in PyTorch.
    """

    phrase: ClassVar[str] = "a feed-forward net"
    states: ClassVar[Mapping[str, State]] = {"h": State("hidden layer", "f")}
    options: ClassVar[Mapping[str, Option]] = {
        "activation": ACTIVATION,
        "window": Option(1, "window", "the number of inputs that it sees, with the current one", range(1, 201), 1, 200),
    }
    equations: ClassVar[tuple[str, ...]] = ("h_t = f(W_xh [x_t, x_(t-1), …] + b_h)",)
    backward_equations: ClassVar[tuple[str, ...]] = (
        "∂L/∂h_t = W_hyᵀ ∂L/∂y_t, ∂L/∂z_t = f'(z_t)·∂L/∂h_t, z_t: the sum inside f",
        "∂L/∂b_h = Σ_t ∂L/∂z_t, also summed over all sequences",
    )
    single_sum: ClassVar[bool] = True
    torch_names: ClassVar[Mapping[str, tuple[str, ...]]] = {"hidden.weight": ("W_xh",), "hidden.bias": ("b_h",)}

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

    def numbers(self, time: int, batch: int) -> int:
        sizes = self.inputs, self.hidden, self.window, self.outputs
        return _numbers(WindowTrace.shapes(sizes, time, batch).values())

    @classmethod
    def inherited(cls, memory: Array) -> dict[str, Array]:
        """Return the inputs (k - 1, I, B) before the first one."""
        return {"x": memory}

    @classmethod
    def numpy_source(cls, settings: Mapping[str, Any]) -> str:
        return NUMPY_WINDOW if settings["window"] > 1 else NUMPY

    @classmethod
    def torch_source(cls, settings: Mapping[str, Any]) -> TorchSource | None:
        f = ACTIVATIONS[settings["activation"]].torch
        forward = (TORCH_WINDOW if settings["window"] > 1 else TORCH).replace("$f", f.format("z"))
        return TorchSource("hidden", "nn.Linear($KI, $H)", forward) if f else None

    @staticmethod
    def matching(count: int, inputs: int, outputs: int, window: int) -> int:
        """Return H at which the net's number of parameters, H (k I + 1 + O) + O, is nearest to ``count``."""
        return max(1, round((count - outputs) / (window * inputs + 1 + outputs)))

    def forward(self, parameters: Parameters, x: Array, trace: Trace, memory: Array | None = None) -> Array:
        assert isinstance(trace, WindowTrace)
        W_in, W_out = parameters.matrices
        trace.begin(x, memory)
        np.dot(W_in.T, wide(trace.u), out=wide(trace.z_rows))
        self.activation.apply(trace.z_rows, trace.a[:-1])
        np.dot(W_out.T, wide(trace.a), out=wide(trace.y_rows))
        return trace.y

    def backward(self, parameters: Parameters, dy: Array, trace: Trace) -> Array:
        assert isinstance(trace, WindowTrace)
        _, W_out = parameters.matrices
        trace.dy[...] = dy
        np.dot(W_out[:-1], wide(trace.dy_rows), out=wide(trace.dh_rows))
        self.activation.slope(trace.a[:-1], trace.slope)
        np.multiply(trace.dh_rows, trace.slope, out=trace.dz_rows)
        gradient = np.empty(self.layout.size, parameters.dtype)
        dW_in, dW_out = self.layout.matrices(gradient)
        np.dot(wide(trace.u), wide(trace.dz_rows).T, out=dW_in)
        np.dot(wide(trace.a), wide(trace.dy_rows).T, out=dW_out)
        return gradient
