import numpy as np
import pytest
from support.linear_nets import delay_line, elman, rotation
from support.numeric_gradients import CELL_KINDS, random_parameters

from rnn_tui.engine.diagnostics import Undefined, occlusion, passes, peak_lag, saliency, typical_input
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel

I, H, O, T = 2, 3, 2, 5
MODELS = {
    **{kind: RecurrentModel(cell(I, H), O, truncation=2) for kind, cell in CELL_KINDS.items()},
    **{f"fnn({window})": FeedForwardModel(I, H, O, window) for window in (1, 3, 7)},
}


def y_of(model, parameters, x):
    return model.forward(parameters, x[..., None], model.trace(len(x), 1))[..., 0].copy()


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_the_saliency_of_every_net_is_the_central_difference_whatever_its_truncation(model):
    rng = np.random.default_rng(2)
    parameters, x = random_parameters(model, rng), rng.standard_normal((T, I))
    answers = y_of(model, parameters, x).argmax(axis=1)
    numeric = np.zeros((T, T, I))
    for t, i in np.ndindex(T, I):
        nudge = np.zeros((T, I))
        nudge[t, i] = 1e-6
        slope = (y_of(model, parameters, x + nudge) - y_of(model, parameters, x - nudge)) / 2e-6
        numeric[:, t, i] = slope[np.arange(T), answers]
    found = saliency(model, parameters, x)
    np.testing.assert_allclose(found, numeric, rtol=1e-6, atol=1e-8)
    assert found[1, 0].any() == (not isinstance(model, FeedForwardModel) or model.window > 1)


def test_the_saliency_of_a_linear_net_is_its_impulse_response():
    W, w = 0.7 * rotation(np.random.default_rng(0), 4), np.arange(1.0, 5.0)[:, None]
    found = saliency(*elman(W, w), np.random.default_rng(1).standard_normal((6, 1)))
    for tau, t in np.ndindex(6, 6):
        expected = (np.linalg.matrix_power(W, tau - t) @ w)[0, 0] if t <= tau else 0
        assert found[tau, t, 0] == pytest.approx(expected, abs=1e-12)


def test_occlusion_in_a_linear_net_is_the_saliency_times_what_was_taken_away():
    net = elman(0.7 * rotation(np.random.default_rng(0), 4), np.ones((4, 2)), inputs=2)
    x = np.random.default_rng(1).standard_normal((6, 2))
    replacement = typical_input(x[..., None], symbols=False)
    expected = saliency(*net, x) @ np.ones(2) * ((x - replacement).sum(axis=1) / 2)
    np.testing.assert_allclose(occlusion(*net, x, replacement), expected, atol=1e-12)


@pytest.mark.parametrize("kind", ["gru", "lstm"])
def test_occlusion_is_the_difference_of_two_answers(kind):
    model = MODELS[kind]
    rng = np.random.default_rng(0)
    parameters, x = random_parameters(model, rng), rng.standard_normal((T, I))
    whole, found = y_of(model, parameters, x), occlusion(model, parameters, x, np.array([0.5, -0.5]))
    for t in range(T):
        other = x.copy()
        other[t] = [0.5, -0.5]
        change = (whole - y_of(model, parameters, other))[np.arange(T), whole.argmax(axis=1)]
        np.testing.assert_allclose(found[:, t], change, atol=1e-12)


@pytest.mark.parametrize("delay", [0, 3])
def test_the_answer_of_a_delay_line_is_based_on_the_input_of_then(delay):
    W, w = delay_line(6)
    net = elman(W, w, W_hy=np.eye(6)[delay])
    x = np.random.default_rng(0).standard_normal((10, 1))
    assert peak_lag(saliency(*net, x)) == delay
    assert peak_lag(occlusion(*net, x, np.array([9.0]))) == delay


def test_the_peak_is_that_of_most_scored_answers_and_of_equal_ones_the_latest():
    sizes = np.zeros((4, 4))
    sizes[1, 1], sizes[2, 0], sizes[3, 1] = 1, -1, -1
    assert peak_lag(sizes) == 2
    assert peak_lag(sizes, np.array([0, 1, 0, 0])) == 0
    assert peak_lag(np.tril(np.ones((4, 4)))) == 0
    assert peak_lag(sizes, np.array([1, 0, 0, 0])) == Undefined("no scored answer depends on an input")


def test_a_typical_input_is_the_mean_or_the_most_frequent_symbol():
    x = np.eye(3)[[[0, 2], [2, 1]]].transpose(0, 2, 1)
    assert typical_input(x, symbols=True).tolist() == [0, 0, 1]
    assert typical_input(x, symbols=False).tolist() == [0.25, 0.25, 0.5]


def test_a_long_sequence_is_taken_in_pieces(monkeypatch):
    model = MODELS["gru"]
    rng = np.random.default_rng(0)
    parameters, x = random_parameters(model, rng), rng.standard_normal((20, I))
    whole = saliency(model, parameters, x), occlusion(model, parameters, x, np.zeros(I))
    monkeypatch.setattr(passes, "MOST_NUMBERS", 3 * model.numbers(20, 1))
    pieces = saliency(model, parameters, x), occlusion(model, parameters, x, np.zeros(I))
    np.testing.assert_allclose(pieces[0], whole[0], atol=1e-12)
    np.testing.assert_allclose(pieces[1], whole[1], atol=1e-12)
