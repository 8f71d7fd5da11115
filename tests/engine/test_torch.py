"""The engine against PyTorch itself, where it is installed."""

from importlib import import_module
from math import sqrt

import numpy as np
import pytest

from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.diagnostics import gradient_by_lag, jacobians_along, saliency
from rnn_tui.engine.losses import binary_cross_entropy, cross_entropy, mean_squared_error
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.engine.optimizers import OPTIMIZERS
from rnn_tui.engine.parameters import Parameters
from rnn_tui.engine.schedules import SCHEDULES
from rnn_tui.engine.training import Batch, Learner

torch = pytest.importorskip("torch")
golden = import_module("engine.golden.twin")  # imports PyTorch in its turn
torch.set_num_threads(1)

LOSSES = {loss.name: loss for loss in (cross_entropy, binary_cross_entropy, mean_squared_error)}
KINDS = [("rnn", "tanh"), ("rnn", "relu"), ("gru", ""), ("lstm", "")]
SHAPES = [(2, 3, 2, 6, 3), (3, 4, 2, 5, 1), (2, 4, 3, 1, 3), (1, 2, 1, 1, 1), (5, 1, 4, 7, 2), (4, 33, 3, 60, 4)]
every_cell = pytest.mark.parametrize(("cell", "activation"), KINDS, ids=["rnn-tanh", "rnn-relu", "gru", "lstm"])
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "I{}-H{}-O{}-T{}-B{}".format(*shape))


def twins(cell, activation, sizes, seed, dtype="float64", truncation=0):
    """PyTorch's net, our model, and the same random parameters for both: uniform in (-2/√H, 2/√H)."""
    I, H, O = sizes
    ours = CELLS[cell](I, H, **({"activation": activation} if activation else {}))
    model = RecurrentModel(ours, O, truncation=truncation)
    twin = golden.Twin(cell, sizes, activation, dtype)
    parameters, rng = Parameters.zeros(model.layout, dtype), np.random.default_rng(seed)
    theirs = twin.parameters()
    assert theirs.keys() == parameters.views.keys()
    for name, view in parameters.views.items():
        view[...] = theirs[name][...] = rng.uniform(-2, 2, view.shape) / sqrt(H)
    return twin, model, parameters


def noise(seed, *shape, dtype="float64"):
    """The same array twice, PyTorch's and ours."""
    values = np.random.default_rng(seed).standard_normal(shape).astype(dtype)
    return torch.from_numpy(values.copy()), values


