"""Softsign, as an entry of the activations."""

import numpy as np

from rnn_tui.engine.activations import ACTIVATIONS, Activation
from rnn_tui.engine.parameters import Array


def _softsign(z: Array, h: Array) -> None:
    np.abs(z, out=h)
    h += 1
    np.divide(z, h, out=h)


def _softsign_slope(h: Array, out: Array) -> None:
    # 1 - |h| = 1 / (1 + |z|)
    np.abs(h, out=out)
    np.subtract(1, out, out=out)
    np.square(out, out=out)


ACTIVATIONS["softsign"] = Activation(
    "softsign", "z / (1 + |z|)", _softsign, _softsign_slope, "z / (1 + np.abs(z))", "F.softsign({0})", (-1.0, 1.0)
)
ACTIVATIONS["own softsign"] = ACTIVATIONS["softsign"]._replace(name="own softsign", torch="")
