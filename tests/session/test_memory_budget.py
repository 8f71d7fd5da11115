"""What undo, redo and shelved presets keep in memory, all together."""

from contextlib import suppress

import numpy as np
import pytest
from support.reference_training import every_step, shown, small

from rnn_tui.checkpoints.pinned_run import MOST_PINNED_RUNS, PinnedRun
from rnn_tui.engine.metric_history import Log, MetricHistory
from rnn_tui.errors import RnnTuiError
from rnn_tui.session import keyframes, memory_budget
from rnn_tui.session.keyframes import weight
from rnn_tui.session.memory_budget import fit, weight_of
from rnn_tui.session.session import Session
from rnn_tui.session.timeline import BUDGET

WIDE = small({"kind": "rnn", "hidden_size": 20})


@pytest.fixture(autouse=True)
def many_keyframes(monkeypatch):
    monkeypatch.setattr(keyframes, "FIRST_STRIDE", 2)


def at(step, preset=WIDE):
    session = Session(preset)
    session.forward(step)
    return session


def kept_by_undo(session):
    return session.undo_stack.histories


def test_what_benches_share_counts_once():
    session = at(100)
    whole = weight_of([session.histories])
    assert weight_of([session.histories, session.histories.copy()]) == whole
    for _ in range(4):
        session.change({"training.learning_rate": session.preset.training.learning_rate / 2})
    assert weight_of(session.all_histories) < 1.2 * whole
    session.reseed()
    session.forward(100)
    assert weight_of(session.all_histories) > 1.9 * whole


def test_all_that_undo_keeps_stays_within_its_room_whatever_is_done(monkeypatch):
    one = weight_of([at(60).histories])
    monkeypatch.setattr(memory_budget, "UNDO", 3 * one)
    session = at(60)
    for _ in range(9):
        session.reseed()
        session.forward(60)
        assert weight_of(kept_by_undo(session)) <= 3 * one
    assert len(kept_by_undo(session)) == 8  # thinned, so that none had to go
    for _ in range(5):
        session.undo()
        assert weight_of(kept_by_undo(session)) <= 3 * one


def test_the_newest_keeps_its_keyframes_longest_and_a_bare_one_is_had_again_to_the_bit(monkeypatch):
    one = weight_of([at(60).histories])
    monkeypatch.setattr(memory_budget, "UNDO", int(2.2 * one))
    session = at(60)
    for _ in range(3):
        session.reseed()
        session.forward(60)
    oldest, *_, newest = kept_by_undo(session)
    assert [line.step for line in oldest.timelines] == [60]
    assert len(oldest.keyframes) < 8
    assert len(newest.keyframes) > 25
    for _ in range(3):
        session.undo()
    straight = every_step(WIDE, 70)
    for step in (60, 31, 60, 70):
        session.seek(step)
        assert shown(session) == straight[step]
    assert len(session.histories.keyframes) > 12  # those that came by on the way


def test_where_even_the_fewest_do_not_fit_the_oldest_go_and_it_is_known_which(monkeypatch):
    session = at(10)
    monkeypatch.setattr(memory_budget, "UNDO", 0)
    for seed in (5, 6, 7):
        session.reseed(seed)
        session.forward(10)
    assert session.undo_stack.lost.number == 2
    assert session.undo_stack.lost.next.after.training.seed == 6
    assert session.undo().before.training.seed == 6  # the last one is always there
    assert session.undo() is None
    assert session.redo() is not None


def test_a_bench_that_is_thinned_keeps_its_first_present_and_last_state():
    session = at(80)
    session.seek(30)
    session.histories.thin(0)
    (line,) = session.histories.timelines
    assert sorted(state.step for state in line.states) == [0, 30, 80]
    assert fit([session.histories], 0) == 0


def test_states_from_a_file_do_not_keep_the_array_that_they_were_rows_of(tmp_path):
    from rnn_tui.checkpoints import reader, writer
    from rnn_tui.session.checkpointing import checkpoint_of, restored

    writer.save(checkpoint_of(at(60), "x"), tmp_path / "run.safetensors")
    session = restored(reader.load(tmp_path / "run.safetensors"))
    states = session.histories.states
    arrays = [array for state in states for array in (state.parameters.flat, *state.slots.values())]
    assert all(array.base is None or array.base.nbytes <= 2 * array.nbytes for array in arrays)


def test_a_session_and_what_undo_leads_to_stay_within_their_rooms_together_whatever_is_done(monkeypatch):
    states = 2**18
    one = weight_of([at(60).histories])
    monkeypatch.setattr("rnn_tui.session.session.BUDGET", states)
    monkeypatch.setattr(memory_budget, "UNDO", 3 * one)
    dice, session = np.random.default_rng(0), Session(WIDE)
    moves = [session.reseed, session.undo, session.redo, session.pin, session.unpin, session.cut,
             lambda: session.change({"training.learning_rate": float(dice.uniform(1e-4, 1e-2))}),
             lambda: session.seek(int(dice.integers(0, session.last_step + 40)))]  # fmt: skip
    for _ in range(150):
        with suppress(RnnTuiError):
            moves[dice.integers(len(moves))]()
        parts = sum(each.nbytes for each in session.histories.parts)
        slack = 4 * max(weight(state) for state in session.histories.states)  # first, present, last, and one to come
        assert weight_of([session.histories]) <= states + parts + slack
        assert weight_of(session.all_histories) <= states + parts + slack + 3 * one


def test_the_metrics_of_a_lane_take_what_the_module_says_after_any_number_of_steps():
    for steps in (2**20, 2**21, 2**23):
        log = Log(MetricHistory(np.zeros(steps)))
        for _ in range(2**17 + 1):  # more than there is room for, so that blocks are made of some
            log.append(0.0)
        assert len(log) == steps + 2**17 + 1
        assert 2 * sum(array.nbytes for array in log.arrays) <= 20 * 2**20


def test_the_parts_add_up_to_256_mib_with_four_lanes_a_million_steps_and_four_pinned_runs():
    log, lanes = Log(MetricHistory(np.zeros(1_000_000))), 4
    metrics = lanes * 2 * (sum(array.nbytes for array in log.arrays) + 2**16 * 8)
    curves = [MetricHistory(np.zeros(1_000_000))] * lanes
    pinned = MOST_PINNED_RUNS * PinnedRun.of(small(), curves).nbytes
    assert BUDGET + memory_budget.UNDO + memory_budget.INACTIVE + metrics + pinned <= 256 * 2**20
