import numpy as np
import pytest

from rnn_tui.engine.cells import RNNCell
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.parameters import Layout, PackedMatrix, Parameters

I, H, O, WINDOW = 2, 5, 3, 4
RNN = RecurrentModel(RNNCell(I, H), O)
FNN = FeedForwardModel(I, H, O, WINDOW)


def test_an_rnn_has_as_many_parameters_as_its_equations():
    assert RNN.layout.count == H * H + H * I + H + O * H + O


def test_an_fnn_has_as_many_parameters_as_its_equations():
    assert FNN.layout.count == H * (WINDOW * I) + H + O * H + O
    assert FNN.layout.count == FNN.layout.size


@pytest.mark.parametrize(
    ("model", "shapes"),
    [
        (RNN, {"W_hh": (H, H), "W_xh": (H, I), "b_h": (H,), "W_hy": (O, H), "b_y": (O,)}),
        (FNN, {"W_xh": (H, WINDOW * I), "b_h": (H,), "W_hy": (O, H), "b_y": (O,)}),
    ],
)
def test_matrices_are_out_by_in_and_biases_are_vectors(model, shapes):
    views = Parameters.zeros(model.layout, "float64").views
    assert {name: view.shape for name, view in views.items()} == shapes


@pytest.mark.parametrize("model", [RNN, FNN])
def test_every_unmasked_entry_belongs_to_exactly_one_name(model):
    owners = np.zeros(model.layout.size, int)
    for view in model.layout.views(owners).values():
        view += 1
    np.testing.assert_array_equal(owners, model.layout.mask.astype(int))


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
def test_parameters_have_the_precision_asked_for(dtype):
    assert RNN.initial(np.random.default_rng(0), dtype).dtype == dtype
    assert FNN.initial(np.random.default_rng(0), dtype).dtype == dtype
