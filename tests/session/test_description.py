"""What is said in words: held against arrays made by hand, and made of whatever a frame may hold."""

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.widget_hosts import BUNDLED, broken, frame_of, made

from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.engine.held_out_history import HeldOutHistory
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.number_format import significant
from rnn_tui.session.description import Cursor, answered, as_lines, describe, trend, units_at
from rnn_tui.session.probe_reading import RIGHT, UNSCORED, WRONG
from rnn_tui.tasks.base import Floor

ECHO = frame_of("echo", 3)


def lane_with(hidden, frame=ECHO, lane=0, **more):
    """A lane of that frame that holds (T, H) ``hidden``."""
    return replace(
        frame.lanes[lane], probe=replace(frame.lanes[lane].probe, states={"h": np.asarray(hidden, float)}), **more
    )


def judged(signs):
    """A lane of whose answers ``signs`` tells: ✓, ✗ or ·"""
    values = {"✓": RIGHT, "✗": WRONG, "·": UNSCORED}
    return replace(
        ECHO.lanes[0], probe=replace(ECHO.lanes[0].probe, verdicts=np.array([values[sign] for sign in signs]))
    )


def scoring(lane, loss, floor):
    return replace(lane, held_out=replace(lane.score, loss=loss), floor=floor)


def paragraphs(frame, cursor=None):
    return dict(describe(frame, cursor or Cursor()))


# The trend.


def said_of(losses):
    return trend(MetricHistory(losses), len(losses))


def test_a_loss_that_falls_is_said_to_fall_by_the_means_of_the_last_tenths_two_halves():
    losses = np.concatenate([np.full(180, 9.0), np.full(10, 0.8), np.full(10, 0.6)])
    assert trend(MetricHistory(losses), 200) == (
        "Over the last 20 of 200 updates the training loss falls by 25%: "
        "its mean is 0.8 in the first half and 0.6 in the second."
    )


def test_a_loss_that_rises_is_said_to_rise():
    assert "rises by 50%: its mean is 2 in the first half and 3 in the second" in said_of(
        np.array([2.0] * 5 + [3.0] * 5)
    )


@pytest.mark.parametrize("change", [0.0, 0.019, -0.019])
def test_less_than_a_fiftieth_is_flat(change):
    assert "is flat" in said_of(np.array([1.0] * 5 + [1 + change] * 5))


def test_of_a_short_run_the_last_ten_updates_are_meant_and_of_none_nothing():
    assert "the last 10 of 30 updates" in said_of(np.ones(30))
    assert said_of(np.ones(1)) == "1 update so far, too few for a trend."


@pytest.mark.parametrize("value", [inf, 1e308])
def test_a_loss_that_is_no_number_has_no_trend(value):
    assert "is not always finite" in said_of(np.array([1.0] * 5 + [value] * 5))


def test_of_steps_that_are_kept_as_blocks_their_means_are_taken():
    blocks = np.array([[9.0, 9.0, 9.0]] * 8 + [[0.5, 4.0, 3.0], [0.1, 9.0, 1.5]])
    assert "falls by 50%: its mean is 3 in the first half and 1.5 in" in trend(
        MetricHistory(np.empty(0), blocks, 5), 50
    )
    assert "the last 100 of 1,000 updates the training loss is flat: its mean is 1.5" in trend(  # one block
        MetricHistory(np.empty(0), blocks, 100), 1000
    )


def test_only_the_updates_up_to_the_present_step_count():
    lane = replace(ECHO.lanes[0], losses=MetricHistory(np.array([1.0] * 20 + [7.0] * 20)))
    said = paragraphs(replace(ECHO, step=20, last_step=40, lanes=(lane,)))
    assert any("the last 10 of 20 updates the training loss is flat" in line for line in said["RNN"])
    assert "This run has 20 later steps." in said["Step 20"]


# Answers.


def test_few_wrong_answers_are_named_by_their_time_steps():
    assert answered(judged("··✓✗✓✗✗✗✓✗")) == (
        "On the probe 3 of 8 scored answers are right (38%); wrong at t = 3, 5 to 7 and 9."
    )


