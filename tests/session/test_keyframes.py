import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tui.engine.parameters import Layout, PackedMatrix, Parameters
from rnn_tui.engine.training import TrainState
from rnn_tui.session import keyframes as module
from rnn_tui.session.keyframes import LEAST_KEYFRAMES, Keyframes, weight

LAYOUT = Layout(PackedMatrix(2, 2, {"W": (slice(0, 2), slice(0, 2))}))


def state(step):
    return TrainState(step, Parameters(LAYOUT, np.full(4, float(step))), {})


EACH = weight(state(0))


@pytest.fixture(autouse=True)
def every_fourth_step(monkeypatch):
    monkeypatch.setattr(module, "FIRST_STRIDE", 4)


def walked(last, room, first=0):
    frames = Keyframes(state(first), room * EACH)
    for step in range(first + 1, last + 1):
        frames.offer(state(step))
    return frames


def test_states_are_kept_at_regular_steps():
    assert walked(17, 100).steps == [0, 4, 8, 12, 16]


@given(st.integers(0, 400), st.integers(1, 30))
def test_kept_states_fit_the_budget_and_lie_evenly_from_the_first_one_on(last, room):
    frames = walked(last, room)
    assert len(frames.steps) <= max(room, LEAST_KEYFRAMES)
    strides = set(np.diff(frames.steps).tolist())
    assert len(strides) <= 1
    stride = (strides or {4}).pop()
    assert stride in (4, 8, 16, 32, 64, 128, 256)
    assert frames.steps == list(range(0, last + 1, stride))[: len(frames.steps)]
    assert last - frames.steps[-1] < 2 * stride


@given(st.integers(0, 200), st.integers(1, 20), st.integers(-3, 250))
def test_before_gives_the_last_kept_state_that_is_not_later(last, room, step):
    frames = walked(last, room)
    expected = max((at for at in frames.steps if at <= step), default=0)
    found = frames.before(step)
    assert found.step == expected
    assert found.parameters.flat[0] == expected


def test_what_comes_after_a_cut_is_forgotten_and_may_come_again():
    frames = walked(40, 100)
    frames.cut(17)
    assert frames.steps == [0, 4, 8, 12, 16]
    frames.offer(state(20))
    assert frames.steps[-1] == 20


def test_a_state_that_is_there_is_not_kept_twice_and_one_before_the_last_finds_its_place():
    frames = walked(8, 100)
    for step in (8, 24, 16):
        frames.offer(state(step))
    assert frames.steps == [0, 4, 8, 16, 24]
    assert [kept.step for kept in sorted(frames, key=lambda kept: kept.step)] == frames.steps


def test_a_copy_goes_its_own_way():
    frames = walked(20, 100)
    twin = frames.copy()
    twin.cut(8)
    frames.offer(state(24))
    assert twin.steps == [0, 4, 8]
    assert frames.steps == [0, 4, 8, 12, 16, 20, 24]


def test_states_from_a_file_are_kept_whatever_their_steps_and_within_the_budget():
    frames = Keyframes(state(0), 100 * EACH, [state(9), state(3)])
    assert frames.steps == [0, 3, 9]
    small = Keyframes(state(0), 5 * EACH, [state(step) for step in range(1, 50)])
    assert len(small.steps) <= 5
    assert small.steps[0] == 0
