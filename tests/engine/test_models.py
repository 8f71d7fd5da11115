from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import reference_equations
from support.numeric_gradients import (
    CELL_KINDS,
    CLOSE,
    LOSSES,
    MASKS,
    loss_and_gradient,
    numeric_gradient,
    numeric_slope,
    random_batch,
    random_memory,
    random_parameters,
    truncated_loss,
)

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.cells import GRUCell, LSTMCell, RNNCell
from rnn_tui.engine.losses import cross_entropy, mean_squared_error
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.parameters import Parameters

I, H, O, T, B = 2, 3, 2, 5, 3
MODELS = {
    **{kind: RecurrentModel(CELL_KINDS[kind](I, H), O) for kind in ("rnn-tanh", "gru", "lstm")},
    **{f"fnn({window})": FeedForwardModel(I, H, O, window) for window in (1, 3, 7)},
}
every_model = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
every_cell = pytest.mark.parametrize("cell", [RNNCell, GRUCell, LSTMCell])


def lab(model, loss, mask, carried, seed=9):
    """Parameters, a batch, the memory before it, and the trace and dL/dθ after a forward and a backward pass."""
    rng = np.random.default_rng(seed)
    parameters, batch = random_parameters(model, rng), random_batch(rng, loss, I, O, T, B, mask)
    memory, trace = random_memory(model, rng, B) if carried else None, model.trace(T, B)
    _, found = loss_and_gradient(model, parameters, batch, loss, trace, memory)
    assert np.abs(getattr(trace, "z", 1)).min() > 1e-4, "too near a kink for central differences"
    return parameters, batch, memory, found


def check_slopes(model):
    """dL/dθ in random directions of all parameters, for every loss and mask, with and without a memory."""
    rng = np.random.default_rng(1)
    for loss, mask, carried in product(LOSSES, MASKS, (False, True)):
        parameters, batch, memory, found = lab(model, loss, mask, carried)
        value = truncated_loss(model, parameters, batch, loss, memory)
        direction = random_parameters(model, rng).flat
        slope = numeric_slope(value, parameters.flat, direction)
        assert found @ direction == pytest.approx(slope, rel=1e-6, abs=1e-8), (loss.name, mask, carried)
        assert not found[model.layout.holes].any()


@pytest.mark.parametrize("truncation", [0, 1, 2, 3])
@pytest.mark.parametrize("kind", CELL_KINDS)
def test_a_recurrent_gradient_is_the_central_difference_with_the_memory_at_each_cut_held(kind, truncation):
    check_slopes(RecurrentModel(CELL_KINDS[kind](I, H), O, truncation=truncation))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("window", [1, 3, 7])
def test_a_feed_forward_gradient_is_the_central_difference(window, activation):
    check_slopes(FeedForwardModel(I, H, O, window, activation))


@pytest.mark.parametrize(
    ("model", "loss"),
    [
        (RecurrentModel(RNNCell(I, H), O, truncation=2), LOSSES[0]),
        (RecurrentModel(GRUCell(I, H), O, truncation=3), LOSSES[1]),
        (RecurrentModel(GRUCell(I, H), O), LOSSES[2]),
        (RecurrentModel(LSTMCell(I, H), O, truncation=2), LOSSES[0]),
        (RecurrentModel(LSTMCell(I, H), O), LOSSES[1]),
        (FeedForwardModel(I, H, O, 3), LOSSES[2]),
    ],
)
def test_each_coordinate_of_a_gradient_is_its_central_difference(model, loss):
    parameters, batch, memory, found = lab(model, loss, "ragged", carried=True)
    value = truncated_loss(model, parameters, batch, loss, memory)
    mine = np.setdiff1d(np.arange(model.layout.size), model.layout.holes)

    def of_mine(free):
        theta = np.zeros(model.layout.size)
        theta[mine] = free
        return value(theta)

    np.testing.assert_allclose(found[mine], numeric_gradient(of_mine, parameters.flat[mine]), **CLOSE)


