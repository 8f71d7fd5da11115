"""The gated recurrent unit, as in PyTorch."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from rnn_tui.engine.architecture import Factor, Formula, State, UnitStep, WeightedSum
from rnn_tui.engine.cells.base import Carried, Cell, Unrolled, UnrollShape, sum_of_products
from rnn_tui.engine.cells.packing import packed_by_gate, torch_layer
from rnn_tui.engine.parameters import Array, PackedMatrix


class GRUCell(Cell):
    """The gated recurrent unit (Cho et al. 2014), with the reset gate after the product, as in PyTorch.

        r_t = σ(W_hr h_{t-1} + W_xr x_t + b_r)                 the share of the past that the candidate sees
        z_t = σ(W_hz h_{t-1} + W_xz x_t + b_z)                 the share of the past that remains
        n_t = tanh(W_xn x_t + b_xn + r_t ∘ (W_hn h_{t-1} + b_hn))            the candidate
        h_t = (1 - z_t) ∘ n_t + z_t ∘ h_{t-1}

    Args:
        inputs: I. hidden: H.
    """

    phrase: ClassVar[str] = "a GRU"
    recurrent: ClassVar[tuple[str, ...]] = ("W_hr", "W_hz", "W_hn")
    states: ClassVar[Mapping[str, State]] = {
        "r": State("reset gate", "σ", "the share of the past that the candidate sees"),
        "z": State("update gate", "σ", "the share of the past that remains"),
        "n": State("candidate", "tanh", "the value that can replace the past"),
        "h": State("hidden state", bounded=True),
    }
    equations: ClassVar[tuple[str, ...]] = (
        "r_t = σ(W_hr h_(t-1) + W_xr x_t + b_r), z_t = σ(W_hz h_(t-1) + W_xz x_t + b_z)",
        "n_t = tanh(W_xn x_t + b_xn + r_t·(W_hn h_(t-1) + b_hn)), h_t = (1 − z_t)·n_t + z_t·h_(t-1)",
    )
    backward_equations: ClassVar[tuple[str, ...]] = (
        "∂L/∂h_t = W_hyᵀ ∂L/∂y_t + z_(t+1)·∂L/∂h_(t+1) + W_hrᵀ ∂L/∂r_(t+1) + W_hzᵀ ∂L/∂z_(t+1) "
        "+ W_hnᵀ (r_(t+1)·∂L/∂n_(t+1))",
        "∂L/∂r, ∂L/∂z, ∂L/∂n: with respect to the sums inside r, z and n",
    )
    backward_sentence: ClassVar[str] = (
        "flows back through the gates; if z_(t+1) is near 1, it passes almost unchanged and reaches further back than "
        "in a plain RNN."
    )
    torch_names: ClassVar[Mapping[str, tuple[str, ...]]] = torch_layer("gru", "rzn", two_biases="n")
    numpy: ClassVar[str] = """\
# r_t = sigmoid(W_hr h_{t-1} + W_xr x_t + b_r), likewise z_t
r_t = sigmoid(h_t @ W_hr.T + x_t @ W_xr.T + b_r)  # (B, H)
z_t = sigmoid(h_t @ W_hz.T + x_t @ W_xz.T + b_z)
# n_t = tanh(W_xn x_t + b_xn + r_t * (W_hn h_{t-1} + b_hn))
n_t = np.tanh(x_t @ W_xn.T + b_xn + r_t * (h_t @ W_hn.T + b_hn))
# h_t = (1 - z_t) * n_t + z_t * h_{t-1}
h_t = (1 - z_t) * n_t + z_t * h_t"""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__(inputs, hidden, sums=3 * hidden, gates=2 * hidden, around=hidden)

    def packed(self, outputs: int) -> list[PackedMatrix]:
        """Return two matrices: the candidate's part from x is separate, since r_t does not act on it."""
        I, H = self.inputs, self.hidden
        own = slice(0, H)
        return [
            packed_by_gate("rzn", I, H, outputs, without_x="n"),
            PackedMatrix(I + 1, H, {"W_xn": (slice(0, I), own), "b_xn": (I, own)}),
        ]

    def unroll(self, shape: UnrollShape) -> "UnrolledGRU":
        return UnrolledGRU(self, shape)

    def buffers(self, shape: UnrollShape) -> dict[str, tuple[int, ...]]:
        """Return the shapes: (6 T + 4) B H + 1 more numbers."""
        (T, B, *_), H = shape, self.hidden
        own = {
            "rz": (T, 2 * H, B),
            "n": (T, H, B),
            "p": (T, H, B),  # W_xn x_t + b_xn
            "dp": (T, H, B),
            "dp_rows": (H, T, B),
            "one": (),
            "upstream": (4 * H, B),  # dL/dh_t, four times
        }
        return super().buffers(shape) | own

    @classmethod
    def summed(cls, state: str, at: UnitStep) -> WeightedSum:
        """Return the sum of a state; r multiplies the candidate's terms from h_(t-1), and one of its two biases."""
        if state != "n":
            return super().summed(state, at)
        r = at.now("r").value
        from_h = [h._replace(matrix=f"r_t·{h.matrix}", weight=r * h.weight) for h in at.hidden_terms("n")]
        bias = at.bias("b_xn") + r * at.bias("b_hn")
        return WeightedSum(at.input_terms("n") + from_h, bias, "b_xn + r_t·b_hn")

    @classmethod
    def composed(cls, state: str, at: UnitStep) -> Formula:  # noqa: ARG003
        z = at.now("z")
        return [Factor("(1 − z_t)", 1 - z.value), "·", at.now("n"), " + ", z, "·", at.past("h")]


