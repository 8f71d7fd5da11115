"""The arithmetic of an update, and the speed at which this machine multiplies matrices."""

from time import perf_counter

import numpy as np

GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def flops(cell: str, H: int, T: int, B: int, I: int = 1, O: int = 1) -> int:
    """Return the floating point operations in the matrix products of an update.

    Two for each weight, time step and sequence: in the forward pass, for the weight's gradient, and for the gradient of
    what it multiplies, except for inputs.  Biases, functions of single numbers and the optimizer are not counted.
    """
    G = GATES[cell]
    return 2 * T * B * (3 * G * H * H + 2 * G * H * I + 3 * O * H)


def peak(dtype: str, size: int = 768, rounds: int = 12) -> float:
    """Return the greatest number of floating point operations per second in a product of two square matrices."""
    a, b = np.random.default_rng(0).standard_normal((2, size, size)).astype(dtype)
    out = np.empty_like(a)
    seconds = []
    for _ in range(rounds):
        begin = perf_counter()
        np.dot(a, b, out=out)
        seconds.append(perf_counter() - begin)
    return 2 * size**3 / min(seconds)
