import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from straight import small

from rnn_tui.session import timeline
from rnn_tui.session.run import Run
from rnn_tui.session.timeline import Diverged, Timeline


def new(preset, budget=2**20, lane=0):
    run = Run(preset)
    return Timeline(run.start(lane), [(0, run.learner(lane))], run.batch, budget)


def bits(line):
    state = line.state
    slots = {name: slot.tobytes() for name, slot in state.slots.items()}
    return state.step, state.parameters.flat.tobytes(), slots


def straight(preset, steps):
    """Every state on the way, computed once, without a timeline."""
    run = Run(preset)
    state, learner = run.start(0), run.learner(0)
    found = []
    for step in range(steps + 1):
        slots = {name: slot.tobytes() for name, slot in state.slots.items()}
        found.append((state.step, state.parameters.flat.tobytes(), slots))
        state, _ = learner.step(state, run.batch(step))
    return found


PRESET = small(training={"optimizer": "adam"})
STATES = straight(PRESET, 400)


@settings(max_examples=30)
@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=6),
    st.sampled_from([1, 3_000, 20_000, 2**20]),
    st.sampled_from([1, 5, 64]),
)
def test_any_step_sought_in_any_order_with_any_budget_has_the_same_bits(steps, budget, stride):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeline, "FIRST_STRIDE", stride)
        line = new(PRESET, budget)
        for step in steps:
            line.seek(step)
            assert bits(line) == STATES[step]
        assert line.last_step == max(steps)


def test_losses_are_those_of_every_step_once():
    line = new(PRESET)
    line.seek(1500)  # beyond the first block of losses
    once = line.losses.copy()
    assert len(once) == 1500
    line.seek(3)
    line.seek(1400)
    np.testing.assert_array_equal(line.losses, once)
    run, learner = Run(PRESET), Run(PRESET).learner(0)
    other = new(PRESET)
    for step in (0, 1, 1023, 1024, 1499):
        other.seek(step)
        assert learner.step(other.state, run.batch(step))[1].loss == once[step]


def test_losses_cannot_be_written_to_and_do_not_change_when_the_past_is_edited():
    line = new(PRESET)
    line.seek(50)
    shown = line.losses
    with pytest.raises(ValueError, match="read-only"):
        shown[0] = 1
    before = shown.copy()
    line.seek(20)
    line.edit(Run(PRESET.with_changes({"training.learning_rate": 0.5})).learner(0))
    line.seek(50)
    np.testing.assert_array_equal(shown, before)
    np.testing.assert_array_equal(line.losses[:21], before[:21])
    assert (line.losses[21:] != before[21:]).any()


def test_going_back_a_step_makes_no_update(monkeypatch):
    line = new(PRESET)
    line.seek(400)
    monkeypatch.setattr(Timeline, "forward", lambda _: pytest.fail("an update was made"))
    for step in range(399, 100, -1):
        line.seek(step)
        assert line.step == step


def test_a_far_step_is_replayed_from_a_keyframe_near_it(monkeypatch):
    line = new(PRESET)
    line.seek(600)
    updates, forward = [], Timeline.forward
    monkeypatch.setattr(Timeline, "forward", lambda self: updates.append(self.step) or forward(self))
    line.seek(100)
    assert updates == list(range(64, 100))


@pytest.mark.parametrize(("before", "after"), [("adam", "adam"), ("sgd", "adam"), ("adam", "sgd")])
def test_kept_states_stay_within_the_budget_and_replay_stays_exact(monkeypatch, before, after):
    monkeypatch.setattr(timeline, "FIRST_STRIDE", 4)
    wide = {"kind": "rnn", "hidden_size": 40}
    preset = small(wide, training={"optimizer": before, "sequence_length": 2, "batch_size": 1})
    budget = 600_000  # a state with the slots of Adam takes 43 kB, so keeping all would take 25 MB
    line = new(preset, budget)
    line.seek(10)
    tracemalloc.start()
    try:
        line.seek(300)
        line.edit(Run(preset.with_changes({"training.optimizer": after})).learner(0))
        line.seek(600)
        line.seek(100)
        line.seek(500)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken < budget + 100_000  # losses, buffers, and the two lists of states themselves
    again = new(preset)
    again.seek(300)
    again.edit(Run(preset.with_changes({"training.optimizer": after})).learner(0))
    again.seek(500)
    assert bits(line) == bits(again)


@pytest.mark.parametrize("budget", [20_000, 2**20])
def test_after_an_edit_every_step_is_that_of_the_edited_run(monkeypatch, budget):
    monkeypatch.setattr(timeline, "FIRST_STRIDE", 3)
    learners = [Run(PRESET.with_changes({"training.learning_rate": rate})).learner(0) for rate in (0.1, 0.2)]
    line = new(PRESET, budget)
    line.seek(40)
    line.edit(learners[0])
    line.seek(90)
    line.seek(20)
    line.edit(learners[1])  # takes the edit at step 40 away with all else that came after step 20
    line.seek(90)
    state, batch, expected = new(PRESET).state, Run(PRESET).batch, []
    for step in range(91):
        expected.append(state.parameters.flat.tobytes())
        state, _ = (Run(PRESET).learner(0) if step < 20 else learners[1]).step(state, batch(step))
    for step in [*range(90, -1, -1), *range(91)]:
        line.seek(step)
        assert line.state.parameters.flat.tobytes() == expected[step]


def test_a_copy_goes_its_own_way():
    line = new(PRESET)
    line.seek(100)
    twin = line.copy(Run(PRESET).batch)
    assert bits(twin) == bits(line)
    twin.seek(50)
    twin.edit(Run(PRESET.with_changes({"training.learning_rate": 0.5})).learner(0))
    twin.seek(200)
    assert (line.step, line.last_step, len(line.losses)) == (100, 100, 100)
    line.seek(200)
    assert bits(line) == STATES[200]
    assert bits(twin) != STATES[200]
    assert len(twin.losses) == 200


def test_an_update_that_is_not_finite_leaves_the_timeline_where_it_was():
    preset = small(
        {"kind": "rnn", "activation": "relu", "gain": 30.0},
        training={"optimizer": "sgd", "learning_rate": 1000, "clip_norm": 0, "sequence_length": 20},
        task={"kind": "wave"},
    )
    line = new(preset)
    with pytest.raises(Diverged) as caught:
        line.seek(10**6)
    step = line.step
    assert caught.value.step == step == line.last_step == len(line.losses)
    assert not caught.value.metrics.finite
    assert np.isfinite(line.losses).all()
    before = bits(line)
    with pytest.raises(Diverged):
        line.forward()
    assert bits(line) == before
