import numpy as np
import pytest
from documents import echo, valid
from hypothesis import given, settings
from hypothesis import strategies as st
from straight import small

from rnn_tui.presets import parse
from rnn_tui.session.run import MOST_HELD_OUT, Run


def bits(batch):
    return [(array.shape, array.dtype, array.tobytes()) for array in (batch.x, batch.target, batch.mask)]


def sequences(batch):
    """Each sequence of a batch as bytes, its inputs and its targets."""
    return {batch.x[..., b].tobytes() + batch.target[..., b].tobytes() for b in range(batch.x.shape[-1])}


@settings(max_examples=40)
@given(st.integers(0, 2**63 - 1), st.lists(st.integers(0, 10**9), min_size=1, max_size=6))
def test_the_batch_of_a_step_is_a_function_of_seed_and_step_alone(seed, steps):
    one = Run(small(training={"seed": seed}))
    other = Run(small({"kind": "fnn"}, training={"seed": seed, "learning_rate": 0.5, "optimizer": "sgd"}))
    forwards = {step: bits(one.batch(step)) for step in steps}
    backwards = {step: bits(other.batch(step)) for step in reversed(steps)}
    assert forwards == backwards
    assert forwards == {step: bits(one.batch(step)) for step in sorted(steps)}


def test_other_steps_and_other_seeds_have_other_batches():
    runs = [Run(parse(echo(seed=seed), "s")) for seed in range(20)]
    seen = {run.batch(step).x.tobytes() for run in runs for step in range(20)}
    assert len(seen) > 390  # of 400; 24 bits may be the same by chance


def test_weights_are_a_function_of_seed_and_lane_alone():
    lane = {"kind": "rnn", "hidden_size": 5}
    one = Run(small(lane, lane, training={"seed": 7}))
    other = Run(
        small(lane, {"kind": "fnn"}, lane, training={"seed": 7, "batch_size": 9}, task={"kind": "temporal-xor"})
    )
    first, second = (one.start(i).parameters.flat.tobytes() for i in range(2))
    assert first == other.start(0).parameters.flat.tobytes()
    assert first != second
    assert first != Run(small(lane, training={"seed": 8})).start(0).parameters.flat.tobytes()


@pytest.mark.parametrize("task", [{"kind": "echo"}, {"kind": "xor"}, {"kind": "temporal-xor"}, {"kind": "wave"}])
def test_no_sequence_that_is_held_out_is_ever_trained_on(task):
    preset = parse({**echo(sequence_length=60, batch_size=16), "task": task}, "s")
    run = Run(preset)
    held_out = sequences(run.held_out)
    assert len(held_out) == run.held_out.x.shape[-1]
    for step in range(200):
        assert not held_out & sequences(run.batch(step))


def test_of_a_series_only_the_earlier_part_is_trained_on(tmp_path):
    path = tmp_path / "x.csv"
    values = [i + (i % 7) / 10 for i in range(500)]
    path.write_text("\n".join(map(str, values)))
    task = {"kind": "csv", "path": str(path), "horizon": 3}
    run = Run(parse({**echo(sequence_length=10, batch_size=64), "task": task}, "s"))
    trained = [run.batch(step) for step in range(100)]
    highest = max(run.task.in_units(max(batch.x.max(), batch.target.max())) for batch in trained)
    lowest = run.task.in_units(min(run.held_out.x.min(), run.held_out.target.min()))
    assert values[395] < highest <= values[399] + 1e-9
    assert lowest == pytest.approx(values[400])


def test_of_a_text_only_the_earlier_part_is_trained_on(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("".join(map(chr, range(0x4E00, 0x4E00 + 400))))
    run = Run(parse({**echo(sequence_length=10, batch_size=64), "task": {"kind": "text", "path": str(path)}}, "s"))
    trained = {int(symbol) for step in range(60) for symbol in np.unique(run.batch(step).target)}
    assert max(trained) == 319
    assert int(run.held_out.x.argmax(axis=1).min()) == 320
    assert int(run.held_out.target.max()) == 399


def test_what_is_held_out_stays_the_same_while_steps_go_by():
    run = Run(small())
    before = bits(run.held_out)
    for step in range(5):
        run.batch(step)
    assert bits(run.held_out) == before == bits(Run(small()).held_out)
    assert bits(run.held_out) != bits(Run(small(training={"seed": 1})).held_out)


def test_fewer_sequences_are_held_out_where_lanes_are_large():
    assert Run(small()).held_out.x.shape[-1] == MOST_HELD_OUT
    wide = {"kind": "rnn", "hidden_size": 1024}
    assert Run(small(wide, training={"sequence_length": 1000})).held_out.x.shape[-1] == 16
    window = {"kind": "fnn", "window": 200}
    assert Run(small(window, training={"sequence_length": 1000})).held_out.x.shape[-1] == 16


@settings(max_examples=60)
@given(valid())
def test_every_lane_is_what_the_preset_says(document):
    preset = parse(document, "s")
    run = Run(preset)
    for i, lane in enumerate(preset.lanes):
        parameters = run.start(i).parameters
        H, I, O = lane.hidden_size, run.task.inputs, run.task.outputs
        seen = {"W_hh": (H, H), "W_xh": (H, I)} if lane.kind == "rnn" else {"W_xh": (H, I * lane.window)}
        shapes = {name: view.shape for name, view in parameters.views.items()}
        assert shapes == {**seen, "b_h": (H,), "W_hy": (O, H), "b_y": (O,)}
        assert parameters.dtype == preset.training.precision
        learner = run.learner(i)
        assert learner.optimizer.learning_rate == preset.training.learning_rate
        assert learner.clip_norm == preset.training.clip_norm
        assert type(learner.optimizer).__name__.lower() == preset.training.optimizer
