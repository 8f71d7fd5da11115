"""What a feed-forward pass keeps: the backward pass needs it, and so does whoever wants to look inside.

A trace owns all buffers of one (T, B) and is made once per shape.  The arrays it shows (``x``, ``h``, ``y``, …) are
views of them: the next forward pass overwrites what they hold.
"""

import numpy as np

from rnn_tui.engine.parameters import Array


class WindowTrace:
    """The buffers of a feed-forward pass; nothing flows through time, so all T × B positions are one product.

    Attributes:
        x (T, I, B), h (T, H, B), z (T, H, B), y (T, O, B): of the last forward pass.
        dh, dz (T, H, B): dL/dh_t and dL/dz_t of the last backward pass.
        states: the hidden layer, as an unrolled cell names it.

    Memory: B ((T + k - 1) I + T (k I + 2 + 5 H + 2 O)) numbers.
    """

    def __init__(self, sizes: tuple[int, int, int, int], time: int, batch: int, dtype: str) -> None:
        """``sizes`` are I, H, k (the window) and O."""
        I, H, k, O = sizes
        T, B = time, batch
        self.shape = (time, batch)
        # features first: u = [x_t; x_{t-1}; …; x_{t-k+1}; 1], and before the start of the sequence x is zero
        self._seen = np.zeros((T + k - 1, I, B), dtype)  # the inputs before the sequence, and x
        self.u = np.zeros((k * I + 1, T, B), dtype)
        self.a = np.zeros((H + 1, T, B), dtype)  # [h; 1]
        self.u[-1], self.a[-1] = 1, 1
        self.z_rows, self.y_rows = np.zeros((H, T, B), dtype), np.zeros((O, T, B), dtype)
        self.dz_rows, self.dy_rows = np.zeros((H, T, B), dtype), np.zeros((O, T, B), dtype)
        self.dh_rows, self.slope = np.zeros((H, T, B), dtype), np.zeros((H, T, B), dtype)

        self.x = self._seen[k - 1 :]
        self.h, self.z, self.y = (rows.transpose(1, 0, 2) for rows in (self.a[:H], self.z_rows, self.y_rows))
        self.dh, self.dz, self.dy = (rows.transpose(1, 0, 2) for rows in (self.dh_rows, self.dz_rows, self.dy_rows))
        self.states = {"h": self.h}

    def begin(self, x: Array, memory: Array | None = None) -> None:
        """Take x (T, I, B), and the k - 1 inputs before it in ``memory`` (k - 1, I, B) (None: zeros)."""
        before, (T, I) = len(self._seen) - len(x), x.shape[:2]
        self._seen[:before] = 0 if memory is None else memory
        self._seen[before:] = x
        for lag in range(before + 1):
            self.u[lag * I : (lag + 1) * I] = self._seen[before - lag : before - lag + T].transpose(1, 0, 2)

    def end(self) -> Array:
        """The last k - 1 inputs (k - 1, I, B), a new array."""
        return self._seen[len(self.x) :].copy()

    def input_gradient(self, matrices: list[Array]) -> Array:
        """Return dL/dx (T, I, B), after a backward pass: x_t is in the windows of t, t + 1, …, t + k - 1."""
        T, I, B = self.x.shape
        du = np.tensordot(matrices[0][:-1], self.dz_rows, 1).reshape(-1, I, T, B)  # (k, I, T, B)
        dx = np.zeros((T, I, B), du.dtype)
        for lag, part in enumerate(du[:T]):
            dx[: T - lag] += part[:, lag:].transpose(1, 0, 2)
        return dx
