"""Values as characters."""

import numpy as np
import pytest

from rnn_tui.ui.render.glyphs import BARS, bars, towers


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_tower_is_as_high_as_its_share_of_all_eighths(rows):
    shares = np.linspace(0, 1, 8 * rows)
    for column, share in zip(zip(*towers(shares, rows), strict=True), shares, strict=True):
        eighths = sum(BARS.index(cell) + 1 for cell in column if cell != " ")
        assert eighths == 1 + round(share * (8 * rows - 1))
        assert "".join(column).strip() == "".join(column).lstrip()  # no gap below


def test_towers_of_one_row_are_bars():
    shares = np.array([0, 0.3, np.nan, 1])
    assert towers(shares, 1) == [bars(shares, 0, 1)]


def test_no_value_is_a_dot_at_the_bottom():
    assert towers(np.array([np.nan, 1]), 2) == [[" ", "█"], ["·", "█"]]
