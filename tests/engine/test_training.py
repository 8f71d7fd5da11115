from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import fewer_examples
from support.numeric_gradients import loss_and_gradient, random_batch

from rnn_tui.engine.cells import GRUCell, LSTMCell, RNNCell
from rnn_tui.engine.evaluation import score
from rnn_tui.engine.losses import binary_cross_entropy, cross_entropy, mean_squared_error
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.optimizers import OPTIMIZERS, SGD, Adam, Momentum, RMSprop, clip_by_global_norm
from rnn_tui.engine.parameters import Parameters
from rnn_tui.engine.training import Batch, Buffers, Learner, Metrics, TrainState
from rnn_tui.tasks.echo import Echo

I, H, O, T, B = 2, 4, 3, 5, 2
MODELS = {
    "rnn": RecurrentModel(RNNCell(I, H), O),
    "gru": RecurrentModel(GRUCell(I, H), O),
    "lstm": RecurrentModel(LSTMCell(I, H), O),
    "truncated": RecurrentModel(LSTMCell(I, H), O, truncation=2),
    "fnn": FeedForwardModel(I, H, O, 3),
}
RNN = MODELS["rnn"]
every_model = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS)


def batches(count, seed=0, loss=cross_entropy):
    rng = np.random.default_rng(seed)
    return [random_batch(rng, loss, I, O, T, B) for _ in range(count)]


def pieces(*ends, seed=0):
    """Batches that continue each other, up to one that ends, and so on."""
    found, begins = [], True
    for batch, stops in zip(batches(len(ends), seed), ends, strict=True):
        found.append(Batch(batch.x, batch.target, batch.mask, begins, stops))
        begins = stops
    return found


def started(model, optimizer, loss=cross_entropy, clip_norm=0.0, dtype="float64", **more):
    learner = Learner(model, loss, optimizer, clip_norm, **more)
    return learner, learner.start(model.initial(np.random.default_rng(1), dtype))


def bits_of(state):
    slots = {key: slot.tobytes() for key, slot in state.slots.items()}
    return state.step, state.parameters.flat.tobytes(), slots, None if state.memory is None else state.memory.tobytes()


@pytest.mark.parametrize("clip_norm", [1.0, 0.0])
@every_optimizer
def test_a_gradient_whose_square_overflows_float32_is_clipped_or_counts_as_divergence(optimizer, clip_norm):
    learner, state = started(RNN, OPTIMIZERS[optimizer](1e-3), mean_squared_error, clip_norm, "float32")
    batch = batches(1, loss=mean_squared_error)[0]
    _, metrics = learner.step(state, Batch(batch.x, batch.target * 1e25, batch.mask))
    assert 1e19 < metrics.gradient_norm < 1e39
    assert metrics.finite == (clip_norm > 0 or optimizer in ("sgd", "momentum"))


@every_model
@every_optimizer
def test_a_step_is_a_pure_function_of_state_and_batch(model, optimizer):
    learner, state = started(model, OPTIMIZERS[optimizer](0.1), clip_norm=0.5, weight_decay=0.01)
    before, first, other, _ = pieces(False, False, False, True)
    state, _ = learner.step(state, before)
    kept, x = bits_of(state), first.x.copy()
    one, one_metrics = learner.step(state, first)
    learner.step(one, other)
    two, two_metrics = learner.step(state, first)
    assert bits_of(state) == kept
    np.testing.assert_array_equal(first.x, x)
    assert bits_of(one) == bits_of(two)
    assert one_metrics == two_metrics
    assert bits_of(one) != kept


@every_model
def test_a_step_is_forward_loss_backward_clip_decay_update(model):
    learner, state = started(model, SGD(0.5), clip_norm=0.01, weight_decay=0.2, schedule=lambda n: 0.5**n)
    theta = state.parameters.flat
    for n, batch in enumerate(batches(3)):
        loss, gradient = loss_and_gradient(model, Parameters(model.layout, theta), batch, cross_entropy)
        norm = np.linalg.norm(gradient)
        assert norm > 0.01
        theta = theta - 0.5**n * 0.5 * (gradient * 0.01 / (norm + 1e-6) + 0.2 * theta)
        state, metrics = learner.step(state, batch)
        assert metrics.loss == pytest.approx(loss, rel=1e-12)
        assert metrics.gradient_norm == pytest.approx(norm)
        np.testing.assert_allclose(state.parameters.flat, theta, rtol=1e-12, atol=1e-15)
        assert state.step == n + 1