def test_many_are_counted_by_the_thirds_of_the_sequence():
    assert answered(judged("✗✓" * 15)) == (
        "On the probe 15 of 30 scored answers are right (50%); 15 wrong from t = 0 to 28: "
        "5 in the first third, 5 in the middle, 5 in the last third of the sequence."
    )


def test_all_right_one_and_none():
    assert answered(judged("·✓✓")) == "On the probe all 2 scored answers are right."
    assert answered(judged("··✓")) == "On the probe the one scored answer is right."
    assert answered(judged("··✗")) == "On the probe 0 of 1 scored answers are right (0%); wrong at t = 2."
    assert answered(judged("···")) == "Nothing on the probe is scored."


# Losses and floors.


def test_a_lane_is_so_far_above_its_own_floor_and_below_that_of_another():
    rnn, fnn = ECHO.lanes
    lanes = scoring(rnn, 0.25, Floor(0.0)), scoring(fnn, 0.75, Floor(0.5))
    said = paragraphs(replace(ECHO, lanes=lanes))
    assert "That is 0.25 above its floor (0) and 0.25 below the floor of FNN(1) (0.5)." in said["RNN"]
    assert "That is 0.25 above its floor (0.5)." in said["FNN(1)"]


def test_without_a_floor_of_its_own_it_is_measured_by_that_of_another_either_way():
    rnn, fnn = ECHO.lanes
    other = scoring(fnn, 0.75, Floor(0.5, exact=False, by="a guess"))
    above = paragraphs(replace(ECHO, lanes=(scoring(rnn, 0.625, None), other)))
    assert "That is 0.125 above the floor of FNN(1) (≈ a guess 0.5)." in above["RNN"]
    alone = paragraphs(replace(ECHO, lanes=(scoring(rnn, 0.625, None),)))
    assert not [line for line in alone["RNN"] if line.startswith("That is")]


def test_the_loss_stands_with_its_unit_and_the_share_of_right_answers_or_the_fit():
    rnn = scoring(ECHO.lanes[0], 0.25, None)
    rnn = replace(rnn, held_out=replace(rnn.score, accuracy=0.875))
    assert paragraphs(replace(ECHO, lanes=(rnn,)))["RNN"][0] == (
        "Loss on held-out sequences 0.25 nats, 87.5% of the answers right."
    )
    wave = frame_of("wave", 3)
    said = paragraphs(wave)
    assert f"R² {significant(wave.lanes[0].score.r2)}." in said["RNN"][0]
    assert any("a quarter" in line or "0.25 of the targets" in line for line in said["Step 3"])


def test_a_lower_loss_at_an_earlier_step_is_told():
    measured = HeldOutHistory().added(0, 0.75).added(2, 0.125).added(3, 0.25).added(4, 0.0625)
    said = paragraphs(replace(ECHO, lanes=(replace(scoring(ECHO.lanes[0], 0.25, None), held_out_losses=measured),)))
    assert "It was lowest at step 2: 0.125." in said["RNN"]
    said = paragraphs(replace(ECHO, lanes=(replace(scoring(ECHO.lanes[0], 0.125, None), held_out_losses=measured),)))
    assert not [line for line in said["RNN"] if line.startswith("It was lowest")]


# Units.


HIDDEN = [[0.0, 0.5, -0.2, 0.99], [0.9, 0.52, -0.97, 0.98]]


def test_the_largest_the_saturated_the_still_and_the_strongest_change():
    assert units_at(lane_with(HIDDEN), Cursor(t=1)) == [
        "Largest of 4 units: u3 0.98, u2 −0.97 and u0 0.9.",
        "2 of 4 units are saturated, |h| > 0.95.",
        "2 of 4 units are almost constant over the probe, with a range of at most 0.05: u1 and u3.",
        "Largest change since t = 0: u0 from 0 to 0.9 (+0.9).",
    ]


def test_at_the_first_time_step_nothing_has_changed_yet():
    said = units_at(lane_with(HIDDEN), Cursor(t=0))
    assert not [line for line in said if "change" in line]
    assert "1 of 4 units is saturated, |h| > 0.95." in said


