import numpy as np
import pytest
from support.linear_nets import delay_line, elman
from support.numeric_gradients import CELL_KINDS, LOSSES, random_batch, random_parameters

from rnn_tui.engine.diagnostics import (
    Undefined,
    hidden_states,
    losses_when_silenced,
    passes,
    saturated_share,
    unit_lags,
)
from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.parameters import Parameters

I, H, O, T, B = 2, 4, 2, 5, 6


def test_each_unit_of_a_delay_line_carries_the_input_of_its_own_lag():
    x = np.random.default_rng(0).standard_normal((60, 1, 40))
    found = unit_lags(hidden_states(*elman(*delay_line(5)), x), x, 8)
    assert found.lag.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(found.best, 1, atol=1e-5)
    assert found.r2[6:].max() < 0.02


def test_of_one_input_it_is_the_squared_correlation():
    rng = np.random.default_rng(0)
    states, x = rng.standard_normal((9, 3, 4)), rng.standard_normal((9, 1, 4))
    found = unit_lags(states, x, 3).r2
    for lag, unit in np.ndindex(4, 3):
        expected = np.corrcoef(states[3:, unit].ravel(), x[3 - lag : 9 - lag, 0].ravel())[0, 1] ** 2
        assert found[lag, unit] == pytest.approx(expected, abs=1e-5)


def test_of_symbols_it_is_the_variance_between_them():
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, 3, (20, 10))
    states = (drawn == 1)[:, None] + 0.5 * rng.standard_normal((20, 2, 10))
    unit, symbols = states[10:, 0], drawn[10:]
    between = sum(((symbols == k).sum() * (unit[symbols == k].mean() - unit.mean()) ** 2) for k in range(3))
    found = unit_lags(states, np.eye(3)[drawn].transpose(0, 2, 1), 10)
    assert found.r2[0, 0] == pytest.approx(between / np.square(unit - unit.mean()).sum(), abs=1e-5)


def test_a_unit_that_never_varies_carries_nothing():
    x = np.random.default_rng(0).standard_normal((10, 1, 4))
    found = unit_lags(np.concatenate([x, np.full_like(x, 0.3)], axis=1), x)
    assert found.best.tolist() == [pytest.approx(1), 0]


def test_a_saturated_tanh_is_beyond_95_percent_on_either_side():
    states = np.array([[0.96, -0.96, 0.94, 1.0], [0.0, 0.5, -0.5, -0.97]]).T[:, :, None]
    assert saturated_share(states, (-1.0, 1.0)).tolist() == [0.75, 0.25]
    assert saturated_share((states + 1) / 2, (0.0, 1.0)).tolist() == [0.75, 0.25]
    assert saturated_share(states, None) == Undefined("the activation has no limits")


def without(model, parameters, unit):
    """The same net with one unit less."""
    rest = np.delete(np.arange(H), unit)
    if isinstance(model, FeedForwardModel):
        smaller = FeedForwardModel(I, H - 1, O, model.window)
    else:
        smaller = RecurrentModel(CELL_KINDS[model.kind](I, H - 1), O)
    left = Parameters.zeros(smaller.layout, "float64")
    for name, view in parameters.views.items():
        own = view if name in ("W_hy", "b_y") else view[rest]
        left[name][...] = own[:, rest] if name.startswith("W_h") else own
    return smaller, left


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
@pytest.mark.parametrize("kind", [*CELL_KINDS, "fnn"])
def test_a_silenced_unit_is_missed_as_if_it_had_never_been_there(kind, loss, monkeypatch):
    rng = np.random.default_rng(0)
    if kind == "fnn":
        model = FeedForwardModel(I, H, O, 2)
    else:
        model = RecurrentModel(CELL_KINDS[kind](I, H), O)
        model.kind = kind
    parameters, batch = random_parameters(model, rng), random_batch(rng, loss, I, O, T, B, "ragged")
    expected = []
    for unit in range(H):
        smaller, left = without(model, parameters, unit)
        y = smaller.forward(left, batch.x, smaller.trace(T, B))
        expected.append(loss.mean(y, batch.target, batch.mask)[0])
    np.testing.assert_allclose(losses_when_silenced(model, parameters, loss, batch), expected, rtol=1e-12)
    monkeypatch.setattr(passes, "MOST_NUMBERS", 4 * model.numbers(T, 1))  # four sequences, then two
    np.testing.assert_allclose(losses_when_silenced(model, parameters, loss, batch), expected, rtol=1e-12)


def test_where_nothing_is_scored_nothing_is_missed():
    rng = np.random.default_rng(0)
    model = FeedForwardModel(I, H, O)
    batch = random_batch(rng, mean_squared_error, I, O, T, B)
    batch.mask[...] = 0
    found = losses_when_silenced(model, random_parameters(model, rng), mean_squared_error, batch)
    assert found == Undefined("no time step is scored")
