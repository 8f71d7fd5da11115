"""The compiled time loops of Elman's simple recurrent cell with tanh."""

from math import tanh

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.cells import Cell, RNNCell
from rnn_tui.engine.cells.base import Unrolled, UnrollShape
from rnn_tui.engine.cells.elman import UnrolledRNN
from rnn_tui.engine.compiled.loops import compiled, product, to_h
from rnn_tui.engine.parameters import Array

MOST = 32  # H times B: a time step of this cell in NumPy has only two calls


@compiled
def forward(P: Array, a: Array, sy: Array, H: int) -> None:
    """Write z_t = W_hh h_{t-1} + W_xh x_t + b_h and h_t = tanh(z_t), for all t."""
    T, B = len(a) - 1, a.shape[2]
    for t in range(T):
        product(P, a[t], sy[t])  # z_t and y_{t-1}
        for u in range(H):
            for b in range(B):
                a[t + 1, u, b] = tanh(sy[t, u, b])  # h_t
    product(P, a[T], sy[T])  # the last y


@compiled
def backward(P_h: Array, a: Array, dsy: Array, dh: Array) -> None:
    """Write dL/dh_t and dL/dz_t = (1 - h_t²) ∘ dL/dh_t, for all t."""
    T, H, B = dh.shape
    for t in range(T - 1, -1, -1):
        product(P_h, dsy[t + 1], dh[t])  # dL/dh_t = W_hhᵀ dL/dz_{t+1} + W_hyᵀ dL/dy_t
        for u in range(H):
            for b in range(B):
                h = a[t + 1, u, b]
                dsy[t, u, b] = (1 - h * h) * dh[t, u, b]


class CompiledRNN(UnrolledRNN):
    """An unrolled RNN with compiled time loops."""

    def forward(self, matrices: list[Array]) -> None:
        forward(matrices[0], self.a, self.sy, self.dh.shape[1])

    def backward(self, matrices: list[Array]) -> None:
        backward(to_h(matrices[0], self.dh.shape[1]), self.a, self.dsy, self.dh)


def unroll(cell: Cell, shape: UnrollShape) -> Unrolled:
    """Return the unrolled cell; with another activation than tanh, or above ``MOST``, with NumPy's loops."""
    assert isinstance(cell, RNNCell)
    fits = cell.activation is ACTIVATIONS["tanh"] and cell.hidden * shape.batch <= MOST
    return CompiledRNN(cell, shape) if fits else cell.unroll(shape)
