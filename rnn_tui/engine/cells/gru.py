"""The gated recurrent unit, in PyTorch's variant."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from rnn_tui.engine.cells.base import Cell, Shape, State, Unrolled, wide
from rnn_tui.engine.cells.packing import Sigmoids, packed_by_gate
from rnn_tui.engine.parameters import Array, PackedMatrix


class GRUCell(Cell):
    """The gated recurrent unit (Cho et al. 2014), with the reset gate after the product, as PyTorch has it.

        r_t = σ(W_hr h_{t-1} + W_xr x_t + b_r)                 how much of the past the candidate sees
        z_t = σ(W_hz h_{t-1} + W_xz x_t + b_z)                 how much of the past stays
        n_t = tanh(W_xn x_t + b_xn + r_t ∘ (W_hn h_{t-1} + b_hn))            the candidate
        h_t = (1 - z_t) ∘ n_t + z_t ∘ h_{t-1}

    Args:
        inputs: I. hidden: H.
    """

    recurrent: ClassVar[tuple[str, ...]] = ("W_hr", "W_hz", "W_hn")
    states: ClassVar[Mapping[str, State]] = {
        "r": State("reset gate", "σ"),
        "z": State("update gate", "σ"),
        "n": State("candidate", "tanh"),
        "h": State("hidden state", bounded=True),
    }
    equations: ClassVar[tuple[str, ...]] = (
        "r_t = σ(W_hr h_(t-1) + W_xr x_t + b_r), z_t = σ(W_hz h_(t-1) + W_xz x_t + b_z)",
        "n_t = tanh(W_xn x_t + b_xn + r_t·(W_hn h_(t-1) + b_hn)), h_t = (1 − z_t)·n_t + z_t·h_(t-1)",
    )

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden, sums=3 * hidden)

    def packed(self, outputs: int) -> list[PackedMatrix]:
        """The candidate's share of x stays apart, since r_t does not act on it."""
        I, H = self.inputs, self.hidden
        own = slice(0, H)
        return [
            packed_by_gate("rzn", I, H, outputs, without_x="n"),
            PackedMatrix(I + 1, H, {"W_xn": (slice(0, I), own), "b_xn": (I, own)}),
        ]

    def unroll(self, shape: Shape) -> "UnrolledGRU":
        return UnrolledGRU(self, shape)

    def numbers(self, shape: Shape) -> int:
        """(7 T + 1 + C) B H more, and one copy of the packed matrix."""
        T, B, O, I, H = *shape[:3], self.inputs, self.hidden
        more = (7 * T + 1 + len(shape.cuts)) * B * H
        return super().numbers(shape) + more + Sigmoids.numbers(self.sums + O, H + I + 1)


class UnrolledGRU(Unrolled):
    """The sums are those of r and z, and q.

    With q_t = W_hn h_{t-1} + b_hn, and p_t = W_xn x_t + b_xn + r_t ∘ q_t, of which n_t is the tanh:

        dL/dp_t = (1 - n_t²) (1 - z_t) ∘ dL/dh_t                dL/dq_t = r_t ∘ dL/dp_t
        dL/dz_t = z_t (1 - z_t) (h_{t-1} - n_t) ∘ dL/dh_t       dL/dr_t = r_t (1 - r_t) q_t ∘ dL/dp_t

    (of z and r: with respect to their sums), and z_t ∘ dL/dh_t reaches h_{t-1} directly.
    """

    def __init__(self, cell: GRUCell, shape: Shape) -> None:
        super().__init__(cell, shape)
        (T, B), H = self.shape, cell.hidden
        self._hidden = H
        self._sigmoids = Sigmoids((self.a.shape[1], self.sy.shape[1]), 2 * H, self.dtype)
        self._rz, self._n, self._p = self.new(T, 2 * H), self.new(T, H), self.new(T, H)
        self._r, self._z, self._q = self._rz[:, :H], self._rz[:, H:], self.sums[:, 2 * H :]
        self._dr, self._dz, self._dq = (self.dsums[:, k * H : (k + 1) * H] for k in range(3))
        self._dp, self._dp_rows, self._directly = self.new(T, H), np.zeros((H, T, B), self.dtype), self.new(T + 1, H)
        self.states |= {"r": self._r, "z": self._z, "n": self._n}
        self._up, self._down = self._views_up(), self._views_down()

    def _views_up(self) -> list[tuple[Array, ...]]:
        minus_sums = self.sums[:, : 2 * self._hidden]
        products, gates = (self.a[:-1], self.sy[:-1]), (minus_sums, self._rz, self._r, self._z)
        return list(zip(*products, *gates, self._q, self._p, self._n, self.before, self.h, strict=True))

    def forward(self, matrices: list[Array]) -> None:
        P, one = self._sigmoids.signed(matrices[0]), self._sigmoids.one
        np.matmul(matrices[1].T, self.a[:-1, self._hidden :], out=self._p)  # W_xn x_t + b_xn, of all t at once
        with np.errstate(over="ignore"):
            for a, sy, minus_sums, rz, r, z, q, p, n, before, h in self._up:
                P.dot(a, sy)  # minus the sums of r_t and z_t, q_t, and y_{t-1}
                np.exp(minus_sums, rz)
                rz += one
                np.reciprocal(rz, rz)  # r_t and z_t
                np.multiply(r, q, n)
                n += p
                np.tanh(n, n)
                np.subtract(before, n, h)
                h *= z
                h += n  # h_t = n_t + z_t ∘ (h_{t-1} - n_t)

    def _views_down(self) -> list[tuple[Array, ...]]:
        back, gradients = (self.later, self.coming_back(self._directly)), (self.dh, self._dp, self._dr, self._dz)
        return list(zip(*back, *gradients, self._dq, self._r, self._z, self._directly[:-1], strict=True))[::-1]

    def backward(self, matrices: list[Array]) -> None:
        to_h = matrices[0][: self._hidden]
        self._slopes()
        for later, directly, dh, dp, dr, dz, dq, r, z, directly_before in self._down:
            to_h.dot(later, dh)
            dh += directly
            dp *= dh
            dz *= dh
            dr *= dp
            np.multiply(r, dp, dq)
            np.multiply(z, dh, directly_before)

    def _slopes(self) -> None:
        """dL/dp, dL/dz and dL/dr begin as what stands before the ∘ above, of all t at once."""
        drz = self.dsums[:, : 2 * self._hidden]
        np.subtract(1, self._rz, out=drz)
        np.multiply(self._n, self._n, out=self._dp)
        np.subtract(1, self._dp, out=self._dp)
        self._dp *= self._dz  # holds 1 - z_t as yet
        drz *= self._rz
        self._dr *= self._q
        self._dz *= self.before - self._n

    def weight_gradients(self, out: list[Array]) -> None:
        super().weight_gradients(out)
        self._dp_rows[...] = self._dp.transpose(1, 0, 2)
        np.dot(wide(self.a_rows[self._hidden :, :-1]), wide(self._dp_rows).T, out=out[1])

    def input_gradient(self, matrices: list[Array]) -> Array:
        I = self.x.shape[1]
        return np.asarray(super().input_gradient(matrices) + matrices[1][:I] @ self._dp)  # p_t has x_t's share of n_t
