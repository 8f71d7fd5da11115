"""What is written at the ends of the curves: names, or marks where names would take too much room."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.reference_training import small

from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.ui.panels.curve_labels import SHARE, CurveLabels
from rnn_tui.ui.render.braille_plot import MARKS

PAIR = PinnedRun(small(), (np.ones(3), np.ones(3)))
ALONE = PinnedRun(small({"kind": "gru", "hidden_size": 2}), (np.ones(3),))


def test_names_where_there_is_room():
    ends = CurveLabels.of(["RNN", "FNN"], [("1", PAIR), ("?", ALONE)], 60, marked=False)
    assert ends.lanes == ["RNN", "FNN"]
    assert ends.pins == [["1 RNN", "1 FNN"], ["?"]]
    assert set(ends.signs) == {"━"}


def test_marks_that_are_in_the_legend_too_where_there_is_none():
    ends = CurveLabels.of(["a name of some length", "FNN"], [("1", PAIR)], 60, marked=False)
    assert [*ends.lanes[:2]] == ["*", "o"]
    assert ends.pins == [["1*", "1o"]]
    assert ends.signs == MARKS


def test_lanes_that_bear_their_marks_all_along_need_none_at_the_end_but_kept_runs_do():
    ends = CurveLabels.of(["RNN", "FNN"], [("1", PAIR)], 60, marked=True)
    assert [*ends.lanes[:2]] == ["", ""]
    assert ends.pins == [["1*", "1o"]]
    assert ends.signs == MARKS


@pytest.mark.parametrize("marked", [False, True])
def test_a_single_curve_is_called_nothing(marked):
    assert [*CurveLabels.of(["RNN"], [], 60, marked).lanes] == [""]


def test_a_single_lane_beside_a_run_that_was_kept_has_its_name():
    assert CurveLabels.of(["RNN"], [("1", ALONE)], 60, marked=False).lanes == ["RNN"]


@given(
    st.lists(st.text("abcdefgh", min_size=1, max_size=24), min_size=2, max_size=4, unique=True),
    st.lists(st.sampled_from([PAIR, ALONE]), max_size=4),
    st.integers(0, 200),
)
def test_all_that_is_written_is_told_apart(names, pins, columns):
    ends = CurveLabels.of(names, [(str(i), pin) for i, pin in enumerate(pins, 1)], columns, marked=False)
    lanes = [*ends.lanes][: len(names)]
    every = [*lanes, *(text for texts in ends.pins for text in texts)]
    assert len(lanes) == len(names)
    assert "" not in every
    assert len(every) == len({*every})
    assert ends.signs == MARKS or 1 + max(map(len, lanes)) <= columns // SHARE
