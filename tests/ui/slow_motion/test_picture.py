"""The picture of an update: what is drawn of it at each place, and what not yet."""

from dataclasses import replace
from math import ceil, floor, log10

import numpy as np
import pytest
from support.widget_hosts import diverged, slowed

from rnn_tui.number_format import power_of_ten
from rnn_tui.ui.render.palette import palette
from rnn_tui.ui.slow_motion.backward_text import backward
from rnn_tui.ui.slow_motion.cursor import APPLY, BACKWARD, CLIP, LOSS, UpdateCursor
from rnn_tui.ui.slow_motion.picture import decades, picture

COLORS = palette(True)
KINDS = ["rnn", "gru", "lstm", "fnn"]


def drawn(slow, phase, steps=0, unit=1, rows=3):
    cursor = UpdateCursor(slow.length)
    return picture(slow, cursor.by(cursor.starts[phase] + steps), unit, COLORS, rows)


def labelled(picture, label):
    return next(track for track in picture.tracks if track.label == label)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", [0, 1, 3])
def test_every_place_has_a_picture_with_a_cell_for_every_time_step(kind, rows):
    slow = slowed({"kind": kind})
    cursor = UpdateCursor(slow.length)
    for place in range(cursor.starts[-1] + 1):
        found = picture(slow, cursor.by(place), 1, COLORS, rows)
        assert all(len(track.cells) == len(track.colors) == 8 for track in found.tracks)
        assert found.values.ndim == 2
        assert 0 <= found.unit < found.values.shape[0]
        assert 0 <= found.t < found.values.shape[1]
        assert found.lit
        assert len(found.name) <= len("i = ")


def test_forward_lights_up_from_the_left_and_answers_come_with_it():
    slow = slowed({"kind": "rnn"})
    for t in range(8):
        found = drawn(slow, 0, t)
        assert found.lit == range(t + 1)
        assert [cell == " " for cell in labelled(found, "RNN").cells] == [s > t for s in range(8)]
        np.testing.assert_array_equal(found.values, slow.lane.hidden.T)


def test_backward_grows_from_the_right():
    slow = slowed({"kind": "rnn"})
    for back in range(8):
        found, t = drawn(slow, BACKWARD, back, rows=1), 7 - back
        assert found.lit == range(t, 8)
        assert [cell == " " for cell in labelled(found, "log ‖∂h‖").cells] == [s < t for s in range(8)]
        np.testing.assert_array_equal(found.values, slow.dh.T)
    assert max(labelled(found, "log ‖∂h‖").cells) == labelled(found, "log ‖∂h‖").cells[slow.norms.argmax()]


def test_a_gradient_that_vanishes_is_a_slope_on_a_logarithmic_scale():
    lane = {"kind": "rnn", "activation": "identity", "initializer": "identity", "gain": 0.25}
    slow = slowed(lane, task="adding", steps=0, training={"sequence_length": 12})
    found = drawn(slow, BACKWARD, 11, rows=1)
    heights = np.array(["▁▂▃▄▅▆▇█".index(cell) for cell in labelled(found, "log ‖∂h‖").cells])
    low, high = decades(slow)
    assert (low, high) == (floor(log10(slow.norms.min())), ceil(log10(slow.norms.max())))
    slope = 7 * log10(4) / (high - low)  # each step back costs a factor of 4
    np.testing.assert_allclose(heights, heights[-1] - slope * np.arange(11, -1, -1), atol=1)


def test_the_bars_of_all_lanes_have_one_logarithmic_scale_and_it_is_said():
    lanes = {"kind": "rnn", "gain": 0.1}, {"kind": "lstm"}, {"kind": "fnn"}
    slows = [slowed(*lanes, lane=lane, steps=0, task="adding") for lane in range(3)]
    low, high = decades(slows[0])
    norms = np.concatenate([slow.norms for slow in slows])
    assert 10.0**low <= norms[norms > 0].min() < norms.max() <= 10.0**high
    assert norms[norms > 0].min() < 10.0 ** (low + 1)
    for slow in slows:
        assert decades(slow) == (low, high)
        tracks = drawn(slow, BACKWARD, 7, rows=3).tracks[-3:]
        assert (tracks[0].label, tracks[-1].label) == (power_of_ten(high), f"log {power_of_ten(low)}")
        said = backward(slow, 0, 0, 110).lines[1]
        assert said.endswith(f"bars: logarithmic, {power_of_ten(low)} … {power_of_ten(high)}, the same for all lanes")
        assert all(len(backward(slow, t, 0, width).lines[1]) <= width for t in range(8) for width in (60, 72))
        assert drawn(slow, BACKWARD, 7, rows=1).tracks[-1].label == "log ‖∂h‖"
        rows = [["▁▂▃▄▅▆▇█".find(cell) + 1 for cell in track.cells] for track in tracks]
        heights = np.array(rows).sum(axis=0)  # of the three rows together, 0 for a dot
        expected = [1 + 23 * (log10(norm) - low) / (high - low) if norm else 0 for norm in slow.norms]
        np.testing.assert_allclose(heights, expected, atol=0.51)


def test_a_scale_has_at_least_one_decade_and_at_most_twelve():
    slow = slowed({"kind": "rnn"})
    assert decades(replace(slow, whole=replace(slow.whole, span=(0.2, 0.3)))) == (-1, 0)
    assert decades(replace(slow, whole=replace(slow.whole, span=(1.0, 1.0)))) == (-1, 0)
    assert decades(replace(slow, whole=replace(slow.whole, span=(0.02, 30.0)))) == (-2, 2)
    assert decades(replace(slow, whole=replace(slow.whole, span=(1e-300, 1e-3)))) == (-15, -3)


def test_where_no_gradient_arrives_there_is_a_dot():
    slow = slowed({"kind": "fnn"}, task="adding", training={"sequence_length": 12})
    *dots, last = labelled(drawn(slow, BACKWARD, 11, rows=1), "log ‖∂h‖").cells
    assert dots == ["·"] * 11
    assert last in "▁▂▃▄▅▆▇█"


def test_the_loss_is_drawn_where_it_is_scored_and_the_slopes_below_it():
    slow = slowed({"kind": "rnn"}, task="letters")
    found = drawn(slow, LOSS, rows=1)
    np.testing.assert_array_equal(found.values, slow.dy.T)
    assert (found.t, found.unit) == (slow.last_scored, slow.frame.target[slow.last_scored])
    bits = labelled(drawn(slowed({"kind": "rnn"}), LOSS, rows=1), "loss l_t").cells
    assert bits[:3] == ["·"] * 3
    assert "·" not in bits[3:]


@pytest.mark.parametrize("kind", KINDS)
def test_clip_and_apply_show_the_matrix_that_the_weight_is_part_of(kind):
    slow = slowed({"kind": kind}, training={"clip_norm": 0.01})
    name = {"rnn": "W_hh", "gru": "W_hr", "lstm": "W_hi", "fnn": "W_xh"}[kind]
    np.testing.assert_allclose(drawn(slow, CLIP).values, slow.gradient[name] * slow.share)
    np.testing.assert_array_equal(drawn(slow, APPLY).values, slow.after[name] - slow.lane.weights[name])
    assert (drawn(slow, APPLY).t, drawn(slow, APPLY).unit) == (0 if kind == "fnn" else 1, 1)


def test_what_is_not_finite_is_drawn_too():
    slow = diverged()
    for phase in range(5):
        found = drawn(slow, phase)
        assert np.isfinite(found.scale)
