"""What PyTorch's documentation says its layers compute from their tensors, written out once more in NumPy."""

import numpy as np
import pytest

from rnn_tui.checkpoints.torch_names import from_torch, to_torch
from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.parameters import Parameters

I, H, O, T, B = 2, 3, 4, 5, 2
ARCHITECTURES = {**{name: cell for name, cell in CELLS.items() if cell.torch_names}, "fnn": FeedForwardModel}
KINDS = list(ARCHITECTURES)


def model_of(kind):
    return FeedForwardModel(I, H, O, window=3) if kind == "fnn" else RecurrentModel(CELLS[kind](I, H), O)


def initial(kind):
    return model_of(kind).initial(np.random.default_rng(1))


def sigma(z):
    return 1 / (1 + np.exp(-z))


def hidden_states(kind, tensors, x):
    """h (T, H, B) of x (T, I, B), by the equations of nn.RNN, nn.GRU and nn.LSTM."""
    W_i, W_h, b_i, b_h = (tensors[f"{kind}.{part}_l0"] for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    h = c = np.zeros((H, B))
    found = []
    for x_t in x:
        from_x, from_h = (
            np.split(W_i @ x_t + b_i[:, None], len(W_i) // H),
            np.split(W_h @ h + b_h[:, None], len(W_h) // H),
        )
        if kind == "rnn":
            h = np.tanh(from_x[0] + from_h[0])
        elif kind == "gru":
            r, z = (sigma(from_x[k] + from_h[k]) for k in (0, 1))
            n = np.tanh(from_x[2] + r * from_h[2])
            h = (1 - z) * n + z * h
        else:
            i, f, o = (sigma(from_x[k] + from_h[k]) for k in (0, 1, 3))
            c = f * c + i * np.tanh(from_x[2] + from_h[2])
            h = o * np.tanh(c)
        found.append(h)
    return np.stack(found)


@pytest.mark.parametrize("kind", list(CELLS))
def test_the_tensors_give_our_hidden_states_and_outputs_by_pytorchs_equations(kind):
    parameters, x = initial(kind), np.random.default_rng(2).standard_normal((T, I, B))
    model, tensors = model_of(kind), to_torch(ARCHITECTURES[kind], parameters.views)
    trace = model.trace(T, B)
    y = model.forward(parameters, x, trace)
    h = hidden_states(kind, tensors, x)
    np.testing.assert_allclose(trace.h, h, rtol=0, atol=1e-14)
    expected = np.einsum("oh,thb->tob", tensors["output.weight"], h) + tensors["output.bias"][:, None]
    np.testing.assert_allclose(y, expected, rtol=0, atol=1e-14)


def test_a_feed_forward_net_is_two_linear_layers_over_the_latest_input_first():
    parameters, x = initial("fnn"), np.random.default_rng(2).standard_normal((T, I, B))
    model, tensors = model_of("fnn"), to_torch(FeedForwardModel, parameters.views)
    y = model.forward(parameters, x, model.trace(T, B))
    seen = np.concatenate([x[2], x[1], x[0]])
    h = np.tanh(tensors["hidden.weight"] @ seen + tensors["hidden.bias"][:, None])
    expected = tensors["output.weight"] @ h + tensors["output.bias"][:, None]
    np.testing.assert_allclose(y[2], expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("kind", KINDS)
def test_there_and_back_are_the_same_bits_in_arrays_of_their_own(kind, dtype):
    model = model_of(kind)
    parameters = model.initial(np.random.default_rng(3), dtype)
    tensors = to_torch(ARCHITECTURES[kind], parameters.views)
    assert all(tensor.flags.c_contiguous and tensor.dtype == dtype for tensor in tensors.values())
    again = Parameters.zeros(model.layout, dtype)
    from_torch(ARCHITECTURES[kind], tensors, again.views)
    assert again.flat.tobytes() == parameters.flat.tobytes()
    for tensor in tensors.values():
        tensor += 1
    assert again.flat.tobytes() == parameters.flat.tobytes()


@pytest.mark.parametrize("kind", list(CELLS))
def test_a_second_bias_that_pytorch_has_trained_counts_too(kind):
    model, rng = model_of(kind), np.random.default_rng(4)
    tensors = {
        name: rng.standard_normal(array.shape)
        for name, array in to_torch(ARCHITECTURES[kind], initial(kind).views).items()
    }
    parameters, x = Parameters.zeros(model.layout, "float64"), rng.standard_normal((T, I, B))
    from_torch(ARCHITECTURES[kind], tensors, parameters.views)
    trace = model.trace(T, B)
    model.forward(parameters, x, trace)
    np.testing.assert_allclose(trace.h, hidden_states(kind, tensors, x), rtol=0, atol=1e-14)