@pytest.mark.parametrize("carried", [False, True])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_fnn_is_its_equation_over_explicit_windows(activation, carried):
    rng = np.random.default_rng(2)
    for window in (1, 2, 5, 9):
        model = FeedForwardModel(I, H, O, window, activation)
        parameters, x, trace = random_parameters(model, rng), rng.standard_normal((6, I, B)), model.trace(6, B)
        memory = random_memory(model, rng, B) if carried else None
        y = model.forward(parameters, x, trace, memory)
        expected_h, expected_y = reference_equations.fnn(parameters, x, activation, window, memory)
        np.testing.assert_allclose(trace.h, expected_h, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(y, expected_y, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("where", ["h", "z"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_dh_and_dz_of_an_fnn_are_the_chain_rule_back_from_dy(activation, where):
    rng = np.random.default_rng(4)
    model = FeedForwardModel(I, H, O, 2, activation)
    parameters, trace, dy = random_parameters(model, rng), model.trace(T, B), rng.standard_normal((T, O, B))
    model.forward(parameters, rng.standard_normal((T, I, B)), trace)
    model.backward(parameters, dy, trace)
    f, W_hy = reference_equations.ACTIVATIONS[activation], parameters["W_hy"]

    def answer(nudge):
        """Σ dy ∘ y, of hidden layers made from z once more."""
        h = np.vectorize(f)(trace.z + (nudge if where == "z" else 0)) + (nudge if where == "h" else 0)
        return float((dy * np.einsum("oh,thb->tob", W_hy, h)).sum())

    found = {"h": trace.dh, "z": trace.dz}[where]
    np.testing.assert_allclose(found, numeric_gradient(answer, np.zeros((T, H, B))), **CLOSE)


@every_model
def test_a_reused_trace_remembers_nothing_of_the_batch_before(model):
    rng = np.random.default_rng(6)
    reused = model.trace(T, B)
    for loss, mask, carried in product(LOSSES, MASKS, (True, False)):
        parameters, batch = random_parameters(model, rng), random_batch(rng, loss, I, O, T, B, mask)
        memory = random_memory(model, rng, B) if carried else None
        value, found = loss_and_gradient(model, parameters, batch, loss, reused, memory)
        fresh_value, fresh = loss_and_gradient(model, parameters, batch, loss, memory=memory)
        assert value == fresh_value
        np.testing.assert_array_equal(found, fresh)


@pytest.mark.parametrize("truncation", [0, 2])
@every_cell
def test_a_backward_pass_can_be_repeated_and_gives_a_new_array(cell, truncation):
    rng = np.random.default_rng(6)
    model = RecurrentModel(cell(I, H), O, truncation=truncation)
    parameters, trace, dy = random_parameters(model, rng), model.trace(T, B), rng.standard_normal((T, O, B))
    model.forward(parameters, rng.standard_normal((T, I, B)), trace)
    first = model.backward(parameters, dy, trace)
    kept = first.copy()
    np.testing.assert_allclose(model.backward(parameters, 2 * dy, trace), 2 * kept, rtol=1e-12)
    np.testing.assert_array_equal(model.backward(parameters, dy, trace), kept)
    np.testing.assert_array_equal(first, kept)


@every_model
def test_neither_pass_changes_what_comes_in(model):
    rng = np.random.default_rng(6)
    arrays = random_parameters(model, rng).flat, rng.random((T, I, B)), random_memory(model, rng, B), np.ones((T, O, B))
    kept = [array.copy() for array in arrays]
    theta, x, memory, dy = arrays
    parameters, trace = Parameters(model.layout, theta), model.trace(T, B)
    model.forward(parameters, x, trace, memory)
    model.backward(parameters, dy, trace)
    for array, before in zip(arrays, kept, strict=True):
        np.testing.assert_array_equal(array, before)


@every_model
def test_a_trace_shows_the_inputs_it_was_given_and_the_gradient_it_was_sent(model):
    rng = np.random.default_rng(1)
    x, dy, trace = rng.standard_normal((T, I, B)), rng.standard_normal((T, O, B)), model.trace(T, B)
    parameters = random_parameters(model, rng)
    model.forward(parameters, x, trace)
    model.backward(parameters, dy, trace)
    np.testing.assert_array_equal(trace.x, x)
    np.testing.assert_array_equal(trace.dy, dy)


def test_an_fnn_answers_from_its_window_and_a_recurrent_net_from_all():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((6, I, 1))
    other = x.copy()
    other[0] += 1
    for kind, reach in (("fnn(1)", 1), ("fnn(3)", 3), ("rnn-tanh", 6), ("gru", 6), ("lstm", 6)):
        model = MODELS[kind]
        parameters = random_parameters(model, rng)
        change = model.forward(parameters, x, model.trace(6, 1)) - model.forward(parameters, other, model.trace(6, 1))
        assert [bool(step.any()) for step in change] == [t < reach for t in range(6)]


@every_model
def test_no_model_answers_from_the_future(model):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((T, I, 1))
    other = x.copy()
    other[-1] += 1
    parameters, one, two = random_parameters(model, rng), model.trace(T, 1), model.trace(T, 1)
    np.testing.assert_array_equal(model.forward(parameters, x, one)[:-1], model.forward(parameters, other, two)[:-1])


@pytest.mark.parametrize("truncation", [0, 1, 3])
@every_cell
def test_the_gradient_of_the_last_answer_reaches_back_to_its_cut_and_no_further(cell, truncation):
    model = RecurrentModel(cell(I, H), O, truncation=truncation)
    rng = np.random.default_rng(3)
    parameters, trace, dy = random_parameters(model, rng), model.trace(T, B), np.zeros((T, O, B))
    dy[-1] = 1
    model.forward(parameters, rng.standard_normal((T, I, B)), trace)
    model.backward(parameters, dy, trace)
    last_piece = (T - 1) // truncation * truncation if truncation else 0
    assert [bool(step.any()) for step in trace.dh] == [t >= last_piece for t in range(T)]


def test_a_whole_batch_without_a_scored_position_has_no_gradient():
    for model in MODELS.values():
        rng = np.random.default_rng(2)
        batch = random_batch(rng, cross_entropy, I, O, T, B)
        batch.mask[...] = 0
        value, found = loss_and_gradient(model, random_parameters(model, rng), batch, cross_entropy)
        assert value == 0
        assert not found.any()


def test_what_flows_out_of_bounds_leaves_the_always_zero_entries_zero():
    rng = np.random.default_rng(2)
    model = RecurrentModel(RNNCell(I, H, "identity"), O)
    parameters, batch = random_parameters(model, rng), random_batch(rng, mean_squared_error, I, O, T, B)
    parameters["W_hh"][...] = 1e200
    with np.errstate(all="ignore"):
        _, found = loss_and_gradient(model, parameters, batch, mean_squared_error)
    assert not np.isfinite(found).all()
    assert not found[model.layout.holes].any()


@given(count=st.integers(1, 50_000), inputs=st.integers(1, 20), outputs=st.integers(1, 20), window=st.integers(1, 30))
def test_no_other_hidden_size_comes_nearer_to_a_number_of_parameters(count, inputs, outputs, window):
    H = FeedForwardModel.matching(count, inputs, outputs, window)
    sizes = [size for size in (H - 1, H, H + 1) if size >= 1]  # the count grows evenly with H: neighbours are enough
    away = {size: abs(FeedForwardModel(inputs, size, outputs, window).layout.count - count) for size in sizes}
    assert H >= 1
    assert away[H] == min(away.values())
