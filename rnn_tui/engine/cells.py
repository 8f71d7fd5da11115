"""Recurrent cells: how h_t comes from h_{t-1} and x_t.

A cell holds sizes, never weights and never memory.  It says which blocks of the packed matrix are its own, and rolls
forward and backward over the buffers of a :class:`~rnn_tui.engine.traces.RecurrentTrace`.
"""

from typing import Protocol

import numpy as np

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.parameters import Array, Block
from rnn_tui.engine.traces import RecurrentTrace


class Cell(Protocol):
    """What a recurrent model asks of a cell.  ``sums`` is the number of rows of z_t."""

    inputs: int
    hidden: int

    @property
    def sums(self) -> int: ...

    def blocks(self) -> dict[str, Block]:
        """The cell's parameters in the packed matrix with rows [h; x; 1] and columns z."""

    def roll_forward(self, P: Array, trace: RecurrentTrace) -> None:
        """Fill z_t, y_{t-1} and h_t for t = 1…T; ``P`` is (sums + O, H + I + 1)."""

    def roll_backward(self, W: Array, trace: RecurrentTrace) -> None:
        """Fill dL/dh_t and dL/dz_t for t = T…1; ``W`` is P transposed."""


class RNNCell:
    """Elman's simple recurrent cell (Elman 1990).

        z_t = W_hh h_{t-1} + W_xh x_t + b_h        h_t = f(z_t)

    Args:
        inputs: I. hidden: H. activation: a name of ``ACTIVATIONS``.
    """

    def __init__(self, inputs: int, hidden: int, activation: str = "tanh") -> None:
        self.inputs, self.hidden = inputs, hidden
        self.activation = ACTIVATIONS[activation]

    @property
    def sums(self) -> int:
        return self.hidden

    def blocks(self) -> dict[str, Block]:
        I, H = self.inputs, self.hidden
        return {
            "W_hh": (slice(0, H), slice(0, H)),
            "W_xh": (slice(H, H + I), slice(0, H)),
            "b_h": (H + I, slice(0, H)),
        }

    def roll_forward(self, P: Array, trace: RecurrentTrace) -> None:
        f = self.activation.apply
        for a, zy, z, h in trace.steps_up:
            P.dot(a, zy)  # z_t and y_{t-1}
            f(z, h)  # h_t

    def roll_backward(self, W: Array, trace: RecurrentTrace) -> None:
        self.activation.slope(trace.h, trace.slope)  # f'(z_t) for all t at once
        to_h = W[: self.hidden]
        for dzy, dh, slope, dz in trace.steps_down:
            to_h.dot(dzy, dh)  # dL/dh_t = W_hh' dL/dz_{t+1} + W_hy' dL/dy_t
            np.multiply(dh, slope, dz)  # dL/dz_t = f'(z_t) * dL/dh_t
