"""Two marked time steps, one in each half of a sequence whose answer is asked for at its end."""

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.tasks.base import Task


class MarkedPositionsTask(Task):
    """A task whose answer depends on what stands at the two marks, and is scored at the last time step alone."""

    @property
    def last_only(self) -> bool:
        return True

    @property
    def whole(self) -> int:
        return 2


def marked(rng: np.random.Generator, size: int, length: int) -> tuple[Array, Array]:
    """(B,) and (B,): a time step of the first half of each sequence and one of its second half, at random."""
    half = length // 2
    return rng.integers(0, half, size), rng.integers(half, length, size)


def unseen(window: int | None, length: int) -> tuple[float, float]:
    """How probable it is that the last ``window`` time steps (None: all) do not hold the first mark, and the second."""
    half = length // 2
    seen = length if window is None else min(window, length)
    first, second = max(0, seen - (length - half)), min(seen, length - half)
    return 1 - first / half, 1 - second / (length - half)


def last_step(size: int, length: int) -> Array:
    """(T, B) a mask that scores the last time step alone."""
    mask = np.zeros((length, size))
    mask[-1] = 1
    return mask
