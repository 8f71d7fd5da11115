"""The size of a state above which a diagnostic would take minutes or gigabytes."""

from rnn_tui.engine import diagnostics
from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.session.trained_net import TrainedNet

WIDEST_JACOBIAN = 256  # numbers in a state: the cost of products of Jacobians grows with their third power
WIDEST_COVARIANCE = 1024  # numbers in a state whose covariance is computed, for a readout or a plane


def wider_than(most: int, net: TrainedNet) -> Undefined | None:
    """Return that the state has more numbers than ``most``, for which a result would take minutes or gigabytes."""
    size = diagnostics.state_size(net.model)
    return Undefined(f"its state has {size:,} numbers; this is computed for at most {most:,}") if size > most else None
