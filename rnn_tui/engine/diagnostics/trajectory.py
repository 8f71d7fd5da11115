"""The plane in which the hidden states move most: their first two principal components (Pearson 1901)."""

from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.diagnostics.undefined import Undefined, not_finite
from rnn_tui.engine.parameters import Array


@dataclass(frozen=True, eq=False, slots=True)
class PrincipalPlane:
    """A plane in the space of states.  Keep one while a net learns, and the states are seen to move.

    Attributes:
        mean: (N,) its origin. axes: (2, N) orthonormal; the largest component of each is positive.
        shares: (2,) of the variance of the states that it was made from.
    """

    mean: Array
    axes: Array
    shares: Array

    def project(self, states: Array) -> Array:
        """(…, N) -> (…, 2)"""
        return np.asarray((states - self.mean) @ self.axes.T)


@np.errstate(all="ignore")
def principal_plane(states: Array) -> PrincipalPlane | Undefined:
    """Return the principal plane of states (T, N, B)."""
    N = states.shape[1]
    if N < 2:
        return Undefined("a state of one unit has no plane")
    if problem := not_finite(h=states):
        return problem
    points = states.transpose(1, 0, 2).reshape(N, -1).astype(float)
    mean = points.mean(axis=1)
    points -= mean[:, None]
    covariance = points @ points.T / points.shape[1]
    total = float(np.trace(covariance))
    if total <= 1e-24 * float(mean @ mean):
        return Undefined("the hidden state never varies")
    values, vectors = np.linalg.eigh(covariance)
    axes = vectors[:, :-3:-1].T
    axes *= np.sign(axes[[0, 1], np.abs(axes).argmax(axis=1)])[:, None]
    return PrincipalPlane(mean, axes, np.maximum(values[:-3:-1], 0) / total)
