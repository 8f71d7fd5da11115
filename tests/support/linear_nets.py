"""Recurrent nets whose every number is known: linear ones with a given W_hh, and others by hand."""

import numpy as np

from rnn_tui.engine.cells import RNNCell
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.engine.parameters import Array, Parameters


def by_hand(model: RecurrentModel, **weights: object) -> Parameters:
    """Parameters with the given ones, all others zero."""
    parameters = Parameters.zeros(model.layout, "float64")
    for name, value in weights.items():
        parameters[name][...] = value
    return parameters


def elman(
    W_hh: object, W_xh: object = 0.0, *, activation: str = "identity", truncation: int = 0, inputs: int = 1, **weights
) -> tuple[RecurrentModel, Parameters]:
    """A net with these weights; W_hy reads the first unit if it is not given."""
    W = np.atleast_2d(np.asarray(W_hh, float))
    model = RecurrentModel(RNNCell(inputs, len(W), activation), 1, truncation=truncation)
    weights = {"W_hy": np.eye(1, len(W))} | weights
    return model, by_hand(model, W_hh=W, W_xh=np.reshape(W_xh, (-1, inputs)), **weights)


def delay_line(hidden: int) -> tuple[Array, Array]:
    """W_hh (H, H) that shifts by one unit, and W_xh (H, 1) into the first."""
    return np.eye(hidden, k=-1), np.eye(hidden, 1)


def ring(hidden: int, weight: float) -> tuple[Array, Array]:
    """A delay line of that weight whose end leads back to its start."""
    return weight * np.roll(np.eye(hidden), 1, axis=0), np.eye(hidden, 1)


def rotation(rng: np.random.Generator, hidden: int) -> Array:
    """A random orthogonal matrix."""
    return np.linalg.qr(rng.standard_normal((hidden, hidden)))[0]