@every_model
@every_optimizer
def test_the_parts_of_a_step_one_by_one_have_its_bits(model, optimizer):
    learner, state = started(model, OPTIMIZERS[optimizer](0.1), clip_norm=0.01, weight_decay=0.2)
    before, batch = pieces(False, True)
    state, _ = learner.step(state, before)
    trace = learner.trace(batch, state.parameters)
    loss, gradient = learner.gradient(state, batch, trace)
    norm = clip_by_global_norm(gradient, learner.clip_norm)
    flat, slots = learner.update(state, gradient)
    dh = trace.dh.copy()
    whole, metrics = learner.step(state, batch)
    assert bits_of(whole) == bits_of(TrainState(state.step + 1, Parameters(model.layout, flat), slots))
    assert metrics == Metrics(loss, norm)
    np.testing.assert_array_equal(dh, trace.dh)


def test_weight_decay_is_part_of_the_gradient_that_an_optimizer_remembers():
    (batch,) = batches(1)
    learner, state = started(RNN, Momentum(0.1), weight_decay=0.3)
    _, gradient = loss_and_gradient(RNN, state.parameters, batch, cross_entropy)
    after, _ = learner.step(state, batch)
    np.testing.assert_allclose(after.slots["velocity"], gradient + 0.3 * state.parameters.flat, rtol=1e-12, atol=1e-15)


def test_weight_decay_alone_shrinks_every_parameter_by_the_same_share():
    learner, state = started(RNN, SGD(0.5), weight_decay=0.2)
    (batch,) = batches(1)
    batch.mask[...] = 0
    after, metrics = learner.step(state, batch)
    np.testing.assert_allclose(after.parameters.flat, 0.9 * state.parameters.flat, rtol=1e-12)
    assert metrics == Metrics(0.0, 0.0)


def test_a_schedule_is_asked_for_the_step_that_training_is_at():
    asked = []
    learner, state = started(RNN, SGD(0.1), schedule=lambda n: float(asked.append(n) or 0))
    state = TrainState(7, state.parameters, state.slots)
    after, _ = learner.step(state, batches(1)[0])
    assert asked == [7]
    np.testing.assert_array_equal(after.parameters.flat, state.parameters.flat)  # the learning rate was times 0


@every_model
@every_optimizer
def test_structural_zeros_stay_zero_and_all_else_moves(model, optimizer):
    learner, state = started(model, OPTIMIZERS[optimizer](0.1), weight_decay=0.1)
    before = state.parameters.flat
    for batch in batches(5):
        state, _ = learner.step(state, batch)
    moved = state.parameters.flat != before
    assert not state.parameters.flat[model.layout.holes].any()
    assert list(np.flatnonzero(~moved)) == list(model.layout.holes)


@pytest.mark.parametrize("then", [SGD, Momentum, RMSprop, Adam])
@pytest.mark.parametrize("first", [SGD, Momentum, RMSprop, Adam])
def test_another_optimizer_begins_with_empty_slots(first, then):
    learner, state = started(RNN, first(0.1))
    a, b = batches(2)
    state, _ = learner.step(state, a)
    switched, _ = Learner(RNN, cross_entropy, then(0.1)).step(state, b)
    fresh = Learner(RNN, cross_entropy, then(0.1))
    anew, _ = fresh.step(fresh.start(state.parameters), b)
    # the same optimizer goes on with what it has, which shows unless it has none
    if first is not then or first is SGD:
        assert switched.parameters.flat.tobytes() == anew.parameters.flat.tobytes()
    else:
        assert switched.parameters.flat.tobytes() != anew.parameters.flat.tobytes()
    assert set(switched.slots) == then.slot_names


def test_one_learner_takes_batches_of_several_shapes():
    learner, state = started(RNN, SGD(0.1))
    rng = np.random.default_rng(0)
    for time, size in ((3, 1), (7, 4), (3, 1)):
        batch = random_batch(rng, cross_entropy, I, O, time, size)
        mine, metrics = learner.step(state, batch)
        other, expected = Learner(RNN, cross_entropy, SGD(0.1)).step(state, batch)
        assert metrics == expected
        assert bits_of(mine) == bits_of(other)


