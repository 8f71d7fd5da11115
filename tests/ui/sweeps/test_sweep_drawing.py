"""Whole drawings: small multiples, legends, and what is said if there is nothing to draw."""

from dataclasses import replace

import pytest
from support.sweep_folders import data_of, rows_of

from rnn_tui.ui.render.palette import palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.sweeps.key_axis import LANES
from rnn_tui.ui.sweeps.look import Look
from rnn_tui.ui.sweeps.sweep_drawing import Arrangement, arrangement, draw_sweep, heading
from rnn_tui.ui.sweeps.sweep_view import CURVES, DRAWINGS, SweepView

A, B, C = "task.delay", "lanes.0.hidden_size", "training.learning_rate"
GRID = {A: [2, 4, 8], B: [4, 8]}
LOOKS = [Look(palette(True), Canvas()), Look(palette(False), Canvas()), Look(palette(True), Canvas(ascii=True))]


def text(data, view=None, rows=20, columns=100, look=LOOKS[0]):
    return "\n".join(draw_sweep(data, view or SweepView.first(data), look, rows, columns).lines)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    "over",
    [{}, {A: [3]}, {A: [2, 4]}, GRID, {"lanes.0.activation": ["tanh", "relu"], A: [2]}, {**GRID, C: [0.01, 1.0]},
     {A: list(range(1, 31)), B: list(range(2, 32))}],
)  # fmt: skip
def test_every_sweep_is_drawn_in_every_way_at_every_size(over, look):
    data = data_of(over, 1)
    for drawing in DRAWINGS:
        view = SweepView.first(data).with_drawing(data, drawing)
        for rows, columns in ((11, 56), (17, 76), (50, 196)):
            lines = draw_sweep(data, view, look, rows, columns).lines
            assert [len(line) for line in lines] == [columns] * rows
            assert "".join(lines).strip()


def test_a_sweep_without_results_says_so():
    assert "No results yet." in text(data_of(GRID, runs=[]))


def test_a_sweep_that_only_diverged_or_failed_says_so():
    assert "All runs so far have diverged" in text(data_of({A: [2], C: [1.0]}))
    failed = data_of(GRID, 1, runs=rows_of(GRID, 1, "failed"))
    assert "All runs so far have failed: not enough memory" in text(failed)


def test_a_drawing_for_each_value_of_a_key_or_each_lane():
    data = data_of({**GRID, C: [0.01, 1.0]})
    view = replace(SweepView.first(data), split="")
    assert "at learning rate 0.01" in text(data, view)
    split = text(data, replace(view, split=C))
    assert all(
        words in split for words in ("learning rate 0.01", "learning rate 1", "div", "one for each learning rate")
    )
    lanes = text(data, replace(view, split=LANES))
    assert "RNN" in lanes
    assert "FNN" in lanes
    assert heading(data, replace(view, split=LANES)) == "held-out loss, median over 2 seeds"
    assert heading(data, view) == "held-out loss of RNN, median over 2 seeds"


def test_a_legend_names_what_is_drawn():
    data = data_of(GRID, 1, runs=rows_of(GRID, 1)[1:])
    assert "a dot: no run yet" in text(data)
    curves = text(data_of(GRID, 3), SweepView.first(data).with_drawing(data, CURVES))
    assert all(words in curves for words in ("━ RNN", "band: quartiles", "dots: lowest possible loss"))


def test_the_line_of_the_plan_is_drawn_where_its_keys_are_on_the_axes():
    contour = {"base": "lanes.0.gain", "exponent": A, "level": 1e-2}
    data = data_of({A: [2, 4, 8], "lanes.0.gain": [0.2, 0.5, 0.9]}, 1, contour=contour)
    view = SweepView.first(data)
    assert "dotted line: gain^delay = 0.01" in text(data, view)
    assert "dotted line" not in text(data, view.with_drawing(data, CURVES))


def test_small_drawings_are_arranged_so_that_they_are_large():
    assert arrangement(1, 20, 80, (5, 12), 2.5) == Arrangement(1, 1, 20, 80)
    assert arrangement(2, 20, 80, (5, 12), 2.5).across == 2
    assert arrangement(4, 40, 60, (5, 12), 2.5) == Arrangement(2, 2, 20, 29)
    few = arrangement(30, 10, 40, (5, 12), 2.5)
    assert few.across * few.down < 30
