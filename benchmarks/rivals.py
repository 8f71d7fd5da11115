"""The implementations that engine.py compares: ours, PyTorch, and NumPy written one time step at a time.

Each has ``check`` (loss and gradient norm before any update) and ``step`` (one update), and uses one thread.
"""

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np

from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.engine.optimizers import Adam
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch, Learner
from rnn_tui.experiments.blas_threads import limit_blas_threads

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]
else:
    torch.set_num_threads(1)
limit_blas_threads()  # of NumPy, and of PyTorch if it has its own BLAS

NUMPY: str = np.__version__
TORCH: str | None = torch and str(torch.__version__)
LIMIT, RATE, BETA1, BETA2, EPSILON = 1.0, 1e-3, 0.9, 0.999, 1e-8  # of clipping, and of PyTorch's Adam
GATES = {"rnn": "h", "gru": "rzn", "lstm": "ifgo"}  # in the order of PyTorch's rows


class Ours:
    def __init__(self, cell: str, H: int, T: int, B: int, dtype: str = "float32") -> None:
        rng = np.random.default_rng(1)
        x, target = (rng.standard_normal((T, 1, B)).astype(dtype) for _ in range(2))
        self.batch = Batch(x, target, np.ones((T, B), dtype))
        model = RecurrentModel(CELLS[cell](1, H), outputs=1)
        self.learner = Learner(model, mean_squared_error, Adam(RATE, BETA1, BETA2, EPSILON), clip_norm=LIMIT)
        self.state = self.learner.start(model.initial(np.random.default_rng(0), dtype))

    def check(self) -> tuple[float, float]:
        """Return the loss and the gradient norm, before any update."""
        _, metrics = self.learner.step(self.state, self.batch)
        return metrics.loss, metrics.gradient_norm

    def step(self) -> None:
        self.state, _ = self.learner.step(self.state, self.batch)

    def captured(self) -> None:
        """Make an update, and copy h_t of the first sequence and ‖∂L/∂h_t‖ at every time step."""
        self.step()
        trace = self.learner.trace(self.batch, self.state.parameters)
        flat = trace.dh.reshape(len(trace.dh), -1)
        _ = trace.h[:, :, 0].copy(), np.sqrt(np.einsum("tn,tn->t", flat, flat))


class Torch:
    """PyTorch in eager mode, with the faster of its two implementations of Adam."""

    def __init__(self, cell: str, ours: Ours) -> None:
        views = ours.state.parameters.views
        self.H, self.gru = views["W_hy"].shape[1], cell == "gru"
        self.cell = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[cell](1, self.H)
        self.output = torch.nn.Linear(self.H, 1)
        self.parameters = [*self.cell.parameters(), *self.output.parameters()]
        self._take(GATES[cell], views)
        batch = ours.batch
        self.x, self.target = (torch.from_numpy(part.transpose(0, 2, 1).copy()) for part in (batch.x, batch.target))
        settings: dict[str, Any] = {"lr": RATE, "betas": (BETA1, BETA2), "eps": EPSILON}
        self._kinds = [torch.optim.Adam(self.parameters, **{**settings, kind: True}) for kind in ("fused", "foreach")]
        self.optimizer = self._kinds[0]

    def _take(self, gates: str, ours: dict[str, Array]) -> None:
        """Copy our weights; of PyTorch's two biases the first becomes ours, and the second zero."""
        none = np.zeros(self.H, "float32")
        stacks = (
            [ours[f"W_x{gate}"] for gate in gates],
            [ours[f"W_h{gate}"] for gate in gates],
            [ours[f"b_{gate}" if f"b_{gate}" in ours else f"b_x{gate}"] for gate in gates],
            [ours.get(f"b_h{gate}", none) for gate in gates],
        )
        with torch.no_grad():
            for parameter, stack in zip(self.parameters, (*stacks, [ours["W_hy"]], [ours["b_y"]]), strict=True):
                parameter.copy_(torch.from_numpy(np.concatenate(stack)))

    def choose(self, seconds: Callable[[Callable[[], None]], float]) -> None:
        """Choose the implementation of Adam with which a step takes the fewest ``seconds``."""

        def with_it(optimizer: Any) -> float:
            self.optimizer = optimizer
            return seconds(self.step)

        self.optimizer = min(self._kinds, key=with_it)

    def _backward(self) -> Any:
        self.optimizer.zero_grad(set_to_none=True)
        loss: Any = torch.nn.functional.mse_loss(self.output(self.cell(self.x)[0]), self.target)
        loss.backward()
        return loss

    def check(self) -> tuple[float, float]:
        """Return loss and gradient norm like ours: without the second bias, except for the GRU's candidate."""
        loss = self._backward().item()
        gradients = [parameter.grad for parameter in self.parameters]
        gradients[3] = gradients[3][2 * self.H :] if self.gru else gradients[3][:0]
        return loss, sqrt(sum(float(gradient.square().sum()) for gradient in gradients))

    def step(self) -> None:
        self._backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, LIMIT)
        self.optimizer.step()