def error(found, expected):
    """The greatest difference, relative to the greatest number."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    assert found.shape == expected.shape
    scale = np.abs(expected).max()
    return np.abs(found - expected).max() / scale if scale else np.abs(found).max()


def gradient_errors(twin, model, gradient):
    expected = twin.gradient()
    return {name: error(view, expected[name]) for name, view in model.layout.views(gradient).items()}


def worst(twin, model, parameters, seed, time, size, dtype="float64"):
    """The greatest relative error of outputs, hidden states and gradients, dL/dy being noise."""
    I, O = model.cell.inputs, model.outputs
    (x, our_x), (dy, our_dy) = noise(seed, time, I, size, dtype=dtype), noise(seed + 1, time, O, size, dtype=dtype)
    y, h, _ = twin.forward(x)
    y.backward(dy)
    trace = model.trace(time, size, dtype)
    errors = {"y": error(model.forward(parameters, our_x, trace), y.detach()), "h": error(trace.h, h.detach())}
    errors |= gradient_errors(twin, model, model.backward(parameters, our_dy, trace))
    return max(errors.items(), key=lambda item: item[1])


@pytest.mark.parametrize("seed", [0, 10, 20])
@every_shape
@every_cell
def test_outputs_states_and_gradients_are_pytorchs(cell, activation, shape, seed):
    *sizes, time, size = shape
    name, found = worst(*twins(cell, activation, sizes, seed), seed, time, size)
    assert found <= 1e-10, name


@every_shape
@every_cell
def test_in_float32_they_are_pytorchs_in_float32(cell, activation, shape):
    *sizes, time, size = shape
    name, found = worst(*twins(cell, activation, sizes, 3, "float32"), 3, time, size, "float32")
    assert found <= 2e-4, name


@pytest.mark.parametrize("depth", [1, 2, 3, 5, 9, 10, 11])
@every_cell
def test_a_truncated_gradient_is_that_of_pieces_with_a_detached_memory_between(cell, activation, depth):
    time, size, sizes = 10, 3, (2, 4, 3)
    twin, model, parameters = twins(cell, activation, sizes, depth, truncation=depth)
    (x, our_x), (dy, our_dy) = noise(1, time, 2, size), noise(2, time, 3, size)
    twin.in_pieces(x, depth).backward(dy)
    trace = model.trace(time, size)
    model.forward(parameters, our_x, trace)
    errors = gradient_errors(twin, model, model.backward(parameters, our_dy, trace))
    assert max(errors.values()) <= 1e-10, errors


@every_cell
def test_truncation_leaves_outputs_and_states_alone(cell, activation):
    _, whole, parameters = twins(cell, activation, (2, 4, 3), 0)
    _, cut, _ = twins(cell, activation, (2, 4, 3), 0, truncation=3)
    _, x = noise(1, 10, 2, 3)
    one, other = whole.trace(10, 3), cut.trace(10, 3)
    np.testing.assert_array_equal(whole.forward(parameters, x, one), cut.forward(parameters, x, other))
    np.testing.assert_array_equal(one.h, other.h)


@pytest.mark.parametrize("truncation", [0, 2])
@every_cell
def test_a_batch_that_continues_another_inherits_its_memory_and_no_gradient(cell, activation, truncation):
    time, size, sizes = 5, 3, (2, 4, 3)
    twin, model, parameters = twins(cell, activation, sizes, 4, truncation=truncation)
    (x, our_x), (dy, our_dy) = noise(1, 2 * time, 2, size), noise(2, time, 3, size)
    _, _, memory = twin.forward(x[:time])
    y = twin.in_pieces(x[time:], truncation or time, golden.detached(memory))
    y.backward(dy)
    first, second = model.trace(time, size), model.trace(time, size)
    model.forward(parameters, our_x[:time], first)
    assert error(model.forward(parameters, our_x[time:], second, first.end()), y.detach()) <= 1e-10
    errors = gradient_errors(twin, model, model.backward(parameters, our_dy, second))
    assert max(errors.values()) <= 1e-10, errors


def test_a_forget_bias_is_added_to_the_rows_of_pytorchs_forget_gate():
    I, H, O = sizes = (2, 3, 2)
    twin, (x, our_x) = golden.Twin("lstm", sizes), noise(1, 6, I, 2)
    started = RecurrentModel(CELLS["lstm"](I, H), O).initial(np.random.default_rng(5))
    for name, view in twin.parameters().items():
        view[...] = started[name]
    twin.layer.bias_ih_l0.data[H : 2 * H] += 1.5
    model = RecurrentModel(CELLS["lstm"](I, H, forget_bias=1.5), O)
    y = model.forward(model.initial(np.random.default_rng(5)), our_x, model.trace(6, 2))
    assert error(y, twin.forward(x)[0].detach()) <= 1e-10


def random_target(rng, loss, time, outputs, size):
    return rng.integers(0, outputs, (time, size)) if loss == "cross-entropy" else rng.random((time, outputs, size))


@pytest.mark.parametrize("scale", [1, 30, 1000])
@pytest.mark.parametrize("outputs", [1, 4])
@pytest.mark.parametrize("loss", LOSSES)
def test_masked_losses_and_their_slopes_are_pytorchs_even_far_out(loss, outputs, scale):
    rng = np.random.default_rng(scale)
    y, our_y = noise(0, 6, outputs, 5)
    y, our_y = (scale * y).requires_grad_(), scale * our_y
    target, mask = random_target(rng, loss, 6, outputs, 5), (rng.random((6, 5)) < 0.7).astype(float)
    expected = golden.mean_loss(loss, y, torch.tensor(target), torch.tensor(mask))
    expected.backward()
    value, slope = LOSSES[loss].mean(our_y, target, mask)
    assert value == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(slope, y.grad, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("loss", LOSSES)
@every_cell
def test_training_through_a_long_sequence_piece_by_piece_is_pytorchs_training(cell, activation, loss):
    time, size, sizes, rng = 4, 3, (2, 4, 3), np.random.default_rng(8)
    twin, model, parameters = twins(cell, activation, sizes, 6)
    learner = Learner(model, LOSSES[loss], OPTIMIZERS["momentum"](0.05), clip_norm=0.5)
    optimizer = torch.optim.SGD(twin.trained, lr=0.05, momentum=0.9)
    state, memory = learner.start(parameters), None
    for piece in range(6):  # three pieces of sequences that are then given up, and three of others
        x, target, mask = rng.standard_normal((time, 2, size)), random_target(rng, loss, time, 3, size), np.eye(4, 3)
        begins, ends = piece % 3 == 0, piece == 5
        state, metrics = learner.step(state, Batch(x, target, mask, begins, ends))
        optimizer.zero_grad()
        y, _, memory = twin.forward(torch.tensor(x), None if begins else golden.detached(memory))
        expected = golden.mean_loss(loss, y, torch.tensor(target), torch.tensor(mask))
        expected.backward()
        torch.nn.utils.clip_grad_norm_(twin.trained, 0.5)
        optimizer.step()
        assert metrics.loss == pytest.approx(expected.item(), rel=1e-10)
    for name, values in twin.parameters().items():
        assert error(state.parameters[name], values) <= 1e-10, name


@pytest.mark.parametrize("name", ["step", "cosine"])
def test_schedules_are_pytorchs(name):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    make = {"step": torch.optim.lr_scheduler.StepLR, "cosine": torch.optim.lr_scheduler.CosineAnnealingLR}
    theirs, ours = make[name](optimizer, 7), SCHEDULES[name](7)
    for step in range(8 if name == "cosine" else 30):
        assert ours(step) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12, abs=1e-15)
        optimizer.step()
        theirs.step()


# Diagnostics: PyTorch's autograd, one answer after the other.


def probe(cell, activation, seed=2, sizes=(2, 4, 3), time=6):
    """A net with an x (T, I) to read, and PyTorch's y (T, O), x and memories after each time step, for autograd."""
    twin, model, parameters = twins(cell, activation, sizes, seed)
    theirs, ours = noise(seed + 1, time, sizes[0], 1)
    y, memories = twin.step_by_step(theirs.requires_grad_())
    return twin, model, parameters, ours[..., 0], theirs, y[..., 0], memories


