import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.numeric_gradients import CELL_KINDS, random_memory, random_parameters

from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.cells.base import UnrollShape
from rnn_tui.engine.models import RecurrentModel

I, H, O, T, B = 2, 3, 2, 5, 2
NAMED = {"rnn": "h", "gru": "hrzn", "lstm": "hcifgo"}
REMEMBERED = {"rnn": ("h",), "gru": ("h",), "lstm": ("h", "c")}
every_cell = pytest.mark.parametrize("name", CELLS)


def passed(name, memory=None, seed=0):
    """A model, its parameters, and the trace after a forward pass."""
    rng = np.random.default_rng(seed)
    model = RecurrentModel(CELLS[name](I, H), O)
    parameters, trace = random_parameters(model, rng), model.trace(T, B)
    model.forward(parameters, rng.standard_normal((T, I, B)), trace, memory)
    return model, parameters, trace


@given(time=st.integers(1, 20), depth=st.integers(0, 25))
def test_the_gradient_is_cut_after_every_so_many_time_steps_but_not_after_the_last(time, depth):
    expected = [t for t in range(time - 1) if depth and (t + 1) % depth == 0]
    assert UnrollShape(time, 1, 1, depth=depth).cuts == expected


@every_cell
def test_every_cell_has_the_states_and_the_memory_that_it_declares(name):
    _, _, trace = passed(name)
    assert next(iter(trace.states)) == "h"
    assert set(trace.states) == set(CELLS[name].states)
    assert {state.shape for state in trace.states.values()} == {(T, H, B)}
    assert trace.end().shape == (len(CELLS[name].memory), H, B)


@pytest.mark.parametrize("name", NAMED)
def test_states_and_memory_are_those_of_the_published_equations(name):
    assert set(CELLS[name].states) == set(NAMED[name])
    assert tuple(CELLS[name].memory) == REMEMBERED[name]


@every_cell
def test_a_cell_names_its_states_h_last_and_its_equations_say_how_each_comes_about(name):
    assert list(CELLS[name].states)[-1] == "h"
    assert all(f"{state}_t" in " ".join(CELLS[name].equations) for state in CELLS[name].states)


@pytest.mark.parametrize("name", ["gru", "lstm"])
def test_a_state_stays_where_the_function_it_is_said_to_come_from_leads(name):
    """A sigmoid above zero, a tanh to both sides of it."""
    _, _, trace = passed(name)
    for state, told in CELLS[name].states.items():
        values = trace.states[state]
        assert told.function in {"σ", "tanh", ""}
        assert told.title
        if told.function:
            assert (values.min() > 0) == (told.function == "σ")
            assert np.abs(values).max() < 1


@every_cell
def test_what_is_left_behind_are_the_last_states(name):
    _, _, trace = passed(name)
    for state, left in zip(CELLS[name].memory, trace.end(), strict=True):
        np.testing.assert_array_equal(left, trace.states[state][-1])


@every_cell
def test_what_is_left_behind_is_a_copy(name):
    model, parameters, trace = passed(name)
    left = trace.end()
    kept = left.copy()
    model.forward(parameters, np.ones((T, I, B)), trace)
    np.testing.assert_array_equal(left, kept)
    assert (trace.end() != kept).any()


@every_cell
def test_each_remembered_state_has_its_own_influence(name):
    model, parameters, _ = passed(name)
    x, trace = np.zeros((T, I, B)), model.trace(T, B)
    nothing = model.forward(parameters, x, trace, np.zeros((len(CELLS[name].memory), H, B))).copy()
    found = [nothing]
    for state in range(len(CELLS[name].memory)):
        memory = np.zeros((len(CELLS[name].memory), H, B))
        memory[state] = 0.5
        found.append(model.forward(parameters, x, trace, memory).copy())
    assert len({y.tobytes() for y in found}) == 1 + len(CELLS[name].memory)


@every_cell
def test_memory_comes_in_unchanged_and_without_it_every_sequence_begins_with_zeros(name):
    model, parameters, trace = passed(name)
    x = np.ones((T, I, B))
    fresh = model.forward(parameters, x, model.trace(T, B)).copy()
    memory = random_memory(model, np.random.default_rng(1), B)
    kept = memory.copy()
    assert (model.forward(parameters, x, trace, memory) != fresh).any()
    np.testing.assert_array_equal(memory, kept)
    np.testing.assert_array_equal(model.forward(parameters, x, trace), fresh)
    np.testing.assert_array_equal(model.forward(parameters, x, trace, 0 * kept), fresh)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@every_cell
def test_every_buffer_one_sees_has_the_precision_asked_for(name, dtype):
    trace = RecurrentModel(CELLS[name](I, H), O).trace(T, B, dtype)
    seen = [trace.x, trace.sums, trace.y, trace.dh, trace.dsums, trace.dy, trace.end(), *trace.states.values()]
    assert {array.dtype for array in seen} == {np.dtype(dtype)}


@pytest.mark.parametrize("kind", CELL_KINDS)
def test_a_cells_recurrent_matrices_are_its_square_ones(kind):
    """With I and O other than H, so that no other parameter is square."""
    model = RecurrentModel(CELL_KINDS[kind](I, H), O)
    views = model.layout.views(np.zeros(model.layout.size))
    assert set(model.cell.recurrent) == {name for name, view in views.items() if view.shape == (H, H)}


# What a cell says of itself.


@every_cell
def test_a_cell_says_what_it_is_in_full(name):
    cell = CELLS[name]
    assert re.match(r"an? \w", cell.phrase)
    assert len(cell.backward_equations) == 2
    assert all("∂" in line for line in cell.backward_equations)
    assert cell.backward_sentence[0].islower()  # it continues "It …"
    assert cell.backward_sentence.endswith(".")
    assert "\nh_t = " in cell.numpy
    for option in cell.options.values():
        assert option.label
        assert option.default in option.choices
        assert isinstance(option.default, str) or option.least <= option.default <= option.most


@every_cell
def test_what_it_hands_on_and_where_the_gradient_lasts_are_states_of_its_trace(name):
    model, parameters, trace = passed(name)
    model.backward(parameters, np.ones((T, O, B)), trace)
    assert CELLS[name].memory == tuple(CELLS[name].memory)
    assert getattr(trace, f"d{CELLS[name].gradient_path}").shape == (T, H, B)
    assert hasattr(trace, "dz") >= CELLS[name].single_sum
    left = CELLS[name].inherited(trace.end())
    assert {state: values.shape for state, values in left.items()} == dict.fromkeys(CELLS[name].memory, (1, H, B))


@pytest.mark.parametrize("name", [name for name in CELLS if CELLS[name].torch_names])
def test_pytorchs_names_stack_every_parameter_but_those_of_the_output_once(name):
    model = RecurrentModel(CELLS[name](I, H), O)
    named = [ours for names in CELLS[name].torch_names.values() for ours in names if ours]
    assert sorted(named) == sorted(model.layout.views(np.zeros(model.layout.size)).keys() - {"W_hy", "b_y"})
