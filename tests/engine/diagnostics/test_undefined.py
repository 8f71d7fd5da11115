"""Whatever the input, a diagnostic gives finite figures or says why there are none; warnings are errors here."""

import dataclasses

import numpy as np
import pytest
from support.numeric_gradients import CELL_KINDS, random_parameters

from rnn_tui.engine.diagnostics import (
    Undefined,
    fixed_points,
    gradient_by_lag,
    hidden_states,
    jacobians_along,
    largest_singular_values,
    linear_memory_curve,
    losses_when_silenced,
    lyapunov_exponents,
    memory_curve,
    occlusion,
    peak_lag,
    principal_plane,
    saliency,
    saturated_share,
    spectrum,
    unit_lags,
)
from rnn_tui.engine.losses import mean_squared_error
from rnn_tui.engine.models import FeedForwardModel, RecurrentModel
from rnn_tui.engine.training import Batch

NETS = {**CELL_KINDS, "fnn": None}
BAD = "numbers that are not finite"


def net(kind, hidden):
    model = FeedForwardModel(1, hidden, 1, 2) if kind == "fnn" else RecurrentModel(CELL_KINDS[kind](1, hidden), 1)
    return model, random_parameters(model, np.random.default_rng(0))


def figures(model, parameters, x, mask):
    """All diagnostics of x (T, 1, B) by name."""
    states, probe, scored = hidden_states(model, parameters, x), x[..., 0], mask[:, 0]
    jacobians = jacobians_along(model, parameters, probe)
    saliencies = saliency(model, parameters, probe)
    square = next((view for name, view in parameters.views.items() if view.shape == (states.shape[1],) * 2), np.eye(2))
    batch = Batch(x, np.zeros_like(x), mask)
    found = {
        "memory": memory_curve(states, x),
        "reference": memory_curve(x, x),
        "linear": linear_memory_curve(square, np.ones((len(square), 1)), 5),
        "gradient": gradient_by_lag(model, parameters, probe, scored),
        "jacobians": jacobians,
        "spectrum": spectrum(square),
        "saliency": saliencies,
        "occlusion": occlusion(model, parameters, probe, np.zeros(1)),
        "plane": principal_plane(states),
        "points": fixed_points(model, parameters, probe[0], states.transpose(1, 0, 2).reshape(states.shape[1], -1)),
        "units": unit_lags(states, x),
        "saturated": saturated_share(states, (-1.0, 1.0)),
        "silenced": losses_when_silenced(model, parameters, mean_squared_error, batch),
    }
    if not isinstance(jacobians, Undefined):
        found["singular"] = largest_singular_values(jacobians)
        found["lyapunov"] = lyapunov_exponents(jacobians)
    if not isinstance(saliencies, Undefined):
        found["peak"] = peak_lag(saliencies, scored)
    return found


def arrays(figure):
    if dataclasses.is_dataclass(figure):
        return [np.asarray(getattr(figure, field.name)) for field in dataclasses.fields(figure)]
    if isinstance(figure, list):
        return [array for point in figure for array in arrays(point)]
    return [np.asarray(figure)]


def check(found):
    for name, figure in found.items():
        if isinstance(figure, Undefined):
            assert figure.reason
        else:
            for array in arrays(figure):
                assert not np.isnan(array).any(), name
                assert np.isfinite(array).all() or name in ("lyapunov", "singular"), name


def undefined(found):
    return {name: figure.reason for name, figure in found.items() if isinstance(figure, Undefined)}


@pytest.mark.parametrize("kind", NETS)
@pytest.mark.parametrize(("hidden", "time", "sequences"), [(1, 12, 6), (3, 2, 6), (3, 1, 6), (1, 1, 1), (3, 12, 1)])
def test_small_sizes_give_figures_or_a_word(kind, hidden, time, sequences):
    x = np.random.default_rng(1).standard_normal((time, 1, sequences))
    found = figures(*net(kind, hidden), x, np.ones((time, sequences)))
    check(found)
    if (time, sequences) == (2, 6):
        assert len(found["memory"].r2) == 2
        assert not isinstance(found["gradient"], Undefined)
    if (time, sequences) == (1, 1):
        assert "cannot be split" in undefined(found)["memory"]


@pytest.mark.parametrize("kind", NETS)
@pytest.mark.parametrize("value", [0.0, 0.7])
def test_a_constant_input_has_no_memory_curve(kind, value):
    found = figures(*net(kind, 3), np.full((12, 1, 6), value), np.ones((12, 6)))
    check(found)
    assert {name for name, reason in undefined(found).items() if reason == "x never varies"} == {
        "memory", "reference", "units",
    }  # fmt: skip


@pytest.mark.parametrize("kind", NETS)
@pytest.mark.parametrize("at", [0, 5])
def test_one_scored_time_step_is_enough(kind, at):
    mask = np.zeros((6, 4))
    mask[at] = 1
    found = figures(*net(kind, 3), np.random.default_rng(1).standard_normal((6, 1, 4)), mask)
    check(found)
    assert len(found["gradient"].by_lag) == at + 1
    assert not isinstance(found["silenced"], Undefined)


@pytest.mark.parametrize("kind", NETS)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("where", ["x", "weights"])
def test_numbers_that_are_not_finite_are_named(kind, bad, where):
    model, parameters = net(kind, 3)
    x = np.random.default_rng(1).standard_normal((8, 1, 4))
    if where == "x":
        x[3] = bad
    else:
        for view in parameters.views.values():
            view[...] = bad
    found = figures(model, parameters, x, np.ones((8, 4)))
    check(found)
    reasons = undefined(found)
    assert reasons["gradient"] == reasons["saliency"] == f"{'x' if where == 'x' else 'parameters'} holds {BAD}"
    assert {"memory", "units", "occlusion", "silenced"} <= reasons.keys()


@pytest.mark.parametrize("kind", ["rnn-identity", "rnn-relu", "rnn-softplus", "lstm"])
def test_a_net_that_explodes_says_so(kind):
    model, parameters = net(kind, 3)
    parameters.flat *= 1e6
    parameters.flat[...] = np.abs(parameters.flat)
    found = figures(model, parameters, np.ones((80, 1, 4)) + np.arange(4), np.ones((80, 4)))
    check(found)
    if kind != "lstm":
        assert BAD in undefined(found)["memory"]
        assert BAD in undefined(found)["gradient"]


@pytest.mark.parametrize("kind", NETS)
def test_a_net_of_zeros_knows_nothing(kind):
    model, parameters = net(kind, 3)
    parameters.flat[...] = 0
    found = figures(model, parameters, np.random.default_rng(1).standard_normal((12, 1, 6)), np.ones((12, 6)))
    check(found)
    assert not found["memory"].r2.any()
    assert undefined(found)["gradient"] == "the answer does not depend on the hidden state"
    assert undefined(found)["peak"] == "no scored answer depends on an input"
    assert undefined(found)["plane"] == "the hidden state never varies"
