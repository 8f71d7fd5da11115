"""The product of a weight matrix with one time step of a batch, in the form in which BLAS is fastest.

The form depends only on sizes and on the kind of processor, so that equal runs have equal bits.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from rnn_tui.engine.parameters import Array

Product: TypeAlias = Callable[[Array, Array], object]

# With AVX-512, OpenBLAS multiplies without repacking the matrix first if rows × columns × batch is at most this
# (kernel/x86_64/dgemm_small_kernel_permit_skylakex.c).  A small batch uses each weight too seldom to pay for repacking.
SMALL = 10**6
LARGEST_BATCH = 32
FEWEST_ROWS = 16  # of a block: with fewer, reading the batch again for each block costs more than is saved


def _has_avx512() -> bool:
    found = (np.show_config(mode="dicts") or {}).get("SIMD Extensions", {}).get("found", [])
    return any(name.startswith(("X86_V4", "AVX512")) for name in found)


AVX512 = _has_avx512()


def is_small(matrix: Array, batch: int) -> bool:
    """Return True if OpenBLAS multiplies the matrix with a batch without repacking it."""
    return matrix.size * batch <= SMALL


def in_fast_order(matrix: Array, batch: int) -> Array:
    """Return a matrix of the same shape and memory: by columns if products with ``batch`` are small, else by rows.

    ``matrix``: by rows.
    """
    return matrix.reshape(matrix.shape[::-1]).T if is_small(matrix, batch) else matrix


def transposed(matrix: Array, batch: int) -> Array:
    """Return the transposed matrix: a view if products with ``batch`` are small, else a copy, by rows."""
    return matrix.T if is_small(matrix, batch) else np.ascontiguousarray(matrix.T)


def product(matrix: Array, batch: int) -> Product:
    """Return ``multiply(a, out)``, which writes ``matrix`` a into ``out``, for a (columns, B) with B = ``batch``.

    With AVX-512 and a batch of 2 to 32, a large matrix is multiplied in blocks of rows that are small.
    """
    if is_small(matrix, batch) or not AVX512 or not 1 < batch <= LARGEST_BATCH:
        return matrix.dot
    height = SMALL // (matrix.shape[1] * batch)
    if height < FEWEST_ROWS:
        return matrix.dot
    blocks = [(matrix[first : first + height], slice(first, first + height)) for first in range(0, len(matrix), height)]

    def multiply(a: Array, out: Array) -> None:
        for block, rows in blocks:
            block.dot(a, out[rows])
        blocks.reverse()  # the next product begins with what is still in the cache

    return multiply
