"""A metric of every step of a run, such as the loss, in bounded memory.

The latest EXACT values are stored exactly.  Earlier ones are stored as blocks: minimum, maximum and mean of every
``width`` steps.  Replaying never reads them.
"""

from copy import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnn_tui.engine.parameters import Array

EXACT = 2**20  # latest steps with exact values
SLACK = 2**16  # further exact values, before they are converted to blocks together
WIDTH = 256  # steps of a block
MOST_BLOCKS = 2**16  # if there are more, pairs of blocks are merged
LEAST_ROOM = 1024

LOW, HIGH, MEAN = range(3)  # the columns of blocks


def _no_blocks() -> Array:
    return np.empty((0, 3))


@dataclass(frozen=True, eq=False, slots=True)
class MetricHistory:
    """An immutable history of one metric.

    Attributes:
        values: (n,) the latest values, read-only; NaN if unknown, since a change has split a block.
        blocks: (m, 3) minimum, maximum and mean of each ``width`` steps before them; NaN if unknown.
    """

    values: Array
    blocks: Array = field(default_factory=_no_blocks)
    width: int = WIDTH

    @property
    def first(self) -> int:
        """The first step in ``values``; earlier steps are in ``blocks``."""
        return len(self.blocks) * self.width

    def __len__(self) -> int:
        """Number of steps."""
        return self.first + len(self.values)

    @property
    def nbytes(self) -> int:
        return self.values.nbytes + self.blocks.nbytes

    @property
    def exact(self) -> Array:
        """(steps,) The values of all steps.  Raises ValueError if some are stored as blocks."""
        if len(self.blocks):
            raise ValueError(f"the values before step {self.first} are stored as blocks of {self.width} steps")
        return self.values

    def __getitem__(self, key: int | slice) -> Any:
        """Index ``exact``; raises ValueError likewise."""
        return self.exact[key]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.exact, dtype=dtype, copy=copy)

    def bounds(self, step: int) -> tuple[float, float]:
        """Return the minimum and maximum of a step's value; both are NaN if nothing is known of it."""
        if step >= self.first:
            value = float(self.values[step - self.first])
            return value, value
        low, high, _ = self.blocks[step // self.width].tolist()
        return low, high

    def mean(self, begin: int, end: int) -> float:
        """Return the mean over the steps in [begin, end); NaN if there are none.

        A step in a block counts with the block's mean.  Unknown values are skipped, and so are exact zeros among other
        values, which are the losses of batches in which nothing is scored.
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
        """Return the history of the first ``count`` steps; the values of a block that is split are unknown."""
        if count >= self.first:
            return MetricHistory(self.values[: count - self.first], self.blocks, self.width)
        whole, rest = divmod(count, self.width)
        return MetricHistory(_read_only(np.full(rest, np.nan)), self.blocks[:whole], self.width)

    def shortened(self, exact: int) -> "MetricHistory":
        """Return a copy with at most about ``exact`` exact values; earlier ones become blocks."""
        there = max(0, len(self.values) - exact) // self.width * self.width
        blocks, width = folded(self.blocks, self.values[:there], self.width)
        return MetricHistory(_read_only(self.values[there:].copy()), blocks.copy(), width)

    def same_as(self, other: "MetricHistory") -> bool:
        """Tell if both have the same values and blocks."""
        alike = (
            np.array_equal(one, two, equal_nan=True)
            for one, two in ((self.values, other.values), (self.blocks, other.blocks))
        )
        return self.width == other.width and all(alike)


class _Room:
    """An array that histories share; the log whose values fill it up to ``filled`` may append to it."""

    def __init__(self, values: Array, filled: int) -> None:
        self.values, self.filled = values, filled


class Log:
    """A metric to which values are appended one by one.  Only timelines use it."""

    def __init__(self, history: MetricHistory | None = None) -> None:
        self._blocks, self._width, values = _no_blocks(), WIDTH, np.empty(0)
        if history is not None:
            history = history.shortened(EXACT) if len(history.values) > EXACT + SLACK else history
            self._blocks, self._width, values = history.blocks, history.width, history.values
        self._count = len(values)
        self._room = _Room(values, -1)  # belongs to another history: never append to it

    def __len__(self) -> int:
        return len(self._blocks) * self._width + self._count

    @property
    def history(self) -> MetricHistory:
        """The history so far, without a copy; later values do not change it."""
        return MetricHistory(_read_only(self._room.values[: self._count]), self._blocks, self._width)

    @property
    def arrays(self) -> tuple[Array, Array]:
        """The arrays in memory, which may be shared."""
        return self._room.values, self._blocks

    def reserve(self) -> None:
        """Allocate memory for one more value, so that appending it cannot fail."""
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
        """Return a log of the first ``count`` values; appending to one does not change the other."""
        first = len(self._blocks) * self._width
        if count < first:
            return Log(self.history.cut(count))
        twin = copy(self)
        twin._count = min(count - first, self._count)
        return twin

    def _fold(self, values: Array) -> Array:
        """Convert the oldest ``values`` to blocks and return the remaining ones."""
        fresh = (len(values) - EXACT) // self._width
        fresh -= (len(self._blocks) + fresh) % 2  # an even number, so that pairs can be merged
        there = fresh * self._width
        self._blocks, self._width = folded(self._blocks, values[:there], self._width)
        return values[there:]


def folded(blocks: Array, values: Array, width: int) -> tuple[Array, int]:
    """Return the blocks with ``values`` (a multiple of ``width``) appended as blocks, and their new width."""
    rows = values.reshape(-1, width)
    blocks = np.concatenate([blocks, _joined(rows, rows, rows)])
    while len(blocks) > MOST_BLOCKS and len(blocks) % 2 == 0:
        blocks, width = _joined(*(blocks[:, column].reshape(-1, 2) for column in (LOW, HIGH, MEAN))), 2 * width
    return _read_only(blocks), width


def _joined(low: Array, high: Array, mean: Array) -> Array:
    """Return blocks (n, 3), each merged from a row of ``low``, ``high`` and ``mean`` (n, …); NaN if any is unknown."""
    means = (mean / mean.shape[1]).sum(axis=1)  # divide first, since the sum could overflow
    return np.stack([low.min(axis=1), high.max(axis=1), means], axis=1)


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view
