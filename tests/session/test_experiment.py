import tracemalloc
from math import cos, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.preset_documents import echo, valid
from support.reference_training import small

from rnn_tui.engine.training import Batch
from rnn_tui.presets.preset import parse
from rnn_tui.session.experiment import MOST_HELD_OUT, MOST_WORK, TRAINING, Experiment


def bits(batch):
    arrays = [(array.shape, array.dtype, array.tobytes()) for array in (batch.x, batch.target, batch.mask)]
    return [*arrays, batch.begins, batch.ends]


def joined(batches):
    """Several batches as one that is as long as all of them."""
    parts = [[getattr(batch, name) for batch in batches] for name in ("x", "target", "mask")]
    return Batch(*map(np.concatenate, parts))


def sequences(batch):
    """Each sequence of a batch as bytes, its inputs and its targets."""
    return {batch.x[..., b].tobytes() + batch.target[..., b].tobytes() for b in range(batch.x.shape[-1])}


@given(st.integers(0, 2**63 - 1), st.lists(st.integers(0, 10**9), min_size=1, max_size=6), st.integers(1, 4))
def test_the_batch_of_a_step_is_a_function_of_seed_and_step_alone(seed, steps, count):
    training = {"seed": seed, "batches_per_sequence": count}
    one = Experiment(small(training=training))
    other = Experiment(small({"kind": "fnn"}, training={**training, "learning_rate": 0.5, "optimizer": "sgd"}))
    forwards = {step: bits(one.batch(step)) for step in steps}
    backwards = {step: bits(other.batch(step)) for step in reversed(steps)}
    assert forwards == backwards
    assert forwards == {step: bits(one.batch(step)) for step in sorted(steps)}


@pytest.fixture(params=["echo", "xor", "temporal-xor", "wave", "text", "csv"])
def task(request, tmp_path):
    path = tmp_path / "data"
    if request.param == "text":
        path.write_text("the cat sat on the mat, " * 40)
    elif request.param == "csv":
        path.write_text("\n".join(f"{np.sin(i * i):.4f}" for i in range(600)))
    return {"kind": request.param, **({"path": str(path)} if path.exists() else {})}


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_batches_of_a_sequence_are_the_tasks_one_long_batch_cut_in_pieces(task, count):
    training = {"sequence_length": 7, "batch_size": 3, "batches_per_sequence": count, "seed": 11}
    run = Experiment(parse({"task": task, "training": training, "lanes": [{"kind": "rnn"}]}, "s"))
    for number in (2, 0, 1):  # of the sequence, in any order
        whole = run.task.batch(np.random.default_rng([11, TRAINING, number]), 3, 7 * count)
        pieces = [run.batch(number * count + piece) for piece in range(count)]
        assert bits(joined(pieces)) == bits(whole)
        assert {len(piece.x) for piece in pieces} == {7}
        assert [piece.begins for piece in pieces] == [True] + [False] * (count - 1)
        assert [piece.ends for piece in pieces] == [False] * (count - 1) + [True]


def test_where_there_is_one_batch_for_each_sequence_it_is_the_tasks_own():
    run = Experiment(small(training={"seed": 5}))
    for step in (0, 3, 1000):
        assert bits(run.batch(step)) == bits(run.task.batch(np.random.default_rng([5, TRAINING, step]), 2, 6))


def test_the_batches_of_one_sequence_are_drawn_but_once(monkeypatch):
    run = Experiment(small(training={"batches_per_sequence": 50}))
    drawn, draw = [], type(run.task).batch
    monkeypatch.setattr(type(run.task), "batch", lambda *args: drawn.append(args) or draw(*args))
    for step in range(150):
        run.batch(step)
    assert len(drawn) == 3


