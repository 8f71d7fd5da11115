"""The buffers of a feed-forward pass, for the backward pass and for the screen.

A trace owns all buffers for one (T, B) and is created once per shape.  Its arrays (``x``, ``h``, ``y``, …) are views of
them; the next forward pass overwrites them.
"""

import numpy as np

from rnn_tui.engine.parameters import Array


class WindowTrace:
    """The buffers of a feed-forward pass; without recurrence, all T × B positions are one matrix product.

    Attributes:
        x (T, I, B), h (T, H, B), z (T, H, B), y (T, O, B): of the last forward pass.
        dh, dz (T, H, B): dL/dh_t and dL/dz_t of the last backward pass.
        states: the hidden layer by name, as in an unrolled cell.
        buffers: all arrays, with the shapes from ``shapes``; all other attributes are views of them.
    """

    @staticmethod
    def shapes(sizes: tuple[int, int, int, int], time: int, batch: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of all arrays by name: in all B ((T + k - 1) I + T (k I + 2 + 5 H + 2 O)) numbers."""
        (I, H, k, O), T, B = sizes, time, batch
        hidden = dict.fromkeys(("z", "dz", "dh", "slope"), (H, T, B))
        return {
            "seen": (T + k - 1, I, B),  # the inputs before the sequence, and x
            "u": (k * I + 1, T, B),  # [x_t; x_{t-1}; …; x_{t-k+1}; 1]
            "a": (H + 1, T, B),  # [h; 1]
            **hidden,
            "y": (O, T, B),
            "dy": (O, T, B),
        }

    def __init__(self, sizes: tuple[int, int, int, int], time: int, batch: int, dtype: str) -> None:
        """``sizes`` are I, H, k (the window) and O."""
        _, H, k, _ = sizes
        self.shape = (time, batch)
        self.buffers = {name: np.zeros(shape, dtype) for name, shape in self.shapes(sizes, time, batch).items()}
        # features first; before the start of the sequence x is zero
        self._seen, self.u, self.a = (self.buffers[name] for name in ("seen", "u", "a"))
        self.u[-1], self.a[-1] = 1, 1
        self.z_rows, self.dz_rows, self.dh_rows = (self.buffers[name] for name in ("z", "dz", "dh"))
        self.y_rows, self.dy_rows, self.slope = (self.buffers[name] for name in ("y", "dy", "slope"))

        self.x = self._seen[k - 1 :]
        self.h, self.z, self.y = (rows.transpose(1, 0, 2) for rows in (self.a[:H], self.z_rows, self.y_rows))
        self.dh, self.dz, self.dy = (rows.transpose(1, 0, 2) for rows in (self.dh_rows, self.dz_rows, self.dy_rows))
        self.states = {"h": self.h}

    def begin(self, x: Array, memory: Array | None = None) -> None:
        """Copy in x (T, I, B), and the k - 1 inputs before it from ``memory`` (k - 1, I, B) (None: zeros)."""
        before, (T, I) = len(self._seen) - len(x), x.shape[:2]
        self._seen[:before] = 0 if memory is None else memory
        self._seen[before:] = x
        for lag in range(before + 1):
            self.u[lag * I : (lag + 1) * I] = self._seen[before - lag : before - lag + T].transpose(1, 0, 2)

    def end(self) -> Array:
        """Return the last k - 1 inputs (k - 1, I, B), a new array."""
        return self._seen[len(self.x) :].copy()

    def input_gradient(self, matrices: list[Array]) -> Array:
        """Return dL/dx (T, I, B), after a backward pass: x_t is in the windows of t, t + 1, …, t + k - 1."""
        T, I, B = self.x.shape
        du = np.tensordot(matrices[0][:-1], self.dz_rows, 1).reshape(-1, I, T, B)  # (k, I, T, B)
        dx = np.zeros((T, I, B), du.dtype)
        for lag, part in enumerate(du[:T]):
            dx[: T - lag] += part[:, lag:].transpose(1, 0, 2)
        return dx
