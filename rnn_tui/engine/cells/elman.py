"""Elman's simple recurrent cell."""

from collections.abc import Mapping
from typing import ClassVar

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.cells.base import Cell, Shape, State, Unrolled
from rnn_tui.engine.parameters import Array, Block, PackedMatrix


class RNNCell(Cell):
    """The simple recurrent cell (Elman 1990).

        z_t = W_hh h_{t-1} + W_xh x_t + b_h        h_t = f(z_t)

    Args:
        inputs: I. hidden: H. activation: f, a name of ``ACTIVATIONS``.
    """

    recurrent: ClassVar[tuple[str, ...]] = ("W_hh",)
    states: ClassVar[Mapping[str, State]] = {"h": State("hidden state", "f")}
    equations: ClassVar[tuple[str, ...]] = ("h_t = f(W_hh h_(t-1) + W_xh x_t + b_h)",)

    def __init__(self, inputs: int, hidden: int, activation: str = "tanh") -> None:
        super().__init__(inputs, hidden, sums=hidden)
        self.activation = ACTIVATIONS[activation]

    def packed(self, outputs: int) -> list[PackedMatrix]:
        h, x, one = slice(0, self.hidden), slice(self.hidden, self.hidden + self.inputs), self.hidden + self.inputs
        blocks: dict[str, Block] = {"W_hh": (h, h), "W_xh": (x, h), "b_h": (one, h)}
        return [PackedMatrix(one + 1, self.hidden + outputs, blocks)]

    def unroll(self, shape: Shape) -> "UnrolledRNN":
        return UnrolledRNN(self, shape)


class UnrolledRNN(Unrolled):
    """The sums are z_t; there are no further buffers."""

    def __init__(self, cell: RNNCell, shape: Shape) -> None:
        super().__init__(cell, shape)
        self._hidden, self._activation = cell.hidden, cell.activation
        self.z, self.dz = self.sums, self.dsums
        self._up = list(zip(self.a[:-1], self.sy[:-1], self.z, self.h, strict=True))
        self._down = list(zip(self.later, self.dh, self.dz, strict=True))[::-1]

    def forward(self, matrices: list[Array]) -> None:
        P, f = matrices[0].T, self._activation.apply
        for a, sy, z, h in self._up:
            P.dot(a, sy)  # z_t and y_{t-1}
            f(z, h)  # h_t

    def backward(self, matrices: list[Array]) -> None:
        to_h = matrices[0][: self._hidden]
        self._activation.slope(self.h, self.dz)  # dL/dz_t begins as f'(z_t), of all t at once
        for later, dh, dz in self._down:
            to_h.dot(later, dh)  # dL/dh_t = W_hh' dL/dz_{t+1} + W_hy' dL/dy_t
            dz *= dh  # dL/dz_t = f'(z_t) ∘ dL/dh_t
