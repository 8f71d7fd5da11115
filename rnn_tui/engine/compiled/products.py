"""The product of a weight matrix with one time step of a batch."""

import numpy as np

from rnn_tui.engine.compiled.compiler import compiled
from rnn_tui.engine.parameters import Array


@compiled
def sums_with(W: Array, B: int) -> Array:
    """Return the buffer ``sums`` for products of W with B sequences."""
    return np.empty((B, W.shape[1]), W.dtype)


@compiled
def product(W: Array, a: Array, sums: Array, out: Array) -> None:
    """Write W' a to ``out`` (columns · B), for W (rows, columns) and a (rows · B); ``sums``: a buffer (B, columns).

    The inner loop has vector instructions, because it runs along rows of W.  It adds eight of them at once, so that a
    sum is loaded and stored once for eight products.
    """
    (rows, columns), B = W.shape, len(sums)
    sums[:] = 0
    for r in range(0, rows - 7, 8):
        for b in range(B):
            a_0, a_1, a_2, a_3 = a[r * B + b], a[(r + 1) * B + b], a[(r + 2) * B + b], a[(r + 3) * B + b]
            a_4, a_5, a_6, a_7 = a[(r + 4) * B + b], a[(r + 5) * B + b], a[(r + 6) * B + b], a[(r + 7) * B + b]
            for k in range(columns):
                four = sums[b, k] + W[r, k] * a_0 + W[r + 1, k] * a_1 + W[r + 2, k] * a_2 + W[r + 3, k] * a_3
                sums[b, k] = four + W[r + 4, k] * a_4 + W[r + 5, k] * a_5 + W[r + 6, k] * a_6 + W[r + 7, k] * a_7
    for r in range(rows - rows % 8, rows):
        for b in range(B):
            a_0 = a[r * B + b]
            for k in range(columns):
                sums[b, k] += W[r, k] * a_0
    for k in range(columns):
        for b in range(B):
            out[k * B + b] = sums[b, k]
