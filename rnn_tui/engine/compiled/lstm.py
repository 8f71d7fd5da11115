"""The compiled time loops of the long short-term memory."""

from math import tanh

from rnn_tui.engine.cells import Cell, LSTMCell
from rnn_tui.engine.cells.base import Unrolled, UnrollShape
from rnn_tui.engine.cells.lstm import UnrolledLSTM
from rnn_tui.engine.compiled.loops import compiled, product, sigmoid, to_h
from rnn_tui.engine.parameters import Array

# The rows of the buffers, in blocks of H: ``gates`` i_t, f_t, o_t; ``values`` g_t, c_{t-1}, tanh c_t.


@compiled
def forward(P: Array, a: Array, sy: Array, gates: Array, values: Array, H: int) -> None:
    """Write i_t, f_t, o_t, g_t, c_t and h_t, for all t."""
    T, B = len(a) - 1, a.shape[2]
    for t in range(T):
        product(P, a[t], sy[t])  # the sums of i_t, f_t, o_t and g_t, and y_{t-1}
        for u in range(H):
            for b in range(B):
                i, f, o = sigmoid(sy[t, u, b]), sigmoid(sy[t, H + u, b]), sigmoid(sy[t, 2 * H + u, b])
                g = tanh(sy[t, 3 * H + u, b])
                c = f * values[t, H + u, b] + i * g
                tanh_c = tanh(c)
                a[t + 1, u, b] = o * tanh_c  # h_t
                values[t, u, b], values[t + 1, H + u, b], values[t, 2 * H + u, b] = g, c, tanh_c
                gates[t, u, b], gates[t, H + u, b], gates[t, 2 * H + u, b] = i, f, o
    product(P, a[T], sy[T])  # the last y


@compiled
def backward(P_h: Array, gates: Array, values: Array, back: Array, dh: Array, dc: Array) -> None:
    """Write dL/dh_t, dL/dc_t and the gradients of the sums, for all t.

    ``back`` begins with f_t ∘ dL/dc_t, which reaches c_{t-1} around the sums.
    """
    T, H, B = dh.shape
    for t in range(T - 1, -1, -1):
        product(P_h, back[t + 1, H:], dh[t])
        for u in range(H):
            for b in range(B):
                g, c_before, tanh_c = values[t, u, b], values[t, H + u, b], values[t, 2 * H + u, b]
                i, f, o = gates[t, u, b], gates[t, H + u, b], gates[t, 2 * H + u, b]
                dh_t = dh[t, u, b]
                dc_t = o * (1 - tanh_c * tanh_c) * dh_t + back[t + 1, u, b]
                back[t, H + u, b] = i * (1 - i) * g * dc_t
                back[t, 2 * H + u, b] = f * (1 - f) * c_before * dc_t
                back[t, 3 * H + u, b] = o * (1 - o) * tanh_c * dh_t
                back[t, 4 * H + u, b] = (1 - g * g) * i * dc_t
                dc[t, u, b], back[t, u, b] = dc_t, f * dc_t


class CompiledLSTM(UnrolledLSTM):
    """An unrolled LSTM with compiled time loops; ``sums`` are those of the gates, not their negatives."""

    def forward(self, matrices: list[Array]) -> None:
        forward(matrices[0], self.a, self.sy, self.buffers["gates"], self.buffers["values"], self.dh.shape[1])

    def backward(self, matrices: list[Array]) -> None:
        gates, values, dc = (self.buffers[name] for name in ("gates", "values", "dc"))
        backward(to_h(matrices[0], self.dh.shape[1]), gates, values, self.back, self.dh, dc)


def unroll(cell: Cell, shape: UnrollShape) -> Unrolled:
    """Return the unrolled cell."""
    assert isinstance(cell, LSTMCell)
    return CompiledLSTM(cell, shape)
