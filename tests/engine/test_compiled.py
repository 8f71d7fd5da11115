"""The compiled engine as a setting of a run."""

import numba
import numpy as np
import pytest

from rnn_tui.checkpoints.origin import this_machine
from rnn_tui.engine import compiled
from rnn_tui.engine.cells import CELLS, LSTMCell, RNNCell
from rnn_tui.engine.cells.base import UnrollShape
from rnn_tui.presets import training_settings
from rnn_tui.presets.preset import parse
from rnn_tui.session.session import Session


def test_every_cell_of_the_program_has_compiled_loops():
    assert compiled.MODULES.keys() == set(CELLS.values())


class OwnCell(RNNCell):
    """A cell without compiled loops."""


@pytest.mark.parametrize(
    ("cell", "shape"),
    [
        (RNNCell(1, 4, activation="relu"), UnrollShape(3, 1, 1)),
        (LSTMCell(1, 4), UnrollShape(3, 1, 1, depth=2)),
        (OwnCell(1, 4), UnrollShape(3, 1, 1)),
    ],
    ids=["activation", "truncation", "cell"],
)
def test_where_there_are_none_numpys_loops_are_used(cell, shape):
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
    assert this_machine()["compiled"] == f"numba {numba.__version__}"


def test_without_numba_a_preset_for_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr(training_settings, "find_spec", lambda _: None)
    preset = {"task": {"kind": "echo"}, "lanes": [{"kind": "rnn"}], "training": {"engine": "compiled"}}
    with pytest.raises(Exception, match=r"training.engine = 'compiled': needs .*pip install 'rnn-tui\[fast\]'"):
        parse(preset, "s")