class PerTimeStep:
    """The RNN as in tutorials: a dict of arrays by time step, and all sums accumulated at each time step."""

    def __init__(self, ours: Ours) -> None:
        views = ours.state.parameters.views
        self.theta = {name: (view if view.ndim > 1 else view[:, None]).copy() for name, view in views.items()}
        self.mean, self.square, self.count = self._zeros(), self._zeros(), 0
        self.x, self.target = ours.batch.x, ours.batch.target
        self.ones = np.ones((self.x.shape[2], 1), "float32")  # a product sums over the batch faster than sum()

    def _zeros(self) -> dict[str, Array]:
        return {name: np.zeros_like(value) for name, value in self.theta.items()}

    def _backward(self) -> tuple[float, dict[str, Array], float]:
        """Return the loss, the gradient and its norm."""
        (T, _, B), g = self.x.shape, self._zeros()
        W_hh, W_xh, b_h, W_hy, b_y = (self.theta[name] for name in ("W_hh", "W_xh", "b_h", "W_hy", "b_y"))
        loss, error, h = 0.0, {}, {-1: np.zeros((len(W_hh), B), "float32")}
        for t in range(T):
            h[t] = np.tanh(np.dot(W_hh, h[t - 1]) + np.dot(W_xh, self.x[t]) + b_h)
            error[t] = np.dot(W_hy, h[t]) + b_y - self.target[t]
            loss += np.sum(error[t] * error[t]) / (T * B)
        dh_later = np.zeros_like(h[-1])
        for t in reversed(range(T)):
            dy = error[t] * (2 / (T * B))
            dz = (np.dot(W_hy.T, dy) + dh_later) * (1 - h[t] * h[t])
            g["W_hy"] += np.dot(dy, h[t].T)
            g["b_y"] += np.dot(dy, self.ones)
            g["W_hh"] += np.dot(dz, h[t - 1].T)
            g["W_xh"] += np.dot(dz, self.x[t].T)
            g["b_h"] += np.dot(dz, self.ones)
            dh_later = np.dot(W_hh.T, dz)
        return float(loss), g, sqrt(sum(float(np.sum(part * part)) for part in g.values()))

    def check(self) -> tuple[float, float]:
        loss, _, norm = self._backward()
        return loss, norm

    def step(self) -> None:
        _, gradient, norm = self._backward()
        self.count += 1
        for name, part in gradient.items():
            if norm > LIMIT:
                part *= LIMIT / (norm + 1e-6)
            mean, square = self.mean[name], self.square[name]
            mean += (1 - BETA1) * (part - mean)
            square += (1 - BETA2) * (part * part - square)
            spread = np.sqrt(square / (1 - BETA2**self.count)) + EPSILON
            self.theta[name] -= RATE / (1 - BETA1**self.count) * mean / spread
