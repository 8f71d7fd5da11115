"""The states of a lane in their principal plane."""

from dataclasses import dataclass

import numpy as np

from rnn_tui.engine import diagnostics
from rnn_tui.engine.diagnostics import PrincipalPlane, Undefined
from rnn_tui.engine.parameters import Array
from rnn_tui.session.diagnosis.size_limit import WIDEST_COVARIANCE, wider_than
from rnn_tui.session.trained_net import TrainedNet

FOLLOWED = 32  # held-out sequences whose trajectories are returned


@dataclass(frozen=True, eq=False, slots=True)
class Trajectory:
    """States in a plane.

    Attributes:
        plane: pass it to ``trajectory`` at later steps, and the axes stay. probe: (T, 2). others: (T, B, 2), of
            further held-out sequences.
    """

    plane: PrincipalPlane
    probe: Array
    others: Array


def trajectory(net: TrainedNet, plane: PrincipalPlane | None = None) -> Trajectory | Undefined:
    """Return the states of held-out sequences in their principal plane, or in a given one (15 ms).

    ``plane.project`` also takes the states of fixed points.
    """
    if problem := wider_than(WIDEST_COVARIANCE, net):
        return problem
    states = net.states(net.held_out.x)
    found = diagnostics.principal_plane(states) if plane is None else plane
    if isinstance(found, Undefined):
        return found
    if not np.isfinite(states).all():
        return Undefined("h holds numbers that are not finite")
    shown = found.project(states[..., : 1 + FOLLOWED].transpose(0, 2, 1))
    if net.own is None:
        return Trajectory(found, shown[:, 0], shown[:, 1:])
    own = net.states(net.own.x)[..., 0]
    if not np.isfinite(own).all():
        return Undefined("h holds numbers that are not finite")
    return Trajectory(found, found.project(own), shown[:, 1:])
