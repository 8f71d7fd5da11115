"""The compiled time loops of the gated recurrent unit."""

import numpy as np

from rnn_tui.engine.cells import Cell, GRUCell
from rnn_tui.engine.cells.base import Unrolled, UnrollShape
from rnn_tui.engine.cells.gru import UnrolledGRU
from rnn_tui.engine.compiled.compiler import compiled
from rnn_tui.engine.compiled.functions import sigmoid, tanh
from rnn_tui.engine.compiled.loops import Compiled, Functions
from rnn_tui.engine.compiled.products import product, sums_with
from rnn_tui.engine.parameters import Array


@compiled
def forward(N: int, W: Array, W_n: Array, a: Array, sy: Array, rz: Array, n: Array, p: Array) -> None:
    """Write q_t = W_hn h_{t-1} + b_hn, p_t = W_xn x_t + b_xn, all states and y_t, for all t."""
    T, B = len(n), a.shape[1] // len(W)
    sums, sums_n = sums_with(W, B), sums_with(W_n, B)
    for t in range(T):
        product(W, a[t], sums, sy[t])  # the sums of r_t and z_t, q_t, and y_{t-1}
        product(W_n, a[t, N:], sums_n, p[t])
        states(t, N, a, sy, rz, n, p)
    product(W, a[T], sums, sy[T])  # the last y


@compiled
def states(t: int, N: int, a: Array, sy: Array, rz: Array, n: Array, p: Array) -> None:
    """Write r_t, z_t, n_t and h_t."""
    one = a.dtype.type(1)  # a Python number would make a float64 of a float32
    before, h, sums, rz_t, n_t, p_t = a[t], a[t + 1], sy[t], rz[t], n[t], p[t]
    for u in range(N):
        r, z, q = sigmoid(sums[u]), sigmoid(sums[N + u]), sums[2 * N + u]
        n_u = tanh(p_t[u] + r * q)
        h[u] = (one - z) * n_u + z * before[u]
        rz_t[u], rz_t[N + u], n_t[u] = r, z, n_u


@compiled
def backward(N: int, P_h: Array, a: Array, sy: Array, rz: Array, n: Array, back: Array, dh: Array, dp: Array) -> None:
    """Write dL/dh_t and all other gradients, for all t."""
    sums = sums_with(P_h, N // P_h.shape[1])
    for t in range(len(dh) - 1, -1, -1):
        product(P_h, back[t + 1, N:], sums, dh[t])
        gradients(t, N, a, sy, rz, n, back, dh, dp)


@compiled
def gradients(t: int, N: int, a: Array, sy: Array, rz: Array, n: Array, back: Array, dh: Array, dp: Array) -> None:
    """Write dL/dh_t, dL/dp_t and the gradients of the sums; before, ``dh`` has what flows back through the sums.

    dL/dp_t is also the gradient of the sum inside n_t.  ``back`` begins with z_t ∘ dL/dh_t, which reaches h_{t-1}
    around the sums.
    """
    one = dh.dtype.type(1)
    before, sums, rz_t, n_t = a[t], sy[t], rz[t], n[t]
    now, later, dh_t, dp_t = back[t], back[t + 1], dh[t], dp[t]
    for u in range(N):
        r, z, n_u, q = rz_t[u], rz_t[N + u], n_t[u], sums[2 * N + u]
        dh_u = dh_t[u] + later[u]
        dp_u = (one - z) * (one - n_u * n_u) * dh_u
        now[N + u] = r * (one - r) * q * dp_u
        now[2 * N + u] = z * (one - z) * (before[u] - n_u) * dh_u
        now[3 * N + u] = r * dp_u  # dL/dq_t
        dh_t[u], dp_t[u], now[u] = dh_u, dp_u, z * dh_u


class CompiledGRU(Compiled, UnrolledGRU):
    """An unrolled GRU with compiled time loops; ``sums`` are those of r and z, not their negatives."""

    functions = Functions(forward, states, backward, gradients)
    read, read_back = ("a", "sy", "rz", "n", "p"), ("a", "sy", "rz", "n", "back", "dh", "dp")

    def forward(self, matrices: list[Array]) -> None:
        if not self.small:
            np.matmul(matrices[1].T, self.a[:-1, self.dh.shape[1] :], out=self.buffers["p"])  # for all t at once
        super().forward(matrices)


def unroll(cell: Cell, shape: UnrollShape) -> Unrolled:
    """Return the unrolled cell."""
    assert isinstance(cell, GRUCell)
    return CompiledGRU(cell, shape)
