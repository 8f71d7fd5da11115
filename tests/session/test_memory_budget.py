"""What undo, redo and shelved presets keep in memory, all together."""

import pytest
from straight import every_step, shown, small

from rnn_tui.session import keyframes, memory_budget
from rnn_tui.session.memory_budget import fit, weight_of
from rnn_tui.session.session import Session

WIDE = small({"kind": "rnn", "hidden_size": 20})


@pytest.fixture(autouse=True)
def many_keyframes(monkeypatch):
    monkeypatch.setattr(keyframes, "FIRST_STRIDE", 2)


def at(step, preset=WIDE):
    session = Session(preset)
    session.forward(step)
    return session


def kept_by_undo(session):
    return session.deeds.benches


def test_what_benches_share_counts_once():
    session = at(100)
    whole = weight_of([session.bench])
    assert weight_of([session.bench, session.bench.copy()]) == whole
    for _ in range(4):
        session.change({"training.learning_rate": session.preset.training.learning_rate / 2})
    assert weight_of(session.benches) < 1.2 * whole
    session.reseed()
    session.forward(100)
    assert weight_of(session.benches) > 1.9 * whole


def test_all_that_undo_keeps_stays_within_its_room_whatever_is_done(monkeypatch):
    one = weight_of([at(60).bench])
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
    one = weight_of([at(60).bench])
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
    assert len(session.bench.keyframes) > 12  # those that came by on the way


def test_where_even_the_fewest_do_not_fit_the_oldest_go_and_it_is_known_which(monkeypatch):
    session = at(10)
    monkeypatch.setattr(memory_budget, "UNDO", 0)
    for seed in (5, 6, 7):
        session.reseed(seed)
        session.forward(10)
    assert session.deeds.lost.number == 2
    assert session.deeds.lost.next.after.training.seed == 6
    assert session.undo().before.training.seed == 6  # the last one is always there
    assert session.undo() is None
    assert session.redo() is not None


def test_a_bench_that_is_thinned_keeps_its_first_present_and_last_state():
    session = at(80)
    session.seek(30)
    session.bench.thin(0)
    (line,) = session.bench.timelines
    assert sorted(state.step for state in line.states) == [0, 30, 80]
    assert fit([session.bench], 0) == 0


def test_states_from_a_file_do_not_keep_the_array_that_they_were_rows_of(tmp_path):
    from rnn_tui.checkpoints import reader, writer
    from rnn_tui.session.checkpointing import checkpoint_of, restored

    writer.save(checkpoint_of(at(60), "x"), tmp_path / "run.safetensors")
    session = restored(reader.load(tmp_path / "run.safetensors"))
    states = session.bench.states
    arrays = [array for state in states for array in (state.parameters.flat, *state.slots.values())]
    assert all(array.base is None or array.base.nbytes <= 2 * array.nbytes for array in arrays)
