"""Losses over a whole batch of sequences, each with a mask.

Every loss is a mean over the scored positions: L = Σ m_tb l_tb / Σ m_tb, with l_tb the loss of sequence b at time
step t.  Cross-entropies are in nats.  Where nothing is scored, L and its gradient are zero.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from rnn_tui.engine.parameters import Array

PerPosition: TypeAlias = Callable[[Array, Array], tuple[Array, Array]]


class Loss(NamedTuple):
    """``each(y, target)`` gives l (T, B) and dl/dy (T, O, B) for every position."""

    name: str
    unit: str
    each: PerPosition

    def mean(self, y: Array, target: Array, mask: Array) -> tuple[float, Array]:
        """L, and dL/dy (T, O, B), of y (T, O, B) with the mask (T, B) of zeros and ones."""
        each, slope = self.each(y, target)
        total = float(mask.sum())
        if total == mask.size:  # the usual case, in the fewest operations
            slope *= 1 / total
            value = float(each.sum()) / total
            return value if np.isfinite(value) else float(each.sum(dtype=float)) / total, slope
        weight = (mask / total if total else np.zeros_like(mask)).astype(y.dtype)
        # where= and not a product alone: an unscored position may hold inf or NaN, and 0 · inf would be NaN
        scored = mask > 0
        value = float(np.sum(each * weight, where=scored))
        return value, np.multiply(slope, weight[:, None], out=np.zeros_like(slope), where=scored[:, None])


def _cross_entropy(y: Array, target: Array) -> tuple[Array, Array]:
    """l = ln Σ_o e^{y_o} − y_target;  dl/dy = softmax(y) − onehot(target);  target (T, B), whole numbers."""
    p = softmax(y)
    top = y.max(axis=1)
    each = np.log(np.exp(y - top[:, None]).sum(axis=1)) + top
    each -= np.take_along_axis(y, target[:, None], axis=1)[:, 0]
    chosen = np.take_along_axis(p, target[:, None], axis=1)
    np.put_along_axis(p, target[:, None], chosen - 1, axis=1)
    return each, p


def _binary_cross_entropy(y: Array, target: Array) -> tuple[Array, Array]:
    """l = mean_o ln(1 + e^y) − target·y;  dl/dy = (sigmoid(y) − target) / O;  target (T, O, B) in [0, 1]."""
    each = np.logaddexp(0, y)
    each -= target * y
    slope = sigmoid(y)
    slope -= target
    slope *= 1 / y.shape[1]
    return _mean(each), slope


def _mean_squared_error(y: Array, target: Array) -> tuple[Array, Array]:
    """l = mean_o (y − target)²;  dl/dy = 2 (y − target) / O;  target (T, O, B)."""
    error = y - target
    each = _mean(error * error)
    error *= 2 / y.shape[1]
    return each, error


def _mean(each: Array) -> Array:
    """(T, O, B) -> (T, B); of one output there is nothing to add up."""
    return each[:, 0] if each.shape[1] == 1 else np.asarray(each.mean(axis=1))


def softmax(y: Array) -> Array:
    """e^{y_o} / Σ e^{y_o} over axis 1."""
    p: Array = np.exp(y - y.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return p


def sigmoid(y: Array) -> Array:
    """1 / (1 + e^-y), by way of tanh, which cannot overflow."""
    return np.asarray(0.5 * (np.tanh(0.5 * y) + 1))


cross_entropy = Loss("cross-entropy", "nats", _cross_entropy)
binary_cross_entropy = Loss("binary cross-entropy", "nats", _binary_cross_entropy)
mean_squared_error = Loss("mean squared error", "", _mean_squared_error)
