"""Curves with bands over one key."""

from math import inf, nan

import numpy as np
import pytest

from rnn_tui.ui.render.palette import palette
from rnn_tui.ui.render.terminal_capabilities import Canvas
from rnn_tui.ui.sweeps.curve_drawing import CurveChart, SweepCurve, draw_curves, ticks_of
from rnn_tui.ui.sweeps.key_axis import KeyAxis
from rnn_tui.ui.sweeps.look import Look, ValueScale
from rnn_tui.ui.sweeps.measures import LOSS, Summary, measure_named

LOOK = Look(palette(True), Canvas())


def drawn(*medians, look=LOOK, axis=(1, 2, 3, 4), band=0.0, joined=True, cursor=0, shape=(10, 50)):
    curves = [
        SweepCurve(f"L{lane}", lane, [Summary(m - band, m, m + band, 1, 1) for m in values])
        for lane, values in enumerate(medians)
    ]
    chart = CurveChart(KeyAxis.of("x", "x", axis), curves, cursor, joined=joined)
    return draw_curves(chart, LOSS, ValueScale(0.0, 1.0), look, *shape)


def test_curves_have_their_values_their_names_and_their_axes():
    lines = drawn((0.0, 0.5, 0.5, 1.0), (1.0, 1.0, 1.0, 1.0)).lines
    assert lines[0].startswith("  1┤")
    assert "L1" in lines[0]
    assert "L0" in lines[1] + lines[2]
    assert [line.count("●") for line in lines] == [4, 0, 0, 0, 2, 0, 0, 0, 1, 0]  # the first curve covers the other
    assert lines[-1].split() == ["1", "2", "3", "4"]


def test_a_point_without_a_value_is_a_gap_and_one_that_diverged_a_cross():
    lines = drawn((0.5, nan, 0.5, inf), shape=(10, 60)).lines
    middle = lines[4]
    assert middle.count("●") == 2
    assert middle[middle.index("●") + 1 : middle.rindex("●")].strip() == ""
    assert lines[0].count("✗") == 1


def test_a_band_lies_between_the_quartiles():
    def dotted(band):
        return sum(0x2800 < ord(c) < 0x2900 for line in drawn((0.5,) * 4, band=band).lines for c in line)

    assert dotted(0.3) > 3 * dotted(0.0)


def test_points_that_are_not_joined_have_no_lines():
    text = "".join(drawn((0.1, 0.9, 0.1, 0.9), joined=False).lines)
    assert text.count("●") == 4
    assert not any(0x2800 < ord(c) < 0x2900 for c in text)


def test_without_colors_the_marks_of_the_lanes_tell_the_curves_apart():
    text = "".join(drawn((0.2,) * 4, (0.8,) * 4, look=Look(palette(True), Canvas(colors="none", ascii=True))).lines)
    assert text.count("*") > 10
    assert text.count("o") > 10


@pytest.mark.parametrize("axis", [(3,), ("a", "b"), tuple(range(1, 31))])
@pytest.mark.parametrize("shape", [(1, 9), (3, 20), (20, 200)])
def test_every_axis_is_drawn_at_every_size(axis, shape):
    lines = drawn(np.linspace(0, 1, len(axis)), axis=axis, shape=shape).lines
    assert [len(line) for line in lines] == [shape[1]] * shape[0]


def test_ticks_are_round_numbers_or_powers_of_ten():
    assert ticks_of(ValueScale(0.0, 1.0), LOSS, 2) == [(0.0, "0"), (0.5, "0.5"), (1.0, "1")]
    assert [label for _, label in ticks_of(ValueScale(2e-4, 0.7, True), LOSS, 5)] == ["1e−3", "1e−2", "0.1"]
    assert [label for _, label in ticks_of(ValueScale(0.3, 0.6, True), LOSS, 5)] == ["0.3", "0.6"]
    assert [label for _, label in ticks_of(ValueScale(0.0, 1.0), measure_named("accuracy"), 2)] == ["0%", "50%", "100%"]
