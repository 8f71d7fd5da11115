"""The verdict: each sentence exactly where the numbers say so."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ui.hosts import BUNDLED, broken, frame_of

from rnn_tui.tasks import Floor, Reference
from rnn_tui.ui.keymap import Keymap
from rnn_tui.ui.panels.verdict import in_short, verdict

losses = st.floats(0, 10)


def told(fnn, floor, rnn, exact=True, name="echo", steps=3):
    """A frame with one lane with a window and one without, and these losses."""
    frame = frame_of(name, steps)
    recurrent, windowed = frame.lanes
    lanes = (
        replace(recurrent, score=replace(recurrent.score, loss=rnn)),
        replace(windowed, score=replace(windowed.score, loss=fnn), floor=Floor(floor, exact)),
    )
    return replace(frame, lanes=lanes)


@pytest.mark.parametrize("name", BUNDLED)
def test_before_training_it_says_what_to_press_and_nothing_of_the_numbers(name):
    said = Keymap().say(verdict(frame_of(name, 0)))
    assert "Untrained" in said
    assert "space" in said
    assert not any(character.isdigit() for character in said)


@pytest.mark.parametrize("name", BUNDLED)
def test_after_some_steps_it_names_a_lane_and_quotes_a_number_of_the_table(name):
    frame = frame_of(name, 3)
    said = verdict(frame)
    assert any(lane.label in said for lane in frame.lanes)
    losses = [lane.score.loss for lane in frame.lanes] + [lane.floor.loss for lane in frame.lanes if lane.floor]
    quoted = losses + [abs(one - other) for one, other in product(losses, losses)]
    quoted += [reference.loss for reference in frame.references]
    assert any(f"{number:.3f}" in said for number in quoted)


@given(losses, st.floats(-0.05, 0.05), losses)
def test_a_lane_is_told_to_sit_on_its_floor_up_to_two_percent_above_it(floor, beside, rnn):
    fnn = floor * (1 + beside)
    said = verdict(told(fnn, floor, rnn))
    if abs(beside - 0.02) > 1e-6 and floor > 0.1:
        assert ("sits on its floor" in said) == (beside < 0.02)


@given(losses, losses, losses)
def test_a_lane_sits_on_its_floor_within_two_percent_of_it(fnn, floor, rnn):
    said = verdict(told(fnn, floor, rnn))
    room = 0.02 * max(floor, 0.1)
    if fnn - floor < room - 1e-9:
        assert f"FNN(1) sits on its floor {floor:.3f}: 1 input cannot tell more." in said
    if fnn - floor > room + 1e-9:
        assert f"FNN(1) is {fnn - floor:.3f} above its floor {floor:.3f}." in said
        assert "sits on" not in said


@given(losses, losses, losses)
def test_the_other_lane_remembers_if_it_is_clearly_below_that_floor(fnn, floor, rnn):
    said = verdict(told(fnn, floor, rnn))
    below = floor - rnn
    if below > 0.02 * floor + 1e-9:
        assert f"RNN is {below:.3f} below that floor: it remembers." in said
    if below < 0.02 * floor - 1e-9:
        assert "remembers" not in said
        assert ("not below that floor yet" in said) == (rnn < fnn)
        assert ("has not found more" in said) == (rnn >= fnn)


@given(losses, losses, losses)
def test_an_estimated_floor_may_be_beaten_and_is_not_called_a_floor(fnn, floor, rnn):
    said = verdict(told(fnn, floor, rnn, exact=False))
    side = "better" if fnn < floor else "worse"
    assert f"FNN(1) is {abs(fnn - floor):.3f} {side} than a linear predictor with 1 input." in said
    assert f"RNN is {abs(fnn - rnn):.3f} {'better' if rnn < fnn else 'worse'} than FNN(1)." in said
    assert "floor" not in said
    assert "remembers" not in said


@given(losses, losses, losses, st.booleans())
def test_the_short_form_says_how_far_and_on_which_side(fnn, floor, rnn, exact):
    said = in_short(told(fnn, floor, rnn, exact))
    bound, of = (floor, "the floor of ") if exact else (fnn, "")
    assert said == f"RNN is {abs(bound - rnn):.3f} {'below' if rnn < bound else 'above'} {of}FNN(1), {bound:.3f}"


def test_for_text_the_estimate_is_by_counting_and_the_best_reference_is_named():
    frame = frame_of("text", 3)
    said = verdict(frame)
    assert "than counting with 1 input" in said
    best = min(lane.score.loss for lane in frame.lanes)
    reference = min(frame.references, key=lambda r: r.loss)
    assert f"{'beats' if best < reference.loss else 'does not beat'} {reference.name}, {reference.loss:.3f}." in said


@given(st.lists(losses, min_size=3, max_size=3), losses, losses)
def test_without_a_window_the_best_lane_is_held_against_the_best_reference(scores, one, other):
    frame = frame_of("activations", 3)
    lanes = [replace(lane, score=replace(lane.score, loss=x)) for lane, x in zip(frame.lanes, scores, strict=True)]
    frame = replace(frame, lanes=tuple(lanes), references=(Reference("chance", one), Reference("mean", other)))
    best = frame.lanes[scores.index(min(scores))].label
    name, least = ("chance", one) if one <= other else ("mean", other)
    verb = "beats" if min(scores) < least else "does not beat"
    if least and abs(min(scores) / least - 1) < 0.01:
        verb = "is as good as"
    assert verdict(frame) == f"{best} {verb} {name}, {least:.3f}."
    assert in_short(frame) == ""


def test_of_several_lanes_the_narrowest_window_and_the_best_memory_are_compared():
    frame = frame_of("echo-window", 3)
    rnn, *windowed = frame.lanes
    better = replace(rnn, name="deep", score=replace(rnn.score, loss=rnn.score.loss / 2))
    for lanes in ((rnn, *windowed[:2], better), (better, windowed[1], rnn, windowed[0])):
        mixed = replace(frame, lanes=lanes)
        assert verdict(mixed).startswith("FNN1 ")
        assert "deep is" in verdict(mixed)
        assert in_short(mixed).startswith("deep is")


def test_a_wider_window_is_called_its_window():
    frame = frame_of("echo-window", 3)
    narrow = replace(frame, lanes=tuple(lane for lane in frame.lanes if lane.name != "FNN1"))
    lane = narrow.lanes[1]
    on_floor = replace(lane, score=replace(lane.score, loss=lane.floor.loss))
    said = verdict(replace(narrow, lanes=(narrow.lanes[0], on_floor)))
    assert f"{lane.label} sits on its floor" in said
    assert "its window cannot tell more" in said


@pytest.mark.parametrize(("loss", "said"), [(4.0, True), (3.0, False)])
def test_a_net_worse_than_guessing_is_called_so(loss, said):
    frame = frame_of("text", 3)
    rnn, fnn = frame.lanes
    lanes = (replace(rnn, score=replace(rnn.score, loss=loss)), fnn)
    chance = max(reference.loss for reference in frame.references)  # 3.58
    told = f"RNN is worse than chance, {chance:.3f}." in verdict(replace(frame, lanes=lanes))
    assert told is said


@pytest.mark.parametrize("name", BUNDLED)
def test_what_has_blown_up_is_said_in_a_line_or_two(name):
    for value in (float("nan"), float("inf"), 1e300):
        frame = broken(frame_of(name, 3), value)
        assert len(verdict(frame)) < 200
        assert len(in_short(frame)) < 100


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_lane_that_blew_up_is_never_the_best(value):
    frame = frame_of("activations", 3)
    first, *others = frame.lanes
    bad = replace(first, score=replace(first.score, loss=value))
    best = min(others, key=lambda lane: lane.score.loss)
    assert verdict(replace(frame, lanes=(bad, *others))).startswith(f"{best.label} ")
