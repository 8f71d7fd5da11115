"""What a feed-forward pass keeps, and that it is as much as it says and never more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import fewer_examples
from support.numeric_gradients import CELL_KINDS, random_batch, random_parameters

from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.optimizers import Adam
from rnn_tui.engine.training import Learner
from rnn_tui.engine.window_buffers import WindowTrace

I, H, O, T, B = 2, 3, 2, 5, 2
KINDS = [*CELLS, "fnn"]
every_kind = pytest.mark.parametrize("kind", KINDS)
few = st.integers(1, 5)


def model_of(kind, inputs=I, hidden=H, outputs=O, depth=0):
    """``depth`` is the truncation of a recurrent model, and one less than the window of another."""
    if kind == "fnn":
        return FeedForwardModel(inputs, hidden, outputs, depth + 1)
    return RecurrentModel(CELLS[kind](inputs, hidden), outputs, truncation=depth)


def held(thing):
    """How many numbers are in all arrays that ``thing`` leads to: each once, and for a view what it is a view of."""
    sizes, seen, waiting = {}, set(), [thing]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, np.ndarray):
            while one.base is not None:
                one = one.base
            sizes[id(one)] = one.size
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
        else:
            waiting += vars(one).values() if hasattr(one, "__dict__") and not isinstance(one, type) else []
    return sum(sizes.values())


def test_views_count_as_what_they_are_views_of_and_every_array_once():
    base = np.zeros((4, 5))
    assert held([base, base[1:], {"a": (base.T, base[0, :1])}]) == 20
    assert held([base, np.zeros(3)]) == 23


@every_kind
@given(sizes=st.tuples(few, few, few, st.integers(1, 8), few), depth=st.integers(0, 9))
@fewer_examples
def test_a_trace_holds_as_many_numbers_as_its_model_says(kind, sizes, depth):
    inputs, hidden, outputs, time, size = sizes
    model = model_of(kind, inputs, hidden, outputs, depth)
    assert held(model.trace(time, size)) == model.numbers(time, size)


@every_kind
def test_passes_forward_and_back_hold_nothing_more(kind):
    model = model_of(kind, depth=2)
    parameters, trace = random_parameters(model, np.random.default_rng(0)), model.trace(T, B)
    model.forward(parameters, np.ones((T, I, B)), trace)
    model.backward(parameters, np.ones((T, O, B)), trace)
    assert held(trace) == model.numbers(T, B)


@pytest.mark.parametrize(("kind", "millions"), [("rnn", 99), ("gru", 313), ("lstm", 379)])
def test_a_large_net_over_a_long_sequence_stays_within_what_a_laptop_holds(kind, millions):
    numbers = RecurrentModel(CELLS[kind](1, 512), 1).numbers(500, 64)
    assert numbers == pytest.approx(millions * 1e6, rel=0.01)
    assert 4 * numbers < 2 * 2**30  # bytes in float32


@every_kind
def test_nothing_grows_with_the_number_of_updates(kind):
    model = model_of(kind, depth=2)
    learner, rng = Learner(model, mean_squared_error, Adam(0.01)), np.random.default_rng(0)
    state = learner.start(random_parameters(model, rng))
    batch, after = random_batch(rng, mean_squared_error, I, O, T, B), []
    for _ in range(50):
        state, _ = learner.step(state, batch)
        after.append((held(learner) - held(model), held(state.slots), state.nbytes))
    assert set(after) == {(model.numbers(T, B), 2 * model.layout.size + 1, 8 * 3 * model.layout.size + 8)}


@every_kind
def test_a_learner_keeps_one_trace_that_of_the_latest_shape(kind):
    model = model_of(kind)
    learner, rng = Learner(model, mean_squared_error, Adam(0.01)), np.random.default_rng(0)
    state = learner.start(random_parameters(model, rng))
    for time, size in ((9, 4), (2, 1), (5, 3)):
        learner.step(state, random_batch(rng, mean_squared_error, I, O, time, size))
        assert held(learner) - held(model) == model.numbers(time, size)


@pytest.mark.parametrize("kind", CELL_KINDS)
def test_what_an_unrolled_cell_shows_are_views_of_what_it_works_with(kind):
    model = RecurrentModel(CELL_KINDS[kind](I, H), O)
    trace = model.trace(T, B)
    shown = [trace.x, trace.sums, trace.y, trace.dh, trace.dsums, *trace.states.values()]
    before = [array.copy() for array in shown]
    rng = np.random.default_rng(0)
    parameters = random_parameters(model, rng)
    parameters["b_h" if "b_h" in parameters.views else "b_y"][...] = 3  # so that no rectifier is at rest
    y = model.forward(parameters, rng.random((T, I, B)), trace)
    model.backward(parameters, rng.random((T, O, B)), trace)
    assert y is trace.y
    assert all((array != old).any() for array, old in zip(shown, before, strict=True))


def windowed(window, x, memory=None):
    trace = WindowTrace((x.shape[1], H, window, O), len(x), x.shape[2], "float64")
    trace.begin(x, memory)
    return trace


@given(seed=st.integers(0, 2**32), time=st.integers(1, 5), window=st.integers(1, 7), carried=st.booleans())
def test_a_window_holds_the_present_input_and_those_before_it_the_latest_first(seed, time, window, carried):
    rng = np.random.default_rng(seed)
    x, before = rng.random((time, I, B)), carried * rng.random((window - 1, I, B))
    trace, all_seen = windowed(window, x, before if carried else None), np.concatenate([before, x])
    for t in range(time):
        latest_first = all_seen[t : t + window][::-1]
        np.testing.assert_array_equal(trace.u[:-1, t], latest_first.reshape(window * I, B))
    np.testing.assert_array_equal(trace.u[-1], np.ones((time, B)))


@given(seed=st.integers(0, 2**32), time=st.integers(1, 5), window=st.integers(1, 7))
def test_a_window_leaves_behind_as_many_inputs_as_the_next_one_looks_back(seed, time, window):
    rng = np.random.default_rng(seed)
    x, before = rng.random((time, I, B)), rng.random((window - 1, I, B))
    trace = windowed(window, x, before)
    left = trace.end()
    expected = np.concatenate([before, x])[time:]
    np.testing.assert_array_equal(left, expected)
    trace.begin(0 * x)
    np.testing.assert_array_equal(left, expected)  # a copy
