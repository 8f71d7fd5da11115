"""Data in the order of time, split into an earlier part to train on and a later part that is held out."""

from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from rnn_tui.engine.parameters import Array
from rnn_tui.storage.files import expanded, here
from rnn_tui.tasks.settings_model import SettingsModel

HELD_OUT = 0.2


class HoldoutSplit:
    """Values (N, …) in the order of time; windows of them come out as (length, B, …)."""

    def __init__(self, values: Array) -> None:
        cut = self.cut(len(values))
        self.earlier, self.held_out = values[:cut], values[cut:]

    @staticmethod
    def cut(count: int) -> int:
        """How many of ``count`` values are trained on."""
        return count - int(count * HELD_OUT)

    @classmethod
    def fits(cls, count: int) -> int:
        """The longest window that the held-out part of ``count`` values has room for."""
        return count - cls.cut(count)

    def draw(self, rng: np.random.Generator, size: int, length: int) -> Array:
        """``size`` windows of the earlier part, at random places."""
        starts = rng.integers(0, len(self.earlier) - length + 1, size)
        return np.asarray(self.earlier[starts + np.arange(length)[:, None]])

    def later(self, size: int, length: int) -> Array:
        """At most ``size`` windows of the held-out part, evenly spaced from its start to its end."""
        last = len(self.held_out) - length
        count = min(size, last // length + 2 if last else 1)
        gaps = max(1, count - 1)
        starts = np.unique((2 * last * np.arange(count) + gaps) // (2 * gaps))  # k last / gaps, to the nearest
        return np.asarray(self.held_out[starts + np.arange(length)[:, None]])


class FromFile(SettingsModel):
    """What tasks on a user's file have in common, which their option ``path`` names."""

    if TYPE_CHECKING:
        path: str

    def starting_at(self, folder: str) -> Self:
        """The task, with a relative path from there on."""
        path = absolute(self.path, folder)
        return self if path == self.path else self.with_values(path=path)


def absolute(path: str, folder: str) -> str:
    """A relative path starts at the folder."""
    full = Path(folder, expanded(path))
    return str(full if full.is_absolute() else here() / full)
