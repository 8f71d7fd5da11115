"""The base of tasks with two marked time steps, one in each half of a sequence, and one answer at the end."""

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.tasks.base import Task


class MarkedPositionsTask(Task):
    """A task whose answer depends on the inputs at two marks, and that scores only the last time step."""

    @property
    def last_only(self) -> bool:
        return True

    @property
    def least_length(self) -> int:
        return 2


def marked(rng: np.random.Generator, size: int, length: int) -> tuple[Array, Array]:
    """Return (B,) and (B,): a random time step of the first half of each sequence, and one of its second half."""
    half = length // 2
    return rng.integers(0, half, size), rng.integers(half, length, size)


def unseen(window: int | None, length: int) -> tuple[float, float]:
    """Return the probabilities that the last ``window`` time steps (None: all) miss the first and the second mark."""
    half = length // 2
    seen = length if window is None else min(window, length)
    first, second = max(0, seen - (length - half)), min(seen, length - half)
    return 1 - first / half, 1 - second / (length - half)


def last_step(size: int, length: int) -> Array:
    """Return a mask (T, B) that scores only the last time step."""
    mask = np.zeros((length, size))
    mask[-1] = 1
    return mask
