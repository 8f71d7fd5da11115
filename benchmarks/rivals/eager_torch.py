"""PyTorch in eager mode: ``nn.RNN``, ``nn.GRU`` or ``nn.LSTM``, with the faster of its two implementations of Adam."""

from functools import partial
from math import sqrt
from typing import Any

import numpy as np
import torch

from rivals.ours import Ours
from rivals.rival import BETA1, BETA2, EPSILON, GATES, LIMIT, RATE, Rival
from rnn_tui.engine.parameters import Array

torch.set_num_threads(1)


class EagerTorch(Rival):
    def __init__(self, cell: str, ours: Ours) -> None:
        views = ours.state.parameters.views
        dtype = torch.from_numpy(views["W_hy"]).dtype
        self.H, self.gru = views["W_hy"].shape[1], cell == "gru"
        self.cell = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[cell](1, self.H).to(dtype)
        self.output = torch.nn.Linear(self.H, 1).to(dtype)
        self.parameters = [*self.cell.parameters(), *self.output.parameters()]
        self._take(GATES[cell], views)
        batch = ours.batch
        self.x, self.target = (torch.from_numpy(part.transpose(0, 2, 1).copy()) for part in (batch.x, batch.target))
        settings: dict[str, Any] = {"lr": RATE, "betas": (BETA1, BETA2), "eps": EPSILON}
        kinds = [torch.optim.Adam(self.parameters, **settings, **{kind: True}) for kind in ("fused", "foreach")]
        self.steps = [partial(self._step, optimizer) for optimizer in kinds]

    def _take(self, gates: str, ours: dict[str, Array]) -> None:
        """Copy our weights; of PyTorch's two biases the first becomes ours, and the second zero."""
        none = np.zeros(self.H)
        stacks = (
            [ours[f"W_x{gate}"] for gate in gates],
            [ours[f"W_h{gate}"] for gate in gates],
            [ours[f"b_{gate}" if f"b_{gate}" in ours else f"b_x{gate}"] for gate in gates],
            [ours.get(f"b_h{gate}", none) for gate in gates],
        )
        with torch.no_grad():
            for parameter, stack in zip(self.parameters, (*stacks, [ours["W_hy"]], [ours["b_y"]]), strict=True):
                parameter.copy_(torch.from_numpy(np.concatenate(stack)))

    def loss(self) -> Any:
        return torch.nn.functional.mse_loss(self.output(self.cell(self.x)[0]), self.target)

    def _backward(self) -> Any:
        for parameter in self.parameters:
            parameter.grad = None
        loss = self.loss()
        loss.backward()
        return loss

    def check(self) -> tuple[float, float]:
        """Return loss and gradient norm like ours: without the second bias, except for the GRU's candidate."""
        loss = self._backward().item()
        gradients = [parameter.grad for parameter in self.parameters]
        gradients[3] = gradients[3][2 * self.H :] if self.gru else gradients[3][:0]
        return loss, sqrt(sum(float(gradient.square().sum()) for gradient in gradients))

    def _step(self, optimizer: torch.optim.Optimizer) -> None:
        self._backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, LIMIT)
        optimizer.step()
