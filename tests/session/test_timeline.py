import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import fewer_examples
from support.reference_training import carried, diverging, small

from rnn_tui.session import keyframes
from rnn_tui.session.experiment import Experiment
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.timeline import Timeline


def new(preset, budget=2**20, lane=0):
    run = Experiment(preset)
    return Timeline(run.start(lane), [(0, run.learner(lane))], run.batch, budget)


def bits(state):
    slots = {name: slot.tobytes() for name, slot in state.slots.items()}
    memory = None if state.memory is None else state.memory.tobytes()
    return state.step, state.parameters.flat.tobytes(), slots, memory


def straight(preset, steps):
    """Every state on the way, computed once, without a timeline."""
    run = Experiment(preset)
    state, learner = run.start(0), run.learner(0)
    found = []
    for step in range(steps + 1):
        found.append(bits(state))
        state, _ = learner.step(state, run.batch(step))
    return found


PRESET = small(training={"optimizer": "adam"})
PRESETS = [PRESET, *(carried({"kind": kind, "hidden_size": 2}, count=7) for kind in ("gru", "lstm", "fnn"))]
STATES = [straight(preset, 150) for preset in PRESETS]


@fewer_examples
@given(
    st.sampled_from(range(len(PRESETS))),
    st.lists(st.integers(0, 150), min_size=1, max_size=6),
    st.sampled_from([1, 3_000, 20_000, 2**20]),
    st.sampled_from([1, 5, 64]),
)
def test_any_step_sought_in_any_order_with_any_budget_has_the_same_bits(number, steps, budget, stride):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyframes, "FIRST_STRIDE", stride)
        line = new(PRESETS[number], budget)
        for step in steps:
            line.seek(step)
            assert bits(line.state) == STATES[number][step]
        assert line.last_step == max(steps)


@pytest.mark.parametrize(("kind", "shape"), [("rnn", (1, 2, 2)), ("gru", (1, 2, 2)), ("lstm", (2, 2, 2)),
                                             ("fnn", (5, 1, 2))])  # fmt: skip
def test_a_state_within_a_sequence_has_a_memory_and_at_its_ends_it_has_none(kind, shape):
    more = {"window": 6} if kind == "fnn" else {}
    line = new(carried({"kind": kind, "hidden_size": 2, **more}, count=3))
    found = []
    for step in range(10):
        line.seek(step)
        found.append(None if line.state.memory is None else line.state.memory.shape)
    assert found == [None, shape, shape] * 3 + [None]


def test_losses_are_those_of_every_step_once():
    line = new(PRESET)
    line.seek(1100)  # beyond the first block of losses
    once = line.losses.exact.copy()
    assert len(once) == 1100
    line.seek(3)
    line.seek(1090)
    np.testing.assert_array_equal(line.losses, once)
    run, learner = Experiment(PRESET), Experiment(PRESET).learner(0)
    for step in (0, 1, 1023, 1024, 1099):
        line.seek(step)
        assert learner.step(line.state, run.batch(step))[1].loss == once[step]


def test_losses_cannot_be_written_to_and_do_not_change_when_the_past_is_edited():
    line = new(PRESET)
    line.seek(50)
    shown = line.losses
    with pytest.raises(ValueError, match="read-only"):
        shown.values[0] = 1
    before = shown.exact.copy()
    line.seek(20)
    line.edit(Experiment(PRESET.with_changes({"training.learning_rate": 0.5})).learner(0))
    line.seek(50)
    np.testing.assert_array_equal(shown, before)
    np.testing.assert_array_equal(line.losses[:21], before[:21])
    assert (line.losses[21:] != before[21:]).any()


def test_going_back_a_step_makes_no_update(monkeypatch):
    line = new(PRESET, 2**22)
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
    assert updates == list(range(96, 100))


WIDE = ({"kind": "rnn", "hidden_size": 40}, {"batch_size": 1})
CARRYING = ({"kind": "lstm", "hidden_size": 4}, {"batch_size": 100, "batches_per_sequence": 7})


@pytest.mark.parametrize(
    ("lane", "training", "before", "after"),
    [(*WIDE, "sgd", "adam"), (*WIDE, "adam", "sgd"), (*CARRYING, "adam", "adam")],
    ids=["sgd-adam", "adam-sgd", "memory"],
)
def test_kept_states_stay_within_the_budget_and_replay_stays_exact(monkeypatch, lane, training, before, after):
    monkeypatch.setattr(keyframes, "FIRST_STRIDE", 4)
    preset = small(lane, training={"optimizer": before, "sequence_length": 2, **training})
    edited = preset.with_changes({"training.optimizer": after, "training.clip_norm": 0.5})
    budget = 600_000  # a wide state takes some 40 kB, one that carries on some 10: keeping all would take much more
    line = new(preset, budget)
    line.seek(10)
    tracemalloc.start()
    try:
        run = Experiment(edited)
        learner = run.learner(0)
        learner.step(run.start(0), run.batch(0))
        in_use, _ = tracemalloc.get_traced_memory()
        line.seek(150)
        line.edit(learner)
        line.seek(300)
        line.seek(100)
        line.seek(250)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken - in_use < budget + 100_000  # losses, and the two lists of states themselves
    again = new(preset)
    again.seek(150)
    again.edit(Experiment(edited).learner(0))
    again.seek(250)
    assert bits(line.state) == bits(again.state)


@pytest.mark.parametrize("budget", [20_000, 2**20])
def test_after_an_edit_every_step_is_that_of_the_edited_run(monkeypatch, budget):
    monkeypatch.setattr(keyframes, "FIRST_STRIDE", 3)
    learners = [Experiment(PRESET.with_changes({"training.learning_rate": rate})).learner(0) for rate in (0.1, 0.2)]
    line = new(PRESET, budget)
    line.seek(40)
    line.edit(learners[0])
    line.seek(90)
    line.seek(20)
    line.edit(learners[1])  # takes the edit at step 40 away with all else that came after step 20
    line.seek(90)
    state, batch, expected = new(PRESET).state, Experiment(PRESET).batch, []
    for step in range(91):
        expected.append(state.parameters.flat.tobytes())
        state, _ = (Experiment(PRESET).learner(0) if step < 20 else learners[1]).step(state, batch(step))
    for step in [*range(90, -1, -1), *range(91)]:
        line.seek(step)
        assert line.state.parameters.flat.tobytes() == expected[step]


def test_a_copy_goes_its_own_way():
    line = new(PRESET)
    line.seek(80)
    twin = line.copy(Experiment(PRESET).batch)
    assert bits(twin.state) == bits(line.state)
    twin.seek(50)
    twin.edit(Experiment(PRESET.with_changes({"training.learning_rate": 0.5})).learner(0))
    twin.seek(150)
    assert (line.step, line.last_step, len(line.losses)) == (80, 80, 80)
    line.seek(150)
    assert bits(line.state) == STATES[0][150]
    assert bits(twin.state) != STATES[0][150]
    assert len(twin.losses) == 150


def test_an_update_that_is_not_finite_leaves_the_timeline_where_it_was():
    line = new(diverging())
    with pytest.raises(DivergenceError) as caught:
        line.seek(10**6)
    step = line.step
    assert caught.value.step == step == line.last_step == len(line.losses)
    assert not caught.value.metrics.finite
    assert np.isfinite(line.losses).all()
    before = bits(line.state)
    with pytest.raises(DivergenceError):
        line.forward()
    assert bits(line.state) == before
