"""The points of a sweep: grids, zipped lists and random ones."""

import numpy as np
import pytest

from rnn_tui.experiments.sweep_points import points_of
from rnn_tui.presets import store
from rnn_tui.presets.sweep_settings import SweepSettings

ECHO = store.load(store.find("echo")).preset.document()


def points(seed=0, **table):
    return points_of(SweepSettings.model_validate(table), ECHO, np.random.default_rng(seed))


def test_a_grid_has_all_combinations_and_whole_numbers_where_the_preset_has_them():
    over = {"lanes.0.hidden_size": "log:4..16:3", "training.learning_rate": "lin:1..2:2"}
    found = points(over=over)
    assert [tuple(point.values()) for point in found] == [(4, 1), (4, 2), (8, 1), (8, 2), (16, 1), (16, 2)]
    assert [type(value) for value in found[0].values()] == [int, float]
    assert points(over={}) == [{}]


def test_an_optional_key_gets_whole_numbers_if_the_range_is_written_so():
    assert [type(point["lanes.0.seed"]) for point in points(over={"lanes.0.seed": "range:1..3:1"})] == [int] * 3


def test_zipped_lists_go_together():
    over = {"task.delay": [1, 2, 3], "lanes.0.hidden_size": "range:4..12:4"}
    assert [tuple(point.values()) for point in points(over=over, zip=True)] == [(1, 4), (2, 8), (3, 12)]
    with pytest.raises(ValueError, match=r"task\.delay has 3, lanes\.0\.hidden_size has 2"):
        points(over=over | {"lanes.0.hidden_size": [1, 2]}, zip=True)


def test_random_points_differ_and_follow_from_the_sweep_seed():
    over = {"training.learning_rate": "log:1e-4..1e-1", "lanes.0.hidden_size": "lin:2..4"}
    found = points(over=over, random=30)
    assert found == points(over=over, random=30) != points(1, over=over, random=30)
    assert len({point["training.learning_rate"] for point in found}) == 30
    assert {point["lanes.0.hidden_size"] for point in found} == {2, 3, 4}
    rates = np.log10([point["training.learning_rate"] for point in found])
    assert -4 <= rates.min() < -3 < -2 < rates.max() <= -1


def test_random_points_of_a_grid_are_each_drawn_once():
    over = {"task.delay": [1, 2, 3], "lanes.0.gain": [0.5, 1.5]}
    assert len({tuple(point.values()) for point in points(over=over, random=6)}) == 6
    with pytest.raises(ValueError, match="only 6 different points"):
        points(over=over, random=7)
    with pytest.raises(ValueError, match="only 3 different points could be drawn"):
        points(over={"lanes.0.hidden_size": "lin:2..4"}, random=4)


def test_what_has_no_end_is_refused():
    with pytest.raises(ValueError, match="needs random points"):
        points(over={"training.learning_rate": "log:1e-4..1e-1"})
    with pytest.raises(ValueError, match="100,000,000 runs"):
        points(over={"lanes.0.gain": "lin:0..1:10000", "lanes.1.hidden_size": "range:1..10000:1"})