class UnrolledGRU(Unrolled):
    """An unrolled GRU.  The sums are those of r and z, and q.

    With q_t = W_hn h_{t-1} + b_hn, p_t = W_xn x_t + b_xn, and n_t = tanh(p_t + r_t ∘ q_t):

        dL/dp_t = (1 - n_t²) (1 - z_t) ∘ dL/dh_t        dL/dz_t = z_t (1 - z_t) (h_{t-1} - n_t) ∘ dL/dh_t
        dL/dq_t = r_t ∘ dL/dp_t                         dL/dr_t = r_t (1 - r_t) q_t ∘ dL/dp_t

    (for z and r: with respect to their sums), and z_t ∘ dL/dh_t reaches h_{t-1} directly.  Therefore all of them are
    dL/dh_t times factors that are known before the backward pass.
    """

    def __init__(self, cell: GRUCell, shape: UnrollShape) -> None:
        super().__init__(cell, shape)
        self._hidden = H = cell.hidden
        self._rz, self._n, self._p, self._one = (self.buffers[name] for name in ("rz", "n", "p", "one"))
        self._one[...] = 1  # an array: a Python number would be converted at every time step
        self._r, self._z, self._q = self._rz[:, :H], self._rz[:, H:], self.sums[:, 2 * H :]
        self._dp, self._dp_rows = self.buffers["dp"], self.buffers["dp_rows"]
        self._dr, self._dz, self._dq = (self.dsums[:, k * H : (k + 1) * H] for k in range(3))
        # what reaches h_{t-1} directly, and the three gradients above: next to each other, for one product with dL/dh_t
        self._flows = self.back[:-1, : 4 * H]
        self.states |= {"r": self._r, "z": self._z, "n": self._n}
        self.carried = [Carried(self.a[:, :H], self.directly)]
        self._up, self._down = self._views_up(), self._views_down()

    def _views_up(self) -> list[tuple[Array, ...]]:
        minus_sums = self.sums[:, : 2 * self._hidden]
        products, gates = (self.a[:-1], self.sy[:-1]), (minus_sums, self._rz, self._r, self._z)
        return list(zip(*products, *gates, self._q, self._p, self._n, self.before, self.h, strict=True))

    def forward(self, matrices: list[Array]) -> None:
        one, multiply = self._one, self.up(matrices[0])
        exp, tanh, subtract, divide = np.exp, np.tanh, np.subtract, np.divide
        np.matmul(matrices[1].T, self.a[:-1, self._hidden :], out=self._p)  # p_t, for all t at once
        with np.errstate(over="ignore"):
            for a, sy, minus_sums, inverses, inverse_r, inverse_z, q, p, n, before, h in self._up:
                multiply(a, sy)  # minus the sums of r_t and z_t, q_t, and y_{t-1}
                exp(minus_sums, inverses)
                inverses += one  # 1 / r_t and 1 / z_t
                divide(q, inverse_r, n)
                n += p
                tanh(n, n)
                subtract(before, n, h)
                h /= inverse_z
                h += n  # h_t = n_t + z_t ∘ (h_{t-1} - n_t)
        multiply(self.a[-1], self.sy[-1])  # the last y
        np.reciprocal(self._rz, self._rz)  # r_t and z_t, for all t at once

    def _views_down(self) -> list[tuple[Array, ...]]:
        views: zip[tuple[Array, ...]] = zip(self.later, self.directly_later, self.dh, self._flows, strict=True)
        return list(views)[::-1]

    def backward(self, matrices: list[Array]) -> None:
        multiply, upstream = self.down(matrices[0]), self.buffers["upstream"]
        copies = upstream.reshape(4, self._hidden, -1)
        self._factors()
        for later, directly, dh, flows in self._down:
            multiply(later, dh)
            dh += directly
            copies[...] = dh  # in a small net faster than a product that repeats its factor
            flows *= upstream  # what reaches h_{t-1} directly, dL/dr_t, dL/dz_t and dL/dq_t
        self._dp *= self.dh

    def _factors(self) -> None:
        """Start the gradients with the factors of dL/dh_t in the class's equations, for all t at once."""
        r, z, n, dp, dr, dz = self._r, self._z, self._n, self._dp, self._dr, self._dz
        np.subtract(1, self._rz, out=self.dsums[:, : 2 * self._hidden])
        np.multiply(n, n, out=dp)
        np.subtract(1, dp, out=dp)
        dp *= dz  # still 1 - z_t
        np.multiply(r, dp, out=self._dq)
        dr *= self._q
        dr *= self._dq
        dz *= z
        dz *= self.before - n
        self.directly[:-1] = z

    def weight_gradients(self, out: list[Array]) -> None:
        super().weight_gradients(out)
        x, x_rows = self.a[:-1, self._hidden :], self.a_rows[self._hidden :, :-1]
        sum_of_products(x, self._dp, x_rows, self._dp_rows, out[1])

    def input_gradient(self, matrices: list[Array]) -> Array:
        I = self.x.shape[1]
        from_p = matrices[1][:I] @ self._dp  # p_t has the part of n_t from x_t
        return np.asarray(super().input_gradient(matrices) + from_p)
