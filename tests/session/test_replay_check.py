"""What is said of a run that cannot be had again here as it was, and that it is not said of others."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.reference_training import bits_of, shown, small

from rnn_tui.checkpoints import origin, reader, writer
from rnn_tui.engine.metric_history import MetricHistory
from rnn_tui.session.checkpointing import checkpoint_of, restored
from rnn_tui.session.experiment import WEIGHTS
from rnn_tui.session.session import Session

VERSION_1 = Path(__file__).parent.parent / "checkpoints" / "files" / "version-1.safetensors"
CANNOT = "this run cannot be replayed exactly"


@pytest.fixture
def checkpoint():
    session = Session(small())
    session.forward(70)
    session.seek(50)
    return checkpoint_of(session, "a preset")


def drawing_otherwise(monkeypatch, streams):
    """As another NumPy might, for these purposes."""
    default_rng = np.random.default_rng

    def otherwise(key):
        seed, stream, index = key
        return default_rng([seed, stream + 10 if stream in streams else stream, index])

    monkeypatch.setattr(np.random, "default_rng", otherwise)


def with_losses(checkpoint, change):
    first, *others = checkpoint.lanes
    losses = change(first.losses.exact.copy())
    return replace(checkpoint, lanes=(replace(first, losses=MetricHistory(losses)), *others))


def by_file(checkpoint, tmp_path):
    writer.save(checkpoint, tmp_path / "run.safetensors")
    return reader.load(tmp_path / "run.safetensors")


def test_of_a_run_that_is_had_again_to_the_bit_nothing_is_said(checkpoint):
    assert restored(checkpoint).replay_note == ""


def test_state_0_is_the_stored_one_whatever_would_be_drawn_now(checkpoint, tmp_path, monkeypatch):
    weights = [bits_of(lane.start.views) for lane in checkpoint.lanes]
    drawing_otherwise(monkeypatch, {WEIGHTS})
    session = restored(by_file(checkpoint, tmp_path))
    assert session.replay_note == ""
    session.rewind()
    assert [bits_of(lane.weights) for lane in session.frame().lanes] == weights
    again = restored(by_file(checkpoint_of(session, "again"), tmp_path))
    again.rewind()
    assert shown(again) == shown(session)


def test_without_a_stored_state_0_weights_that_are_drawn_otherwise_are_said(checkpoint, monkeypatch):
    later = [tuple(state for state in lane.keyframes if state.step) for lane in checkpoint.lanes]
    lanes = [replace(lane, start=None, keyframes=kept) for lane, kept in zip(checkpoint.lanes, later, strict=True)]
    old = replace(checkpoint, lanes=tuple(lanes), origins=())
    assert restored(old).replay_note == ""
    drawing_otherwise(monkeypatch, {WEIGHTS})
    said = restored(old).replay_note
    assert said.startswith(f"{CANNOT}: RNN's ")
    assert "at step 0 was" in said
    assert "the file does not say where the run was trained" in said


def test_sequences_that_are_drawn_otherwise_are_said(checkpoint, tmp_path, monkeypatch):
    drawing_otherwise(monkeypatch, {0, 1})
    assert restored(by_file(checkpoint, tmp_path)).replay_note.startswith(CANNOT)


def test_last_digits_are_called_last_digits(checkpoint):
    near = with_losses(checkpoint, lambda losses: losses * (1 + 1e-15))
    said = restored(near).replay_note
    assert said.startswith("replays of this run differ from the recorded values in the last digits")
    assert "with the same versions" in said


@pytest.mark.parametrize("step", [0, 1, 50, 64])
def test_a_loss_that_is_another_one_is_said_wherever_it_is_looked_at(checkpoint, step):
    def change(losses):
        losses[step] *= 1.001
        return losses

    said = restored(with_losses(checkpoint, change)).replay_note
    assert said.startswith(f"{CANNOT}: RNN's loss at step {step} was")


def test_what_rounding_does_to_a_chaotic_net_is_not_taken_for_another_run():
    chaos = small(
        {"kind": "rnn", "hidden_size": 30, "gain": 8.0}, training={"sequence_length": 60}, task={"kind": "wave"}
    )
    session = Session(chaos)
    session.forward(2)
    near = with_losses(checkpoint_of(session, "chaos"), lambda losses: losses * (1 + 1e-6))
    assert "last digits" in restored(near).replay_note
    far = with_losses(checkpoint_of(session, "chaos"), lambda losses: losses * 1.5)
    assert restored(far).replay_note.startswith(CANNOT)


def test_of_a_loss_that_is_kept_in_a_block_the_range_is_compared(checkpoint, tmp_path):
    long = replace(checkpoint, lanes=tuple(replace(lane, losses=_blocked(lane.losses, 8)) for lane in checkpoint.lanes))
    assert restored(by_file(long, tmp_path)).replay_note == ""
    higher = [replace(lane.losses, blocks=lane.losses.blocks + 1) for lane in long.lanes]
    lanes = tuple(replace(lane, losses=losses) for lane, losses in zip(long.lanes, higher, strict=True))
    assert restored(replace(long, lanes=lanes)).replay_note.startswith(CANNOT)


def _blocked(history, width):
    rows = history.exact[: 6 * width].reshape(-1, width)
    blocks = np.stack([rows.min(axis=1), rows.max(axis=1), rows.mean(axis=1)], axis=1)
    return MetricHistory(history.exact[6 * width :], blocks, width)


# Files of version 1.


def test_a_file_of_version_1_opens_where_it_was_and_goes_on():
    session = restored(reader.load(VERSION_1))
    assert (session.step, session.last_step, len(session.histories.pinned_runs)) == (75, 80, 1)
    assert CANNOT not in session.replay_note  # last digits may be others on another processor
    recorded = session.histories.timelines[0].losses.exact.copy()
    session.seek(0)
    session.seek(80)
    np.testing.assert_allclose(session.histories.timelines[0].losses.exact, recorded)
    session.forward(3)
    assert session.last_step == 83


def test_it_is_written_as_version_2_with_its_state_0(tmp_path):
    again = by_file(checkpoint_of(restored(reader.load(VERSION_1)), "again"), tmp_path)
    assert all(lane.start is not None for lane in again.lanes)
    assert again.origins == (origin.this_machine(),)


# Where it was trained.


def test_a_file_says_where_it_was_trained_and_a_run_that_goes_on_elsewhere_says_both(checkpoint, monkeypatch, tmp_path):
    here = origin.this_machine()
    expected = {"program", "arithmetic", "python", "numpy", "blas", "kernel", "threads", "machine", "platform"}
    assert expected <= here.keys()
    assert here["numpy"] == np.__version__
    assert by_file(checkpoint, tmp_path).origins == (here,)
    monkeypatch.setattr(origin, "this_machine", lambda: {**here, "numpy": "9.9"})
    session = restored(by_file(checkpoint, tmp_path))
    assert [each["numpy"] for each in by_file(checkpoint_of(session, "x"), tmp_path).origins] == [np.__version__, "9.9"]
    assert origin.compared(session.origins) == f"trained with numpy {np.__version__}; this machine has numpy 9.9"


@pytest.mark.parametrize("text", ["", "[", "{}", "3", "[3, [], null]", "[" * 10_000])
def test_what_a_file_says_of_it_and_is_not_understood_is_left_out(text):
    assert origin.read(text) == ()


def test_a_long_tale_of_it_is_cut():
    (found,) = origin.read('[{"' + "k" * 999 + '": "' + "v" * 999 + '"}]')
    assert [*map(len, found), *map(len, found.values())] == [origin.LONGEST] * 2
