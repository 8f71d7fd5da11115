"""The held-out loss over training.  That it is the same on every way through time, the walks in test_session.py and
test_checkpointing.py show: its numbers are among the Bits that they compare.
"""

from math import inf
from pathlib import Path

import pytest
from support.reference_training import carried, diverging, small

from rnn_tui.checkpoints import reader, writer
from rnn_tui.experiments.training_run import TrainingRun
from rnn_tui.session.checkpointing import checkpoint_of, restored
from rnn_tui.session.forward_timeline import DivergenceError
from rnn_tui.session.session import Session

VERSION_1 = Path(__file__).parent.parent / "checkpoints" / "files" / "version-1.safetensors"


def record(session, lane=0):
    history = session.timelines[lane].held_out
    return dict(zip(history.steps.tolist(), history.losses.tolist(), strict=True))


def test_each_number_is_the_loss_in_the_comparison_at_that_step():
    session = Session(carried())
    session.forward(20)
    assert [*record(session)] == [*range(11), 12, 14, 16, 18, 20]
    for step in (20, 0, 7, 12):
        session.seek(step)
        for lane, found in enumerate(session.evaluate().lanes):
            assert record(session, lane)[step] == found.score.loss


def test_a_change_of_settings_drops_the_later_numbers_and_undo_brings_them_back():
    session = Session(small())
    session.forward(14)
    before = record(session)
    session.seek(9)
    session.change({"training.learning_rate": 0.5})
    assert [*record(session)] == [*range(10)]
    session.forward(3)
    assert record(session)[12] != before[12]
    session.undo()
    assert record(session) == before


def test_the_other_lanes_keep_their_numbers_when_one_restarts():
    session = Session(small({"kind": "rnn", "hidden_size": 2}, {"kind": "gru", "hidden_size": 2}))
    session.forward(5)
    first, second = record(session), record(session, 1)
    session.change({"lanes.1.hidden_size": 3})
    assert (record(session), record(session, 1)) == (first, {})
    session.forward(5)
    assert record(session) == first
    assert [*record(session, 1)] == [*second]
    assert record(session, 1) != second


def test_numbers_on_other_held_out_sequences_are_not_kept(monkeypatch):
    session = Session(small({"kind": "rnn", "hidden_size": 2}, {"kind": "gru", "hidden_size": 2}))
    session.forward(5)
    monkeypatch.setattr("rnn_tui.session.experiment.MOST_WORK", 4000)  # as for a lane too large for all of them
    session.change({"lanes.1.hidden_size": 9})
    assert record(session) == {}
    session.forward(4)
    assert record(session)[4] == session.evaluate().lanes[0].score.loss


def test_a_run_of_an_older_version_has_them_from_then_on_and_replaying_adds_the_others(tmp_path):
    session = restored(reader.load(VERSION_1))
    at = session.step
    assert record(session) == {}
    session.forward(60)
    assert min(record(session)) >= at
    writer.save(checkpoint_of(session, "a"), tmp_path / "a.safetensors")
    again = restored(reader.load(tmp_path / "a.safetensors"))
    assert record(again) == record(session)
    again.rewind()
    again.forward(at + 60)
    straight = Session(session.histories.experiments[0][1].preset)
    straight.forward(at + 60)
    assert record(again).keys() == record(straight).keys()
    assert record(session).items() <= record(again).items()


def test_training_without_a_history_measures_nothing(monkeypatch):
    monkeypatch.setattr("rnn_tui.session.held_out_loss.HeldOutLoss.__call__", lambda *_: 1 / 0)
    run = TrainingRun.from_preset(small(), curves=True)
    run.forward(3)
    assert len(run.timelines[0].held_out) == 0


def test_a_loss_that_overflows_is_infinite_in_the_file_too(tmp_path):
    session = Session(diverging())
    with pytest.raises(DivergenceError):
        session.forward(9)
    assert inf in record(session).values()
    writer.save(checkpoint_of(session, "a"), tmp_path / "a.safetensors")
    assert record(restored(reader.load(tmp_path / "a.safetensors"))) == record(session)
