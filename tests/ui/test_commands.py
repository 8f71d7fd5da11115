"""What the keys for settings come to."""

import pytest
from ui.hosts import preset_of

from rnn_tui.ui.commands import match_changes

MIXED = ({"kind": "rnn"}, {"kind": "fnn", "window": 2}, {"kind": "lstm", "hidden_size": 5}, {"kind": "fnn"})


def counts(preset):
    return [lane.model(preset.task).layout.count for lane in preset.lanes]


def test_matching_gives_every_fnn_the_shown_lanes_number_of_parameters():
    preset = preset_of(*MIXED)
    after = preset.with_changes(match_changes(preset, 2))
    rnn, first, lstm, second = counts(after)
    per_unit = [4, 3]  # k I + 1 + O, of windows 2 and 1 with one input and one output
    assert abs(first - lstm) <= per_unit[0] / 2
    assert abs(second - lstm) <= per_unit[1] / 2
    assert counts(preset)[0] == rnn


def test_on_an_fnn_it_is_about_that_lane_and_the_first_recurrent_one():
    preset = preset_of(*MIXED)
    assert match_changes(preset, 3) == {"lanes.3.match": 0}


def test_once_more_ends_it_and_leaves_the_size():
    preset = preset_of(*MIXED)
    matched = preset.with_changes(match_changes(preset, 0))
    after = matched.with_changes(match_changes(matched, 0))
    assert [lane.hidden_size for lane in after.lanes] == [lane.hidden_size for lane in matched.lanes]
    assert all(getattr(lane, "match", None) is None for lane in after.lanes)


@pytest.mark.parametrize("lanes", [[{"kind": "rnn"}, {"kind": "gru"}], [{"kind": "fnn"}]])
def test_without_both_kinds_there_is_nothing_to_match(lanes):
    assert match_changes(preset_of(*lanes), 0) == {}