def test_learners_that_take_turns_with_shared_buffers_learn_as_on_their_own():
    shared, kinds = Buffers(), [("rnn", "float64"), ("rnn", "float64"), ("lstm", "float64"), ("rnn", "float32")]
    sharing = [started(MODELS[kind], SGD(0.1), dtype=dtype, buffers=shared) for kind, dtype in kinds]
    alone = [started(MODELS[kind], SGD(0.1), dtype=dtype) for kind, dtype in kinds]
    for batch in pieces(False, False, True):
        sharing, alone = (
            [(learner, learner.step(state, batch)[0]) for learner, state in lanes] for lanes in (sharing, alone)
        )
    assert [bits_of(state) for _, state in sharing] == [bits_of(state) for _, state in alone]


def test_buffers_are_made_once_for_what_stays_the_same_and_anew_for_what_does_not():
    buffers, asked = Buffers(), [(RNN, T, B, "float64"), (RNN, T, B, "float32"), (RNN, T, 1, "float32")]
    asked += [(RNN, 1, 1, "float32"), (MODELS["gru"], 1, 1, "float32")]
    found = [buffers.trace(*each) for each in asked]
    assert len({id(trace) for trace in found}) == len(asked)
    assert buffers.trace(*asked[-1]) is found[-1]
    assert buffers.trace(*asked[0]) is not found[0]


@every_model
def test_after_a_step_a_learners_trace_holds_what_it_computed(model):
    learner, state = started(model, SGD(0.1))
    (batch,) = batches(1)
    expected = model.trace(T, B)
    loss_and_gradient(model, state.parameters, batch, cross_entropy, expected)
    after, _ = learner.step(state, batch)
    for name in ("x", "y", "dh", "dy"):
        np.testing.assert_array_equal(getattr(learner.trace(batch, after.parameters), name), getattr(expected, name))


@every_model
def test_float32_training_follows_float64(model):
    learner, state = started(model, Adam(0.01), clip_norm=1.0, weight_decay=0.01)
    single_learner = Learner(model, cross_entropy, Adam(0.01), 1.0, 0.01)
    single = single_learner.start(Parameters(model.layout, state.parameters.flat.astype(np.float32)))
    for batch in pieces(False, False, True, False, True, True):
        state, metrics = learner.step(state, batch)
        single, single_metrics = single_learner.step(single, batch)
        assert single_metrics.loss == pytest.approx(metrics.loss, rel=1e-4)
        assert {slot.dtype for name, slot in single.slots.items() if name != "count"} == {np.dtype("float32")}
        assert single.memory is None or single.memory.dtype == np.float32
    assert single.parameters.dtype == np.float32
    np.testing.assert_allclose(single.parameters.flat, state.parameters.flat, rtol=1e-2, atol=1e-3)


@pytest.mark.parametrize("kind", sorted(MODELS.keys() - {"truncated"}))  # whose gradient is not that of the loss
def test_one_small_step_lowers_the_loss_by_the_rate_times_the_squared_norm(kind):
    learner, state = started(MODELS[kind], SGD(1e-4))
    (batch,) = batches(1)
    state, before = learner.step(state, batch)
    _, after = learner.step(state, batch)
    assert before.loss - after.loss == pytest.approx(1e-4 * before.gradient_norm**2, rel=1e-2)


def test_an_overflow_is_told_by_the_metrics_and_by_no_warning():
    learner, state = started(RecurrentModel(RNNCell(I, H, "relu"), O), SGD(1e200), mean_squared_error)
    metrics = Metrics(0.0, 0.0)
    for batch in batches(6, loss=mean_squared_error):
        assert metrics.finite
        state, metrics = learner.step(state, batch)
        if not metrics.finite:
            return
    pytest.fail("a learning rate of 1e200 has not overflowed")


@pytest.mark.parametrize(
    ("loss", "norm", "finite"), [(1.0, 2.0, True), (np.nan, 1.0, False), (np.inf, 1.0, False), (1.0, np.inf, False)]
)
def test_metrics_are_finite_if_both_numbers_are(loss, norm, finite):
    assert Metrics(loss, norm).finite is finite


@every_model
def test_memory_is_left_where_a_batch_does_not_end_and_only_there(model):
    learner, state = started(model, SGD(0.1))
    assert state.memory is None
    for batch in pieces(False, False, True, True, False):
        expected = model.trace(T, B)
        model.forward(state.parameters, batch.x, expected, state.memory)
        state, _ = learner.step(state, batch)
        if batch.ends:
            assert state.memory is None
        else:
            np.testing.assert_array_equal(state.memory, expected.end())


