"""What the hidden state knows, how far the gradient reaches, and why memory fades: pure functions of arrays.

Every function returns :class:`Undefined`, with a reason in words, if its input determines no figure (a constant x,
numbers that are not finite, …); none raises or warns because of that.  Arrays are (time, features, batch), as
everywhere in the engine.  In a notebook:

    from rnn_tui.engine.diagnostics import gradient_by_lag, hidden_states, memory_curve

    states = hidden_states(model, parameters, x)  # x (T, I, B)
    memory_curve(states, x).r2                    # by lag
    gradient_by_lag(model, parameters, x[..., 0]).horizon
"""

from rnn_tui.engine.diagnostics.fixed_points import FixedPoint, fixed_points, starting_states
from rnn_tui.engine.diagnostics.gradients import HORIZON, GradientByLag, gradient_by_lag, gradient_through
from rnn_tui.engine.diagnostics.jacobians import (
    NO_STATE,
    StateMap,
    jacobians_along,
    largest_singular_values,
    lyapunov_exponents,
)
from rnn_tui.engine.diagnostics.passes import hidden_states, precise, state_size, states_of, truncated
from rnn_tui.engine.diagnostics.readout import (
    MemoryCurve,
    default_lags,
    linear_memory_curve,
    memory_curve,
    sequences_needed,
)
from rnn_tui.engine.diagnostics.saliency import occlusion, peak_lag, saliency, typical_input
from rnn_tui.engine.diagnostics.spectrum import Spectrum, orthogonal_gain, spectrum
from rnn_tui.engine.diagnostics.trajectory import PrincipalPlane, principal_plane
from rnn_tui.engine.diagnostics.undefined import Undefined, not_finite
from rnn_tui.engine.diagnostics.units import (
    UnitLags,
    losses_when_silenced,
    saturated_share,
    silenced,
    unit_lags,
)

__all__ = [
    "HORIZON",
    "NO_STATE",
    "FixedPoint",
    "GradientByLag",
    "MemoryCurve",
    "PrincipalPlane",
    "Spectrum",
    "StateMap",
    "Undefined",
    "UnitLags",
    "default_lags",
    "fixed_points",
    "gradient_by_lag",
    "gradient_through",
    "hidden_states",
    "jacobians_along",
    "largest_singular_values",
    "linear_memory_curve",
    "losses_when_silenced",
    "lyapunov_exponents",
    "memory_curve",
    "not_finite",
    "occlusion",
    "orthogonal_gain",
    "peak_lag",
    "precise",
    "principal_plane",
    "saliency",
    "saturated_share",
    "sequences_needed",
    "silenced",
    "spectrum",
    "starting_states",
    "state_size",
    "states_of",
    "truncated",
    "typical_input",
    "unit_lags",
]
