"""A word in place of a figure that has no value."""

from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.parameters import Array


@dataclass(frozen=True, slots=True)
class Undefined:
    """What a diagnostic returns if its input determines no figure.

    Attributes:
        reason: one clause without a capital or a full stop, as in "x never varies".
    """

    reason: str


def not_finite(**arrays: Array) -> Undefined | None:
    """Return which of the named arrays holds NaN or infinity; None if all are finite."""
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            return Undefined(f"{name} holds numbers that are not finite")
    return None
