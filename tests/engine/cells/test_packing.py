import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import fewer_examples
from support.numeric_gradients import random_parameters

from rnn_tui.engine.cells import GRUCell, LSTMCell
from rnn_tui.engine.cells.packing import packed_by_gate
from rnn_tui.engine.models import RecurrentModel
from rnn_tui.engine.parameters import Parameters

GATES = [(GRUCell, "r"), (GRUCell, "z"), (LSTMCell, "i"), (LSTMCell, "f"), (LSTMCell, "o")]
every_gate = pytest.mark.parametrize(("cell", "gate"), GATES)


def opened(cell, gate, sums, dtype="float64"):
    """What a gate makes of these sums, one after the other."""
    model = RecurrentModel(cell(1, 1), 1)
    parameters, trace = Parameters.zeros(model.layout, dtype), model.trace(len(sums), 1, dtype)
    parameters[f"W_x{gate}"][...] = 1
    model.forward(parameters, np.reshape(sums, (-1, 1, 1)), trace)
    return trace.states[gate][:, 0, 0]


@every_gate
@given(sums=st.lists(st.floats(-700, 700), min_size=1, max_size=5))
@fewer_examples
def test_a_gate_is_the_logistic_sigmoid_of_its_sum(cell, gate, sums):
    np.testing.assert_allclose(opened(cell, gate, sums), 1 / (1 + np.exp(-np.array(sums))), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@every_gate
def test_no_sum_is_too_large_for_a_gate_and_none_makes_it_warn(cell, gate, dtype):
    found = opened(cell, gate, [-1e30, -800, -100, 0, 100, 800, 1e30], dtype)
    np.testing.assert_allclose(found, [0, 0, 0, 0.5, 1, 1, 1], atol=1e-40)


@pytest.mark.parametrize("bias", [-1e30, -800.0, 800.0, 1e30])
@pytest.mark.parametrize("cell", [GRUCell, LSTMCell])
def test_the_gradient_through_shut_and_wide_open_gates_is_finite_and_warns_of_nothing(cell, bias):
    model = RecurrentModel(cell(2, 3), 2)
    for gate in (gate for kind, gate in GATES if kind is cell):
        parameters, trace = random_parameters(model, np.random.default_rng(0)), model.trace(4, 2)
        parameters[f"b_{gate}"][...] = bias
        assert np.isfinite(model.forward(parameters, np.ones((4, 2, 2)), trace)).all()
        assert np.isfinite(model.backward(parameters, np.ones((4, 2, 2)), trace)).all()
        assert not trace.dsums[:, model.layout.packed[0].blocks[f"W_h{gate}"][1]].any()  # it is flat out there


@pytest.mark.parametrize("cell", [GRUCell, LSTMCell])
def test_a_pass_does_not_change_the_weights_and_the_next_one_sees_new_ones(cell):
    model = RecurrentModel(cell(2, 3), 2)
    x, trace, rng = np.ones((4, 2, 2)), model.trace(4, 2), np.random.default_rng(0)
    for parameters in (random_parameters(model, rng), random_parameters(model, rng)):
        kept = parameters.flat.copy()
        y = model.forward(parameters, x, trace)
        np.testing.assert_array_equal(parameters.flat, kept)
        np.testing.assert_array_equal(y, model.forward(parameters, x, model.trace(4, 2)))


def test_every_gate_has_its_own_columns_in_the_order_asked_for():
    packed = packed_by_gate("ab", inputs=2, hidden=3, outputs=4, without_x="b")
    assert (packed.rows, packed.columns) == (3 + 2 + 1, 2 * 3 + 4)
    assert packed.blocks == {
        "W_ha": (slice(0, 3), slice(0, 3)),
        "W_xa": (slice(3, 5), slice(0, 3)),
        "b_a": (5, slice(0, 3)),
        "W_hb": (slice(0, 3), slice(3, 6)),
        "b_hb": (5, slice(3, 6)),
    }