@every_model
def test_memory_is_inherited_where_a_batch_does_not_begin_and_only_there(model):
    learner, state = started(model, SGD(0.1))
    first, second = pieces(False, True)
    anew = Batch(second.x, second.target, second.mask)
    after, _ = learner.step(state, first)
    forgetful = TrainState(after.step, after.parameters, after.slots)
    outcomes = [learner.step(*pair)[1] for pair in ((after, second), (after, anew), (forgetful, second))]
    continued, begun, nothing_left = outcomes
    expected, _ = loss_and_gradient(model, after.parameters, second, cross_entropy, memory=after.memory)
    assert continued.loss == expected
    assert begun == nothing_left
    assert begun.loss != continued.loss


@every_model
def test_later_steps_do_not_alter_an_earlier_states_memory(model):
    learner, state = started(model, SGD(0.1))
    first, second, third = pieces(False, False, False)
    early, _ = learner.step(state, first)
    kept = bits_of(early)
    late, _ = learner.step(learner.step(early, second)[0], third)
    assert bits_of(early) == kept
    assert late.memory.tobytes() != early.memory.tobytes()


@every_model
def test_training_on_pieces_at_a_rate_of_zero_hears_the_whole_sequence(model):
    learner, state = started(model, SGD(0.0), mean_squared_error)
    rng = np.random.default_rng(3)
    whole = random_batch(rng, mean_squared_error, I, O, 4 * T, B)
    expected, _ = loss_and_gradient(model, state.parameters, whole, mean_squared_error)
    losses = []
    for number in range(4):
        state, metrics = learner.step(state, whole.piece(number, 4))
        losses.append(metrics.loss)
    assert np.mean(losses) == pytest.approx(expected, rel=1e-12)


def test_a_state_tells_how_many_bytes_it_holds():
    P = (H + I + 1) * (H + O)
    learner, state = started(RNN, Adam(0.1))
    assert state.nbytes == 8 * 3 * P + 8  # θ, m, s and the count
    state, _ = learner.step(state, pieces(False)[0])
    assert state.nbytes == 8 * (3 * P + 1 + H * B)


def test_the_first_of_a_batch_is_its_first_sequence():
    (batch,) = batches(1)
    first = batch.first()
    np.testing.assert_array_equal(first.x, batch.x[:, :, [0]])
    np.testing.assert_array_equal(first.target, batch.target[:, [0]])
    np.testing.assert_array_equal(first.mask, batch.mask[:, [0]])


@fewer_examples
@given(length=st.integers(1, 6), count=st.integers(1, 6), loss=st.sampled_from([cross_entropy, mean_squared_error]))
def test_the_pieces_of_a_batch_continue_each_other_from_its_begin_to_its_end(length, count, loss):
    whole = random_batch(np.random.default_rng(0), loss, I, O, length * count, B, "ragged")
    found = [whole.piece(number, count) for number in range(count)]
    for name in ("x", "target", "mask"):
        parts = [getattr(piece, name) for piece in found]
        assert {len(part) for part in parts} == {length}
        np.testing.assert_array_equal(np.concatenate(parts), getattr(whole, name))
    assert [piece.begins for piece in found] == [True] + (count - 1) * [False]
    assert [piece.ends for piece in found] == (count - 1) * [False] + [True]


def learnt(model, task, updates, length=10):
    """The score on held-out sequences after so many updates."""
    learner = Learner(model, binary_cross_entropy, Adam(0.02), 1.0)
    state = learner.start(model.initial(np.random.default_rng(0)))
    for step in range(updates):
        state, _ = learner.step(state, task.batch(np.random.default_rng([1, step]), 16, length))
    batch = task.held_out(np.random.default_rng(2), 200, length)
    return score(task.loss, model.forward(state.parameters, batch.x, model.trace(length, 200)), batch)


@pytest.mark.parametrize("cell", [RNNCell, GRUCell, LSTMCell])
def test_every_cell_learns_to_echo_the_bit_before(cell):
    found = learnt(RecurrentModel(cell(1, 8), 1, "orthogonal"), Echo(delay=1), 150)
    assert found.accuracy == 1
    assert found.loss < 0.2


def test_a_net_without_memory_learns_nothing_of_it_but_a_window_of_two_does():
    blind = learnt(FeedForwardModel(1, 8, 1, window=1), Echo(delay=1), 200)
    assert blind.loss == pytest.approx(log(2), abs=0.01)
    assert blind.accuracy == pytest.approx(0.5, abs=0.05)
    assert learnt(FeedForwardModel(1, 8, 1, window=2), Echo(delay=1), 200).accuracy == 1
