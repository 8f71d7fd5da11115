"""The compiled time loops of Elman's simple recurrent cell with tanh."""

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.cells import Cell, RNNCell
from rnn_tui.engine.cells.base import Unrolled, UnrollShape
from rnn_tui.engine.cells.elman import UnrolledRNN
from rnn_tui.engine.compiled.compiler import compiled
from rnn_tui.engine.compiled.functions import tanh
from rnn_tui.engine.compiled.loops import Compiled, Functions
from rnn_tui.engine.compiled.products import product, sums_with
from rnn_tui.engine.parameters import Array


@compiled
def forward(N: int, W: Array, a: Array, sy: Array) -> None:
    """Write z_t = W_hh h_{t-1} + W_xh x_t + b_h, h_t and y_t, for all t."""
    T, sums = len(a) - 1, sums_with(W, a.shape[1] // len(W))
    for t in range(T):
        product(W, a[t], sums, sy[t])  # z_t and y_{t-1}
        states(t, N, a, sy)
    product(W, a[T], sums, sy[T])  # the last y


@compiled
def states(t: int, N: int, a: Array, sy: Array) -> None:
    """Write h_t = tanh(z_t)."""
    h, z = a[t + 1], sy[t]
    for u in range(N):
        h[u] = tanh(z[u])


@compiled
def backward(N: int, P_h: Array, a: Array, dsy: Array, dh: Array) -> None:
    """Write dL/dh_t = W_hhᵀ dL/dz_{t+1} + W_hyᵀ dL/dy_t and dL/dz_t, for all t."""
    sums = sums_with(P_h, N // P_h.shape[1])
    for t in range(len(dh) - 1, -1, -1):
        product(P_h, dsy[t + 1], sums, dh[t])
        gradients(t, N, a, dsy, dh)


@compiled
def gradients(t: int, N: int, a: Array, dsy: Array, dh: Array) -> None:
    """Write dL/dz_t = (1 - h_t²) ∘ dL/dh_t."""
    one = dh.dtype.type(1)  # a Python number would make a float64 of a float32
    h, dz, dh_t = a[t + 1], dsy[t], dh[t]
    for u in range(N):
        dz[u] = (one - h[u] * h[u]) * dh_t[u]


class CompiledRNN(Compiled, UnrolledRNN):
    """An unrolled RNN with compiled time loops."""

    functions = Functions(forward, states, backward, gradients)
    read, read_back = ("a", "sy"), ("a", "back", "dh")


def unroll(cell: Cell, shape: UnrollShape) -> Unrolled:
    """Return the unrolled cell; with another activation than tanh, with NumPy's loops."""
    assert isinstance(cell, RNNCell)
    return CompiledRNN(cell, shape) if cell.activation is ACTIVATIONS["tanh"] else cell.unroll(shape)
