"""Elman's simple recurrent cell."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.architecture import ACTIVATION, Option, State, TorchSource
from rnn_tui.engine.cells.base import Cell, Unrolled, UnrollShape
from rnn_tui.engine.cells.packing import torch_layer
from rnn_tui.engine.parameters import Array, Block, PackedMatrix

STOCK = """\
    h, _ = net["rnn"](x)  # (T, B, I) -> (T, B, H)"""

OWN_LOOP = """\
    rnn, h_t, h = net["rnn"], torch.zeros(x.shape[1], $H), []
    for x_t in x:  # nn.RNN supports only tanh and relu
        from_x = F.linear(x_t, rnn.weight_ih_l0, rnn.bias_ih_l0)
        z_t = from_x + F.linear(h_t, rnn.weight_hh_l0, rnn.bias_hh_l0)
        h_t = $f
        h.append(h_t)
    h = torch.stack(h)  # (T, B, H)"""


class RNNCell(Cell):
    """The simple recurrent cell (Elman 1990).

        z_t = W_hh h_{t-1} + W_xh x_t + b_h        h_t = f(z_t)

    Args:
        inputs: I. hidden: H. activation: f, a name of ``ACTIVATIONS``.
    """

    phrase: ClassVar[str] = "a recurrent net"
    options: ClassVar[Mapping[str, Option]] = {"activation": ACTIVATION}
    recurrent: ClassVar[tuple[str, ...]] = ("W_hh",)
    states: ClassVar[Mapping[str, State]] = {"h": State("hidden state", "f")}
    equations: ClassVar[tuple[str, ...]] = ("h_t = f(W_hh h_(t-1) + W_xh x_t + b_h)",)
    backward_equations: ClassVar[tuple[str, ...]] = (
        "∂L/∂h_t = W_hyᵀ ∂L/∂y_t + W_hhᵀ ∂L/∂z_(t+1), ∂L/∂z_t = f'(z_t)·∂L/∂h_t, z_t: the sum inside f",
        "∂L/∂W_hh = Σ_t ∂L/∂z_t h_(t-1)ᵀ, also summed over all sequences",
    )
    backward_sentence: ClassVar[str] = (
        "is multiplied by f' and W_hhᵀ at each step back: if these are small, it vanishes; if large, it explodes."
    )
    single_sum: ClassVar[bool] = True
    torch_names: ClassVar[Mapping[str, tuple[str, ...]]] = torch_layer("rnn", "h")
    numpy: ClassVar[str] = """\
# h_t = f(W_hh h_{t-1} + W_xh x_t + b_h)
h_t = f(h_t @ W_hh.T + x_t @ W_xh.T + b_h)  # (B, H)"""

    def __init__(self, inputs: int, hidden: int, activation: str = "tanh") -> None:
        super().__init__(inputs, hidden, sums=hidden)
        self.activation = ACTIVATIONS[activation]

    def packed(self, outputs: int) -> list[PackedMatrix]:
        h, x, one = slice(0, self.hidden), slice(self.hidden, self.hidden + self.inputs), self.hidden + self.inputs
        blocks: dict[str, Block] = {"W_hh": (h, h), "W_xh": (x, h), "b_h": (one, h)}
        return [PackedMatrix(one + 1, self.hidden + outputs, blocks)]

    def unroll(self, shape: UnrollShape) -> "UnrolledRNN":
        return UnrolledRNN(self, shape)

    @classmethod
    def torch_source(cls, settings: Mapping[str, Any]) -> TorchSource | None:
        """Return the net in PyTorch; nn.RNN supports only tanh and relu, so other activations use a loop."""
        name = settings["activation"]
        if name in ("tanh", "relu"):
            chosen = ', nonlinearity="relu"' if name == "relu" else ""
            return TorchSource("rnn", f"nn.RNN($I, $H{chosen})", STOCK)
        f = ACTIVATIONS[name].torch
        return TorchSource("rnn", "nn.RNN($I, $H)", OWN_LOOP.replace("$f", f.format("z_t"))) if f else None


class UnrolledRNN(Unrolled):
    """An unrolled RNN.  The sums are z_t; it needs no further buffers."""

    def __init__(self, cell: RNNCell, shape: UnrollShape) -> None:
        super().__init__(cell, shape)
        self._activation = cell.activation
        self.z, self.dz = self.sums, self.dsums
        self._up = list(zip(self.a[:-1], self.sy[:-1], self.z, self.h, strict=True))
        self._down = list(zip(self.later, self.dh, self.dz, strict=True))[::-1]

    def forward(self, matrices: list[Array]) -> None:
        multiply, f = self.up(matrices[0]), self._activation.apply
        for a, sy, z, h in self._up:
            multiply(a, sy)  # z_t and y_{t-1}
            f(z, h)  # h_t
        multiply(self.a[-1], self.sy[-1])  # the last y

    def backward(self, matrices: list[Array]) -> None:
        multiply = self.down(matrices[0])
        self._activation.slope(self.h, self.dz)  # dL/dz_t starts as f'(z_t), for all t at once
        for later, dh, dz in self._down:
            multiply(later, dh)  # dL/dh_t = W_hhᵀ dL/dz_{t+1} + W_hyᵀ dL/dy_t
            dz *= dh  # dL/dz_t = f'(z_t) ∘ dL/dh_t
