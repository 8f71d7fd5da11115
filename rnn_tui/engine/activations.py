"""Activations f and their slopes f'.

Each slope is a function of h = f(z), which the forward pass stores, so that z need not be stored.

To add an activation, write its two functions and one entry of ``ACTIVATIONS``.  Presets, the controls, the equation
panel and both exports read the entry.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rnn_tui.engine.parameters import Array

LEAK = 0.01


class Activation(NamedTuple):
    """An activation f.

    Attributes:
        formula: f(z) as the equation panel writes it.
        apply: ``apply(z, h)`` writes f(z) into h.  Any shape.
        slope: ``slope(h, out)`` writes f'(z) into out, for h = f(z).  Any shape.
        numpy: an expression in z, for scripts; a comment may follow.
        torch: likewise, with ``{0}`` in place of z; empty if PyTorch has no such function.
        limits: minimum and maximum of f; None unless both exist.
        steepest: the largest slope.
    """

    name: str
    formula: str
    apply: Callable[[Array, Array], object]
    slope: Callable[[Array, Array], object]
    numpy: str
    torch: str = ""
    limits: tuple[float, float] | None = None
    steepest: float = 1.0


def _relu(z: Array, h: Array) -> None:
    np.maximum(z, 0, out=h)


def _step(h: Array, out: Array) -> None:
    np.greater(h, 0, out=out, casting="unsafe")


def _tanh_slope(h: Array, out: Array) -> None:
    np.square(h, out=out)
    np.subtract(1, out, out=out)


def _sigmoid(z: Array, h: Array) -> None:
    # through tanh, which cannot overflow
    np.multiply(z, 0.5, out=h)
    np.tanh(h, out=h)
    h += 1
    h *= 0.5


def _sigmoid_slope(h: Array, out: Array) -> None:
    np.subtract(1, h, out=out)
    out *= h


def _leaky_relu(z: Array, h: Array) -> None:
    np.multiply(z, LEAK, out=h)
    np.maximum(z, h, out=h)


def _leaky_step(h: Array, out: Array) -> None:
    _step(h, out)
    out *= 1 - LEAK
    out += LEAK


def _softplus(z: Array, h: Array) -> None:
    np.logaddexp(0, z, out=h)


def _softplus_slope(h: Array, out: Array) -> None:
    # h = ln(1 + e^z), so sigmoid(z) = 1 - e^-h
    np.negative(h, out=out)
    np.expm1(out, out=out)
    np.negative(out, out=out)


ACTIVATIONS: dict[str, Activation] = {
    f.name: f
    for f in (
        Activation("tanh", "tanh(z)", np.tanh, _tanh_slope, "np.tanh(z)", "torch.tanh({0})", (-1.0, 1.0)),
        Activation("relu", "max(0, z)", _relu, _step, "np.maximum(z, 0)", "torch.relu({0})"),
        Activation(
            "sigmoid", "1 / (1 + e^-z)", _sigmoid, _sigmoid_slope,
            "0.5 * (np.tanh(0.5 * z) + 1)  # 1 / (1 + e^-z), cannot overflow", "torch.sigmoid({0})", (0.0, 1.0), 0.25,
        ),
        Activation("identity", "z", lambda z, h: np.copyto(h, z), lambda _, out: out.fill(1), "z", "{0}"),
        Activation(
            "leaky_relu", "max(0.01 z, z)", _leaky_relu, _leaky_step,
            "np.maximum(0.01 * z, z)", "F.leaky_relu({0}, 0.01)",
        ),
        Activation(
            "softplus", "ln(1 + e^z)", _softplus, _softplus_slope,
            # at PyTorch's default threshold of 20 the error would be 2e-9
            "np.logaddexp(0, z)  # ln(1 + e^z)", "F.softplus({0}, threshold=40)",
        ),
    )
}  # fmt: skip
