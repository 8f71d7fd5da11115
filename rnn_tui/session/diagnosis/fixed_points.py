"""The states of a lane that a held input leaves as they are."""

from dataclasses import dataclass

import numpy as np

from rnn_tui.engine import diagnostics
from rnn_tui.engine.diagnostics import FixedPoint, Undefined
from rnn_tui.engine.parameters import Array
from rnn_tui.session.diagnosis.size_limit import WIDEST_JACOBIAN, wider_than
from rnn_tui.session.trained_net import TrainedNet

STARTS, NOISE = 256, 0.1  # states from which fixed points are searched, and their noise
MOST_SLOPES = 2**22  # numbers in the Jacobians of these states; with a larger state there are fewer of them
DIFFERENT_MAPS = Undefined("the weights are not the same at all time steps")


@dataclass(frozen=True, eq=False, slots=True)
class FixedPoints:
    """States that a held input leaves as they are: ``held`` (I,), and the points, the stable ones first."""

    held: Array
    points: tuple[FixedPoint, ...]

    @property
    def stable(self) -> int:
        """Number of stable points."""
        return sum(point.stable for point in self.points)


def held_input(net: TrainedNet) -> Array:
    """Return the input (I,) that is held: 0, or of symbols the most frequent one."""
    if net.task.alphabet:
        return diagnostics.typical_input(net.held_out.x, symbols=True)
    return np.zeros(net.task.input_size)


def fixed_points(net: TrainedNet, held: Array | None = None, starts: int = STARTS) -> FixedPoints | Undefined:
    """Return the fixed points for a held input, searched from ``starts`` states of held-out sequences with noise
    (150 ms; 40 ms from 64 states).  A feed-forward net has none.
    """
    if not net.is_recurrent:
        return diagnostics.NO_STATE
    if problem := wider_than(WIDEST_JACOBIAN, net):
        return problem
    if not net.has_one_map:
        return DIFFERENT_MAPS
    starts = min(starts, MOST_SLOPES // diagnostics.state_size(net.model) ** 2)
    x = held_input(net) if held is None else np.asarray(held, float)
    states = diagnostics.hidden_states(net.model, net.parameters, net.held_out.x)
    start = diagnostics.starting_states(states, starts, NOISE, np.random.default_rng(net.seed))
    found = diagnostics.fixed_points(net.model, net.parameters, x, start)
    return found if isinstance(found, Undefined) else FixedPoints(x, tuple(found))
