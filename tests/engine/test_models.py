import numpy as np
import plain
import pytest
from gradients import CLOSE, MASKS, numeric_gradient, random_batch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.cells import RNNCell
from rnn_tui.engine.losses import binary_cross_entropy, cross_entropy, mean_squared_error
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.parameters import Parameters
from rnn_tui.engine.training import Batch

I, H, O, T, B = 2, 3, 3, 4, 3
LOSSES = [cross_entropy, binary_cross_entropy, mean_squared_error]
MODELS = {
    "rnn": lambda f: RecurrentModel(RNNCell(I, H, f), O),
    "fnn(1)": lambda f: FeedForwardModel(I, H, O, 1, f),
    "fnn(2)": lambda f: FeedForwardModel(I, H, O, 2, f),
    "fnn(5), longer than the sequence": lambda f: FeedForwardModel(I, H, O, 5, f),
}


def gradient(model, parameters, batch, loss, trace=None):
    """The loss and dL/dθ, by the engine."""
    trace = trace or model.trace(len(batch.x), batch.x.shape[2], str(parameters.dtype))
    value, dy = loss.mean(model.forward(parameters, batch.x, trace), batch.target, batch.mask)
    return value, model.backward(parameters, dy, trace)


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("kind", MODELS)
def test_the_gradient_is_the_central_difference_of_the_loss(kind, activation, loss, mask):
    rng = np.random.default_rng(9)
    model = MODELS[kind](activation)
    parameters = model.initial(rng)
    batch = random_batch(rng, loss, I, O, T, B, mask)
    trace = model.trace(T, B)
    _, found = gradient(model, parameters, batch, loss, trace)
    assert np.abs(trace.z).min() > 1e-4, "too near a kink for central differences"

    mine = model.layout.mask

    def loss_of(free):
        flat = np.zeros(model.layout.size)
        flat[mine] = free
        y = model.forward(Parameters(model.layout, flat), batch.x, trace)
        return loss.mean(y, batch.target, batch.mask)[0]

    np.testing.assert_allclose(found[mine], numeric_gradient(loss_of, parameters.flat[mine]), **CLOSE)
    assert not found[~mine].any()


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("window", [1, 2, 5, 9])
def test_an_fnn_is_its_equation_over_explicit_windows(activation, window):
    rng = np.random.default_rng(2)
    model = FeedForwardModel(I, H, O, window, activation)
    parameters, x = model.initial(rng), rng.standard_normal((6, I, B))
    trace = model.trace(6, B)
    y = model.forward(parameters, x, trace)
    expected_h, expected_y = plain.fnn(parameters, x, activation, window)
    np.testing.assert_allclose(trace.h, expected_h, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(y, expected_y, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
@pytest.mark.parametrize("kind", MODELS)
def test_a_batch_of_two_is_the_mean_of_two_batches_of_one(kind, loss):
    rng = np.random.default_rng(4)
    model = MODELS[kind]("tanh")
    parameters, batch = model.initial(rng), random_batch(rng, loss, I, O, T, 2, "late")
    alone = [Batch(batch.x[..., [b]], batch.target[..., [b]], batch.mask[..., [b]]) for b in range(2)]
    both, both_gradient = gradient(model, parameters, batch, loss)
    (one, one_gradient), (two, two_gradient) = (gradient(model, parameters, each, loss) for each in alone)
    assert both == pytest.approx((one + two) / 2, rel=1e-12)
    np.testing.assert_allclose(both_gradient, (one_gradient + two_gradient) / 2, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
@pytest.mark.parametrize("kind", MODELS)
def test_a_reused_trace_remembers_nothing_of_the_batch_before(kind, loss):
    rng = np.random.default_rng(6)
    model = MODELS[kind]("tanh")
    reused = model.trace(T, B)
    for mask in ("full", "late", "ragged"):
        parameters, batch = model.initial(rng), random_batch(rng, loss, I, O, T, B, mask)
        value, found = gradient(model, parameters, batch, loss, reused)
        fresh_value, fresh = gradient(model, parameters, batch, loss)
        assert value == fresh_value
        np.testing.assert_array_equal(found, fresh)


def test_every_sequence_begins_with_nothing_remembered():
    rng = np.random.default_rng(6)
    model = MODELS["rnn"]("tanh")
    parameters, x, trace = model.initial(rng), rng.standard_normal((T, I, B)), model.trace(T, B)
    expected = model.forward(parameters, x, trace).copy()
    trace.h_start[...] = 5
    np.testing.assert_array_equal(model.forward(parameters, x, trace), expected)


@pytest.mark.parametrize("kind", MODELS)
def test_a_backward_pass_can_be_repeated(kind):
    rng = np.random.default_rng(6)
    model = MODELS[kind]("tanh")
    parameters, x, dy = model.initial(rng), rng.standard_normal((T, I, B)), rng.standard_normal((T, O, B))
    trace = model.trace(T, B)
    model.forward(parameters, x, trace)
    first = model.backward(parameters, dy, trace)
    np.testing.assert_array_equal(model.backward(parameters, dy, trace), first)
    np.testing.assert_allclose(model.backward(parameters, 2 * dy, trace), 2 * first, rtol=1e-12)


@pytest.mark.parametrize("kind", MODELS)
def test_gradients_of_one_trace_are_separate_arrays(kind):
    rng = np.random.default_rng(6)
    model = MODELS[kind]("tanh")
    parameters, x = model.initial(rng), rng.standard_normal((T, I, B))
    trace = model.trace(T, B)
    model.forward(parameters, x, trace)
    first = model.backward(parameters, np.ones((T, O, B)), trace)
    kept = first.copy()
    model.backward(parameters, np.zeros((T, O, B)), trace)
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("kind", MODELS)
def test_float32_follows_float64(kind, activation):
    rng = np.random.default_rng(8)
    model = MODELS[kind](activation)
    parameters, batch = model.initial(rng), random_batch(rng, cross_entropy, I, O, T, B)
    single = Parameters(model.layout, parameters.flat.astype(np.float32))
    value, found = gradient(model, single, batch, cross_entropy)
    expected_value, expected = gradient(model, parameters, batch, cross_entropy)
    assert found.dtype == np.float32
    assert value == pytest.approx(expected_value, rel=1e-5)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", MODELS)
def test_a_trace_shows_the_inputs_it_was_given(kind):
    model = MODELS[kind]("tanh")
    x = np.random.default_rng(1).standard_normal((T, I, B))
    trace = model.trace(T, B)
    model.forward(model.initial(np.random.default_rng(0)), x, trace)
    np.testing.assert_array_equal(trace.x, x)


def test_an_fnn_answers_from_its_window_and_an_rnn_from_all():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((6, I, 1))
    other = x.copy()
    other[0] += 1
    for kind, reach in (("fnn(1)", 1), ("fnn(2)", 2), ("rnn", 6)):
        model = MODELS[kind]("tanh")
        parameters = model.initial(rng)
        change = model.forward(parameters, x, model.trace(6, 1)) - model.forward(parameters, other, model.trace(6, 1))
        assert [bool(step.any()) for step in change] == [t < reach for t in range(6)]


def test_no_model_answers_from_the_future():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((T, I, 1))
    other = x.copy()
    other[-1] += 1
    for make in MODELS.values():
        model = make("tanh")
        parameters, one, two = model.initial(rng), model.trace(T, 1), model.trace(T, 1)
        np.testing.assert_array_equal(
            model.forward(parameters, x, one)[:-1], model.forward(parameters, other, two)[:-1]
        )


def permuted(parameters, order):
    """The same net with its hidden units in another order."""
    other = Parameters(parameters.layout, parameters.flat.copy())
    for name, view in parameters.views.items():
        here = other[name]
        if name == "W_hh":
            here[...] = view[np.ix_(order, order)]
        elif name in ("W_xh", "b_h"):
            here[...] = view[order]
        elif name == "W_hy":
            here[...] = view[:, order]
    return other


@pytest.mark.parametrize("kind", MODELS)
@given(order=st.permutations(range(H)), seed=st.integers(0, 2**32), activation=st.sampled_from(list(ACTIVATIONS)))
@settings(deadline=None, max_examples=25)
def test_the_order_of_the_hidden_units_cannot_be_seen_from_outside(kind, order, seed, activation):
    rng = np.random.default_rng(seed)
    model = MODELS[kind](activation)
    parameters, batch = model.initial(rng), random_batch(rng, mean_squared_error, I, O, T, B)
    other = permuted(parameters, order)
    trace, other_trace = model.trace(T, B), model.trace(T, B)
    value, found = gradient(model, parameters, batch, mean_squared_error, trace)
    other_value, other_found = gradient(model, other, batch, mean_squared_error, other_trace)
    assert other_value == pytest.approx(value, rel=1e-9)
    np.testing.assert_allclose(other_trace.y, trace.y, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(other_trace.h, trace.h[:, list(order)], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        other_found, permuted(Parameters(model.layout, found), order).flat, rtol=1e-7, atol=1e-10
    )