def test_batches_are_drawn_ahead_only_where_they_are_small_and_sequences_are_never_cut():
    def block(length, batch, count):
        training = {"sequence_length": length, "batch_size": batch, "batches_per_sequence": count}
        return Experiment(small(training=training)).block

    # a time step of a sequence has 2 numbers, and some 2^16 are drawn together
    assert [block(length, batch, 1) for length, batch in ((6, 2), (1500, 2), (1500, 20), (1500, 50))] == [32, 10, 1, 1]
    assert [block(6, 2, count) for count in (1, 10, 50)] == [32, 30, 50]


def test_what_is_held_out_is_as_long_as_all_batches_of_a_sequence_together():
    for count in (1, 9):
        run = Experiment(small(training={"batches_per_sequence": count}))
        assert len(run.held_out.x) == count * 6
        assert (run.held_out.begins, run.held_out.ends) == (True, True)


def test_other_steps_and_other_seeds_have_other_batches():
    runs = [Experiment(parse(echo(seed=seed), "s")) for seed in range(20)]
    seen = {run.batch(step).x.tobytes() for run in runs for step in range(20)}
    assert len(seen) > 390  # of 400; 24 bits may be the same by chance


def test_weights_are_a_function_of_seed_and_lane_alone():
    lane = {"kind": "rnn", "hidden_size": 5}
    one = Experiment(small(lane, lane, training={"seed": 7}))
    other = Experiment(
        small(lane, {"kind": "fnn"}, lane, training={"seed": 7, "batch_size": 9}, task={"kind": "temporal-xor"})
    )
    first, second = (one.start(i).parameters.flat.tobytes() for i in range(2))
    assert first == other.start(0).parameters.flat.tobytes()
    assert first != second
    assert first != Experiment(small(lane, training={"seed": 8})).start(0).parameters.flat.tobytes()


@pytest.mark.parametrize("task", [{"kind": "echo"}, {"kind": "xor"}, {"kind": "temporal-xor"}, {"kind": "wave"}])
def test_no_sequence_that_is_held_out_is_ever_trained_on(task):
    preset = parse({**echo(sequence_length=60, batch_size=16), "task": task}, "s")
    run = Experiment(preset)
    held_out = sequences(run.held_out)
    assert len(held_out) == run.held_out.x.shape[-1]
    for step in range(200):
        assert not held_out & sequences(run.batch(step))


def test_of_a_series_only_the_earlier_part_is_trained_on(tmp_path):
    path = tmp_path / "x.csv"
    values = [i + (i % 7) / 10 for i in range(500)]
    path.write_text("\n".join(map(str, values)))
    task = {"kind": "csv", "path": str(path), "horizon": 3}
    run = Experiment(parse({**echo(sequence_length=10, batch_size=64), "task": task}, "s"))
    trained = [run.batch(step) for step in range(100)]
    highest = max(run.task.in_units(max(batch.x.max(), batch.target.max())) for batch in trained)
    lowest = run.task.in_units(min(run.held_out.x.min(), run.held_out.target.min()))
    assert values[395] < highest <= values[399] + 1e-9
    assert lowest == pytest.approx(values[400])


def test_of_a_text_only_the_earlier_part_is_trained_on(tmp_path):
    path = tmp_path / "x.txt"
    # one character after the other to train on, and every third of them after it
    path.write_text("".join(chr(0x4E00 + i) for i in [*range(320), *range(0, 240, 3)]))
    run = Experiment(
        parse({**echo(sequence_length=10, batch_size=64), "task": {"kind": "text", "path": str(path)}}, "s")
    )
    batches = [run.batch(step) for step in range(60)]
    assert {int(d) for batch in batches for d in np.unique(batch.target - batch.x.argmax(axis=1))} == {1}
    assert max(int(batch.target.max()) for batch in batches) == 319
    assert np.unique(run.held_out.target - run.held_out.x.argmax(axis=1)).tolist() == [3]


def test_what_is_held_out_stays_the_same_while_steps_go_by():
    run = Experiment(small())
    before = bits(run.held_out)
    for step in range(5):
        run.batch(step)
    assert bits(run.held_out) == before == bits(Experiment(small()).held_out)
    assert bits(run.held_out) != bits(Experiment(small(training={"seed": 1})).held_out)


