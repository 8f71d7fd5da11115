import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import fewer_examples
from support.numeric_gradients import CELL_KINDS

from rnn_tui.engine.cells import GRUCell, LSTMCell, RNNCell
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.parameters import Layout, PackedMatrix, Parameters

I, H, O, WINDOW = 2, 5, 3, 4
RNN = RecurrentModel(RNNCell(I, H), O)
FNN = FeedForwardModel(I, H, O, WINDOW)
MODELS = {**{kind: RecurrentModel(cell(I, H), O) for kind, cell in CELL_KINDS.items()}, "fnn": FNN}
every_model = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
size = st.integers(1, 8)


@given(I=size, H=size, O=size, window=size)
@fewer_examples
def test_every_model_has_as_many_parameters_as_its_equations(I, H, O, window):
    output = O * H + O
    assert RecurrentModel(RNNCell(I, H), O).layout.count == H * H + H * I + H + output
    assert RecurrentModel(GRUCell(I, H), O).layout.count == 3 * (H * H + H * I + H) + H + output
    assert RecurrentModel(LSTMCell(I, H), O).layout.count == 4 * (H * H + H * I + H) + output
    assert FeedForwardModel(I, H, O, window).layout.count == H * (window * I) + H + output


@every_model
def test_matrices_are_out_by_in_and_biases_are_vectors(model):
    for name, view in Parameters.zeros(model.layout, "float64").views.items():
        out = O if name in ("W_hy", "b_y") else H
        fan_in = {"h": H, "x": WINDOW * I if model is FNN else I}.get(name[2])
        assert view.shape == ((out,) if name.startswith("b_") else (out, fan_in)), name


@every_model
def test_every_entry_belongs_to_exactly_one_name_or_is_a_hole(model):
    owners = np.zeros(model.layout.size, int)
    for view in model.layout.views(owners).values():
        view += 1
    owners[model.layout.holes] += 1
    np.testing.assert_array_equal(owners, np.ones(model.layout.size))
    assert model.layout.count == model.layout.size - len(model.layout.holes)


def test_the_holes_of_a_recurrent_net_are_the_ways_from_x_that_its_equations_do_not_have():
    """From x to y; and of a GRU from x to what the reset gate acts on."""
    found = [len(MODELS[kind].layout.holes) for kind in ("rnn-tanh", "gru", "lstm", "fnn")]
    assert found == [I * O, I * O + I * H, I * O, 0]


def test_writing_to_a_name_writes_to_the_flat_vector():
    parameters = Parameters.zeros(RNN.layout, "float64")
    parameters["W_hh"][1, 3] = 7.0
    assert sorted(parameters.flat)[-2:] == [0.0, 7.0]
    parameters.flat[:] = np.arange(RNN.layout.size)
    assert parameters["W_hh"][1, 3] == parameters.matrices[0][3, 1]


def test_several_matrices_lie_one_after_the_other():
    layout = Layout(PackedMatrix(2, 3, {"A": (slice(0, 2), slice(0, 3))}), PackedMatrix(1, 2, {"b": (0, slice(0, 2))}))
    parameters = Parameters(layout, np.arange(8.0))
    np.testing.assert_array_equal(parameters["A"], [[0, 3], [1, 4], [2, 5]])
    np.testing.assert_array_equal(parameters["b"], [6, 7])
    assert parameters.count == 8


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@every_model
def test_parameters_have_the_precision_asked_for(model, dtype):
    assert model.initial(np.random.default_rng(0), dtype).dtype == dtype
