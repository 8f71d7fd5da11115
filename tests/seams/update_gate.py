"""The update gate RNN."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from rnn_tui.engine.architecture import Factor, Formula, Option, State, UnitStep
from rnn_tui.engine.cells.base import Carried, Cell, Unrolled, UnrollShape
from rnn_tui.engine.cells.packing import packed_by_gate
from rnn_tui.engine.parameters import Array, PackedMatrix


class UGRNNCell(Cell):
    """The update gate RNN (Collins et al. 2017): one gate, and nothing else.

        g_t = σ(W_hg h_{t-1} + W_xg x_t + b_g)        the share of the past that remains
        n_t = tanh(W_hn h_{t-1} + W_xn x_t + b_n)     the candidate

        h_t = g_t ∘ h_{t-1} + (1 - g_t) ∘ n_t

    Args:
        inputs: I. hidden: H. gate_bias: added to b_g at the start.
    """

    phrase: ClassVar[str] = "an update gate RNN"
    options: ClassVar[Mapping[str, Option]] = {
        "gate_bias": Option(1.0, "gate", "added to the gate's bias at the start", (-1.0, 0.0, 1.0, 2.0), -100, 100)
    }
    recurrent: ClassVar[tuple[str, ...]] = ("W_hg", "W_hn")
    states: ClassVar[Mapping[str, State]] = {
        "g": State("update gate", "σ", "the share of the past that remains"),
        "n": State("candidate", "tanh"),
        "h": State("hidden state", bounded=True),
    }
    equations: ClassVar[tuple[str, ...]] = (
        "g_t = σ(W_hg h_(t-1) + W_xg x_t + b_g), n_t = tanh(W_hn h_(t-1) + W_xn x_t + b_n)",
        "h_t = g_t·h_(t-1) + (1 − g_t)·n_t",
    )
    backward_equations: ClassVar[tuple[str, ...]] = (
        "∂L/∂h_t = W_hyᵀ ∂L/∂y_t + g_(t+1)·∂L/∂h_(t+1) + W_hgᵀ ∂L/∂g_(t+1) + W_hnᵀ ∂L/∂n_(t+1)",
        "∂g, ∂n: of the sums behind g and n",
    )
    backward_sentence: ClassVar[str] = "comes back through the gate; where g_(t+1) is near 1 it passes as it is."
    numpy: ClassVar[str] = """\
# g_t = sigmoid(W_hg h_{t-1} + W_xg x_t + b_g)
g_t = sigmoid(h_t @ W_hg.T + x_t @ W_xg.T + b_g)  # (B, H)
# n_t = tanh(W_hn h_{t-1} + W_xn x_t + b_n)
n_t = np.tanh(h_t @ W_hn.T + x_t @ W_xn.T + b_n)
# h_t = g_t * h_{t-1} + (1 - g_t) * n_t
h_t = g_t * h_t + (1 - g_t) * n_t"""

    def __init__(self, inputs: int, hidden: int, gate_bias: float = 1.0) -> None:
        super().__init__(inputs, hidden, sums=2 * hidden, gates=hidden, around=hidden)
        self.offsets = {"b_g": gate_bias}

    def packed(self, outputs: int) -> list[PackedMatrix]:
        return [packed_by_gate("gn", self.inputs, self.hidden, outputs)]

    def unroll(self, shape: UnrollShape) -> "UnrolledUGRNN":
        return UnrolledUGRNN(self, shape)

    def buffers(self, shape: UnrollShape) -> dict[str, tuple[int, ...]]:
        own = dict.fromkeys(("g", "n"), (shape.time, self.hidden, shape.batch))
        return super().buffers(shape) | own

    @classmethod
    def composed(cls, state: str, at: UnitStep) -> Formula:  # noqa: ARG003
        g = at.now("g")
        return [g, "·", at.past("h"), " + ", Factor("(1 − g_t)", 1 - g.value), "·", at.now("n")]


class UnrolledUGRNN(Unrolled):
    """The sums are those of g and n.

        dL/dg_t = g_t (1 - g_t) (h_{t-1} - n_t) ∘ dL/dh_t        dL/dn_t = (1 - n_t²) (1 - g_t) ∘ dL/dh_t

    (with respect to their sums), and g_t ∘ dL/dh_t reaches h_{t-1} directly.
    """

    def __init__(self, cell: UGRNNCell, shape: UnrollShape) -> None:
        super().__init__(cell, shape)
        self._hidden = H = cell.hidden
        self._g, self._n = self.buffers["g"], self.buffers["n"]
        self._dg, self._dn = self.dsums[:, :H], self.dsums[:, H:]
        self.states |= {"g": self._g, "n": self._n}
        self.carried = [Carried(self.a[:, :H], self.directly)]

    def forward(self, matrices: list[Array]) -> None:
        H = self._hidden
        multiply = self.up(matrices[0])
        with np.errstate(over="ignore"):
            for t, (a, sy) in enumerate(zip(self.a[:-1], self.sy[:-1], strict=True)):
                multiply(a, sy)  # minus the sum of g_t, that of n_t, and y_{t-1}
                self._g[t] = 1 / (1 + np.exp(sy[:H]))
                self._n[t] = np.tanh(sy[H : 2 * H])
                self.h[t] = self._g[t] * self.before[t] + (1 - self._g[t]) * self._n[t]
        multiply(self.a[-1], self.sy[-1])  # the last y

    def backward(self, matrices: list[Array]) -> None:
        multiply = self.down(matrices[0])
        for t in range(len(self.dh))[::-1]:
            dh, g, n = self.dh[t], self._g[t], self._n[t]
            multiply(self.later[t], dh)
            dh += self.directly_later[t]
            self._dg[t] = g * (1 - g) * (self.before[t] - n) * dh
            self._dn[t] = (1 - n * n) * (1 - g) * dh
            self.directly[t] = g * dh