@pytest.mark.parametrize(
    "lane",
    [
        {"kind": "rnn", "hidden_size": 200},
        {"kind": "gru", "hidden_size": 100},
        {"kind": "lstm", "hidden_size": 100},
        {"kind": "fnn", "window": 200, "hidden_size": 300},
    ],
)
def test_fewer_sequences_are_held_out_where_their_buffers_would_be_large(lane):
    assert Experiment(small()).held_out.x.shape[-1] == MOST_HELD_OUT
    run = Experiment(small({"kind": "rnn"}, lane, training={"sequence_length": 150}))
    size = run.held_out.x.shape[-1]
    assert 4 < size < MOST_HELD_OUT
    taken = memory_of(run, 1, size)
    assert 0.5 < taken / (8 * MOST_WORK) < 1.02


def memory_of(run, lane, size):
    """The bytes that are taken for scoring so many sequences."""
    model = run.learner(lane).model
    tracemalloc.start()
    try:
        trace = model.trace(run.length, size)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert trace.y.shape == (run.length, 1, size)
    return taken


def test_where_the_gradient_is_cut_makes_no_difference_to_what_is_held_out():
    lane = {"kind": "gru", "hidden_size": 100}
    uncut, cut = (Experiment(small({**lane, "truncation": k}, training={"sequence_length": 150})) for k in (0, 1))
    assert uncut.held_out.x.shape[-1] < MOST_HELD_OUT
    assert bits(uncut.held_out) == bits(cut.held_out)


def test_one_sequence_is_held_out_at_least():
    wide = {"kind": "lstm", "hidden_size": 1024}
    assert Experiment(small(wide, training={"sequence_length": 2000})).held_out.x.shape[-1] == 1


SHAPES = {
    "rnn": {"W_hh": "HH", "W_xh": "HI", "b_h": "H"},
    "gru": {"W_hr": "HH", "W_hz": "HH", "W_hn": "HH", "W_xr": "HI", "W_xz": "HI", "W_xn": "HI",
            "b_r": "H", "b_z": "H", "b_hn": "H", "b_xn": "H"},
    "lstm": {name: shape for gate in "ifgo" for name, shape in
             ((f"W_h{gate}", "HH"), (f"W_x{gate}", "HI"), (f"b_{gate}", "H"))},
    "fnn": {"W_xh": "HK", "b_h": "H"},
}  # fmt: skip
SCHEDULES = {
    "constant": lambda _n, _period: 1.0,
    "step": lambda n, period: 10.0 ** -(n // period),
    "cosine": lambda n, period: (1 + cos(pi * n / period)) / 2 if n < period else 0.0,
}


@given(valid())
def test_every_lane_is_what_the_preset_says(document):
    preset = parse(document, "s")
    run = Experiment(preset)
    for i, lane in enumerate(preset.lanes):
        parameters = run.start(i).parameters
        H, I, O = lane.hidden_size, run.task.input_size, run.task.output_size
        sizes = {"H": H, "I": I, "O": O, "K": I * getattr(lane, "window", 1)}
        expected = {**SHAPES[lane.kind], "W_hy": "OH", "b_y": "O"}
        shapes = {name: view.shape for name, view in parameters.views.items()}
        assert shapes == {name: tuple(sizes[letter] for letter in shape) for name, shape in expected.items()}
        assert parameters.dtype == preset.training.precision
        learner = run.learner(i)
        assert learner.optimizer.learning_rate == preset.training.learning_rate
        assert learner.clip_norm == preset.training.clip_norm
        assert learner.weight_decay == preset.training.weight_decay
        assert type(learner.optimizer).__name__.lower() == preset.training.optimizer
        assert getattr(learner.model, "truncation", 0) == getattr(lane, "truncation", 0)
        period = preset.training.schedule_steps
        for n in (0, 1, period - 1, period, 3 * period + 1):
            assert learner.schedule(n) == pytest.approx(SCHEDULES[preset.training.schedule](n, period), abs=1e-9)
