"""The RNN in NumPy as in tutorials: a dict of arrays by time step, and all sums accumulated at each time step."""

from math import sqrt

import numpy as np

from rivals.ours import Ours
from rivals.rival import BETA1, BETA2, EPSILON, LIMIT, RATE, Rival
from rnn_tui.engine.parameters import Array


class PerTimeStep(Rival):
    def __init__(self, cell: str, ours: Ours) -> None:  # noqa: ARG002
        views = ours.state.parameters.views
        self.theta = {name: (view if view.ndim > 1 else view[:, None]).copy() for name, view in views.items()}
        self.mean, self.square, self.count = self._zeros(), self._zeros(), 0
        self.x, self.target = ours.batch.x, ours.batch.target
        self.ones = np.ones((self.x.shape[2], 1), self.x.dtype)  # a product sums over the batch faster than sum()
        self.steps = [self.step]

    def _zeros(self) -> dict[str, Array]:
        return {name: np.zeros_like(value) for name, value in self.theta.items()}

    def _backward(self) -> tuple[float, dict[str, Array], float]:
        """Return the loss, the gradient and its norm."""
        (T, _, B), g = self.x.shape, self._zeros()
        W_hh, W_xh, b_h, W_hy, b_y = (self.theta[name] for name in ("W_hh", "W_xh", "b_h", "W_hy", "b_y"))
        loss, error, h = 0.0, {}, {-1: np.zeros((len(W_hh), B), self.x.dtype)}
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
