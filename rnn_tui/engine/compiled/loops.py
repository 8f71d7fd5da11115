"""The compiler of time loops, and the functions that they share."""

from collections.abc import Callable
from math import exp
from typing import TypeVar, cast

import numba
import numpy as np

from rnn_tui.engine.parameters import Array

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Return the function as machine code, which is made when it is first called.

    The code is kept beside the source, or in the user's cache if that folder cannot be written; if neither can, it is
    made anew by each process.  It is kept until the function's own file changes: after a change in this file, delete
    ``__pycache__``.  Sums keep the order in which they are written, and 1 / 0 is infinite, as in NumPy.
    """
    try:
        return cast(Function, numba.njit(function, error_model="numpy", cache=True))
    except RuntimeError:  # no folder can be written
        return cast(Function, numba.njit(function, error_model="numpy"))


@compiled
def sigmoid(z: float) -> float:
    """Return σ(z) = 1 / (1 + e^-z)."""
    return 1 / (1 + exp(-z))


@compiled
def product(W: Array, a: Array, out: Array) -> None:
    """Write W' a to ``out`` (columns, B), for W (rows, columns) and a (rows, B).

    The inner loop has vector instructions: it runs along a row of W, or along the sequences if there are many.
    """
    (rows, columns), B = W.shape, a.shape[1]
    if B < 8:
        for b in range(B):
            sums = np.zeros(columns, out.dtype)
            for r in range(rows):
                for k in range(columns):
                    sums[k] += W[r, k] * a[r, b]
            for k in range(columns):
                out[k, b] = sums[k]
    else:
        out[:] = 0
        for k in range(columns):
            for r in range(rows):
                for b in range(B):
                    out[k, b] += W[r, k] * a[r, b]


def to_h(W: Array, hidden: int) -> Array:
    """Return P_h, the first rows of the packed matrix W transposed, so that ``product`` gives P_h' [dL/ds; dL/dy]."""
    return np.ascontiguousarray(W[:hidden].T)
