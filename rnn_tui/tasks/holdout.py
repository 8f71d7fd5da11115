"""Split data in temporal order into an earlier part for training and a later part that is held out."""

import numpy as np

from rnn_tui.engine.parameters import Array

HELD_OUT = 0.2


class HoldoutSplit:
    """Values (N, …) in temporal order, split in two parts; windows of them are (length, B, …)."""

    def __init__(self, values: Array) -> None:
        cut = self.cut(len(values))
        self.earlier, self.held_out = values[:cut], values[cut:]

    @staticmethod
    def cut(count: int) -> int:
        """Return how many of ``count`` values are in the training part."""
        return count - int(count * HELD_OUT)

    @classmethod
    def fits(cls, count: int) -> int:
        """Return the length of the longest window in the held-out part of ``count`` values."""
        return count - cls.cut(count)

    def draw(self, rng: np.random.Generator, size: int, length: int) -> Array:
        """Return ``size`` windows of the earlier part, at random places."""
        starts = rng.integers(0, len(self.earlier) - length + 1, size)
        return np.asarray(self.earlier[starts + np.arange(length)[:, None]])

    def later(self, size: int, length: int) -> Array:
        """Return at most ``size`` windows of the held-out part, evenly spaced from its start to its end."""
        last = len(self.held_out) - length
        count = min(size, last // length + 2 if last else 1)
        gaps = max(1, count - 1)
        starts = np.unique((2 * last * np.arange(count) + gaps) // (2 * gaps))  # k last / gaps, to the nearest
        return np.asarray(self.held_out[starts + np.arange(length)[:, None]])
