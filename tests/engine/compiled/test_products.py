"""The compiled product of a matrix with a batch."""

from importlib import import_module

import numpy as np
import pytest


@pytest.mark.usefixtures("in_python")
@pytest.mark.parametrize("rows", [1, 7, 8, 9, 21])
@pytest.mark.parametrize("batch", [1, 3])
def test_the_product_is_numpys(rows, batch):
    products, rng = import_module("rnn_tui.engine.compiled.products"), np.random.default_rng(0)
    W, a, out = rng.standard_normal((rows, 5)), rng.standard_normal((rows, batch)), np.empty((5, batch))
    sums = products.sums_with(W, batch)
    sums[:] = np.nan  # of an earlier product
    products.product(W, a.reshape(-1), sums, out.reshape(-1))
    np.testing.assert_allclose(out, W.T @ a, rtol=1e-12, atol=1e-14)
