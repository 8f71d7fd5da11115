"""The compiled time loops of the gated recurrent unit."""

from math import tanh

from rnn_tui.engine.cells import Cell, GRUCell
from rnn_tui.engine.cells.base import Unrolled, UnrollShape
from rnn_tui.engine.cells.gru import UnrolledGRU
from rnn_tui.engine.compiled.loops import compiled, product, sigmoid, to_h
from rnn_tui.engine.parameters import Array


@compiled
def forward(P: Array, P_n: Array, a: Array, sy: Array, rz: Array, held_n: Array, p: Array) -> None:
    """Write r_t, z_t, n_t and h_t, for all t, with q_t = W_hn h_{t-1} + b_hn and p_t = W_xn x_t + b_xn."""
    T, H, B = held_n.shape
    for t in range(T):
        product(P, a[t], sy[t])  # the sums of r_t and z_t, q_t, and y_{t-1}
        product(P_n, a[t, H:], p[t])
        for u in range(H):
            for b in range(B):
                r, z, q = sigmoid(sy[t, u, b]), sigmoid(sy[t, H + u, b]), sy[t, 2 * H + u, b]
                n = tanh(p[t, u, b] + r * q)
                a[t + 1, u, b] = (1 - z) * n + z * a[t, u, b]  # h_t
                rz[t, u, b], rz[t, H + u, b], held_n[t, u, b] = r, z, n
    product(P, a[T], sy[T])  # the last y


@compiled
def backward(P_h: Array, a: Array, sy: Array, rz: Array, held_n: Array, back: Array, dh: Array, dp: Array) -> None:
    """Write dL/dh_t, dL/dp_t and the gradients of the sums, for all t.

    dL/dp_t is that of the sum inside n_t.  ``back`` begins with z_t ∘ dL/dh_t, which reaches h_{t-1} around the sums.
    """
    T, H, B = dh.shape
    for t in range(T - 1, -1, -1):
        product(P_h, back[t + 1, H:], dh[t])
        for u in range(H):
            for b in range(B):
                r, z, n, q = rz[t, u, b], rz[t, H + u, b], held_n[t, u, b], sy[t, 2 * H + u, b]
                dh_t = dh[t, u, b] + back[t + 1, u, b]
                dp_t = (1 - z) * (1 - n * n) * dh_t
                back[t, H + u, b] = r * (1 - r) * q * dp_t
                back[t, 2 * H + u, b] = z * (1 - z) * (a[t, u, b] - n) * dh_t
                back[t, 3 * H + u, b] = r * dp_t  # dL/dq_t
                dh[t, u, b], dp[t, u, b], back[t, u, b] = dh_t, dp_t, z * dh_t


class CompiledGRU(UnrolledGRU):
    """An unrolled GRU with compiled time loops; ``sums`` are those of r and z, not their negatives."""

    def forward(self, matrices: list[Array]) -> None:
        rz, n, p = (self.buffers[name] for name in ("rz", "n", "p"))
        forward(matrices[0], matrices[1], self.a, self.sy, rz, n, p)

    def backward(self, matrices: list[Array]) -> None:
        rz, n, dp = (self.buffers[name] for name in ("rz", "n", "dp"))
        backward(to_h(matrices[0], n.shape[1]), self.a, self.sy, rz, n, self.back, self.dh, dp)


def unroll(cell: Cell, shape: UnrollShape) -> Unrolled:
    """Return the unrolled cell."""
    assert isinstance(cell, GRUCell)
    return CompiledGRU(cell, shape)
