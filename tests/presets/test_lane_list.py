"""Lanes that are added, duplicated and removed, in the settings."""

import pytest
from support.widget_hosts import bundled, preset_of

from rnn_tui.errors import RnnTuiError
from rnn_tui.presets.lane_list import added, duplicated, without
from rnn_tui.presets.lane_settings import LANES, MOST_LANES


def seeds(preset):
    return [preset.lane_seed(lane) for lane in range(len(preset.lanes))]


@pytest.mark.parametrize("kind", LANES)
def test_an_added_lane_has_what_it_has_in_common_with_the_lane_it_is_like(kind):
    before = bundled("echo").with_changes({"lanes.0.hidden_size": 11, "lanes.0.gain": 0.5})
    after = added(before, 0, kind)
    assert after.lanes[:2] == before.lanes
    assert (after.lanes[2].kind, after.lanes[2].hidden_size) == (kind, 11)
    assert getattr(after.lanes[2], "gain", 0.5) == 0.5
    assert len(set(after.names)) == 3
    assert seeds(after) == [0, 1, 2]


def test_every_lane_keeps_its_weights_and_its_match_when_another_one_is_removed():
    lanes = ({"kind": "gru"}, {"kind": "rnn"}, {"kind": "fnn", "match": 1}, {"kind": "fnn", "match": 0})
    preset = preset_of(*lanes)
    after = without(preset, 0)
    assert [lane.kind for lane in after.lanes] == ["rnn", "fnn", "fnn"]
    assert seeds(after) == [1, 2, 3]
    assert [getattr(lane, "match", None) for lane in after.lanes] == [None, 0, None]
    assert [lane.hidden_size for lane in after.lanes] == [lane.hidden_size for lane in preset.lanes[1:]]
    assert after.with_changes({}) == after  # a valid preset
    assert seeds(without(after, 2)) == [1, 2]
    assert seeds(added(after, 0, "rnn")) == [1, 2, 3, 0]  # no two lanes draw the same weights


def test_a_lane_that_gets_back_its_old_place_needs_no_seed():
    lanes = preset_of({"kind": "rnn"}, {"kind": "gru"}, {"kind": "lstm"})
    assert [lane.seed for lane in without(without(lanes, 2), 0).lanes] == [1]
    assert [lane.seed for lane in without(lanes, 2).lanes] == [None, None]


@pytest.mark.parametrize(
    ("names", "copied", "called"),
    [
        (("RNN", "FNN"), 0, "RNN 2"),
        (("", ""), 1, "FNN 2"),
        (("small", "small 2"), 0, "small 3"),
        (("x" * 24, ""), 0, "x" * 22 + " 2"),
    ],
)
def test_a_copy_has_the_weights_of_its_original_and_a_free_name(names, copied, called):
    preset = preset_of({"kind": "rnn", "name": names[0]}, {"kind": "fnn", "name": names[1]})
    after = duplicated(preset, copied)
    assert after.names[2] == called
    assert seeds(after) == [0, 1, copied]
    assert after.lanes[2].with_values(name="", seed=None) == preset.lanes[copied].with_values(name="", seed=None)
    assert after.with_changes({}) == after


def test_there_are_one_to_four_lanes():
    full = preset_of(*[{"kind": "rnn"}] * MOST_LANES)
    for more in (lambda: added(full, 0, "gru"), lambda: duplicated(full, 0)):
        with pytest.raises(RnnTuiError, match="4 lanes, which is the limit"):
            more()
    with pytest.raises(RnnTuiError, match="only lane"):
        without(preset_of({"kind": "rnn"}), 0)
