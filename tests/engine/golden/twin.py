"""PyTorch's own recurrent layers and losses, under this package's names: the witness of the numbers.

Sizes are ``T B I H O`` and arrays over time are (T, features, B), as in the engine; PyTorch's (T, B, features) stays
inside.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

LAYERS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
GATES = {"rnn": "h", "gru": "rzn", "lstm": "ifgo"}  # as PyTorch stacks their rows
LOSSES = {
    "cross-entropy": lambda y, target: F.cross_entropy(y, target, reduction="none"),
    "binary cross-entropy": lambda y, target: F.binary_cross_entropy_with_logits(y, target, reduction="none").mean(1),
    "mean squared error": lambda y, target: F.mse_loss(y, target, reduction="none").mean(1),
}


class Twin:
    """A recurrent layer (T times) and a linear output.

    PyTorch adds two biases to every sum, this package one: that is ``bias_ih``, and ``bias_hh`` is zero and never
    learns.  Only the candidate of a GRU has two here as well, b_xn and b_hn.
    """

    def __init__(
        self, cell: str, sizes: tuple[int, int, int], activation: str = "tanh", dtype: str = "float64"
    ) -> None:
        """``sizes`` are I, H and O."""
        I, H, O = sizes
        kind = {"dtype": getattr(torch, dtype)}
        self.cell, self.hidden, self.relu = cell, H, activation == "relu"
        self.layer = LAYERS[cell](I, H, **kind, **({"nonlinearity": activation} if cell == "rnn" else {}))
        self.output = nn.Linear(H, O, **kind)
        second = self.layer.bias_hh_l0
        learns = torch.zeros_like(second)
        learns[2 * H :] = float(cell == "gru")
        second.data *= learns
        second.register_hook(lambda gradient: gradient * learns)

    @property
    def trained(self) -> list[Tensor]:
        return [*self.layer.parameters(), *self.output.parameters()]

    def parameters(self) -> dict[str, np.ndarray]:
        """By name, as views: to write into one is to set it."""
        return self._named(lambda parameter: parameter.detach().numpy())

    def gradient(self) -> dict[str, np.ndarray]:
        """dL/dθ by name, after ``backward``, as views."""
        return self._named(lambda parameter: parameter.grad.numpy())

    def _named(self, of) -> dict[str, np.ndarray]:
        layer, found = self.layer, {}
        for i, gate in enumerate(GATES[self.cell]):
            rows = slice(i * self.hidden, (i + 1) * self.hidden)
            found[f"W_h{gate}"] = of(layer.weight_hh_l0)[rows]
            found[f"W_x{gate}"] = of(layer.weight_ih_l0)[rows]
            if gate == "n":
                found["b_hn"], found["b_xn"] = of(layer.bias_hh_l0)[rows], of(layer.bias_ih_l0)[rows]
            else:
                found[f"b_{gate}"] = of(layer.bias_ih_l0)[rows]
        return found | {"W_hy": of(self.output.weight), "b_y": of(self.output.bias)}

    def forward(self, x: Tensor, memory: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor, list[Tensor]]:
        """x (T, I, B) -> y (T, O, B), h (T, H, B), and the memory after it: h, or h and c, each (1, B, H)."""
        start = memory if memory is None or self.cell == "lstm" else memory[0]
        h, end = self.layer(x.transpose(1, 2), start)
        y = self.output(h)
        return y.transpose(1, 2), h.transpose(1, 2), list(end) if self.cell == "lstm" else [end]

    def step_by_step(self, x: Tensor, memory: Sequence[Tensor] | None = None) -> tuple[Tensor, list[list[Tensor]]]:
        """The same, one call of the layer per time step: y, and the memory after each, where dL/dh_t can be read."""
        ys, memories = [], []
        for x_t in x.split(1):
            _, _, memory = self.forward(x_t, memory)
            memory[0].retain_grad()
            memories.append(memory)
            ys.append(self.output(memory[0]).transpose(1, 2))
        return torch.cat(ys), memories

    def in_pieces(self, x: Tensor, length: int, memory: Sequence[Tensor] | None = None) -> Tensor:
        """y of x read in pieces of ``length`` time steps, the memory detached between them."""
        ys = []
        for piece in x.split(length):
            y, _, memory = self.forward(piece, memory)
            memory = detached(memory)
            ys.append(y)
        return torch.cat(ys)


def detached(memory: Sequence[Tensor]) -> tuple[Tensor, ...]:
    return tuple(state.detach() for state in memory)


def mean_loss(name: str, y: Tensor, target: Tensor, mask: Tensor) -> Tensor:
    """L = Σ m_tb l_tb / Σ m_tb of y (T, O, B), with the target (T, O, B) or (T, B) and the mask (T, B)."""
    return (mask * LOSSES[name](y, target)).sum() / mask.sum()
