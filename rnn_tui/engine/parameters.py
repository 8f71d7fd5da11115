"""The parameters of a net: one flat vector with named views.

Optimizers use the flat vector, the mathematics uses matrices by name, and a snapshot is one copy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Block: TypeAlias = tuple[slice | int, slice]


@dataclass(frozen=True)
class PackedMatrix:
    """A matrix (inputs as rows, outputs as columns) whose ``blocks`` are parameters.

    Entries outside all blocks are always zero.  A block whose rows are one integer is a vector (a bias).
    """

    rows: int
    columns: int
    blocks: Mapping[str, Block]

    @property
    def size(self) -> int:
        return self.rows * self.columns


def _length(part: slice | int, of: int) -> int:
    return len(range(of)[part]) if isinstance(part, slice) else 1


class Layout:
    """The position of each named parameter in the flat vector.

    Attributes:
        size: length of the flat vector.
        count: number of parameters, without the entries that are always zero.
        holes: indices of the entries that are always zero.
    """

    def __init__(self, *matrices: PackedMatrix) -> None:
        self.packed = matrices
        self.size = sum(matrix.size for matrix in matrices)
        self.count = sum(_length(rows, m.rows) * _length(columns, m.columns)
                         for m in matrices for rows, columns in m.blocks.values())  # fmt: skip

    @cached_property
    def holes(self) -> Array:
        hole = np.ones(self.size, bool)
        for view in self.views(hole).values():
            view[...] = False
        return np.flatnonzero(hole)

    def matrices(self, flat: Array) -> list[Array]:
        """Return the packed matrices (rows, columns) as views of ``flat``."""
        found, start = [], 0
        for matrix in self.packed:
            found.append(flat[start : start + matrix.size].reshape(matrix.rows, matrix.columns))
            start += matrix.size
        return found

    def views(self, flat: Array) -> dict[str, Array]:
        """Return the parameters by name as views of ``flat``: matrices (out, in), biases (out,)."""
        return {
            name: matrix[block].T
            for packed, matrix in zip(self.packed, self.matrices(flat), strict=True)
            for name, block in packed.blocks.items()
        }


class Parameters:
    """The parameters of one model: ``flat``, and views of it by name, such as ``parameters["W_hh"]`` (out, in)."""

    def __init__(self, layout: Layout, flat: Array) -> None:
        self.layout = layout
        self.flat = flat

    @cached_property
    def matrices(self) -> list[Array]:
        return self.layout.matrices(self.flat)

    @cached_property
    def views(self) -> dict[str, Array]:
        return self.layout.views(self.flat)

    @classmethod
    def zeros(cls, layout: Layout, dtype: str) -> "Parameters":
        return cls(layout, np.zeros(layout.size, dtype))

    def __getitem__(self, name: str) -> Array:
        return self.views[name]

    @property
    def count(self) -> int:
        return self.layout.count

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.flat.dtype