def test_a_sigmoid_is_saturated_at_both_ends_and_what_is_not_bounded_at_none():
    lanes = [made({"kind": "rnn", "activation": f, "hidden_size": 3}).lanes[0] for f in ("sigmoid", "relu")]
    sigmoid, relu = (
        replace(lane, probe=replace(lane.probe, states={"h": np.array([[0.01, 0.5, 0.99]])})) for lane in lanes
    )
    assert "2 of 3 units are saturated, above 0.95 or below 0.05." in units_at(sigmoid, Cursor())
    assert not [line for line in units_at(relu, Cursor()) if "saturated" in line]


def test_what_is_not_bounded_is_still_by_the_measure_of_the_greatest():
    relu = made({"kind": "rnn", "activation": "relu", "hidden_size": 2}).lanes[0]
    lane = replace(relu, probe=replace(relu.probe, states={"h": np.array([[0.0, 0.0], [100.0, 4.0]])}))
    assert "1 of 2 units is almost constant over the probe, with a range of at most 5: u1." in units_at(lane, Cursor())


def test_gates_are_told_of_by_their_own_name():
    lane = frame_of("cells", 3).lanes[2]
    said = units_at(lane, Cursor(state="f", t=5))
    gate = lane.states["f"][5]
    best = int(np.argmax(gate))
    assert said[0] == "f is the share of c that is kept."
    assert said[1].startswith(f"Largest of {len(gate)} units: u{best} {significant(gate[best])}")
    (title,) = (p.title for p in describe(frame_of("cells", 3), Cursor(2, 5, "f")) if "at t" in p.title)
    assert title == "Forget gate f of LSTM at t = 5"


def test_units_that_are_no_numbers_are_counted_and_left_out():
    said = units_at(lane_with([[0.1, 0.2], [nan, 0.5]]), Cursor(t=1))
    assert said[0] == "1 of 2 units is not finite."
    assert said[1] == "Largest of 2 units: u1 0.5."
    assert "u1 from 0.2 to 0.5 (+0.3)" in said[-1]


# Curves that are kept.


def test_the_lowest_of_the_kept_curves_is_named_with_its_mean():
    def pin(*ends):
        return PinnedRun(ECHO.preset, tuple(MetricHistory(np.array([9.0] * 90 + [end] * 10)) for end in ends))

    frame = replace(ECHO, pinned_runs=(pin(0.5, 0.7), pin(0.125, nan)))
    said = paragraphs(frame)["Saved curves"]
    assert said == [
        "Mean over the last tenth, at least 10 updates: RNN of curve 1 at 0.5, FNN of curve 1 at 0.7, "
        "RNN of curve 2 at 0.125 and FNN of curve 2 at NaN.",
        "Lowest, including this run: RNN of curve 2 at 0.125.",
    ]
    assert "Saved curves" not in paragraphs(ECHO)


# Anything.


@given(st.data())
def test_of_any_bundled_preset_anything_can_be_said_also_where_it_diverged(data):
    frame = frame_of(data.draw(st.sampled_from(BUNDLED)), data.draw(st.sampled_from([0, 3])))
    value = data.draw(st.sampled_from([None, nan, inf, -inf, 1e300, -1e300, 5e-324]))
    frame = frame if value is None else broken(frame, value)
    lane = data.draw(st.integers(0, len(frame.lanes) - 1))
    state = data.draw(st.sampled_from(list(frame.lanes[lane].states)))
    cursor = Cursor(lane, data.draw(st.integers(0, frame.length - 1)), state)
    lines = as_lines(describe(frame, cursor))
    assert all(line.strip() and line.isprintable() for line in lines)
    assert [line for line in lines if not line.startswith("  ")] == [title for title, _ in describe(frame, cursor)]
    assert all(line.endswith(".") for line in lines if line.startswith("  ") and frame.notice not in line)


@given(st.floats())
def test_numbers_have_a_true_minus_sign(value):
    assert "-" not in significant(value)
    assert significant(value).startswith("−") == (value < 0 or str(value) == "-0.0")
