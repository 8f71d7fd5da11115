"""The base of recurrent cells, and of cells unrolled over time."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from textwrap import indent
from typing import Any, ClassVar, NamedTuple

import numpy as np

from rnn_tui.engine.architecture import Architecture, TorchSource
from rnn_tui.engine.parameters import Array, PackedMatrix
from rnn_tui.engine.products import Product, in_fast_order, product, transposed


class UnrollShape(NamedTuple):
    """The sizes of an unrolled cell: T time steps of B sequences with O outputs.

    The gradient is cut every ``depth`` time steps (0: never): truncated BPTT.
    """

    time: int
    batch: int
    outputs: int
    dtype: str = "float64"
    depth: int = 0

    @property
    def cuts(self) -> list[int]:
        """Time steps, from 0, after which the gradient is cut."""
        return list(range(self.depth - 1, self.time - 1, self.depth)) if self.depth else []


class Carried(NamedTuple):
    """A state that is carried from one time step to the next.

    Attributes:
        values: (T + 1, H, B), before the first time step and after each.
        directly: (T + 1, H, B), the part of its gradient that flows back around the sums, row by row as ``values``;
            None if the whole gradient flows through the sums.  The last row comes from after the sequence: it is zero
            in training; diagnostics write a gradient there.
    """

    values: Array
    directly: Array | None = None


class Cell(Architecture, ABC):
    """A recurrent cell: sizes and names, but no weights and no state.

    Args:
        inputs: I. hidden: H. sums: Z, the rows of s_t.
        gates: how many of these rows, the first ones, are the sums of gates with σ.
        around: D, the rows of the gradient that flows back around the sums.

    Attributes:
        offsets: numbers that are added to initial parameters, by name.
    """

    numpy: ClassVar[str]

    def __init__(self, inputs: int, hidden: int, sums: int, gates: int = 0, around: int = 0) -> None:
        self.inputs, self.hidden, self.sums, self.gates, self.around = inputs, hidden, sums, gates, around
        self.offsets: dict[str, float] = {}

    @abstractmethod
    def packed(self, outputs: int) -> list[PackedMatrix]:
        """Return the positions of the parameters in packed matrices.

        The first matrix is P' of :class:`Unrolled`; the model adds the output layer's blocks to it.
        """

    @abstractmethod
    def unroll(self, shape: UnrollShape) -> "Unrolled":
        """Return the cell unrolled over T time steps, with its buffers."""

    def buffers(self, shape: UnrollShape) -> dict[str, tuple[int, ...]]:
        """Return the shapes of all arrays of :class:`Unrolled` by name; a cell that needs more adds its own.

        In all B ((T + 1) (2 (H + I + 1) + 3 (Z + O) + D) + T H + C (D + Z + O)) numbers, with C the number of cuts, and
        (Z + O) (H + I + 1) for P if there are gates.
        """
        (T, B, O, *_), (I, H, Z, D) = shape, (self.inputs, self.hidden, self.sums, self.around)
        return {
            **({"P": (Z + O, H + I + 1)} if self.gates else {}),
            "a": (T + 1, H + I + 1, B),  # a_t = [h_{t-1}; x_t; 1]
            "sy": (T + 1, Z + O, B),  # [s_t; y_{t-1}]
            "back": (T + 1, D + Z + O, B),  # [the gradient around the sums to t - 1; dL/ds_t; dL/dy_{t-1}]
            "dh": (T, H, B),
            "a_rows": (H + I + 1, T + 1, B),
            "dsy_rows": (Z + O, T + 1, B),
            "cuts": (len(shape.cuts), D + Z + O, B),  # in place of the next row of "back" where the gradient is cut
        }

    @classmethod
    def numpy_source(cls, settings: Mapping[str, Any]) -> str:  # noqa: ARG003
        states = [f"{name}_t" for name in cls.memory]
        zeros = f"np.zeros((x.shape[1], $H), {cls.recurrent[-1]}.dtype)"
        start = f"h_t, h = {zeros}, []" if len(states) == 1 else f"{' = '.join(states)} = {zeros}\nh = []"
        loop = f"for x_t in x:\n{indent(cls.numpy, '    ')}\n    h.append(h_t)"
        return indent(f"{start}\n{loop}\nh = np.stack(h)", "    ")

    @classmethod
    def torch_source(cls, settings: Mapping[str, Any]) -> TorchSource | None:  # noqa: ARG003
        if not cls.torch_names:
            return None
        layer = next(iter(cls.torch_names)).partition(".")[0]
        forward = f'    h, _ = net["{layer}"](x)  # (T, B, I) -> (T, B, H)'
        return TorchSource(layer, f"nn.{layer.upper()}($I, $H)", forward)


class Unrolled(ABC):
    """A cell unrolled over time: its buffers, and the forward and backward pass.

    A time step is one product in each direction, with P the first packed matrix transposed and s_t the cell's Z sums:

        [ s_t     ]       [ h_{t-1} ]
        [ y_{t-1} ]  =  P [ x_t     ]          dL/dh_t  =  P_h' [ dL/ds_{t+1} ]  + the cell's own terms
                          [ 1       ]                           [ dL/dy_t     ]

    with P_h the columns of P for h_{t-1}.  Therefore the buffers of both sides have T + 1 rows.  The backward pass and
    the screen read the same buffers; the next forward pass overwrites them.

    Attributes:
        buffers: all arrays, with the shapes from :meth:`Cell.buffers`; all other attributes are views of them.
        x (T, I, B), h (T, H, B), sums (T, Z, B), y (T, O, B): of the last forward pass (for a gate with σ: -s_t).
        dh (T, H, B), dsums (T, Z, B): dL/dh_t and dL/ds_t of the last backward pass.
        directly (T + 1, D, B): the gradient that flows back around the sums, to the state before each time step.
        states: states and gates by their symbols, each (T, H, B); the hidden state first.
        carried: the states that are carried from one time step to the next, the hidden state first.
        cuts: each t for which the gradient is cut between t and t + 1.
        later, directly_later: for each t the rows t + 1 of [dL/ds; dL/dy] and of ``directly``, which flow back to t;
            where the gradient is cut, rows that are zero except for dL/dy.
    """

    states: dict[str, Array]

    def __init__(self, cell: Cell, shape: UnrollShape) -> None:
        (I, H, Z, D), dtype = (cell.inputs, cell.hidden, cell.sums, cell.around), shape.dtype
        self.shape = shape.time, shape.batch
        self.buffers = {name: np.zeros(size, dtype) for name, size in cell.buffers(shape).items()}
        self.a, self.sy, self.back, self.dh = (self.buffers[name] for name in ("a", "sy", "back", "dh"))
        self.a_rows, self._dsy_rows = self.buffers["a_rows"], self.buffers["dsy_rows"]
        self.a[:, -1] = 1
        self._gates = cell.gates

        self.before, self.x, self.h = self.a[:-1, :H], self.a[:-1, H : H + I], self.a[1:, :H]
        self.sums, self.y = self.sy[:-1, :Z], self.sy[1:, Z:]
        self.directly, self.dsy = self.back[:, :D], self.back[:, D:]
        self.dsums, self.dy = self.dsy[:-1, :Z], self.dsy[1:, Z:]
        self.states = {"h": self.h}
        self.carried = [Carried(self.a[:, :H])]

        # In a small net indexing takes as long as the arithmetic, so the views of each time step are created once.
        self.cuts = shape.cuts
        following = list(self.back[1:])
        for t, cut in zip(self.cuts, self.buffers["cuts"], strict=True):
            following[t] = cut
        self.directly_later, self.later = [row[:D] for row in following], [row[D:] for row in following]

    @abstractmethod
    def forward(self, matrices: list[Array]) -> None:
        """Compute all h_t and y_t from x and the memory before it."""

    @abstractmethod
    def backward(self, matrices: list[Array]) -> None:
        """Compute all dL/dh_t and dL/ds_t from dL/dy."""

    def up(self, W: Array) -> Product:
        """Return the product with P, for P' = ``W``; rows of gates with σ are negated, so that e^-s needs no sign."""
        batch, gates = self.shape[1], self._gates
        if not gates:
            return product(transposed(W, batch), batch)
        P = in_fast_order(self.buffers["P"], batch)
        np.negative(W.T[:gates], P[:gates])
        P[gates:] = W.T[gates:]
        return product(P, batch)

    def down(self, W: Array) -> Product:
        """Return the product with P_h', the rows of P' = ``W`` that belong to h."""
        return product(W[: self.dh.shape[1]], self.shape[1])

    def begin(self, x: Array, memory: Array | None = None) -> None:
        """Copy in x (T, I, B), and the ``memory`` after the previous sequence (None: zeros)."""
        self.x[...] = x
        for i, state in enumerate(self.carried):
            state.values[0] = 0 if memory is None else memory[i]

    def end(self) -> Array:
        """Return the memory (states, H, B) after the last time step, a new array."""
        return np.stack([state.values[-1] for state in self.carried])

    def carried_states(self) -> Array:
        """Return the carried states (T, N, B) as a new array: h, or [h; c] for an LSTM."""
        return np.concatenate([state.values[1:] for state in self.carried], axis=1)

    def receive(self, dy: Array) -> None:
        """Copy in dL/dy (T, O, B)."""
        self.dy[...] = dy
        if self.cuts:
            self.buffers["cuts"][:, -dy.shape[1] :] = dy[self.cuts]  # the part from y_t still reaches h_t

    def weight_gradients(self, out: list[Array]) -> None:
        """Write dL/dP' = Σ_t a_t [dL/ds_t; dL/dy_{t-1}]', all weights and biases in one product, to ``out[0]``."""
        sum_of_products(self.a, self.dsy, self.a_rows, self._dsy_rows, out[0])

    def input_gradient(self, matrices: list[Array]) -> Array:
        """Return dL/dx (T, I, B), after a backward pass."""
        (_, I, _), (_, H, _), (_, Z, _) = self.x.shape, self.h.shape, self.sums.shape
        return np.asarray(matrices[0][H : H + I, :Z] @ self.dsums)

    def start_gradient(self, matrices: list[Array]) -> Array:
        """Return the gradient (N, B) of the states before the first time step, stacked as in ``carried_states``."""
        (_, H, B), Z = self.h.shape, self.sums.shape[1]
        parts = [np.zeros((H, B), self.dh.dtype) if s.directly is None else s.directly[0] for s in self.carried]
        gradient = np.concatenate(parts)
        gradient[:H] += matrices[0][:H, :Z] @ self.dsums[0]
        return gradient


def wide(rows: Array) -> Array:
    """Return (features, T, B) as (features, T·B)."""
    return rows.reshape(len(rows), -1)


def sum_of_products(a: Array, s: Array, a_rows: Array, s_rows: Array, out: Array) -> None:
    """Write Σ_t a_t s_t' to ``out`` (M, N), for a (T, M, B) and s (T, N, B), in one product.

    ``a_rows`` (M, T, B), ``s_rows`` (N, T, B): buffers for copies with the features first, if B > 1.
    """
    if a.shape[2] == 1:
        np.matmul(a[..., 0].T, s[..., 0], out=out)  # unlike np.dot, it makes no copies of views
    else:
        a_rows[...], s_rows[...] = a.transpose(1, 0, 2), s.transpose(1, 0, 2)
        np.dot(wide(a_rows), wide(s_rows).T, out=out)