@every_cell
def test_saliency_is_the_derivative_of_the_greatest_output(cell, activation):
    _, model, parameters, x, theirs, y, _ = probe(cell, activation)
    expected = [torch.autograd.grad(answer.max(), theirs, retain_graph=True)[0][..., 0] for answer in y]
    assert error(saliency(model, parameters, x), torch.stack(expected)) <= 1e-10


@every_cell
def test_the_gradient_by_lag_is_that_of_the_greatest_output(cell, activation):
    _, model, parameters, x, _, y, memories = probe(cell, activation)
    states = [memory[0] for memory in memories]
    expected = [
        [0 if part is None else part.norm() for part in torch.autograd.grad(
            answer.max(), states, retain_graph=True, allow_unused=True)]
        for answer in y
    ]  # fmt: skip
    assert error(gradient_by_lag(model, parameters, x).norms, expected) <= 1e-10


@every_cell
def test_jacobians_along_a_sequence_are_those_of_single_steps(cell, activation):
    twin, model, parameters, x, theirs, _, memories = probe(cell, activation)
    start = [torch.zeros_like(state) for state in memories[0]]
    for found, x_t, before in zip(jacobians_along(model, parameters, x), theirs, [start, *memories[:-1]], strict=True):
        flat = torch.cat([state.detach().flatten() for state in before])

        def step(flat, x_t=x_t):
            _, _, after = twin.forward(x_t[None], [part.reshape(1, 1, -1) for part in flat.split(twin.hidden)])
            return torch.cat([state.flatten() for state in after])

        assert error(found, torch.autograd.functional.jacobian(step, flat)) <= 1e-10
