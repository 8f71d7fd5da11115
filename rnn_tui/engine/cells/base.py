"""What every recurrent cell is, and what all have in common when they are unrolled over time."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from textwrap import indent
from typing import Any, ClassVar, NamedTuple

import numpy as np

from rnn_tui.engine.architecture import Architecture, TorchSource
from rnn_tui.engine.parameters import Array, PackedMatrix


class UnrollShape(NamedTuple):
    """The sizes of one unrolling: T time steps of B sequences, O outputs at each.

    The gradient is cut every ``depth`` time steps (0: never): truncated BPTT.
    """

    time: int
    batch: int
    outputs: int
    dtype: str = "float64"
    depth: int = 0

    @property
    def cuts(self) -> list[int]:
        """The t after which the gradient is cut, counted from 0."""
        return list(range(self.depth - 1, self.time - 1, self.depth)) if self.depth else []


class Carried(NamedTuple):
    """A state that is carried from one time step to the next.

    Attributes:
        values: (T + 1, H, B), before the first time step and after each.
        directly: (T + 1, H, B), the part of its gradient that comes back past the sums, row t that of the values' row
            t; None if all of it comes through the sums.  The last row is what comes from after the sequence: zero in
            training, dL/d of the last value for whoever writes it there.
    """

    values: Array
    directly: Array | None = None


class Cell(Architecture, ABC):
    """Sizes and names, never weights and never memory.

    Args:
        inputs: I. hidden: H. sums: Z, the rows of s_t.

    Attributes:
        offsets: what is added to a freshly drawn parameter, by its name.
    """

    numpy: ClassVar[str]

    def __init__(self, inputs: int, hidden: int, sums: int) -> None:
        self.inputs, self.hidden, self.sums = inputs, hidden, sums
        self.offsets: dict[str, float] = {}

    @abstractmethod
    def packed(self, outputs: int) -> list[PackedMatrix]:
        """Where the parameters lie.  The first matrix is P' of :class:`Unrolled`, with the output layer's blocks in it
        left to the model.
        """

    @abstractmethod
    def unroll(self, shape: UnrollShape) -> "Unrolled":
        """The cell, T times in a row, with the buffers for it."""

    def buffers(self, shape: UnrollShape) -> dict[str, tuple[int, ...]]:
        """Return the shapes of all arrays that :class:`Unrolled` holds, by name; a cell that needs more adds its own.

        These make B ((T + 1) (2 (H + I + 1) + 3 (Z + O)) + T H + C (Z + O)) numbers, C being the number of cuts.
        """
        (T, B, O, *_), (I, H, Z) = shape, (self.inputs, self.hidden, self.sums)
        return {
            "a": (T + 1, H + I + 1, B),  # a_t = [h_{t-1}; x_t; 1]
            "sy": (T + 1, Z + O, B),  # [s_t; y_{t-1}]
            "dsy": (T + 1, Z + O, B),  # [dL/ds_t; dL/dy_{t-1}]
            "dh": (T, H, B),
            "a_rows": (H + I + 1, T + 1, B),
            "dsy_rows": (Z + O, T + 1, B),
            "cuts": (len(shape.cuts), Z + O, B),
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
    """A cell unrolled over time: the buffers, and the way through them forward and back.

    A time step is one product each way, P being the first packed matrix transposed and s_t the Z sums of the cell:

        [ s_t     ]       [ h_{t-1} ]
        [ y_{t-1} ]  =  P [ x_t     ]          dL/dh_t  =  P_h' [ dL/ds_{t+1} ]  + what the cell adds
                          [ 1       ]                           [ dL/dy_t     ]

    which is why there are T + 1 rows of each.  What the backward pass needs is what a learner wants to see, so one set
    of buffers serves both; the next forward pass overwrites it.

    Attributes:
        buffers: all arrays it holds, made as :meth:`Cell.buffers` declares them; everything else is a view of them.
        x (T, I, B), h (T, H, B), sums (T, Z, B), y (T, O, B): of the last forward pass (of a gate with a σ: -s_t).
        dh (T, H, B), dsums (T, Z, B): dL/dh_t and dL/ds_t of the last backward pass.
        states: what the cell holds at each time step, by the field's names, each (T, H, B); the hidden state first.
        carried: those that are carried from one time step to the next, the hidden state first.
        cuts: the t between which and t + 1 the gradient is cut.
    """

    states: dict[str, Array]

    def __init__(self, cell: Cell, shape: UnrollShape) -> None:
        (I, H, Z), dtype = (cell.inputs, cell.hidden, cell.sums), shape.dtype
        self.shape = shape.time, shape.batch
        self.buffers = {name: np.zeros(size, dtype) for name, size in cell.buffers(shape).items()}
        self.a, self.sy, self.dsy, self.dh = (self.buffers[name] for name in ("a", "sy", "dsy", "dh"))
        self.a_rows, self._dsy_rows = self.buffers["a_rows"], self.buffers["dsy_rows"]
        self.a[:, -1] = 1

        self.before, self.x, self.h = self.a[:-1, :H], self.a[:-1, H : H + I], self.a[1:, :H]
        self.sums, self.y = self.sy[:-1, :Z], self.sy[1:, Z:]
        self.dsums, self.dy = self.dsy[:-1, :Z], self.dsy[1:, Z:]
        self.states = {"h": self.h}
        self.carried = [Carried(self.a[:, :H])]

        # Indexing costs as much as the arithmetic at these sizes, so the views of each time step are made once.
        self.cuts = shape.cuts
        self.later = self.coming_back("dsy", "cuts")

    @abstractmethod
    def forward(self, matrices: list[Array]) -> None:
        """From x and the memory before it, all h_t, and all y_t but the last."""

    @abstractmethod
    def backward(self, matrices: list[Array]) -> None:
        """From dL/dy, all dL/dh_t and dL/ds_t."""

    def coming_back(self, rows: str, cuts: str) -> list[Array]:
        """For each t, row t + 1 of the buffer ``rows`` (T + 1, ·, B); but where the gradient is cut, one of the buffer
        ``cuts`` (C, ·, B), which stays zero.

        Rows other than dL/ds are what reaches the state that was last added to ``carried`` past the sums.
        """
        if rows != "dsy":
            self.carried[-1] = self.carried[-1]._replace(directly=self.buffers[rows])
        back = list(self.buffers[rows][1:])
        for t, cut in zip(self.cuts, self.buffers[cuts], strict=True):
            back[t] = cut
        return back

    def begin(self, x: Array, memory: Array | None = None) -> None:
        """Take x (T, I, B), and what the sequence before it left in ``memory`` (None: nothing, zeros)."""
        self.x[...] = x
        for i, state in enumerate(self.carried):
            state.values[0] = 0 if memory is None else memory[i]

    def end(self) -> Array:
        """The memory (states, H, B) after the last time step, a new array."""
        return np.stack([state.values[-1] for state in self.carried])

    def carried_states(self) -> Array:
        """Return all that is carried from one time step to the next (T, N, B), as a new array: h, of an LSTM [h; c]."""
        return np.concatenate([state.values[1:] for state in self.carried], axis=1)

    def receive(self, dy: Array) -> None:
        """Take dL/dy (T, O, B)."""
        self.dy[...] = dy
        if self.cuts:
            self.buffers["cuts"][:, -dy.shape[1] :] = dy[self.cuts]  # y_t's share reaches h_t all the same

    def weight_gradients(self, out: list[Array]) -> None:
        """dL/dP' = Σ_t a_t [dL/ds_t; dL/dy_{t-1}]', all weights and biases in one product, into ``out[0]``."""
        self.a_rows[...] = self.a.transpose(1, 0, 2)
        self._dsy_rows[...] = self.dsy.transpose(1, 0, 2)
        np.dot(wide(self.a_rows), wide(self._dsy_rows).T, out=out[0])

    def input_gradient(self, matrices: list[Array]) -> Array:
        """Return dL/dx (T, I, B), after a backward pass."""
        (_, I, _), (_, H, _), (_, Z, _) = self.x.shape, self.h.shape, self.sums.shape
        return np.asarray(matrices[0][H : H + I, :Z] @ self.dsums)

    def start_gradient(self, matrices: list[Array]) -> Array:
        """Return dL/d of the state before the first time step (N, B), stacked as by ``carried_states``."""
        (_, H, B), Z = self.h.shape, self.sums.shape[1]
        parts = [np.zeros((H, B), self.dh.dtype) if s.directly is None else s.directly[0] for s in self.carried]
        gradient = np.concatenate(parts)
        gradient[:H] += matrices[0][:H, :Z] @ self.dsums[0]
        return gradient


def wide(rows: Array) -> Array:
    """(features, T, B) -> (features, T·B)"""
    return rows.reshape(len(rows), -1)
