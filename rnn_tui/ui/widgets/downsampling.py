"""Samples of losses for the chart: every step, or of very long runs, blocks of steps."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rnn_tui.engine.parameters import Array

BLOCK = 64  # steps
MOST_OF_BLOCKS = 4000  # samples
FEW = 400 * BLOCK  # steps; up to here, each is read; beyond, a block is narrower than a dot


class Samples(NamedTuple):
    """The least, the greatest and the mean finite loss at some steps: (n,) each, steps ascending."""

    steps: Array
    low: Array
    high: Array
    mean: Array

    @classmethod
    def plain(cls, losses: Array, begin: int = 0) -> "Samples":
        """Return every finite loss; the first loss is that of step ``begin``."""
        places = np.flatnonzero(np.isfinite(losses))
        values = losses[places]
        return cls(begin + places, values, values, values)

    @classmethod
    def of_blocks(cls, blocks: Array, width: int, end: int, part: tuple[int, int]) -> "Samples":
        """Return samples of part of the steps, from blocks.

        Args:
            blocks: least, greatest and mean loss (n, 3) of every ``width`` steps before ``end``.
            part: first and last step; samples are about as dense as dots.
        """
        first, last = part
        begin, apart = end - width * len(blocks), min(width, max(1, (last - first) // MOST_OF_BLOCKS))
        if not len(blocks):
            return cls.plain(np.empty(0))
        steps = np.arange(max(begin, first - apart), min(end, last + apart), apart)
        rows = blocks[(steps - begin) // width]
        some = np.isfinite(rows[:, 0])
        return cls(steps[some], *rows[some].T)

    def and_then(self, other: "Samples") -> "Samples":
        """Return these samples, followed by later ones."""
        return Samples(*(np.concatenate(parts) for parts in zip(self, other, strict=True)))

    def parted(self, step: int) -> tuple["Samples", "Samples"]:
        """Return the samples before ``step``, and those from ``step`` on."""
        at = int(np.searchsorted(self.steps, step))
        return self.where(slice(0, at)), self.where(slice(at, None))

    def within(self, first: int, last: int) -> "Samples":
        """Return the samples from ``first`` to before ``last``, and one more on either side for the lines to them."""
        begin, end = np.searchsorted(self.steps, [first, last]).tolist()
        return self.where(slice(max(0, begin - 1), end + 1) if begin < end else slice(0, 0))

    def scored(self) -> "Samples":
        """Return the samples without batches in which nothing is scored, whose loss is exactly 0.

        Such as the first batches of a sequence whose answers come later.
        """
        some = self.high != 0
        if self.low.all() or not some.any():
            return self
        low, high = self.low[some], self.high[some]
        return Samples(self.steps[some], np.where(low == 0, high, low), high, self.mean[some])

    def where(self, places: slice) -> "Samples":
        return Samples(*(part[places] for part in self))

    def smoothed(self, width: float) -> "Samples":
        """Return the running mean over ``width`` steps around each sample, or over as many as there are at the ends."""
        begin = np.searchsorted(self.steps, self.steps - width / 2)
        end = np.searchsorted(self.steps, self.steps + width / 2, side="right")
        sums = np.concatenate([[0.0], np.cumsum(self.mean)])
        mean = (sums[end] - sums[begin]) / (end - begin)
        return Samples(self.steps, mean, mean, mean)

    def on(self, axis: Callable[[Array], Array]) -> "Samples":
        """Return the samples with the places of their losses on an axis."""
        return Samples(self.steps, axis(self.low), axis(self.high), axis(self.mean))


class Reduced:
    """Samples of a growing array of losses; each block is read once."""

    def __init__(self) -> None:
        self._of: tuple[int, int] = (0, 0)  # the array, and the position in it
        self._array: Array | None = None  # keeps the array alive, so that its id is not reused
        self._low = self._high = self._mean = np.empty(0)

    def __call__(self, losses: Array, begin: int = 0) -> Samples:
        """Return the samples; an array other than the last one is read from its start."""
        if len(losses) <= FEW:
            return Samples.plain(losses, begin)
        array = losses if losses.base is None else losses.base
        of = id(array), losses.ctypes.data
        known, full = len(self._low) if of == self._of else 0, len(losses) // BLOCK
        fresh = losses[known * BLOCK : full * BLOCK].reshape(-1, BLOCK)
        with np.errstate(invalid="ignore"):
            fresh = np.where(np.isfinite(fresh), fresh, np.nan)
            low, high = np.fmin.reduce(fresh, axis=1), np.fmax.reduce(fresh, axis=1)
            counted = np.where(fresh == 0, np.nan, fresh)  # 0: nothing is scored
            count = np.maximum(1, (~np.isnan(counted)).sum(axis=1))
            mean = np.nansum(counted / count[:, None], axis=1)
        self._of, self._array = of, array
        for name, fresh in (("_low", low), ("_high", high), ("_mean", mean)):
            setattr(self, name, np.concatenate([getattr(self, name)[: min(known, full)], fresh]))
        some = np.flatnonzero(np.isfinite(self._low))
        rest = Samples.plain(losses[full * BLOCK :], begin + full * BLOCK)
        return Samples(
            np.concatenate([begin + some * BLOCK, rest.steps]),
            np.concatenate([self._low[some], rest.low]),
            np.concatenate([self._high[some], rest.high]),
            np.concatenate([self._mean[some], rest.mean]),
        )

    def within(self, first: int, last: int, losses: Array, begin: int = 0) -> Samples:
        """Return the samples of the steps from ``first`` to before ``last``, as ``Samples.within``; few steps are read
        one by one.
        """
        if last - first > FEW:
            return self(losses, begin).within(first, last)
        start = max(0, first - begin - 1)
        return Samples.plain(losses[start : max(0, last - begin + 1)], begin + start).within(first, last)
