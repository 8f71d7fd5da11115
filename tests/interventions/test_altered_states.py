"""The diagnostics of nets with interventions, also with those that act at a time step."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_tui.engine.diagnostics import Undefined, hidden_states, memory_curve
from rnn_tui.engine.parameters import Parameters
from rnn_tui.interventions import spelled
from rnn_tui.interventions.altered_pass import altered_input
from rnn_tui.interventions.altered_states import altered_jacobians
from rnn_tui.presets.preset import parse
from rnn_tui.session.diagnosis import diagnose, gradient, memory, perturbations, recurrence
from rnn_tui.session.session import Session
from rnn_tui.session.trained_net import trained_net

T, H = 12, 4
KINDS = ("rnn", "gru", "lstm")


def net_of(kind, truncation=0, delay=2):
    lane = {"kind": kind, "hidden_size": H, **({"window": 3} if kind == "fnn" else {"truncation": truncation})}
    training = {"sequence_length": T, "batch_size": 4}
    session = Session(parse({"task": {"kind": "echo", "delay": delay}, "training": training, "lanes": [lane]}, "x"))
    session.forward(30)
    return trained_net(session.experiment, 0, session.timelines[0])


def altered(net, *texts):
    return net.altered([spelled(text) for text in texts])


@pytest.fixture(scope="module")
def nets():
    return {kind: net_of(kind) for kind in (*KINDS, "fnn")}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("texts", [["reset:5"], ["noise=0.3", "cut:7"], ["start=0.4", "reset:4", "noise=0.1"],
                                   ["silence:u1", "noise=0.2"], ["hold:u2=0.5", "cut:6", "x:3=0"]])  # fmt: skip
def test_the_jacobians_of_an_altered_pass_are_central_differences(nets, kind, texts):
    net = altered(nets[kind], *texts)
    passed = net.over(net.probe[..., None])
    found = altered_jacobians(net.interventions, net.target, passed)
    model, e = net.model, 1e-6
    N = found.shape[1]
    for segment in passed.segments:
        for t in range(segment.start, segment.stop):
            names = model.cell.memory
            before = (
                np.stack([passed.computed[name][t - 1, :, 0] for name in names]) if t else np.zeros((len(names), H))
            )
            for column in range(N):
                ends = []
                for sign in (1, -1):
                    memory = before.copy()
                    memory.ravel()[column] += sign * e
                    memory = memory[..., None]
                    if t:
                        for each in net.interventions:
                            memory = each.altered_memory(memory, net.target, t)
                    else:
                        memory = memory + segment.memory
                    trace = model.trace(1, 1)
                    model.forward(segment.parameters, passed.x[t : t + 1], trace, memory)
                    ends.append(trace.end().ravel())
                np.testing.assert_allclose(found[t][:, column], (ends[0] - ends[1]) / (2 * e), rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("truncation", [0, 3])
def test_an_intervention_at_a_time_step_that_does_nothing_gives_the_ordinary_gradient(kind, truncation):
    net = net_of(kind, truncation)
    plain, through = gradient(net).by_lag, gradient(altered(net, "noise=0")).by_lag
    assert altered(net, "noise=0").probe_pass is not None
    for name in ("norms", "by_lag", "arrives"):
        np.testing.assert_allclose(getattr(through, name), getattr(plain, name), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        perturbations(altered(net, "noise=0")).exponents, perturbations(net).exponents, rtol=1e-9
    )


@pytest.mark.parametrize("kind", KINDS)
def test_no_gradient_and_no_memory_goes_across_a_reset(nets, kind):
    found = gradient(altered(nets[kind], "reset:5")).by_lag.norms
    intact = gradient(nets[kind]).by_lag.norms
    assert (found[5:, :5] == 0).all()
    np.testing.assert_allclose(found[:5, :5], intact[:5, :5], rtol=1e-9)
    assert (found[6:, 5] > 0).all()
    assert memory(altered(nets[kind], "reset:5")).curve.r2[2] < memory(nets[kind]).curve.r2[2]


def test_cut_from_a_time_step_on_the_gradient_ends_there(nets):
    found = gradient(altered(nets["rnn"], "cut:5")).by_lag.norms
    assert (np.tril(found[5:, 5:], -1) == 0).all()
    assert (found[5:, :5] == 0).all()
    assert (found[4, :4] > 0).all()


@pytest.mark.parametrize("kind", [*KINDS, "fnn"])
def test_the_memory_of_a_silenced_unit_is_that_of_a_net_without_it(nets, kind):
    net = altered(nets[kind], "silence:u1")
    states = hidden_states(net.model, net.parameters, net.readout_inputs)
    others = [n for n in range(states.shape[1]) if n % H != 1]
    expected = memory_curve(states[:, others], net.readout_inputs, net.lags)
    np.testing.assert_allclose(memory(net).curve.r2, expected.r2, atol=1e-6)


def test_memory_with_an_altered_input_is_that_of_the_intact_one(nets):
    net = altered(nets["rnn"], "remove:6")
    states = hidden_states(net.model, net.parameters, altered_input(net.interventions, net.target, net.readout_inputs))
    expected = memory_curve(states, net.readout_inputs, net.lags)
    np.testing.assert_allclose(memory(net).curve.r2, expected.r2, rtol=1e-9)
    assert memory(net).curve.r2[0] < memory(nets["rnn"]).curve.r2[0]


def test_at_another_step_the_interventions_act_on_its_parameters(nets):
    net, rng = altered(nets["gru"], "silence:u1", "noise=0.1"), np.random.default_rng(0)
    other = Parameters(net.parameters.layout, rng.standard_normal(net.parameters.flat.size))
    found, fresh = net.at(other), altered(replace(nets["gru"].at(other)), "silence:u1", "noise=0.1")
    np.testing.assert_array_equal(found.parameters.flat, fresh.parameters.flat)
    assert (found.parameters["W_hn"][:, 1] == 0).all()
    np.testing.assert_array_equal(gradient(found).by_lag.norms, gradient(fresh).by_lag.norms)


def test_what_cannot_be_told_says_so(nets):
    found = diagnose(altered(nets["rnn"], "cut:5"))
    undefined = {"saliency": "an intervention acts at a time step",
                 "fixed_points": "the weights are not the same at all time steps"}  # fmt: skip
    for name, reason in undefined.items():
        assert getattr(found, name) == Undefined(reason)
    assert recurrence(altered(nets["rnn"], "cut:5")).t == T - 1  # no one matrix tells it
    assert recurrence(altered(nets["rnn"], "reset:5")).t is None
    assert diagnose(altered(nets["fnn"], "x:3=0")).saliency is not None
