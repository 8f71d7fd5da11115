"""Initial values of W_hh, and of the recurrent matrices of gated cells, by name.

Each function returns a matrix (out, fan_in).  Sources: uniform, PyTorch's default for recurrent layers; glorot, Glorot
and Bengio 2010; orthogonal, Saxe et al. 2014; identity, Le et al. 2015 (the IRNN); gaussian, a standard deviation of
1/sqrt(fan-in), so that ``gain`` is the spectral radius of a large matrix.
"""

from collections.abc import Callable

import numpy as np

from rnn_tui.engine.parameters import Array


def uniform(rng: np.random.Generator, out: int, fan_in: int) -> Array:
    return np.asarray(rng.uniform(-1, 1, (out, fan_in)) / np.sqrt(fan_in))


def glorot(rng: np.random.Generator, out: int, fan_in: int) -> Array:
    return np.asarray(rng.uniform(-1, 1, (out, fan_in)) * np.sqrt(6 / (out + fan_in)))


def orthogonal(rng: np.random.Generator, out: int, fan_in: int) -> Array:
    q, r = np.linalg.qr(rng.standard_normal((max(out, fan_in), min(out, fan_in))))
    q = q * np.sign(np.diagonal(r))  # makes the distribution uniform over the orthogonal group
    return np.asarray(q if out >= fan_in else q.T)


def identity(_: np.random.Generator, out: int, fan_in: int) -> Array:
    return np.eye(out, fan_in)


def gaussian(rng: np.random.Generator, out: int, fan_in: int) -> Array:
    return np.asarray(rng.standard_normal((out, fan_in)) / np.sqrt(fan_in))


INITIALIZERS: dict[str, Callable[[np.random.Generator, int, int], Array]] = {
    "uniform": uniform,
    "glorot": glorot,
    "orthogonal": orthogonal,
    "identity": identity,
    "gaussian": gaussian,
}
