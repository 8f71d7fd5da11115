"""The compiled time loops of the long short-term memory."""

from rnn_tui.engine.cells import Cell, LSTMCell
from rnn_tui.engine.cells.base import Unrolled, UnrollShape
from rnn_tui.engine.cells.lstm import UnrolledLSTM
from rnn_tui.engine.compiled.compiler import compiled
from rnn_tui.engine.compiled.functions import sigmoid, tanh
from rnn_tui.engine.compiled.loops import Compiled, Functions
from rnn_tui.engine.compiled.products import product, sums_with
from rnn_tui.engine.parameters import Array

# The rows of the buffers, in blocks of H: ``gates`` i_t, f_t, o_t; ``values`` g_t, c_{t-1}, tanh c_t.


@compiled
def forward(N: int, W: Array, a: Array, sy: Array, gates: Array, values: Array) -> None:
    """Write all states and y_t, for all t."""
    T, sums = len(a) - 1, sums_with(W, a.shape[1] // len(W))
    for t in range(T):
        product(W, a[t], sums, sy[t])  # the sums of i_t, f_t, o_t and g_t, and y_{t-1}
        states(t, N, a, sy, gates, values)
    product(W, a[T], sums, sy[T])  # the last y


@compiled
def states(t: int, N: int, a: Array, sy: Array, gates: Array, values: Array) -> None:
    """Write i_t, f_t, o_t, g_t, c_t and h_t."""
    h, sums, gates_t, now, later = a[t + 1], sy[t], gates[t], values[t], values[t + 1]
    for u in range(N):
        i, f, o = sigmoid(sums[u]), sigmoid(sums[N + u]), sigmoid(sums[2 * N + u])
        g = tanh(sums[3 * N + u])
        c = f * now[N + u] + i * g
        tanh_c = tanh(c)
        h[u] = o * tanh_c
        now[u], later[N + u], now[2 * N + u] = g, c, tanh_c
        gates_t[u], gates_t[N + u], gates_t[2 * N + u] = i, f, o


@compiled
def backward(N: int, P_h: Array, gates: Array, values: Array, back: Array, dh: Array, dc: Array) -> None:
    """Write dL/dh_t and all other gradients, for all t."""
    sums = sums_with(P_h, N // P_h.shape[1])
    for t in range(len(dh) - 1, -1, -1):
        product(P_h, back[t + 1, N:], sums, dh[t])
        gradients(t, N, gates, values, back, dh, dc)


@compiled
def gradients(t: int, N: int, gates: Array, values: Array, back: Array, dh: Array, dc: Array) -> None:
    """Write dL/dc_t and the gradients of the sums.

    ``back`` begins with f_t ∘ dL/dc_t, which reaches c_{t-1} around the sums.
    """
    one = dh.dtype.type(1)  # a Python number would make a float64 of a float32
    gates_t, values_t, now, later, dh_t, dc_t = gates[t], values[t], back[t], back[t + 1], dh[t], dc[t]
    for u in range(N):
        i, f, o = gates_t[u], gates_t[N + u], gates_t[2 * N + u]
        g, c_before, tanh_c = values_t[u], values_t[N + u], values_t[2 * N + u]
        dh_u = dh_t[u]
        dc_u = o * (one - tanh_c * tanh_c) * dh_u + later[u]
        now[N + u] = i * (one - i) * g * dc_u
        now[2 * N + u] = f * (one - f) * c_before * dc_u
        now[3 * N + u] = o * (one - o) * tanh_c * dh_u
        now[4 * N + u] = (one - g * g) * i * dc_u
        dc_t[u], now[u] = dc_u, f * dc_u


class CompiledLSTM(Compiled, UnrolledLSTM):
    """An unrolled LSTM with compiled time loops; ``sums`` are those of the gates, not their negatives."""

    functions = Functions(forward, states, backward, gradients)
    read, read_back = ("a", "sy", "gates", "values"), ("gates", "values", "back", "dh", "dc")


def unroll(cell: Cell, shape: UnrollShape) -> Unrolled:
    """Return the unrolled cell."""
    assert isinstance(cell, LSTMCell)
    return CompiledLSTM(cell, shape)
