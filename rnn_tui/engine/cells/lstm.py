"""The long short-term memory."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from rnn_tui.engine.architecture import Formula, Option, State, UnitStep
from rnn_tui.engine.cells.base import Carried, Cell, Unrolled, UnrollShape
from rnn_tui.engine.cells.packing import packed_by_gate, torch_layer
from rnn_tui.engine.parameters import Array, PackedMatrix

CACHED = 2**14  # numbers of an array that stays in the cache, beside a few others, from one operation to the next


class LSTMCell(Cell):
    """The long short-term memory (Hochreiter and Schmidhuber 1997) with a forget gate (Gers et al. 2000).

        i_t = σ(W_hi h_{t-1} + W_xi x_t + b_i)        the share of g that is added to c
        f_t = σ(W_hf h_{t-1} + W_xf x_t + b_f)        the share of c that is kept
        g_t = tanh(W_hg h_{t-1} + W_xg x_t + b_g)     the value that can be added to c
        o_t = σ(W_ho h_{t-1} + W_xo x_t + b_o)        the share of tanh(c) that h shows

        c_t = f_t ∘ c_{t-1} + i_t ∘ g_t               h_t = o_t ∘ tanh(c_t)

    Args:
        inputs: I. hidden: H. forget_bias: added to the initial b_f; with 1 the cell remembers from the first update on
            (Jozefowicz et al. 2015).
    """

    phrase: ClassVar[str] = "an LSTM"
    options: ClassVar[Mapping[str, Option]] = {
        "forget_bias": Option(
            0.0, "forget", "added to the initial b_f; above 0, c is kept at first",
            (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0), -100, 100, "forget bias",
        )
    }  # fmt: skip
    recurrent: ClassVar[tuple[str, ...]] = ("W_hi", "W_hf", "W_hg", "W_ho")
    states: ClassVar[Mapping[str, State]] = {
        "i": State("input gate", "σ", "the share of g that is added to c"),
        "f": State("forget gate", "σ", "the share of c that is kept"),
        "g": State("candidate", "tanh", "the value that can be added to c"),
        "o": State("output gate", "σ", "the share of tanh(c) that h shows"),
        "c": State("cell state", meaning="the long-term memory"),
        "h": State("hidden state", bounded=True),
    }
    equations: ClassVar[tuple[str, ...]] = (
        "i_t = σ(W_hi h_(t-1) + W_xi x_t + b_i), likewise f_t and o_t; g_t = tanh(W_hg h_(t-1) + W_xg x_t + b_g)",
        "c_t = f_t·c_(t-1) + i_t·g_t, h_t = o_t·tanh(c_t)",
    )
    memory: ClassVar[tuple[str, ...]] = ("h", "c")
    backward_equations: ClassVar[tuple[str, ...]] = (
        "∂L/∂h_t = W_hyᵀ ∂L/∂y_t + Σ_s W_hsᵀ ∂L/∂s_(t+1), s: the sums inside i, f, g, o",
        "∂L/∂c_t = o_t·(1 − tanh² c_t)·∂L/∂h_t + f_(t+1)·∂L/∂c_(t+1)",
    )
    backward_sentence: ClassVar[str] = (
        "flows back through the gates and along c, multiplied by f_(t+1): if that is near 1, almost nothing is lost."
    )
    gradient_path: ClassVar[str] = "c"
    torch_names: ClassVar[Mapping[str, tuple[str, ...]]] = torch_layer("lstm", "ifgo")
    numpy: ClassVar[str] = """\
