"""How far back the gradient of a lane's answers reaches."""

from dataclasses import dataclass
from math import log

import numpy as np

from rnn_tui.engine import diagnostics
from rnn_tui.engine.diagnostics import GradientByLag, Undefined
from rnn_tui.session.diagnosis.jacobians import has_one_matrix, jacobians_along_probe
from rnn_tui.session.trained_net import TrainedNet


@dataclass(frozen=True, eq=False, slots=True)
class Gradient:
    """The gradient of the probe's scored answers with respect to earlier hidden states.

    Attributes:
        by_lag: of the answers, as training sends it back.
        truncation: time steps after which training cuts it; 0: never.
        gain: g of a W_hh that is g times an orthogonal matrix, for which a linear net's gradient is g^k; None if it is
            not.
        asked: the lag that the task asks for; None if it is not one lag.
    """

    by_lag: GradientByLag
    truncation: int
    gain: float | None
    asked: int | None

    @property
    def reach(self) -> int:
        """The greatest lag from which any gradient arrives."""
        return int(np.flatnonzero(self.by_lag.by_lag)[-1])

    @property
    def theory(self) -> int | None:
        """The first lag below 1 % for a linear net with this gain: ln 0.01 / ln g; None without a gain below 1."""
        return None if self.gain is None or self.gain >= 1 else int(log(diagnostics.HORIZON) / log(self.gain)) + 1


def gradient(net: TrainedNet) -> Gradient | Undefined:
    """Return the gradient by lag of a lane (3 ms; it grows with T²)."""
    found = _gradient_by_lag(net)
    if isinstance(found, Undefined):
        return found
    gain = diagnostics.orthogonal_gain(net.parameters["W_hh"]) if has_one_matrix(net) else None
    return Gradient(found, net.truncation, gain, net.asked)


def _gradient_by_lag(net: TrainedNet) -> GradientByLag | Undefined:
    if net.probe_pass is None:
        model = diagnostics.truncated(net.model, net.truncation)
        return diagnostics.gradient_by_lag(model, net.parameters, net.probe, net.scored)
    jacobians = jacobians_along_probe(net)
    if isinstance(jacobians, Undefined):
        return jacobians
    if net.truncation:
        jacobians[:: net.truncation] = 0
    answers = net.probe_pass.y[..., 0].argmax(axis=1)
    readout = [
        segment.parameters["W_hy"][answers[t]]
        for segment in net.probe_pass.segments
        for t in range(segment.start, segment.stop)
    ]
    return diagnostics.gradient_through(jacobians, np.array(readout), net.scored)
