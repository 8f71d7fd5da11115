"""What a forward pass keeps: the backward pass needs it, and so does whoever wants to look inside.

A trace owns all buffers of one (T, B) and is made once per shape.  The arrays it shows (``x``, ``h``, ``y``, …) are
views of them: the next forward pass overwrites what they hold.
"""

import numpy as np

from rnn_tui.engine.parameters import Array


class RecurrentTrace:
    """The buffers of one unrolling, T + 1 rows of each because y_t is computed together with z_{t+1}:

        [ z_t     ]       [ h_{t-1} ]
        [ y_{t-1} ]  =  P [ x_t     ]
                          [ 1       ]

    Memory: (T + 1) B (2 (H + I + 1) + 3 (Z + O)) + 2 T B H numbers, Z being the rows of z_t.

    Attributes:
        x (T, I, B), h (T, H, B), z (T, Z, B), y (T, O, B): of the last forward pass.
        dh (T, H, B), dz (T, Z, B): dL/dh_t and dL/dz_t of the last backward pass.
    """

    def __init__(self, sizes: tuple[int, int, int, int], time: int, batch: int, dtype: str) -> None:
        """``sizes`` are I, H, Z (rows of z_t) and O."""
        I, H, Z, O = sizes
        T, B = time, batch
        self.shape = (time, batch)
        self.a = np.zeros((T + 1, H + I + 1, B), dtype)  # a_t = [h_{t-1}; x_t; 1]
        self.zy = np.zeros((T + 1, Z + O, B), dtype)  # [z_t; y_{t-1}]
        self.dzy = np.zeros((T + 1, Z + O, B), dtype)
        self.a[:, -1] = 1
        self.slope = np.zeros((T, H, B), dtype)
        self.dh = np.zeros((T, H, B), dtype)
        self._a_rows = np.zeros((H + I + 1, T + 1, B), dtype)
        self._dzy_rows = np.zeros((Z + O, T + 1, B), dtype)

        self.x, self.h = self.a[:-1, H : H + I], self.a[1:, :H]
        self.h_start = self.a[0, :H]
        self.z, self.y = self.zy[:-1, :Z], self.zy[1:, Z:]
        self.dz, self.dy = self.dzy[:-1, :Z], self.dzy[1:, Z:]

        # Indexing costs as much as the arithmetic at these sizes, so each time step's views are made here, once.
        self.steps_up = list(zip(self.a[:-1], self.zy[:-1], self.z, self.h, strict=True))
        self.steps_down = list(zip(self.dzy[1:], self.dh, self.slope, self.dz, strict=True))[::-1]

    def weight_gradient(self, out: Array) -> None:
        """dL/dP' = sum over t of a_t [dz_t; dy_{t-1}]', all weights and biases in one product."""
        self._a_rows[...] = self.a.transpose(1, 0, 2)
        self._dzy_rows[...] = self.dzy.transpose(1, 0, 2)
        rows, columns = len(self._a_rows), len(self._dzy_rows)
        np.dot(self._a_rows.reshape(rows, -1), self._dzy_rows.reshape(columns, -1).T, out=out)


class WindowTrace:
    """The buffers of a feed-forward pass; nothing flows through time, so all T × B positions are one product.

    Attributes:
        x (T, I, B), h (T, H, B), y (T, O, B), dh, dz: as in :class:`RecurrentTrace`.
    """

    def __init__(self, sizes: tuple[int, int, int, int], time: int, batch: int, dtype: str) -> None:
        """``sizes`` are I, H, k (the window) and O."""
        I, H, k, O = sizes
        T, B = time, batch
        self.shape = (time, batch)
        # features first: u = [x_t; x_{t-1}; …; x_{t-k+1}; 1], and before the start of the sequence x is zero
        self.u = np.zeros((k * I + 1, T, B), dtype)
        self.a = np.zeros((H + 1, T, B), dtype)  # [h; 1]
        self.u[-1], self.a[-1] = 1, 1
        self.z_rows, self.y_rows = np.zeros((H, T, B), dtype), np.zeros((O, T, B), dtype)
        self.dz_rows, self.dy_rows = np.zeros((H, T, B), dtype), np.zeros((O, T, B), dtype)
        self.dh_rows, self.slope = np.zeros((H, T, B), dtype), np.zeros((H, T, B), dtype)

        self.x = self.u[:I].transpose(1, 0, 2)
        self.h, self.z, self.y = (rows.transpose(1, 0, 2) for rows in (self.a[:H], self.z_rows, self.y_rows))
        self.dh, self.dz, self.dy = (rows.transpose(1, 0, 2) for rows in (self.dh_rows, self.dz_rows, self.dy_rows))
