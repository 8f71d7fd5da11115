"""The equations once more, slowly: one sequence, one time step, one number at a time."""

from collections.abc import Callable, Mapping
from itertools import product
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
    parameters: Parameters,
    x: Array,
    activation: str,
    to_z: Array | float = 0.0,
    to_h: Array | float = 0.0,
    memory: Array | None = None,
) -> tuple[Array, Array]:
    """h (T, H, B) and y (T, O, B) of x (T, I, B); ``to_z`` and ``to_h`` (T, H, B) are added to every z_t and h_t.

    ``memory`` (1, H, B): the hidden states before the sequences; None: zeros.
    """
    f = ACTIVATIONS[activation]
    W_hh, W_xh, b_h = parameters["W_hh"], parameters["W_xh"], parameters["b_h"]
    T, _, B = x.shape
    hs, ys = np.zeros((T, len(b_h), B)), np.zeros((T, len(parameters["b_y"]), B))
    to_z, to_h = np.broadcast_to(to_z, hs.shape), np.broadcast_to(to_h, hs.shape)
    for b in range(B):
        h = _before(memory, 0, len(b_h), b)
        for t in range(T):
            z = affine(W_hh, h, b_h) + affine(W_xh, x[t, :, b], 0 * b_h) + to_z[t, :, b]
            h = np.array([f(value) for value in z]) + to_h[t, :, b]
            hs[t, :, b] = h
            ys[t, :, b] = affine(parameters["W_hy"], h, parameters["b_y"])
    return hs, ys


def gru(
    parameters: Parameters,
    x: Array,
    to_h: Array | float = 0.0,
    to_sums: Mapping[str, Array] | None = None,
    memory: Array | None = None,
) -> tuple[dict[str, Array], Array]:
    """h, r, z and n by name, each (T, H, B), and y (T, O, B).

    Added to every h_t: ``to_h`` (T, H, B); to the sum of gate r, of z, and (as n) to W_hn h_{t-1} + b_hn: ``to_sums``
    by the gate's name, each (T, H, B).  ``memory`` (1, H, B) as above.
    """
    P, (T, _, B), H = parameters, x.shape, len(parameters["b_r"])
    states = {name: np.zeros((T, H, B)) for name in "hrzn"}
    ys = np.zeros((T, len(P["b_y"]), B))
    to_sums, to_h = _nudges("rzn", to_sums, (T, H, B)), np.broadcast_to(to_h, (T, H, B))
    for b, t in product(range(B), range(T)):
        h = states["h"][t - 1, :, b] if t else _before(memory, 0, H, b)
        seen, nudge = x[t, :, b], {gate: to[t, :, b] for gate, to in to_sums.items()}
        r = sigmoids(affine(P["W_hr"], h, P["b_r"]) + affine(P["W_xr"], seen, 0 * h) + nudge["r"])
        z = sigmoids(affine(P["W_hz"], h, P["b_z"]) + affine(P["W_xz"], seen, 0 * h) + nudge["z"])
        q = affine(P["W_hn"], h, P["b_hn"]) + nudge["n"]
        p = affine(P["W_xn"], seen, P["b_xn"])
        n = np.array([tanh(p[j] + r[j] * q[j]) for j in range(H)])
        h = np.array([(1 - z[j]) * n[j] + z[j] * h[j] for j in range(H)]) + to_h[t, :, b]
        for name, value in zip("hrzn", (h, r, z, n), strict=True):
            states[name][t, :, b] = value
        ys[t, :, b] = affine(P["W_hy"], h, P["b_y"])
    return states, ys


def lstm(
    parameters: Parameters,
    x: Array,
    to_h: Array | float = 0.0,
    to_c: Array | float = 0.0,
    to_sums: Mapping[str, Array] | None = None,
    memory: Array | None = None,
) -> tuple[dict[str, Array], Array]:
    """h, c, i, f, g and o by name, each (T, H, B), and y (T, O, B).

    Added to every h_t and c_t: ``to_h`` and ``to_c`` (T, H, B); to the sum of each gate: ``to_sums`` by the gate's
    name, each (T, H, B).  ``memory`` (2, H, B): h and c before the sequences.
    """
    P, (T, _, B), H = parameters, x.shape, len(parameters["b_i"])
    states = {name: np.zeros((T, H, B)) for name in "hcifgo"}
    ys = np.zeros((T, len(P["b_y"]), B))
    to_sums = _nudges("ifgo", to_sums, (T, H, B))
    to_h, to_c = np.broadcast_to(to_h, (T, H, B)), np.broadcast_to(to_c, (T, H, B))
    for b, t in product(range(B), range(T)):
        h, c = (states[s][t - 1, :, b] if t else _before(memory, k, H, b) for k, s in enumerate("hc"))
        sums = {
            gate: affine(P[f"W_h{gate}"], h, P[f"b_{gate}"]) + affine(P[f"W_x{gate}"], x[t, :, b], 0 * h) + to[t, :, b]
            for gate, to in to_sums.items()
        }
        i, f, o = (sigmoids(sums[gate]) for gate in "ifo")
        g = np.array([tanh(value) for value in sums["g"]])
        c = np.array([f[j] * c[j] + i[j] * g[j] for j in range(H)]) + to_c[t, :, b]
        h = np.array([o[j] * tanh(c[j]) for j in range(H)]) + to_h[t, :, b]
        for name, value in zip("hcifgo", (h, c, i, f, g, o), strict=True):
            states[name][t, :, b] = value
        ys[t, :, b] = affine(P["W_hy"], h, P["b_y"])
    return states, ys


def sigmoids(sums: Array) -> Array:
    return np.array([1 / (1 + exp(-value)) for value in sums])


def _nudges(gates: str, given: Mapping[str, Array] | None, shape: tuple[int, ...]) -> dict[str, Array]:
    return {gate: np.broadcast_to((given or {}).get(gate, 0.0), shape) for gate in gates}


def _before(memory: Array | None, state: int, hidden: int, b: int) -> Array:
    return np.zeros(hidden) if memory is None else memory[state, :, b]


def fnn(
    parameters: Parameters, x: Array, activation: str, window: int, memory: Array | None = None
) -> tuple[Array, Array]:
    """h (T, H, B) and y (T, O, B) of x (T, I, B), each time step from its window alone.

    ``memory`` (window - 1, I, B): the inputs before the sequences, the latest last; None: zeros.
    """
    f = ACTIVATIONS[activation]
    T, I, B = x.shape
    before = np.zeros((window - 1, I, B)) if memory is None else memory
    hs, ys = np.zeros((T, len(parameters["b_h"]), B)), np.zeros((T, len(parameters["b_y"]), B))
    for b in range(B):
        for t in range(T):
            seen = [x[t - lag, :, b] if t >= lag else before[t - lag, :, b] for lag in range(window)]
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
