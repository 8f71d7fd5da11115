"""Estimate by counting how well the last few symbols predict the next one."""

import numpy as np

from rnn_tui.engine.parameters import Array


def cross_entropy_of_counts(train: Array, test: Array, kinds: int, context: int, unscored: int | None = None) -> float:
    """Return the mean of −ln P(next | last ``context`` symbols) in nats on ``test``, with P counted on ``train``.

    Both are whole numbers (N,) below ``kinds``.  Interpolated Witten–Bell smoothing (Witten and Bell 1991): with N(h)
    the number of occurrences of the context h, and D(h) the number of different symbols that followed it,

        P(c | h) = (N(h c) + D(h) P(c | h')) / (N(h) + D(h)),      h' = h without its oldest symbol

    down to the uniform distribution.  Positions whose next symbol is ``unscored`` are not included in the mean.
    """
    places = len(test) - context
    probability = np.full(places, 1 / kinds)
    following = test[context:]
    for order in range(context + 1):
        code_train, next_train = _codes(train, order, kinds), train[order:]
        contexts, seen = np.unique(code_train, return_counts=True)
        pairs, pair_seen = np.unique(code_train * kinds + next_train, return_counts=True)
        _, different = np.unique(pairs // kinds, return_counts=True)
        code_test = _codes(test, order, kinds)[context - order :]
        n, d = _look_up(code_test, contexts, seen), _look_up(code_test, contexts, different)
        both = _look_up(code_test * kinds + following, pairs, pair_seen)
        known = n > 0
        probability[known] = (both + d * probability)[known] / (n + d)[known]
    scored = following != unscored
    return float(-np.log(probability[scored]).mean()) if scored.any() else float(np.log(kinds))


def _codes(symbols: Array, order: int, kinds: int) -> Array:
    """Return each run of ``order`` symbols that is followed by another symbol as one number: (N − order,)."""
    codes = np.zeros(len(symbols) - order, np.int64)
    for i in range(order):
        codes = codes * kinds + symbols[i : len(symbols) - order + i]
    return codes


def _look_up(keys: Array, sorted_keys: Array, values: Array) -> Array:
    """Return the value of each key; 0 for a key that does not exist."""
    at = np.searchsorted(sorted_keys, keys).clip(max=len(sorted_keys) - 1)
    return np.where(sorted_keys[at] == keys, values[at], 0)
