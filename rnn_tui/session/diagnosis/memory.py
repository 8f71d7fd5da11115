"""What a lane's state knows of earlier inputs."""

from dataclasses import dataclass, replace

import numpy as np

from rnn_tui.engine import diagnostics
from rnn_tui.engine.diagnostics import MemoryCurve, Undefined
from rnn_tui.engine.parameters import Array
from rnn_tui.interventions.altered_pass import altered_input
from rnn_tui.session.diagnosis.size_limit import WIDEST_COVARIANCE, wider_than
from rnn_tui.session.trained_net import TrainedNet

WHITE = 0.02  # R² of earlier inputs from x_t alone, below which inputs count as independent


@dataclass(frozen=True, eq=False, slots=True)
class Memory:
    """What a linear readout of the state knows of earlier inputs.

    Attributes:
        curve: R² by lag.
        reference: (K + 1,) R² of earlier inputs from x_t alone.
        exact: (K + 1,) the best possible R² of a net with the identity activation, for independent inputs; None for
            other nets and inputs. Undefined if W_hh forgets too slowly.
        asked: the lag that the task asks for; None if it is not one lag.
    """

    curve: MemoryCurve
    reference: Array
    exact: Array | Undefined | None
    asked: int | None

    @property
    def independent(self) -> bool:
        """Does x_t tell nothing of earlier inputs?"""
        return not (self.reference[1:] > WHITE).any()


def memory(net: TrainedNet) -> Memory | Undefined:
    """Return the memory curve of a lane, and what to compare it with (25 ms).

    With interventions on the input it tells what the state still knows of the intact input.
    """
    if problem := wider_than(WIDEST_COVARIANCE, net):
        return problem
    x = net.readout_inputs
    states = net.states(altered_input(net.interventions, net.target, x))
    curve = diagnostics.memory_curve(states, x, net.lags)
    if isinstance(curve, Undefined):
        return curve
    reference = diagnostics.memory_curve(x, x, net.lags)
    if isinstance(reference, Undefined):
        return reference
    found = Memory(curve, reference.r2, None, net.asked)
    is_linear = net.is_recurrent and net.settings.options.get("activation") == "identity"
    if is_linear and found.independent and net.reads_what_it_computes:
        return replace(found, exact=_exact(net))
    return found


def _exact(net: TrainedNet) -> Array | Undefined:
    rows = net.readout_inputs.transpose(1, 0, 2).reshape(net.task.input_size, -1)
    W_hh, W_xh = net.parameters["W_hh"], net.parameters["W_xh"]
    curve = diagnostics.linear_memory_curve(W_hh, W_xh, net.lags, np.atleast_2d(np.cov(rows)))
    return curve if isinstance(curve, Undefined) else curve.r2
