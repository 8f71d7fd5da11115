"""What the gated cells share: parameters by gate, and the logistic sigmoid."""

import numpy as np

from rnn_tui.engine.parameters import Array, Block, PackedMatrix


def packed_by_gate(gates: str, inputs: int, hidden: int, outputs: int, without_x: str = "") -> PackedMatrix:
    """W_hg, W_xg and b_g for each gate g, its columns in the order of ``gates``; no W_xg for those ``without_x``."""
    h, x, one = slice(0, hidden), slice(hidden, hidden + inputs), hidden + inputs
    blocks: dict[str, Block] = {}
    for i, gate in enumerate(gates):
        own = slice(i * hidden, (i + 1) * hidden)
        blocks[f"W_h{gate}"] = (h, own)
        if gate not in without_x:
            blocks[f"W_x{gate}"] = (x, own)
        blocks[f"b_{gate}" if gate not in without_x else f"b_h{gate}"] = (one, own)
    return PackedMatrix(one + 1, len(gates) * hidden + outputs, blocks)


class Sigmoids:
    """σ(z) = 1 / (1 + e^-z).  The minus goes into the weights, once per pass and not once per time step.

    Where e^-z overflows it is infinite, and 1 / (1 + ∞) = 0 is right.
    """

    def __init__(self, W_shape: tuple[int, int], count: int, dtype: str) -> None:
        """``count``: how many columns of the packed matrix, the first ones, are sums of gates with a σ."""
        rows, columns = W_shape
        self._sign = np.ones((columns, 1), dtype)
        self._sign[:count] = -1
        self._signed = np.zeros((columns, rows), dtype)
        self.one = np.asarray(1, dtype)  # an array: a Python number would be converted at every time step

    @staticmethod
    def numbers(sums: int, rows: int) -> int:
        """How many numbers it holds for a packed matrix (rows, sums)."""
        return sums * (rows + 1) + 1

    def signed(self, W: Array) -> Array:
        """P, the packed matrix transposed, with the rows of the gates negative."""
        return np.multiply(W.T, self._sign, out=self._signed)
