"""The forward and the backward pass of a cell with compiled functions."""

from collections.abc import Callable
from typing import ClassVar, NamedTuple

import numpy as np

from rnn_tui.engine.cells import Cell
from rnn_tui.engine.cells.base import Unrolled, UnrollShape
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.products import product, transposed

# H times B; in larger nets BLAS multiplies faster than compiled loops, unless there is only one sequence.
LARGEST_COMPILED = 256


class Functions(NamedTuple):
    """The compiled functions of a cell, with N = H B.

    Buffers are flat: T or T + 1 rows, each with the numbers of one time step, (features · B).

    Attributes:
        forward: ``forward(N, *matrices, *buffers)``, the whole pass, with the packed matrices.
        states: ``states(t, N, *buffers)``, its time step t after the product.
        backward: ``backward(N, P_h, *buffers)``, the whole pass, with P_h (Z + O, H) by rows.
        gradients: ``gradients(t, N, *buffers)``, its time step t after the product.
    """

    forward: Callable[..., None]
    states: Callable[..., None]
    backward: Callable[..., None]
    gradients: Callable[..., None]


class Compiled(Unrolled):
    """A cell unrolled over time, whose passes are compiled.

    In a small net, and with one sequence, a whole pass is one compiled function.  In a larger net a time step is a call
    of BLAS for the product and a call of a compiled function for everything else.

    Attributes:
        functions: those of the cell.
        read, read_back: the names of the buffers that the functions of the forward pass, and those of the backward
            pass, read or write.
    """

    functions: ClassVar[Functions]
    read: ClassVar[tuple[str, ...]]
    read_back: ClassVar[tuple[str, ...]]

    def __init__(self, cell: Cell, shape: UnrollShape) -> None:
        super().__init__(cell, shape)
        self.small = shape.batch == 1 or cell.hidden * shape.batch <= LARGEST_COMPILED
        self._N = cell.hidden * shape.batch
        self._flat, self._flat_back = (
            [self.buffers[name].reshape(len(self.buffers[name]), -1) for name in names]
            for names in (self.read, self.read_back)
        )
        self._steps = list(zip(self.a, self.sy, strict=True))
        self._steps_back = list(zip(range(shape.time), self.later, self.dh, strict=True))[::-1]

    def forward(self, matrices: list[Array]) -> None:
        if self.small:
            self.functions.forward(self._N, *matrices, *self._flat)
            return
        B, states = self.shape[1], self.functions.states
        multiply = product(transposed(matrices[0], B), B)  # not ``self.up``, which negates the gates
        *steps, last = self._steps
        for t, (a, sy) in enumerate(steps):
            multiply(a, sy)
            states(t, self._N, *self._flat)
        multiply(*last)  # the last y

    def backward(self, matrices: list[Array]) -> None:
        if self.small:
            P_h = np.ascontiguousarray(matrices[0][: self.dh.shape[1]].T)
            self.functions.backward(self._N, P_h, *self._flat_back)
            return
        multiply, gradients = self.down(matrices[0]), self.functions.gradients
        for t, later, dh in self._steps_back:
            multiply(later, dh)
            gradients(t, self._N, *self._flat_back)