# i_t = sigmoid(W_hi h_{t-1} + W_xi x_t + b_i), likewise f_t and o_t
i_t = sigmoid(h_t @ W_hi.T + x_t @ W_xi.T + b_i)  # (B, H)
f_t = sigmoid(h_t @ W_hf.T + x_t @ W_xf.T + b_f)
o_t = sigmoid(h_t @ W_ho.T + x_t @ W_xo.T + b_o)
# g_t = tanh(W_hg h_{t-1} + W_xg x_t + b_g)
g_t = np.tanh(h_t @ W_hg.T + x_t @ W_xg.T + b_g)
# c_t = f_t * c_{t-1} + i_t * g_t, h_t = o_t * tanh(c_t)
c_t = f_t * c_t + i_t * g_t
h_t = o_t * np.tanh(c_t)"""

    def __init__(self, inputs: int, hidden: int, forget_bias: float = 0.0) -> None:
        super().__init__(inputs, hidden, sums=4 * hidden, gates=3 * hidden, around=hidden)
        self.offsets = {"b_f": forget_bias}

    def packed(self, outputs: int) -> list[PackedMatrix]:
        return [packed_by_gate("ifog", self.inputs, self.hidden, outputs)]

    def unroll(self, shape: UnrollShape) -> "UnrolledLSTM":
        return UnrolledLSTM(self, shape)

    def buffers(self, shape: UnrollShape) -> dict[str, tuple[int, ...]]:
        """Return the shapes: (7 T + 10) B H + 1 more numbers."""
        (T, B, *_), H = shape, self.hidden
        own = {
            # [i; f; o] and [g; c_{t-1}; tanh c_t], in an order in which the factors of products are contiguous
            "gates": (T, 3 * H, B),
            "values": (T + 1, 3 * H, B),
            "dc": (T, H, B),
            "parts": (2 * H, B),  # [i_t ∘ g_t; f_t ∘ c_{t-1}]
            "one": (),
            "upstream": (5 * H, B),  # for each row of ``_flows`` what it is multiplied by, dL/dc_t or dL/dh_t
        }
        return super().buffers(shape) | own

    @classmethod
    def composed(cls, state: str, at: UnitStep) -> Formula:
        if state == "c":
            return [at.now("f"), "·", at.past("c"), " + ", at.now("i"), "·", at.now("g")]
        return [at.now("o"), "·tanh(", at.now("c"), ")"]


class UnrolledLSTM(Unrolled):
    """An unrolled LSTM.  The sums are those of i, f, o and g.

        dL/dc_t = o_t (1 - tanh² c_t) ∘ dL/dh_t  +  f_{t+1} ∘ dL/dc_{t+1}

        dL/di_t = i_t (1 - i_t) g_t ∘ dL/dc_t           dL/df_t = f_t (1 - f_t) c_{t-1} ∘ dL/dc_t
        dL/dg_t = (1 - g_t²) i_t ∘ dL/dc_t              dL/do_t = o_t (1 - o_t) tanh(c_t) ∘ dL/dh_t

    (for the gates: with respect to their sums).

    Attributes:
        slopes: (piece, 3 H, B), those of the gates for a few time steps, in the memory of rows that are written later.
    """

    def __init__(self, cell: LSTMCell, shape: UnrollShape) -> None:
        super().__init__(cell, shape)
        self._hidden = H = cell.hidden
        self._ifo, self._values = self.buffers["gates"], self.buffers["values"]
        self._parts, self._one = self.buffers["parts"], self.buffers["one"]
        self._one[...] = 1  # an array: a Python number would be converted at every time step
        self._i, self._f, self._o = (self._ifo[:, k * H : (k + 1) * H] for k in range(3))
        self._g, self._tanh_c = self._values[:-1, :H], self._values[:-1, 2 * H :]
        # what reaches c_{t-1} directly, and the gradients of the four sums: next to each other, for one product
        self._flows = self.back[:-1, : 5 * H]
        self.c, self.dc = self._values[1:, H : 2 * H], self.buffers["dc"]
        self.states |= {"c": self.c, "i": self._i, "f": self._f, "g": self._g, "o": self._o}
        self.carried.append(Carried(self._values[:, H : 2 * H], self.directly))
        piece = max(1, min(shape.time, CACHED // (3 * H * shape.batch)))
        self.slopes = self._dsy_rows.ravel()[: piece * 3 * H * shape.batch].reshape(piece, 3 * H, shape.batch)
        self._up, self._down, self._pieces = self._views_up(), self._views_down(), self._views_of_pieces()

    def _views_up(self) -> list[tuple[Array, ...]]:
        H, sums = self._hidden, self.sums
        sigmoids, candidate = (sums[:, : 3 * H], self._ifo), (sums[:, 3 * H :], self._g)
        factors = self._ifo[:, : 2 * H], self._values[:-1, : 2 * H]
        products = self.a[:-1], self.sy[:-1]
        return list(zip(*products, *sigmoids, *candidate, *factors, self.c, self._tanh_c, self._o, self.h, strict=True))

    def forward(self, matrices: list[Array]) -> None:
        H, one = self._hidden, self._one
        multiply, exp, tanh, add, divide = self.up(matrices[0]), np.exp, np.tanh, np.add, np.divide
        parts, written, kept = self._parts, self._parts[:H], self._parts[H:]
        with np.errstate(over="ignore"):
            for a, sy, minus_sums, inverses, sum_g, g, inverse_if, g_c, c, tanh_c, inverse_o, h in self._up:
                multiply(a, sy)  # minus the sums of i_t, f_t and o_t, the sum of g_t, and y_{t-1}
                exp(minus_sums, inverses)
                inverses += one  # 1 / i_t, 1 / f_t and 1 / o_t
                tanh(sum_g, g)
                divide(g_c, inverse_if, parts)  # i_t ∘ g_t and f_t ∘ c_{t-1}
                add(written, kept, c)
                tanh(c, tanh_c)
                divide(tanh_c, inverse_o, h)  # h_t
        multiply(self.a[-1], self.sy[-1])  # the last y
        np.reciprocal(self._ifo, self._ifo)  # i_t, f_t and o_t, for all t at once

    def _views_down(self) -> list[tuple[Array, ...]]:
        back = self.later, self.directly_later
        views: zip[tuple[Array, ...]] = zip(*back, self.dh, self.dc, self._flows, strict=True)
        return list(views)[::-1]

    def backward(self, matrices: list[Array]) -> None:
        H, upstream = self._hidden, self.buffers["upstream"]
        multiply, copies, copy_o = self.down(matrices[0]), upstream.reshape(5, H, -1), upstream[3 * H : 4 * H]
        self._slopes()
        for later, directly, dh, dc, flows in self._down:
            multiply(later, dh)
            dc *= dh
            dc += directly
            # in a small net copies and one product take less time than five products, or one that repeats its factor
            copies[...] = dc
            copy_o[...] = dh
            flows *= upstream  # what reaches c_{t-1} directly, and the gradients of i, f, o and g

    def _views_of_pieces(self) -> list[tuple[Array, ...]]:
        H, (T, _), slopes = self._hidden, self.shape, self.slopes
        flows = self.directly[:-1], self.dsums[:, : 3 * H], self.dsums[:, 3 * H :]
        views = self._ifo, self._i, self._f, self._o, self._values[:-1], self._g, self._tanh_c, self.dc, *flows
        pieces = [slice(t, min(T, t + len(slopes))) for t in range(0, T, len(slopes))]
        return [(slopes[: piece.stop - piece.start], *(view[piece] for view in views)) for piece in pieces]

    def _slopes(self) -> None:
        """Start dL/dc and its flows with the factors before the ∘ in the class's equations, piece by piece.

        Arithmetic is several times as fast on arrays that are contiguous and in the cache; the copies cost less time
        than that saves.
        """
        for slopes, ifo, i, f, o, values, g, tanh_c, dc, directly, difo, dg in self._pieces:
            np.multiply(ifo, ifo, out=slopes)
            np.subtract(ifo, slopes, out=slopes)
            slopes *= values
            difo[...], directly[...] = slopes, f
            np.multiply(g, g, out=dc)
            np.subtract(1, dc, out=dc)
            dc *= i
            dg[...] = dc
            np.multiply(tanh_c, tanh_c, out=dc)
            np.subtract(1, dc, out=dc)
            dc *= o
