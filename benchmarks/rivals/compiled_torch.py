"""PyTorch with ``torch.compile``: the loop over time written out, so that one compiled graph has all time steps.

``nn.RNN`` and the others gain nothing from it: the compiler leaves them to eager mode.  Compiling takes a minute.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch.nn.functional import linear, mse_loss

from rivals.eager_torch import EagerTorch
from rivals.ours import Ours


class CompiledTorch(EagerTorch):
    def __init__(self, cell: str, ours: Ours) -> None:
        super().__init__(cell, ours)
        torch._dynamo.reset()
        self._loss = torch.compile(unrolled(FORWARD[cell]), fullgraph=True, dynamic=False)

    def loss(self) -> Any:
        return self._loss(self.x, self.target, *self.parameters)


def unrolled(forward: Callable[..., Any]) -> Callable[..., Any]:
    """Return the squared error of a cell as a function of data and parameters."""

    def loss(x: Any, target: Any, W_x: Any, W_h: Any, b_x: Any, b_h: Any, W_y: Any, b_y: Any) -> Any:
        from_x = linear(x, W_x, b_x)
        h = c = x.new_zeros(x.shape[1], W_h.shape[1])
        states = []
        for t in range(len(x)):
            h, c = forward(from_x[t], linear(h, W_h, b_h), h, c)
            states.append(h)
        return mse_loss(linear(torch.stack(states), W_y, b_y), target)

    return loss


def rnn(from_x: Any, from_h: Any, h: Any, c: Any) -> tuple[Any, Any]:  # noqa: ARG001
    return torch.tanh(from_x + from_h), c


def gru(from_x: Any, from_h: Any, h: Any, c: Any) -> tuple[Any, Any]:
    (r, z, n), (r_h, z_h, n_h) = from_x.chunk(3, 1), from_h.chunk(3, 1)
    r, z = torch.sigmoid(r + r_h), torch.sigmoid(z + z_h)
    n = torch.tanh(n + r * n_h)
    return n + z * (h - n), c


def lstm(from_x: Any, from_h: Any, h: Any, c: Any) -> tuple[Any, Any]:  # noqa: ARG001
    i, f, g, o = (from_x + from_h).chunk(4, 1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


FORWARD = {"rnn": rnn, "gru": gru, "lstm": lstm}
