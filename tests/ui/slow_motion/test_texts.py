"""A phase_text for every place, that fits into the rows it is given."""

from itertools import pairwise

import pytest
from support.widget_hosts import diverged, slowed
from textual.content import Content

from rnn_tui.ui.slow_motion.cursor import FORWARD, UpdateCursor
from rnn_tui.ui.slow_motion.texts import DIVERGED, phase_text, wrap

LANES = [
    {"kind": "rnn"},
    {"kind": "rnn", "truncation": 3},
    {"kind": "gru"},
    {"kind": "lstm"},
    {"kind": "fnn", "window": 120},
]
BIG = {"batch_size": 1000}


def phase_texts(slow, width):
    cursor = UpdateCursor(slow.length)
    return [
        (cursor.by(place).phase, phase_text(slow, cursor.by(place), 1, width)) for place in range(cursor.starts[-1] + 1)
    ]


@pytest.mark.parametrize("lane", LANES)
@pytest.mark.parametrize("task", ["echo", "adding"])
def test_the_words_fit_into_their_rows(lane, task):
    both = [slowed(lane, task=task, training=BIG | {"optimizer": optimizer}) for optimizer in ("adam", "momentum")]
    for width, rows in [(56, 4), (76, 3), (114, 2)]:
        for told in {told.words for slow in both for _, told in phase_texts(slow, width)}:
            assert Content(told).get_height({}, width) <= rows, told
        assert Content(DIVERGED).get_height({}, width) <= rows


@pytest.mark.parametrize("lane", LANES)
@pytest.mark.parametrize("task", ["echo", "letters", "wave"])
def test_at_eighty_columns_nothing_is_cut(lane, task):
    for _, told in phase_texts(slowed(lane, task=task), 76):
        assert all(len(row) <= 76 for line in told.formula for row in wrap(line, 76))
        assert all(len(line) <= 76 for line in told.lines)


def test_all_but_the_way_forward_says_that_an_update_diverges():
    for phase, told in phase_texts(diverged(), 76):
        assert (told.words == DIVERGED) == (phase != FORWARD)


@pytest.mark.parametrize("width", [20, 40, 56, 76])
def test_a_formula_is_broken_between_its_parts_and_loses_nothing(width):
    for lane in LANES:
        for _, told in phase_texts(slowed(lane), width):
            for formula in told.formula:
                rows = wrap(formula, width)
                assert " ".join(rows) == formula
                assert all(row.endswith(",") or after.startswith("+ ") for row, after in pairwise(rows))
