"""The arithmetic of an update, and the speed at which this machine multiplies matrices."""

import numpy as np

GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def flops(cell: str, H: int, T: int, B: int, I: int = 1, O: int = 1) -> int:
    """Return the floating point operations in the matrix products of an update.

    Two for each weight, time step and sequence: in the forward pass, for the weight's gradient, and for the gradient of
    what it multiplies, except for inputs.  Biases, functions of single numbers and the optimizer are not counted.
    """
    G = GATES[cell]
    return 2 * T * B * (3 * G * H * H + 2 * G * H * I + 3 * O * H)


class Product:
    """The product of two square matrices, which NumPy multiplies at the machine's greatest speed."""

    def __init__(self, dtype: str, size: int = 768) -> None:
        self.flops = 2 * size**3
        self._a, self._b = np.random.default_rng(0).standard_normal((2, size, size)).astype(dtype)
        self._out = np.empty_like(self._a)

    def step(self) -> None:
        np.dot(self._a, self._b, out=self._out)
