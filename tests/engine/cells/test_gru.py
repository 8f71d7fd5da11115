import numpy as np
import pytest
from support import reference_equations
from support.numeric_gradients import CLOSE, numeric_nudges, passed_back, random_parameters

from rnn_tui.engine.cells import GRUCell
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.engine.parameters import Parameters

I, H, O, T, B = 2, 3, 2, 4, 2
MODEL = RecurrentModel(GRUCell(I, H), O)


@pytest.fixture(scope="module")
def lab():
    return passed_back(MODEL, T, B)


def test_states_and_y_are_those_of_the_equations_in_a_plain_loop(lab):
    parameters, batch, memory, trace = lab
    states, y = reference_equations.gru(parameters, batch.x, memory=memory)
    assert trace.states.keys() == states.keys()
    for name, expected in states.items():
        np.testing.assert_allclose(trace.states[name], expected, rtol=1e-12, atol=1e-12, err_msg=name)
    np.testing.assert_allclose(trace.y, y, rtol=1e-12, atol=1e-12)


def numeric(lab, nudged):
    return numeric_nudges(reference_equations.gru, lab, H, nudged)


def test_dh_says_how_the_loss_follows_a_nudge_of_h(lab):
    *_, trace = lab
    np.testing.assert_allclose(trace.dh, numeric(lab, lambda nudge: {"to_h": nudge}), **CLOSE)


@pytest.mark.parametrize("gate", "rzn")
def test_dsums_say_how_the_loss_follows_a_nudge_of_each_sum(lab, gate):
    *_, trace = lab
    _, rows = MODEL.layout.packed[0].blocks[f"W_h{gate}"]
    np.testing.assert_allclose(trace.dsums[:, rows], numeric(lab, lambda nudge: {"to_sums": {gate: nudge}}), **CLOSE)


def with_biases(**values):
    """A GRU whose weights are random and whose named biases are these numbers."""
    parameters = random_parameters(MODEL, np.random.default_rng(5))
    for name, value in values.items():
        parameters[name][...] = value
    return parameters


def run(parameters: Parameters, memory):
    trace = MODEL.trace(T, B)
    MODEL.forward(parameters, np.random.default_rng(6).standard_normal((T, I, B)), trace, memory)
    return trace


def test_an_open_update_gate_keeps_the_memory_and_a_shut_one_replaces_it():
    memory = np.random.default_rng(7).uniform(-1, 1, (1, H, B))
    keeping = run(with_biases(b_z=60.0), memory)
    np.testing.assert_allclose(keeping.h, np.broadcast_to(memory, (T, H, B)), rtol=1e-12)
    replacing = run(with_biases(b_z=-60.0), memory)
    np.testing.assert_allclose(replacing.h, replacing.states["n"], rtol=1e-12)


def test_a_shut_reset_gate_hides_the_past_from_the_candidate():
    one, other = (run(with_biases(b_r=-60.0), np.full((1, H, B), value)).states["n"] for value in (-1.0, 1.0))
    np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-15)


def test_the_reset_gate_acts_after_the_product_so_it_can_hide_the_bias_of_the_candidates_past():
    one, other = (run(with_biases(b_r=-60.0, b_hn=value), None).states["n"] for value in (-1.0, 1.0))
    np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-15)


def test_the_layout_names_what_the_equations_name():
    shapes = {name: view.shape for name, view in MODEL.layout.views(np.zeros(MODEL.layout.size)).items()}
    gates = {f"W_h{gate}": (H, H) for gate in "rzn"} | {f"W_x{gate}": (H, I) for gate in "rzn"}
    biases = {f"b_{name}": (H,) for name in ("r", "z", "hn", "xn")}
    assert shapes == {**gates, **biases, "W_hy": (O, H), "b_y": (O,)}
    assert MODEL.layout.count == 3 * H * (H + I) + 4 * H + O * (H + 1)
