"""Heat maps: numbers where they fit, cells in half blocks where they do not, signs where there is no number."""

from math import inf, nan

import numpy as np
import pytest

from rnn_tui.ui.render.palette import palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.sweeps.key_axis import KeyAxis
from rnn_tui.ui.sweeps.look import Look, ValueScale
from rnn_tui.ui.sweeps.map_drawing import Fit, SweepMap, draw_map
from rnn_tui.ui.sweeps.measures import LOSS, Summary

COLORS, PLAIN = Look(palette(True), Canvas()), Look(palette(True), Canvas(colors="none"))


def summary(value, **counts):
    return Summary(value, value, value, **{"known": 1, "runs": 1} | counts)


def drawn(cells, rows, columns, look=COLORS, cursor=(0, 0), contour=None):
    across = KeyAxis.of("x", "x", range(1, 1 + len(cells[0])))
    down = KeyAxis.of("y", "y", range(1, 1 + len(cells)))
    shown = SweepMap(across, down, cells, cursor, contour=contour)
    return draw_map(shown, LOSS, ValueScale(0.0, 1.0), look, rows, columns)


def test_large_values_are_above_and_every_number_is_readable():
    grid = drawn([[summary(0.1), summary(0.2)], [summary(0.3), summary(0.4)]], 3, 20)
    assert [line.split() for line in grid.lines] == [
        ["2", "0.3000", "0.4000"],
        ["1", "[0.1000", "]", "0.2000"],
        ["1", "2"],
    ]
    assert grid.ground_at(0, 12) != grid.ground_at(1, 12)


def test_a_high_cell_under_the_cursor_has_a_frame():
    lines = drawn([[summary(0.5)]], 6, 20).lines
    assert lines[0].strip() == "┌────────────────┐"
    assert "│     0.5000     │" in lines[2]


def test_cells_without_a_number_say_why():
    cells = [[summary(nan, known=0, runs=0), summary(inf, diverged=1), summary(nan, known=0, failed=1)]]
    wide = drawn(cells, 2, 40, cursor=None).lines[0]
    assert all(word in wide for word in ("·", "diverged", "failed"))
    narrow = drawn(cells, 2, 8, cursor=None).lines[0]
    assert narrow.count("✗") == 2


@pytest.mark.parametrize("look", [COLORS, PLAIN])
def test_thirty_by_thirty_cells_fit_or_show_those_around_the_cursor(look):
    cells = [[summary((x + y) / 60) for x in range(30)] for y in range(30)]
    grid = drawn(cells, 16, 33, look, cursor=(29, 15))
    assert grid.lines[0].startswith("30 ")
    assert ("▀" in grid.lines[3]) == (look is COLORS)
    assert ("#" in grid.lines[1]) == (look is PLAIN)
    assert "◆" in grid.lines[0]


def test_the_line_of_a_formula_goes_between_the_cells_that_it_separates():
    cells = [[summary(0.5) for _ in range(4)] for _ in range(4)]
    lines = drawn(cells, 13, 60, cursor=None, contour=lambda x, y: x + 0 * y - 2.5).lines
    dots = [[i for i, c in enumerate(line) if 0x2800 <= ord(c) < 0x2900] for line in lines[:12]]
    places = {place for row in dots for place in row}
    assert places
    assert max(places) - min(places) <= 1
    assert abs(np.mean(list(places)) - (2 + 14 * 2)) <= 1  # after the second of four cells


def test_an_axis_shows_what_fits_around_the_cursor():
    assert Fit.of(4, 20, 9, 0) == Fit(4, 0, 4, 5)
    assert Fit.of(30, 10, 9, 20) == Fit(30, 15, 10, 1)
    assert Fit.of(30, 15, 9, 20, halves=True) == Fit(30, 0, 30, 1, 2)
    assert Fit.of(31, 16, 9, 20, halves=True).length == 16
