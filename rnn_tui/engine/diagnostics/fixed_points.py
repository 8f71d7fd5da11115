"""States that stay where they are while the input is held (Sussillo and Barak 2013).

A fixed point is a zero of F(s) − s.  It is found by minimizing q = ½ ‖F(s) − s‖² from many states at once, here with a
damped Newton step; around it the net acts like its Jacobian.
"""

from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.diagnostics.jacobians import NO_STATE, StateMap
from rnn_tui.engine.diagnostics.undefined import Undefined, not_finite
from rnn_tui.engine.models import Model, RecurrentModel
from rnn_tui.engine.parameters import Array, Parameters

TOLERANCE = 1e-12  # of q
POLISHED = 1e-26  # of q: rounding; a step further changes nothing
SAME = 1e-3  # distance of two points that count as one
MOST_STEPS = 60
HALVINGS = 12  # of a step that makes q greater


@dataclass(frozen=True, eq=False, slots=True)
class FixedPoint:
    """A state that a held input leaves as it is.

    Attributes:
        state: (N,). speed: q = ½ ‖F(s) − s‖². eigenvalues: (N,) of the Jacobian there.
    """

    state: Array
    speed: float
    eigenvalues: Array

    @property
    def stable(self) -> bool:
        """Do all small changes die out?  All |λ| < 1."""
        return bool((np.abs(self.eigenvalues) < 1).all())


def starting_states(states: Array, count: int, noise: float, rng: np.random.Generator) -> Array:
    """Return ``count`` of the states (T, N, B), with normal noise of that standard deviation: (N, count)."""
    N = states.shape[1]
    rows = states.transpose(0, 2, 1).reshape(-1, N)
    chosen = rows[rng.integers(0, len(rows), count)]
    return np.asarray((chosen + noise * rng.standard_normal(chosen.shape)).T)


@np.errstate(all="ignore")
def fixed_points(model: Model, parameters: Parameters, x: Array, states: Array) -> list[FixedPoint] | Undefined:
    """Return the fixed points that are reached from the given states, the stable ones first; none is possible.

    Args:
        x: (I,), the held input. states: (N, P), where to start, as ``starting_states`` returns them.
    """
    if not isinstance(model, RecurrentModel):
        return NO_STATE
    if problem := not_finite(parameters=parameters.flat, x=x, h=states):
        return problem
    step = StateMap(model, parameters)
    found, q = _minimized(step, np.asarray(x, float)[:, None], np.array(states, float))
    slow = np.flatnonzero(q <= TOLERANCE)
    slow = slow[np.argsort(q[slow], kind="stable")]
    kept: list[int] = []
    for i in slow:
        if all(np.linalg.norm(found[:, i] - found[:, j]) > SAME for j in kept):
            kept.append(int(i))
    if not kept:
        return []
    jacobians = step.jacobian(found[:, kept], _held(x[:, None], len(kept)))
    points = [FixedPoint(found[:, i], float(q[i]), np.linalg.eigvals(J)) for i, J in zip(kept, jacobians, strict=True)]
    return sorted(points, key=lambda point: (not point.stable, *np.round(point.state, 3)))


def _held(x: Array, points: int) -> Array:
    return np.repeat(x, points, axis=1)


def _minimized(step: StateMap, x: Array, states: Array) -> tuple[Array, Array]:
    """Return the states (N, P) after damped Newton steps, and their q (P,); x is (I, 1)."""
    residual = step(states, _held(x, states.shape[1])) - states
    q = 0.5 * np.square(residual).sum(axis=0)
    active = np.flatnonzero(q > POLISHED)
    for _ in range(MOST_STEPS):
        if not len(active):
            break
        direction = _newton(step, x, states[:, active], residual[:, active])
        active = active[_descend(step, x, (states, residual, q), active, direction)]
        active = active[q[active] > POLISHED]
    return states, np.where(np.isfinite(q), q, np.inf)


def _newton(step: StateMap, x: Array, states: Array, residual: Array) -> Array:
    """Return the steps (N, P) that would make F(s) − s zero if F were linear; the shortest ones where J − 1 is
    singular.
    """
    slope = step.jacobian(states, _held(x, states.shape[1])) - np.eye(step.size)
    slope = np.nan_to_num(slope)
    right = -residual.T[..., None]
    try:
        direction = np.linalg.solve(slope, right)
    except np.linalg.LinAlgError:
        direction = np.linalg.pinv(slope) @ right
    return np.asarray(direction[..., 0].T)


def _descend(step: StateMap, x: Array, at: tuple[Array, Array, Array], active: Array, direction: Array) -> Array:
    """Move the active points by the longest of 1, ½, ¼, … of their step that makes q smaller, in place.

    Returns which of them have moved.  ``at`` are the states (N, P), the residuals F(s) − s (N, P) and q (P,).
    """
    states, residual, q = at
    moved = np.zeros(len(active), bool)
    for halving in range(HALVINGS):
        rest = np.flatnonzero(~moved)
        if not len(rest):
            break
        tried = states[:, active[rest]] + direction[:, rest] / 2**halving
        left = step(tried, _held(x, len(rest))) - tried
        size = 0.5 * np.square(left).sum(axis=0)
        better = size < q[active[rest]]  # NaN is not
        done = active[rest[better]]
        states[:, done], residual[:, done], q[done] = tried[:, better], left[:, better], size[better]
        moved[rest[better]] = True
    return moved
