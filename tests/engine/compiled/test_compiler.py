"""The machine code, and where it is kept."""

import numba
import numpy as np
import pytest

from rnn_tui.engine.compiled import compiler
from rnn_tui.engine.compiled.functions import parts, sigmoid, tanh


@numba.njit
def applied(x, of_tanh, of_sigmoid):
    for i in range(len(x)):
        of_tanh[i], of_sigmoid[i] = tanh(x[i]), sigmoid(x[i])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_machine_code_of_a_function_keeps_its_precision(dtype):
    x = np.concatenate([np.linspace(-40, 40, 999), [np.inf, -np.inf, np.nan, 0, 1e-30]]).astype(dtype)
    of_tanh, of_sigmoid = np.empty_like(x), np.empty_like(x)
    applied(x, of_tanh, of_sigmoid)
    longer, eps = x.astype("float64"), np.finfo(dtype).eps
    np.testing.assert_allclose(of_tanh, np.tanh(longer), rtol=4 * eps)
    np.testing.assert_allclose(of_sigmoid, 0.5 + 0.5 * np.tanh(0.5 * longer), rtol=4 * eps, atol=4e-16)
    parts(x[0])
    (found,) = (found for found in parts.nopython_signatures if found.args == (getattr(numba, dtype),))
    assert set(found.return_type) == set(found.args)


def test_where_no_folder_can_be_written_machine_code_is_not_kept(monkeypatch):
    def njit(function, cache=False, **_):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return function

    monkeypatch.setattr(numba, "njit", njit)
    assert compiler.compiled(applied) is applied
