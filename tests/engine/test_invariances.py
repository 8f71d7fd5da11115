"""What must make no difference: to whatever net, weights, data and sizes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import fewer_examples
from support.numeric_gradients import (
    LOSSES,
    loss_and_gradient,
    random_batch,
    random_memory,
    random_parameters,
    random_target,
)

from rnn_tui.engine.cells import GRUCell, LSTMCell, RNNCell
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.parameters import Parameters
from rnn_tui.engine.training import Batch

RECURRENT = {
    "rnn-tanh": lambda I, H, O, depth=0: RecurrentModel(RNNCell(I, H), O, truncation=depth),
    "rnn-relu": lambda I, H, O, depth=0: RecurrentModel(RNNCell(I, H, "relu"), O, truncation=depth),
    "gru": lambda I, H, O, depth=0: RecurrentModel(GRUCell(I, H), O, truncation=depth),
    "lstm": lambda I, H, O, depth=0: RecurrentModel(LSTMCell(I, H), O, truncation=depth),
}
KINDS = {
    **RECURRENT,
    "fnn(1)": lambda I, H, O: FeedForwardModel(I, H, O, 1),
    "fnn(3)": lambda I, H, O: FeedForwardModel(I, H, O, 3, "relu"),
}
every_kind = pytest.mark.parametrize("kind", KINDS)
every_recurrent = pytest.mark.parametrize("kind", RECURRENT)
seeds = st.integers(0, 2**32)
sizes = st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 3))  # I, H, O
lengths = st.integers(1, 6)
losses = st.sampled_from(LOSSES)
masks = st.sampled_from(["full", "late", "ragged"])


def lab(kind, sizes, loss, time, size=3, mask="full", seed=0):
    """A model, random parameters, a batch and a generator for more."""
    rng = np.random.default_rng(seed)
    model = KINDS[kind](*sizes)
    return model, random_parameters(model, rng), random_batch(rng, loss, sizes[0], sizes[2], time, size, mask), rng


def assert_same(found, expected, tolerance=1e-12):
    """To the last digits of the greatest number."""
    scale = max(1, np.abs(expected).max(initial=0))
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * scale)


def permuted(parameters, order):
    """The same net with its hidden units in another order."""
    other = Parameters(parameters.layout, parameters.flat.copy())
    for name, view in parameters.views.items():
        here = other[name]
        if name == "W_hy":
            here[...] = view[:, order]
        elif name.startswith("W_h"):
            here[...] = view[np.ix_(order, order)]
        elif name != "b_y":
            here[...] = view[order]
    return other


@every_kind
@given(seed=seeds, sizes=sizes, time=lengths, loss=losses, mask=masks)
@fewer_examples
def test_the_order_of_the_hidden_units_cannot_be_seen_from_outside(kind, seed, sizes, time, loss, mask):
    model, parameters, batch, rng = lab(kind, sizes, loss, time, mask=mask, seed=seed)
    order = rng.permutation(sizes[1])
    one, other = model.trace(time, 3), model.trace(time, 3)
    value, found = loss_and_gradient(model, parameters, batch, loss, one)
    other_value, other_found = loss_and_gradient(model, permuted(parameters, order), batch, loss, other)
    assert_same(other.y, one.y)
    assert_same(other_value, value)
    assert_same(other_found, permuted(Parameters(model.layout, found), order).flat)
    for name, state in one.states.items():
        assert_same(other.states[name], state[:, order])


@every_kind
@given(seed=seeds, sizes=sizes, time=lengths, loss=losses)
@fewer_examples
def test_a_batch_of_two_is_the_mean_of_two_batches_of_one(kind, seed, sizes, time, loss):
    model, parameters, batch, _ = lab(kind, sizes, loss, time, size=2, seed=seed)
    alone = [Batch(batch.x[..., [b]], batch.target[..., [b]], batch.mask[..., [b]]) for b in range(2)]
    value, found = loss_and_gradient(model, parameters, batch, loss)
    (one, one_found), (two, two_found) = (loss_and_gradient(model, parameters, each, loss) for each in alone)
    assert_same(value, (one + two) / 2)
    assert_same(found, (one_found + two_found) / 2)


@every_kind
@given(seed=seeds, sizes=sizes, time=lengths, loss=losses, mask=st.sampled_from(["late", "ragged"]))
@fewer_examples
def test_what_was_asked_for_where_nothing_is_scored_does_not_matter(kind, seed, sizes, time, loss, mask):
    model, parameters, batch, rng = lab(kind, sizes, loss, time, mask=mask, seed=seed)
    noise = random_target(rng, loss, sizes[2], time, 3)
    target = np.where(batch.mask if batch.target.ndim == 2 else batch.mask[:, None], batch.target, noise)
    value, found = loss_and_gradient(model, parameters, batch, loss)
    other_value, other = loss_and_gradient(model, parameters, Batch(batch.x, target, batch.mask), loss)
    assert other_value == value
    np.testing.assert_array_equal(other, found)


@every_kind
@given(seed=seeds, sizes=sizes, time=st.integers(2, 6), loss=losses)
@fewer_examples
def test_what_is_heard_after_the_last_scored_answer_does_not_matter(kind, seed, sizes, time, loss):
    model, parameters, batch, rng = lab(kind, sizes, loss, time, mask="ragged", seed=seed)
    x = np.where(batch.mask[:, None], batch.x, rng.standard_normal(batch.x.shape))
    trace = model.trace(time, 3)
    value, found = loss_and_gradient(model, parameters, batch, loss)
    other_value, other = loss_and_gradient(model, parameters, Batch(x, batch.target, batch.mask), loss, trace)
    assert other_value == value
    np.testing.assert_array_equal(other, found)
    assert not trace.dh.transpose(0, 2, 1)[batch.mask == 0].any()


@every_kind
@given(seed=seeds, sizes=sizes, time=lengths, more=st.integers(1, 4), loss=losses, mask=masks)
@fewer_examples
def test_padding_changes_nothing(kind, seed, sizes, time, more, loss, mask):
    model, parameters, batch, rng = lab(kind, sizes, loss, time, mask=mask, seed=seed)
    padding = random_batch(rng, loss, sizes[0], sizes[2], more, 3)
    padded = Batch(
        np.concatenate([batch.x, padding.x]),
        np.concatenate([batch.target, padding.target]),
        np.concatenate([batch.mask, 0 * padding.mask]),
    )
    (value, found), (other_value, other) = (loss_and_gradient(model, parameters, b, loss) for b in (batch, padded))
    assert_same(other_value, value)
    assert_same(other, found)


@every_kind
@given(seed=seeds, sizes=sizes, pieces=st.lists(lengths, min_size=2, max_size=4), carried=st.booleans())
@fewer_examples
def test_a_sequence_read_in_pieces_is_answered_as_in_one_go(kind, seed, sizes, pieces, carried):
    model, parameters, batch, rng = lab(kind, sizes, LOSSES[2], sum(pieces), seed=seed)
    memory = random_memory(model, rng, 3) if carried else None
    whole = model.trace(sum(pieces), 3)
    expected, found = model.forward(parameters, batch.x, whole, memory), []
    for piece in np.split(batch.x, np.cumsum(pieces)[:-1]):
        trace = model.trace(len(piece), 3)
        found.append(model.forward(parameters, piece, trace, memory).copy())
        memory = trace.end()
    assert_same(np.concatenate(found), expected)
    assert_same(memory, whole.end())


@every_recurrent
@given(seed=seeds, sizes=sizes, depth=st.integers(1, 4), count=st.integers(1, 4), loss=losses)
@fewer_examples
def test_a_truncated_gradient_is_the_mean_of_those_of_pieces_that_inherit_their_memory(
    kind, seed, sizes, depth, count, loss
):
    model, parameters, batch, rng = lab(kind, sizes, loss, depth * count, seed=seed)
    start = memory = random_memory(model, rng, 3)
    gradients, nudges = [], []
    for number in range(count):
        piece, trace = batch.piece(number, count), model.trace(depth, 3)
        gradients.append(loss_and_gradient(model, parameters, piece, loss, trace, memory)[1])
        nudges.append(trace.dh / count)
        memory = trace.end()
    cut = RECURRENT[kind](*sizes, depth)
    whole = cut.trace(depth * count, 3)
    _, found = loss_and_gradient(cut, parameters, batch, loss, whole, start)
    assert_same(found, np.mean(gradients, axis=0))
    assert_same(whole.dh, np.concatenate(nudges))


@every_recurrent
@given(seed=seeds, sizes=sizes, time=lengths, depth=st.integers(1, 8), loss=losses)
@fewer_examples
def test_truncation_touches_the_gradient_alone_and_from_the_length_on_not_even_that(
    kind, seed, sizes, time, depth, loss
):
    model, parameters, batch, _ = lab(kind, sizes, loss, time, seed=seed)
    cut = RECURRENT[kind](*sizes, depth)
    whole, other = model.trace(time, 3), cut.trace(time, 3)
    value, found = loss_and_gradient(model, parameters, batch, loss, whole)
    other_value, other_found = loss_and_gradient(cut, parameters, batch, loss, other)
    assert other_value == value
    for name, state in whole.states.items():
        np.testing.assert_array_equal(other.states[name], state)
    np.testing.assert_array_equal(other.y, whole.y)
    if depth >= time:
        np.testing.assert_array_equal(other_found, found)


@every_kind
@given(seed=seeds, sizes=sizes, time=lengths, loss=losses, mask=masks)
@fewer_examples
def test_float32_follows_float64(kind, seed, sizes, time, loss, mask):
    model, parameters, batch, rng = lab(kind, sizes, loss, time, mask=mask, seed=seed)
    memory, trace = random_memory(model, rng, 3), model.trace(time, 3, "float32")
    single = Parameters(model.layout, parameters.flat.astype(np.float32))
    whole = model.trace(time, 3)
    value, found = loss_and_gradient(model, single, batch, loss, trace, memory)
    expected_value, expected = loss_and_gradient(model, parameters, batch, loss, whole, memory)
    assert found.dtype == np.float32
    assert_same(trace.y, whole.y, 1e-4)
    assert_same(value, expected_value, 1e-4)
    assert_same(found, expected, 1e-4)
