"""Compiled time loops against NumPy's.

To compile takes seconds, so most tests run the loops as the Python that they are written in.
"""

import sys

import numba
import numpy as np
import pytest
from support.numeric_gradients import random_memory, random_parameters

from rnn_tui.checkpoints.origin import this_machine
from rnn_tui.engine import compiled
from rnn_tui.engine.cells import CELLS, GRUCell, LSTMCell, RNNCell
from rnn_tui.engine.cells.base import UnrollShape
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.presets import training_settings
from rnn_tui.presets.preset import parse
from rnn_tui.session.session import Session

I, H, O, T = 2, 3, 2, 5


@pytest.fixture
def in_python(monkeypatch):
    """Load the loops without the compiler; later tests load them anew."""
    monkeypatch.setattr(numba.config, "DISABLE_JIT", True)
    for name in (*compiled.MODULES.values(), "rnn_tui.engine.compiled.loops"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield
    for name in (*compiled.MODULES.values(), "rnn_tui.engine.compiled.loops"):
        sys.modules.pop(name, None)


def passed(cell, engine, B):
    """What a forward and a backward pass leave: all buffers but the sums, whose signs differ, and dL/dθ."""
    rng, model = np.random.default_rng(3), RecurrentModel(cell(I, H), O, engine=engine)
    parameters, memory, trace = random_parameters(model, rng), random_memory(model, rng, B), model.trace(T, B)
    assert (type(trace) is type(model.cell.unroll(UnrollShape(T, B, O)))) == (engine == "numpy")
    model.forward(parameters, rng.standard_normal((T, I, B)), trace, memory)
    gradient = model.backward(parameters, rng.standard_normal((T, O, B)), trace)
    shown = [trace.x, trace.y, trace.dh, trace.dsums, trace.end(), *trace.states.values()]
    return [*shown, *(s.directly for s in trace.carried if s.directly is not None), gradient]


@pytest.mark.usefixtures("in_python")
@pytest.mark.parametrize("B", [1, 3, 10])
@pytest.mark.parametrize("cell", compiled.MODULES)
def test_the_loops_compute_what_numpys_do(cell, B):
    for found, expected in zip(passed(cell, "compiled", B), passed(cell, "numpy", B), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


def test_every_cell_of_the_program_has_compiled_loops():
    assert compiled.MODULES.keys() == set(CELLS.values())


class OwnCell(RNNCell):
    """A cell without compiled loops."""


@pytest.mark.usefixtures("in_python")
@pytest.mark.parametrize(
    ("cell", "shape"),
    [
        (RNNCell(1, 4, activation="relu"), UnrollShape(3, 1, 1)),
        (LSTMCell(1, 4), UnrollShape(3, 1, 1, depth=2)),
        (GRUCell(1, 4), UnrollShape(3, compiled.MOST // 4 + 1, 1)),
        (RNNCell(1, 4), UnrollShape(3, 9, 1)),
        (OwnCell(1, 4), UnrollShape(3, 1, 1)),
    ],
    ids=["activation", "truncation", "size", "size of an RNN", "cell"],
)
def test_where_there_are_none_or_they_are_slower_numpys_loops_are_used(cell, shape):
    assert type(compiled.unroll(cell, shape)) is type(cell.unroll(shape))


def test_a_run_is_replayed_with_the_engine_it_was_trained_with():
    found = {}
    for engine in compiled.ENGINES:
        training = {"sequence_length": 6, "batch_size": 2, "engine": engine}
        lanes = [{"kind": "gru", "hidden_size": 3}]
        session = Session(parse({"task": {"kind": "echo", "delay": 1}, "training": training, "lanes": lanes}, "s"))
        session.forward(4)
        losses, weights = session.histories.timelines[0].losses, session.histories.timelines[0].state.parameters.flat
        found[engine] = [losses.bounds(step)[0] for step in range(4)]
        session.rewind()
        session.forward(4)
        np.testing.assert_array_equal(session.histories.timelines[0].state.parameters.flat, weights)
    assert found["compiled"] == pytest.approx(found["numpy"], rel=1e-12)
    assert this_machine()["compiled"].startswith(f"numba {numba.__version__}")


def test_without_numba_a_preset_for_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr(training_settings, "find_spec", lambda _: None)
    preset = {"task": {"kind": "echo"}, "lanes": [{"kind": "rnn"}], "training": {"engine": "compiled"}}
    with pytest.raises(Exception, match=r"training.engine = 'compiled': needs .*pip install 'rnn-tui\[fast\]'"):
        parse(preset, "s")


def test_where_no_folder_can_be_written_machine_code_is_not_kept(monkeypatch):
    from rnn_tui.engine.compiled import loops

    def njit(function, cache=False, **_):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return function

    monkeypatch.setattr(numba, "njit", njit)
    assert loops.compiled(passed) is passed
