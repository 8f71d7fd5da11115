"""A number for every step of a run, a loss or a gradient's norm, in bounded memory.

The latest EXACT steps are known number by number.  Of the steps before them blocks are kept: the least, the greatest
and the mean number of every ``width`` steps.  Replaying never reads them.
"""

from copy import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnn_tui.engine.parameters import Array

EXACT = 2**20  # of the latest steps, each number
SLACK = 2**16  # more than that, before they become blocks together
WIDTH = 256  # steps of a block
MOST_BLOCKS = 2**16  # beyond, every two become one
LEAST_ROOM = 1024

LOW, HIGH, MEAN = range(3)  # the columns of blocks


def _no_blocks() -> Array:
    return np.empty((0, 3))


@dataclass(frozen=True, eq=False, slots=True)
class MetricHistory:
    """Attributes:
    values: (n,) the latest numbers, read-only.  NaN: no longer known, since a change has cut a block apart.
    blocks: (m, 3) least, greatest and mean number of each ``width`` steps before them; NaN where one is not known.
    """

    values: Array
    blocks: Array = field(default_factory=_no_blocks)
    width: int = WIDTH

    @property
    def first(self) -> int:
        """The first step whose number is known; before it there are blocks."""
        return len(self.blocks) * self.width

    def __len__(self) -> int:
        """Number of steps."""
        return self.first + len(self.values)

    @property
    def nbytes(self) -> int:
        return self.values.nbytes + self.blocks.nbytes

    @property
    def exact(self) -> Array:
        """(steps,) every number.  Raises ValueError where some are kept as blocks."""
        if len(self.blocks):
            raise ValueError(f"the numbers before step {self.first} are kept as blocks of {self.width} steps")
        return self.values

    def __getitem__(self, key: int | slice) -> Any:
        """As of the exact numbers, with the same error."""
        return self.exact[key]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.exact, dtype=dtype, copy=copy)

    def bounds(self, step: int) -> tuple[float, float]:
        """The range in which the number of a step is; both ends are NaN where nothing is known of it."""
        if step >= self.first:
            value = float(self.values[step - self.first])
            return value, value
        low, high, _ = self.blocks[step // self.width].tolist()
        return low, high

    def mean(self, begin: int, end: int) -> float:
        """The mean from ``begin`` to before ``end``; of a step in a block its mean is taken, what is not known is left
        out, and so are exact zeros beside others: the losses of batches in which nothing is scored.  NaN of nothing.
        """
        edges = np.arange(len(self.blocks) + 1) * self.width
        weights = np.diff(np.clip(edges, begin, max(begin, end))).astype(float)
        values = self.values[max(0, begin - self.first) : max(0, end - self.first)]
        values = values[values != 0] if values.any() else values
        there, known = weights[~np.isnan(self.blocks[:, MEAN])], values[~np.isnan(values)]
        count = there.sum() + len(known)
        with np.errstate(over="ignore", invalid="ignore"):
            total = there @ self.blocks[~np.isnan(self.blocks[:, MEAN]), MEAN] + known.sum(dtype=float)
        return float(total / count) if count else float("nan")

    def cut(self, count: int) -> "MetricHistory":
        """The first ``count`` steps.  Of a block that is cut apart nothing is known any more."""
        if count >= self.first:
            return MetricHistory(self.values[: count - self.first], self.blocks, self.width)
        whole, rest = divmod(count, self.width)
        return MetricHistory(_read_only(np.full(rest, np.nan)), self.blocks[:whole], self.width)

    def shortened(self, exact: int) -> "MetricHistory":
        """The same in new arrays, with blocks where there are more than ``exact`` steps."""
        there = max(0, len(self.values) - exact) // self.width * self.width
        blocks, width = folded(self.blocks, self.values[:there], self.width)
        return MetricHistory(_read_only(self.values[there:].copy()), blocks.copy(), width)

    def same_as(self, other: "MetricHistory") -> bool:
        alike = (
            np.array_equal(one, two, equal_nan=True)
            for one, two in ((self.values, other.values), (self.blocks, other.blocks))
        )
        return self.width == other.width and all(alike)


class _Room:
    """An array that histories share.  The one whose numbers fill it up to ``filled`` may add to them."""

    def __init__(self, values: Array, filled: int) -> None:
        self.values, self.filled = values, filled


class Log:
    """Numbers that come one by one at the end.  Only timeline.py makes them."""

    def __init__(self, history: MetricHistory | None = None) -> None:
        self._blocks, self._width, values = _no_blocks(), WIDTH, np.empty(0)
        if history is not None:
            history = history.shortened(EXACT) if len(history.values) > EXACT + SLACK else history
            self._blocks, self._width, values = history.blocks, history.width, history.values
        self._count = len(values)
        self._room = _Room(values, -1)  # whose values are another's: never added to

    def __len__(self) -> int:
        return len(self._blocks) * self._width + self._count

    @property
    def history(self) -> MetricHistory:
        """All so far, without a copy; what is appended later does not show in it."""
        return MetricHistory(_read_only(self._room.values[: self._count]), self._blocks, self._width)

    @property
    def arrays(self) -> tuple[Array, Array]:
        """What it keeps in memory, perhaps with others."""
        return self._room.values, self._blocks

    def reserve(self) -> None:
        """Make room for one more, so that appending it cannot fail."""
        room = self._room
        if room.filled == self._count < len(room.values):
            return
        values, most = room.values[: self._count], EXACT + max(SLACK, 2 * self._width)
        if self._count >= most:
            values = self._fold(values)
        room = _Room(np.empty(min(max(LEAST_ROOM, 2 * len(values)), most)), len(values))
        room.values[: len(values)] = values
        self._room, self._count = room, len(values)

    def append(self, value: float) -> None:
        self.reserve()
        self._room.values[self._count] = value
        self._count += 1
        self._room.filled = self._count

    def cut(self, count: int) -> "Log":
        """The first ``count`` numbers; what is appended to either does not show in the other."""
        first = len(self._blocks) * self._width
        if count < first:
            return Log(self.history.cut(count))
        twin = copy(self)
        twin._count = min(count - first, self._count)
        return twin

    def _fold(self, values: Array) -> Array:
        """Make blocks of the oldest ``values``; those that are left."""
        fresh = (len(values) - EXACT) // self._width
        fresh -= (len(self._blocks) + fresh) % 2  # an even number, of which two can become one
        there = fresh * self._width
        self._blocks, self._width = folded(self._blocks, values[:there], self._width)
        return values[there:]


def folded(blocks: Array, values: Array, width: int) -> tuple[Array, int]:
    """The blocks with those of ``values`` (a multiple of ``width``) behind them, and how wide they are then."""
    rows = values.reshape(-1, width)
    blocks = np.concatenate([blocks, _joined(rows, rows, rows)])
    while len(blocks) > MOST_BLOCKS and len(blocks) % 2 == 0:
        blocks, width = _joined(*(blocks[:, column].reshape(-1, 2) for column in (LOW, HIGH, MEAN))), 2 * width
    return _read_only(blocks), width


def _joined(low: Array, high: Array, mean: Array) -> Array:
    """(n, 3) of each row (n, …) of what is joined; NaN where any of it is not known."""
    means = (mean / mean.shape[1]).sum(axis=1)  # divided first, since the sum could overflow
    return np.stack([low.min(axis=1), high.max(axis=1), means], axis=1)


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view
