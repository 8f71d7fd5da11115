"""Which inputs the answers of a lane rest on."""

from dataclasses import dataclass

from rnn_tui.engine import diagnostics
from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.engine.parameters import Array
from rnn_tui.session.trained_net import TrainedNet

AT_A_TIME_STEP = Undefined("an intervention acts at a time step")


@dataclass(frozen=True, eq=False, slots=True)
class Saliency:
    """The derivative of each answer on the probe with respect to each input.

    Attributes:
        by_input: (T, T, I) ∂y_τ/∂x_t, τ first. peak: the lag at which most scored answers depend most on an input.
        asked: the lag that the task asks for; None if it is not one lag.
    """

    by_input: Array
    peak: int | Undefined
    asked: int | None


def saliency(net: TrainedNet) -> Saliency | Undefined:
    """Return which inputs the answers on the probe rest on (2 ms; it grows with T²)."""
    if net.probe_pass is not None:
        return AT_A_TIME_STEP
    found = diagnostics.saliency(net.model, net.parameters, net.probe)
    if isinstance(found, Undefined):
        return found
    return Saliency(found, diagnostics.peak_lag(found, net.scored), net.asked)
