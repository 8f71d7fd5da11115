"""The Jacobians of a lane's recurrence along its probe."""

from rnn_tui.engine import diagnostics
from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.altered_states import altered_jacobians
from rnn_tui.session.diagnosis.size_limit import WIDEST_JACOBIAN, wider_than
from rnn_tui.session.trained_net import TrainedNet


def jacobians_along_probe(net: TrainedNet) -> Array | Undefined:
    """Return ∂s_t/∂s_(t−1) (T, N, N) along the probe, with the interventions."""
    passed = net.probe_pass
    if net.is_recurrent and (problem := wider_than(WIDEST_JACOBIAN, net)):
        return problem
    if passed is None:
        return diagnostics.jacobians_along(net.model, net.parameters, net.probe)
    if problem := diagnostics.not_finite(parameters=passed.segments[0].parameters.flat, x=passed.x):
        return problem
    found = altered_jacobians(net.interventions, net.target, passed)
    return diagnostics.not_finite(**{"the Jacobian": found}) or found


def has_one_matrix(net: TrainedNet) -> bool:
    """Return whether the recurrence is f(W_hh h + …), so that W_hh alone says what it does."""
    one_matrix = net.settings.architecture.recurrent == ("W_hh",) and net.settings.architecture.single_sum
    return one_matrix and net.has_one_map
