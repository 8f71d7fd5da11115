"""Compiled time loops against NumPy's."""

from importlib import import_module

import numpy as np
import pytest
from support.numeric_gradients import random_memory, random_parameters

from rnn_tui.engine import compiled
from rnn_tui.engine.cells import GRUCell
from rnn_tui.engine.cells.base import UnrollShape
from rnn_tui.engine.models import RecurrentModel

I, H, O, T = 2, 3, 2, 5

pytestmark = pytest.mark.usefixtures("in_python")


def passed(cell, engine, B):
    """What a forward and a backward pass leave: all buffers but the sums, whose signs differ, and dL/dθ."""
    rng, model = np.random.default_rng(3), RecurrentModel(cell(I, H), O, engine=engine)
    parameters, memory, trace = random_parameters(model, rng), random_memory(model, rng, B), model.trace(T, B)
    assert (type(trace) is type(model.cell.unroll(UnrollShape(T, B, O)))) == (engine == "numpy")
    model.forward(parameters, rng.standard_normal((T, I, B)), trace, memory)
    gradient = model.backward(parameters, rng.standard_normal((T, O, B)), trace)
    shown = [trace.x, trace.y, trace.dh, trace.dsums, trace.end(), *trace.states.values()]
    return [*shown, *(s.directly for s in trace.carried if s.directly is not None), gradient]


@pytest.mark.parametrize("small", [256, 0], ids=["compiled", "of BLAS"])
@pytest.mark.parametrize("B", [1, 3, 10])
@pytest.mark.parametrize("cell", compiled.MODULES)
def test_with_either_product_they_compute_what_numpys_do(cell, B, small, monkeypatch):
    monkeypatch.setattr(import_module("rnn_tui.engine.compiled.loops"), "LARGEST_COMPILED", small)
    for found, expected in zip(passed(cell, "compiled", B), passed(cell, "numpy", B), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("H", "B", "small"), [(4, 64, True), (4, 65, False), (300, 1, True)])
def test_products_are_compiled_in_small_nets_and_for_one_sequence(H, B, small):
    assert compiled.unroll(GRUCell(1, H), UnrollShape(3, B, 1)).small == small
