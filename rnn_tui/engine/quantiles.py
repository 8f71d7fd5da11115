"""Quantiles by linear interpolation between values, as NumPy's, but infinite values count as larger than all others."""

from collections.abc import Sequence
from math import inf, isnan

import numpy as np

from rnn_tui.engine.parameters import Array


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the quantile of ascending values; infinite if it is next to an infinite value.  It is fast for a few."""
    place = share * (len(ordered) - 1)
    below, part = int(place), place % 1
    if not part:
        return ordered[below]
    found = ordered[below] * (1 - part) + ordered[below + 1] * part
    return inf if isnan(found) else found


def column_quantiles(values: Array, share: float) -> Array:
    """Return the quantile (n,) of each column of ``values`` (runs, n), in any order; NaN is a missing value."""
    order = np.sort(values, axis=0)  # missing values are last
    place = share * np.maximum(0, (~np.isnan(values)).sum(axis=0) - 1)
    below = np.floor(place).astype(int)
    part = place - below
    low, high = (np.take_along_axis(order, row[None], axis=0)[0] for row in (below, below + (part > 0)))
    with np.errstate(invalid="ignore"):
        between = low + part * (high - low)
    found: Array = np.where(part == 0, low, np.where(np.isinf(high), high, between))
    return found
