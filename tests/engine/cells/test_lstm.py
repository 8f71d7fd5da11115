import numpy as np
import pytest
from support import reference_equations
from support.numeric_gradients import CLOSE, numeric_nudges, passed_back, random_parameters

from rnn_tui.engine.cells import LSTMCell, lstm
from rnn_tui.engine.models import RecurrentModel

I, H, O, T, B = 2, 3, 2, 4, 2
MODEL = RecurrentModel(LSTMCell(I, H), O)


@pytest.fixture(scope="module")
def lab():
    return passed_back(MODEL, T, B)


def test_states_and_y_are_those_of_the_equations_in_a_plain_loop(lab):
    parameters, batch, memory, trace = lab
    states, y = reference_equations.lstm(parameters, batch.x, memory=memory)
    assert trace.states.keys() == states.keys()
    for name, expected in states.items():
        np.testing.assert_allclose(trace.states[name], expected, rtol=1e-12, atol=1e-12, err_msg=name)
    np.testing.assert_allclose(trace.y, y, rtol=1e-12, atol=1e-12)


def numeric(lab, nudged):
    return numeric_nudges(reference_equations.lstm, lab, H, nudged)


def test_dh_and_dc_say_how_the_loss_follows_a_nudge_of_h_and_of_c(lab):
    *_, trace = lab
    np.testing.assert_allclose(trace.dh, numeric(lab, lambda nudge: {"to_h": nudge}), **CLOSE)
    np.testing.assert_allclose(trace.dc, numeric(lab, lambda nudge: {"to_c": nudge}), **CLOSE)


@pytest.mark.parametrize("gate", "ifgo")
def test_dsums_say_how_the_loss_follows_a_nudge_of_each_sum(lab, gate):
    *_, trace = lab
    _, rows = MODEL.layout.packed[0].blocks[f"W_h{gate}"]
    np.testing.assert_allclose(trace.dsums[:, rows], numeric(lab, lambda nudge: {"to_sums": {gate: nudge}}), **CLOSE)


def run(memory, **biases):
    """The trace of an LSTM whose weights are random and whose named biases are these numbers."""
    parameters, trace = random_parameters(MODEL, np.random.default_rng(5)), MODEL.trace(T, B)
    for name, value in biases.items():
        parameters[name][...] = value
    MODEL.forward(parameters, np.random.default_rng(6).standard_normal((T, I, B)), trace, memory)
    return trace


def test_with_the_forget_gate_open_and_the_input_gate_shut_the_cell_keeps_what_it_holds():
    memory = np.random.default_rng(7).uniform(-1, 1, (2, H, B))
    trace = run(memory, b_f=60.0, b_i=-60.0)
    np.testing.assert_allclose(trace.states["c"], np.broadcast_to(memory[1], (T, H, B)), rtol=1e-12)


def test_with_the_forget_gate_shut_and_the_input_gate_open_the_cell_holds_what_is_written():
    trace = run(None, b_f=-60.0, b_i=60.0)
    np.testing.assert_allclose(trace.states["c"], trace.states["g"], rtol=1e-12)


def test_a_shut_output_gate_shows_nothing_of_what_the_cell_holds():
    trace = run(None, b_o=-60.0)
    assert np.abs(trace.h).max() < 1e-20
    assert np.abs(trace.states["c"]).min() > 1e-6


def test_the_forget_bias_is_added_to_what_is_drawn_for_b_f_and_to_nothing_else():
    plain_start, biased = (
        RecurrentModel(LSTMCell(I, H, bias), O).initial(np.random.default_rng(2)) for bias in (0.0, 1.5)
    )
    for name, view in plain_start.views.items():
        np.testing.assert_array_equal(biased[name], view + 1.5 if name == "b_f" else view, err_msg=name)


def test_the_layout_names_what_the_equations_name():
    shapes = {name: view.shape for name, view in MODEL.layout.views(np.zeros(MODEL.layout.size)).items()}
    gates = {f"W_h{gate}": (H, H) for gate in "ifgo"} | {f"W_x{gate}": (H, I) for gate in "ifgo"}
    assert shapes == {**gates, **{f"b_{gate}": (H,) for gate in "ifgo"}, "W_hy": (O, H), "b_y": (O,)}
    assert MODEL.layout.count == 4 * H * (H + I + 1) + O * (H + 1)


@pytest.mark.parametrize("cached", [1, 9 * B * 2, 9 * B * 3])  # pieces of 1, 2 and 3 of the 4 time steps
def test_the_gradient_does_not_depend_on_the_pieces_in_which_slopes_are_computed(lab, monkeypatch, cached):
    parameters, batch, memory, whole = lab
    monkeypatch.setattr(lstm, "CACHED", cached)
    trace = MODEL.trace(T, B)
    assert len(trace.slopes) == max(1, cached // (9 * B)) < len(whole.slopes) == T
    MODEL.forward(parameters, batch.x, trace, memory)
    MODEL.backward(parameters, whole.dy, trace)
    for name in ("dh", "dc", "dsums", "directly"):
        np.testing.assert_allclose(getattr(trace, name), getattr(whole, name), rtol=1e-12, atol=1e-12, err_msg=name)
