"""A session that was saved and restored is the one that was never left, to the bit."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.examples import fewer_examples
from support.reference_training import bits_of, carried, diverging, every_step, run_straight, shown, small
from support.session_walks import Told, moves

from rnn_tui.checkpoints import reader, writer
from rnn_tui.engine import metric_history
from rnn_tui.engine.optimizers import OPTIMIZERS
from rnn_tui.presets.store import bundled_folder
from rnn_tui.session import keyframes as keyframes_module
from rnn_tui.session import memory_budget
from rnn_tui.session import session as session_module
from rnn_tui.session.checkpointing import checkpoint_of, restored
from rnn_tui.session.session import Session
from rnn_tui.session.timeline import Timeline
from rnn_tui.tasks import TASKS

DATA = bundled_folder().absolute() / "data"
OPTIONS = {
    "csv": {"path": str(DATA / "temperatures.csv"), "column": "temperature"},
    "text": {"path": str(DATA / "rhyme.txt")},
}
LANES = [
    {"kind": "rnn", "hidden_size": 3},
    {"kind": "gru", "hidden_size": 2},
    {"kind": "lstm", "hidden_size": 2, "forget_bias": 1.0},
    {"kind": "fnn", "hidden_size": 2, "window": 3},
]


EDIT = ("training.learning_rate", 0.1)
SMALL_LIMITS = {"EXACT": 12, "SLACK": 8, "WIDTH": 4, "MOST_BLOCKS": 6, "LEAST_ROOM": 4}


def bare(histories, _):
    """As little as is ever kept for undo."""
    for each in histories:
        each.thin(0)
    return 0


def preset_of(kind, optimizer="adam", precision="float64", count=1, length=4):
    """All cells on one task, a step of which takes about a millisecond."""
    task = {"kind": kind, **OPTIONS.get(kind, {})}
    fields = {key: value for key, value in task.items() if key != "kind"}
    made = TASKS[kind](**fields)
    training = {"sequence_length": max(made.least_length, length), "optimizer": optimizer, "precision": precision}
    training["batches_per_sequence"] = 1 if made.last_only else count
    return small(*LANES, task=task, training=training)


def saved(session, name="a preset"):
    """The session by way of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run.safetensors")
        writer.save(checkpoint_of(session, name), path)
        return restored(reader.load(path))


def at(step, preset):
    session = Session(preset)
    session.forward(step)
    return session


@pytest.mark.parametrize("kind", TASKS)
def test_on_every_task_with_every_cell_a_run_that_was_saved_goes_on_to_the_same_bits(kind):
    preset = preset_of(kind, count=3)
    session = saved(at(4, preset))
    session.forward(4)
    straight = every_step(preset, 8)
    assert shown(session) == straight[8]
    for step in (2, 7, 4, 8):
        session.seek(step)
        assert shown(session) == straight[step]


