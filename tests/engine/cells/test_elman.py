import numpy as np
import pytest
from support import reference_equations
from support.numeric_gradients import (
    CLOSE,
    loss_and_gradient,
    numeric_gradient,
    random_batch,
    random_memory,
    random_parameters,
)

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.cells import RNNCell
from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.models import RecurrentModel

I, H, O, T, B = 2, 3, 2, 4, 2


@pytest.fixture(params=ACTIVATIONS)
def lab(request):
    """An activation, parameters, a batch, the memory before it, and the trace after a forward and a backward pass."""
    rng = np.random.default_rng(3)
    model = RecurrentModel(RNNCell(I, H, request.param), O)
    parameters, memory = random_parameters(model, rng), random_memory(model, rng, B)
    batch, trace = random_batch(rng, mean_squared_error, I, O, T, B, "late"), model.trace(T, B)
    loss_and_gradient(model, parameters, batch, mean_squared_error, trace, memory)
    assert np.abs(trace.z).min() > 1e-3, "too near a kink for central differences"
    return request.param, parameters, batch, memory, trace


def test_h_and_y_are_those_of_the_equation_in_a_plain_loop(lab):
    activation, parameters, batch, memory, trace = lab
    h, y = reference_equations.rnn(parameters, batch.x, activation, memory=memory)
    np.testing.assert_allclose(trace.h, h, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(trace.y, y, rtol=1e-12, atol=1e-12)


def test_h_is_f_of_z(lab):
    activation, *_, trace = lab
    expected = np.vectorize(reference_equations.ACTIVATIONS[activation])(trace.z)
    np.testing.assert_allclose(trace.h, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("where", ["to_h", "to_z"])
def test_dh_and_dz_say_how_the_loss_follows_a_nudge_of_h_and_of_z(lab, where):
    activation, parameters, batch, memory, trace = lab

    def loss(nudge):
        _, y = reference_equations.rnn(parameters, batch.x, activation, memory=memory, **{where: nudge})
        return reference_equations.loss("mean squared error", y, batch.target, batch.mask)

    found = {"to_h": trace.dh, "to_z": trace.dz}[where]
    np.testing.assert_allclose(found, numeric_gradient(loss, np.zeros((T, H, B))), **CLOSE)


def test_a_scored_last_step_sends_its_gradient_back_to_the_first(lab):
    *_, trace = lab
    assert np.abs(trace.dh[0]).max() > 0  # the mask scores only the later half


def test_the_layout_names_what_the_equation_names():
    model = RecurrentModel(RNNCell(I, H), O)
    shapes = {name: view.shape for name, view in random_parameters(model, np.random.default_rng(0)).views.items()}
    assert shapes == {"W_hh": (H, H), "W_xh": (H, I), "b_h": (H,), "W_hy": (O, H), "b_y": (O,)}
    assert model.layout.count == H * (H + I + 1) + O * (H + 1)
