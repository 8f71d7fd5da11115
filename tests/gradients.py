"""Central differences, and the small batches they are taken on."""

from collections.abc import Callable

import numpy as np

from rnn_tui.engine.losses import Loss, cross_entropy
from rnn_tui.engine.parameters import Array
from rnn_tui.engine.training import Batch

EPSILON = 1e-6
CLOSE = {
    "rtol": 1e-6,
    "atol": 1e-8,
}  # of central differences in float64: rounding is about 1e-10, curvature about 1e-12


def numeric_gradient(f: Callable[[Array], float], theta: Array) -> Array:
    """df/dθ by central differences, one entry of ``theta`` (any shape) at a time."""
    gradient = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        nudge = np.zeros_like(theta)
        nudge[i] = EPSILON
        gradient[i] = (f(theta + nudge) - f(theta - nudge)) / (2 * EPSILON)
    return gradient


def full_mask(time: int, size: int) -> Array:
    return np.ones((time, size))


def late_mask(time: int, size: int) -> Array:
    """Only the later half of each sequence is scored."""
    mask = np.ones((time, size))
    mask[: time // 2] = 0
    return mask


def ragged_mask(time: int, size: int) -> Array:
    """Each sequence is scored up to another length."""
    return (np.arange(time)[:, None] < time - np.arange(size) % time).astype(float)


MASKS = {"full": full_mask, "late": late_mask, "ragged": ragged_mask}


def random_batch(
    rng: np.random.Generator, loss: Loss, inputs: int, outputs: int, time: int, size: int, mask: str = "full"
) -> Batch:
    """A batch of noise, with targets such as ``loss`` wants them."""
    x = rng.standard_normal((time, inputs, size))
    if loss is cross_entropy:
        target = rng.integers(0, outputs, (time, size))
    else:
        target = rng.uniform(0, 1, (time, outputs, size))
    return Batch(x, target, MASKS[mask](time, size))