@fewer_examples
@given(
    st.sampled_from(sorted(TASKS)),
    st.sampled_from(sorted(OPTIMIZERS)),
    st.sampled_from(["float64", "float32"]),
    st.sampled_from([1, 3]),
    st.lists(moves | st.tuples(st.just("save"), st.none()), min_size=3, max_size=9),
    st.booleans(),
    st.booleans(),
)
@example("xor", "adam", "float64", 1, [("forward", 1), ("back", 1), ("save", None), ("save", None)], False, False)
@example(
    "xor",
    "adam",
    "float64",
    1,
    [("forward", 90), ("back", 85), ("change", EDIT), ("forward", 90), ("save", None), ("undo", None), ("forward", 40)],
    True,
    True,
)
def test_any_walk_with_savings_on_any_task_leads_to_the_bits_of_a_straight_run(
    kind, optimizer, precision, count, walk, narrow, in_blocks
):
    preset = preset_of(kind, optimizer, precision, count)
    walk = [move for move in walk if not (preset.task.last_only and move[1] == ("training.batches_per_sequence", 4))]
    with pytest.MonkeyPatch.context() as patch:
        if narrow:  # room for a handful of states only
            patch.setattr(session_module, "BUDGET", 60_000)
            patch.setattr("rnn_tui.session.checkpointing.BUDGET", 60_000)
            patch.setattr(keyframes_module, "FIRST_STRIDE", 3)
            patch.setattr(memory_budget, "fit", bare)
        for name, value in SMALL_LIMITS.items() if in_blocks else ():
            patch.setattr(metric_history, name, value)
        session, told = Session(preset), Told(preset)
        for how, by in walk:
            if how == "save":
                session = saved(session)
                told.forget()
                continue
            told.move(how, by)
            if how == "change":
                session.change({by[0]: by[1]})
            else:
                getattr(session, how)(*([] if by is None else [by]))
            assert (session.step, session.preset) == (told.now.step, told.settings)
        last = session.step
        straight = every_step(told.now.preset, last, told.now.edits.items())
        for step in (last, last // 2, last):
            session.seek(step)
            assert_is(session, straight[step])
            assert session.replay_note == ""


def assert_is(session, expected):
    """The same bits of weights and metrics; of metrics that are kept as blocks, what is known of them is true."""
    for lane, bits in zip(session.frame().lanes, expected, strict=True):
        assert bits_of(lane.weights) == bits.parameters
        bounds = [lane.losses.bounds(step) for step in range(session.step)]
        assert all(low <= loss <= high for (low, high), loss in zip(bounds, bits.losses, strict=True) if low == low)
        latest = [low == high for low, high in bounds[lane.losses.first :]]
        assert sum(latest) >= len(latest) - lane.losses.width


def test_all_that_is_not_bits_comes_back_too():
    session = at(30, small())
    session.pin()
    session.change({"training.learning_rate": 0.5, "training.clip_norm": 0.1})
    session.forward(10)
    session.seek(20)
    session.change({"training.optimizer": "sgd"})
    again = saved(session)
    one, other = session.frame(), again.frame()
    assert other.preset == one.preset
    assert (other.step, other.last_step, other.edits) == (20, 20, one.edits)
    for before, after in zip([*one.pinned_runs, one.undecided], [*other.pinned_runs, other.undecided], strict=True):
        assert after.preset == before.preset
        assert after.since == before.since
        assert after.same_as(before)
    for before, after in zip(one.lanes, other.lanes, strict=True):
        assert after.losses.exact.tobytes() == before.losses.exact.tobytes()
        assert after.norms.exact.tobytes() == before.norms.exact.tobytes()
        assert after.score.loss == before.score.loss


def test_a_run_saved_in_its_past_has_its_future_still():
    preset = small()
    session = at(150, preset)
    session.seek(40)
    again = saved(session)
    assert (again.step, again.last_step) == (40, 150)
    again.seek(150)
    assert shown(again) == run_straight(preset, 150)


def test_lanes_whose_histories_differ_in_length_come_back_as_they_were():
    preset = small()
    session = at(40, preset)
    session.change({"lanes.0.hidden_size": 2})  # begins again; the other keeps its history
    session.forward(10)
    again = saved(session)
    assert [line.last_step for line in again.histories.timelines] == [10, 40]
    again.forward(40)
    assert shown(again) == run_straight(session.preset, 50)


def test_going_far_back_in_a_restored_run_is_a_replay_from_near_by(monkeypatch):
    session = saved(at(1000, small()))
    updates, forward = [], Timeline.propose
    monkeypatch.setattr(Timeline, "propose", lambda self, *count: updates.append(self.step) or forward(self, *count))
    session.seek(700)
    assert len(updates) <= 2 * 32


def test_lanes_of_different_sizes_have_their_keyframes_at_the_same_steps(monkeypatch):
    monkeypatch.setattr(session_module, "BUDGET", 2_000_000)
    monkeypatch.setattr(keyframes_module, "FIRST_STRIDE", 4)
    monkeypatch.setattr(writer, "MOST_KEPT", 9)
    session = saved(at(900, small({"kind": "lstm", "hidden_size": 24}, {"kind": "rnn", "hidden_size": 3})))
    one, other = (line.keyframes for line in session.histories.timelines)
    assert one == other
    session.approach(450)
    assert session.step > 300


def test_a_run_of_a_batch_that_continues_another_has_its_memory():
    session = at(8, carried(count=5))
    again = saved(session)
    for before, after in zip(session.histories.timelines, again.histories.timelines, strict=True):
        assert before.state.memory.tobytes() == after.state.memory.tobytes()


def test_weights_that_are_not_finite_come_back_as_they_are():
    session = Session(diverging())
    with pytest.raises(session_module.DivergenceError):
        session.forward(10**6)
    again = saved(session)
    np.testing.assert_array_equal(
        again.histories.timelines[0].state.parameters.flat, session.histories.timelines[0].state.parameters.flat
    )
