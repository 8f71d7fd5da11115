"""Views of a sweep: which key is where, and where the cursor goes."""

from dataclasses import replace

from support.sweep_folders import data_of

from rnn_tui.ui.sweeps.key_axis import LANES
from rnn_tui.ui.sweeps.sweep_view import CURVES, MAP, POINTS, SweepView

A, B, C = "task.delay", "lanes.0.hidden_size", "training.learning_rate"
THREE = {A: [2, 4], B: [4, 8, 16], C: [0.01, 0.1]}


def sides(view):
    return view.across, view.down, view.split


def test_a_sweep_opens_as_a_map_of_two_keys_or_curves_of_one():
    assert sides(SweepView.first(data_of(THREE))) == (A, B, C)
    assert sides(SweepView.first(data_of({A: [2, 4], B: [4, 8]}))) == (A, B, "")
    one = SweepView.first(data_of({A: [2, 4]}))
    assert (one.drawing, *sides(one)) == (CURVES, A, LANES, "")
    words = SweepView.first(data_of({"lanes.0.activation": ["tanh", "relu"]}))
    assert words.drawing == MAP
    assert sides(SweepView.first(data_of({}, 3))) == (LANES, "", "")


def test_the_cursor_stops_at_the_ends_of_the_axes():
    data = data_of(THREE)
    view = SweepView.first(data).moved(data, 1, 1).moved(data, 7, -9)
    assert view.place == {A: 1, B: 0, C: 0, LANES: 0}
    assert view.stepped(data, C, 1).place[C] == 1


def test_keys_change_places():
    data = data_of(THREE)
    view = replace(SweepView.first(data), split="")
    assert view.fixed(data) == [C, LANES]
    assert sides(view.with_axis(data, "across")) == (B, A, "")
    assert sides(view.with_axis(data, "down")) == (A, C, "")
    split = view.with_split(data)
    assert sides(split) == (A, B, C)
    assert sides(split.with_split(data)) == (A, B, LANES)
    assert sides(split.with_axis(data, "down")) == (A, C, "")
    assert sides(view.with_key(data, "split", A)) == (C, B, A)


def test_curves_are_not_drawn_over_the_lanes():
    data = data_of({A: [2, 4]})
    view = replace(SweepView.first(data), drawing=MAP, across=LANES, down=A)
    assert sides(view.with_drawing(data, CURVES)) == (A, LANES, "")
    assert sides(view.with_drawing(data, CURVES).with_axis(data, "across")) == (A, LANES, "")


def test_a_sweep_without_a_grid_opens_with_its_best_points_and_the_cursor_goes_between_them():
    data = data_of({C: "log:1e-4..1e-1", B: "lin:2..60"}, 1, random=30)
    view = SweepView.first(data)
    assert (view.drawing, view.sort) == (POINTS, "held-out loss")
    moved = view.to(data.place_of(data.runs[0])).moved(data, 1, 0)
    assert data.at(moved.place)
