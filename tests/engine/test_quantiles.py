"""Quantiles of values that may be infinite, alone and by column."""

import numpy as np
import pytest

from rnn_tui.engine.quantiles import column_quantiles, quantile

SHARES = (0.25, 0.5, 0.75)


def test_finite_values_have_the_quantiles_of_numpy():
    rng = np.random.default_rng(0)
    for runs in (1, 2, 3, 4, 8, 9):
        values = rng.normal(size=(runs, 5))
        for share in SHARES:
            expected = np.quantile(values, share, axis=0)
            assert column_quantiles(values, share) == pytest.approx(expected)
            assert [quantile(sorted(column), share) for column in values.T.tolist()] == pytest.approx(expected)


def test_infinite_values_are_above_all_others_and_missing_ones_do_not_count():
    for finite in range(4):
        values = [*map(float, range(finite)), np.inf, np.inf]
        for share in SHARES:
            (found,) = column_quantiles(np.array([[np.nan], *([value] for value in values)]), share)
            assert found == quantile(values, share)
            assert np.isinf(found) == (share * (finite + 1) > finite - 1)
