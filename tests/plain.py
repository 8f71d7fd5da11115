"""The equations once more, slowly: one sequence, one time step, one number at a time."""

from collections.abc import Callable
from math import exp, log, tanh

import numpy as np

from rnn_tui.engine.parameters import Array, Parameters

ACTIVATIONS: dict[str, Callable[[float], float]] = {
    "tanh": tanh,
    "relu": lambda z: z if z > 0 else 0.0,
    "sigmoid": lambda z: 1 / (1 + exp(-z)),
    "identity": lambda z: z,
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "softplus": lambda z: log(1 + exp(z)),
}


def affine(W: Array, v: Array, b: Array) -> Array:
    """W v + b"""
    return np.array([sum(W[i, j] * v[j] for j in range(len(v))) + b[i] for i in range(len(b))])


def rnn(
    parameters: Parameters, x: Array, activation: str, to_z: Array | float = 0.0, to_h: Array | float = 0.0
) -> tuple[Array, Array]:
    """h (T, H, B) and y (T, O, B) of x (T, I, B); ``to_z`` and ``to_h`` (T, H, B) are added to every z_t and h_t."""
    f = ACTIVATIONS[activation]
    W_hh, W_xh, b_h = parameters["W_hh"], parameters["W_xh"], parameters["b_h"]
    T, _, B = x.shape
    hs, ys = np.zeros((T, len(b_h), B)), np.zeros((T, len(parameters["b_y"]), B))
    to_z, to_h = np.broadcast_to(to_z, hs.shape), np.broadcast_to(to_h, hs.shape)
    for b in range(B):
        h = np.zeros(len(b_h))
        for t in range(T):
            z = affine(W_hh, h, b_h) + affine(W_xh, x[t, :, b], 0 * b_h) + to_z[t, :, b]
            h = np.array([f(value) for value in z]) + to_h[t, :, b]
            hs[t, :, b] = h
            ys[t, :, b] = affine(parameters["W_hy"], h, parameters["b_y"])
    return hs, ys


def fnn(parameters: Parameters, x: Array, activation: str, window: int) -> tuple[Array, Array]:
    """h (T, H, B) and y (T, O, B) of x (T, I, B), each time step from its window alone."""
    f = ACTIVATIONS[activation]
    T, I, B = x.shape
    hs, ys = np.zeros((T, len(parameters["b_h"]), B)), np.zeros((T, len(parameters["b_y"]), B))
    for b in range(B):
        for t in range(T):
            seen = [x[t - lag, :, b] if t >= lag else np.zeros(I) for lag in range(window)]
            z = affine(parameters["W_xh"], np.concatenate(seen), parameters["b_h"])
            hs[t, :, b] = [f(value) for value in z]
            ys[t, :, b] = affine(parameters["W_hy"], hs[t, :, b], parameters["b_y"])
    return hs, ys


def loss(name: str, y: Array, target: Array, mask: Array) -> float:
    """The mean over the scored positions of the named loss, from its definition; y (T, O, B)."""
    total = scored = 0.0
    T, O, B = y.shape
    for t in range(T):
        for b in range(B):
            if mask[t, b]:
                scored += 1
                total += _at(name, [float(y[t, o, b]) for o in range(O)], target[t, ..., b])
    return total / scored if scored else 0.0


def _at(name: str, y: list[float], target: Array) -> float:
    if name == "cross-entropy":
        return -log(exp(y[int(target)]) / sum(exp(value) for value in y))
    if name == "mean squared error":
        return sum((value - d) ** 2 for value, d in zip(y, target, strict=True)) / len(y)
    p = [1 / (1 + exp(-value)) for value in y]
    return -sum(d * log(q) + (1 - d) * log(1 - q) for q, d in zip(p, target, strict=True)) / len(y)
