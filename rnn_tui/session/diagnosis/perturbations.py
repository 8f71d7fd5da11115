"""What becomes of a small change of a lane's state."""

from dataclasses import dataclass

from rnn_tui.engine import diagnostics
from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.engine.parameters import Array
from rnn_tui.session.diagnosis.jacobians import jacobians_along_probe
from rnn_tui.session.trained_net import TrainedNet


@dataclass(frozen=True, eq=False, slots=True)
class Perturbations:
    """What becomes of a small change of the state.

    Attributes:
        t: the time step to which ``growth`` leads.
        growth: (t + 1,) the largest singular value of ∂s_t/∂s_(t−k), by lag k.
        exponents: (N,) finite-time Lyapunov exponents over the probe, the largest first; −∞ in directions that are
            lost.
    """

    t: int
    growth: Array
    exponents: Array


def perturbations(net: TrainedNet, t: int | None = None) -> Perturbations | Undefined:
    """Return how small changes grow up to time step ``t`` of the probe (20 ms).

    By default, and for t = 0, which has nothing before it, up to the last time step.
    """
    jacobians = jacobians_along_probe(net)
    if isinstance(jacobians, Undefined):
        return jacobians
    t = t or len(jacobians) - 1
    growth = diagnostics.largest_singular_values(jacobians, t)
    exponents = diagnostics.lyapunov_exponents(jacobians)
    if isinstance(growth, Undefined):
        return growth
    return exponents if isinstance(exponents, Undefined) else Perturbations(t, growth, exponents)
