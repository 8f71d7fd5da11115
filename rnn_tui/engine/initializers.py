"""Initial values of W_hh, and of the recurrent matrices of gated cells, by name.

Each function returns a matrix (out, fan_in).  Sources: uniform, PyTorch's default for recurrent layers; glorot, Glorot
and Bengio 2010; orthogonal, Saxe et al. 2014; identity, Le et al. 2015 (the IRNN); gaussian, a standard deviation of
1/sqrt(fan-in), so that ``gain`` is the spectral radius of a large matrix; delay-line and ring, White, Lee and
Sompolinsky 2004, which also have their own input weights.
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


def delay_line(_: np.random.Generator, out: int, fan_in: int) -> Array:
    """Return a matrix that hands the value of each unit to the next one; that of the last is lost."""
    return np.eye(out, fan_in, k=-1)


def ring(_: np.random.Generator, out: int, fan_in: int) -> Array:
    """Return a delay line whose last unit leads back to the first."""
    return np.eye(out, fan_in, k=-1) + np.eye(out, fan_in, k=fan_in - 1)


def first_unit(_: np.random.Generator, out: int, fan_in: int) -> Array:
    """Return input weights that lead all inputs to the first unit alone."""
    return np.outer(np.eye(out)[0], np.ones(fan_in))


INITIALIZERS: dict[str, Callable[[np.random.Generator, int, int], Array]] = {
    "uniform": uniform,
    "glorot": glorot,
    "orthogonal": orthogonal,
    "identity": identity,
    "gaussian": gaussian,
    "delay-line": delay_line,
    "ring": ring,
}

INPUT_INITIALIZERS: dict[str, Callable[[np.random.Generator, int, int], Array]] = {
    "delay-line": first_unit,
    "ring": first_unit,
}
