"""What each hidden unit carries: the past input that explains it best, how often it is saturated, what it is worth."""

from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.diagnostics.passes import pieces, precise
from rnn_tui.engine.diagnostics.readout import RIDGE, default_lags
from rnn_tui.engine.diagnostics.undefined import Undefined, not_finite
from rnn_tui.engine.losses import Loss
from rnn_tui.engine.models import Model
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.training import Batch

SATURATED = 0.025  # of the range of the activation, from either end: |tanh| ≥ .95


@dataclass(frozen=True, eq=False, slots=True)
class UnitLags:
    """What each unit says about one past input.

    Attributes:
        r2: (K + 1, N) the share of a unit's variance that a linear function of x_(t−k) explains, by lag.
    """

    r2: Array

    @property
    def lag(self) -> Array:
        """(N,) the lag whose input explains the unit best."""
        return np.asarray(self.r2.argmax(axis=0))

    @property
    def best(self) -> Array:
        """(N,) R² at that lag."""
        return np.asarray(self.r2.max(axis=0))


@np.errstate(all="ignore")
def unit_lags(states: Array, x: Array, lags: int | None = None) -> UnitLags | Undefined:
    """Return how much of each unit a single past input explains; 0 for a unit that never varies.

    Least squares of the unit on x_(t−k) over the time steps t ≥ K of all sequences: of one number the squared
    correlation, of one-hot symbols the variance between them (η²).

    Args:
        states: (T, N, B). x: (T, I, B). lags: K, less than T; by default as for ``memory_curve``.
    """
    T, N, B = states.shape
    K = min(default_lags(T, N) if lags is None else lags, T - 1)
    if problem := not_finite(h=states, x=x):
        return problem
    if (T - K) * B < 2:
        return Undefined("there is one time step only")
    if not np.ptp(x, axis=(0, 2)).any():
        return Undefined("x never varies")
    units = _centered(states[K:])
    variance = np.square(units).sum(axis=1)
    varies = variance > 1e-24 * np.square(states[K:], dtype=float).sum(axis=(0, 2))
    r2 = np.zeros((K + 1, N))
    for lag in range(K + 1):
        seen = _centered(x[K - lag : T - lag])
        products = seen @ units.T  # (I, N)
        gram = seen @ seen.T
        ridge = RIDGE * np.trace(gram) / len(gram) or 1.0
        explained = (products * np.linalg.solve(gram + ridge * np.eye(len(gram)), products)).sum(axis=0)
        r2[lag] = np.divide(explained, variance, out=np.zeros(N), where=varies)
    return UnitLags(np.clip(r2, 0, 1))


def _centered(array: Array) -> Array:
    """(T, F, B) -> (F, T B), minus the mean."""
    rows = array.transpose(1, 0, 2).reshape(array.shape[1], -1).astype(float)
    return np.asarray(rows - rows.mean(axis=1, keepdims=True))


def saturated_share(states: Array, limits: tuple[float, float] | None) -> Array | Undefined:
    """Return the share (N,) of time steps at which a unit is within 2.5 % of the range from one of its limits.

    Args:
        states: (T, N, B). limits: the least and the greatest value of the activation; None if it has none.
    """
    if limits is None:
        return Undefined("the activation has no limits")
    if problem := not_finite(h=states):
        return problem
    least, most = limits
    margin = SATURATED * (most - least)
    return np.asarray(((states <= least + margin) | (states >= most - margin)).mean(axis=(0, 2)))


@np.errstate(all="ignore")
def losses_when_silenced(model: Model, parameters: Parameters, loss: Loss, batch: Batch) -> Array | Undefined:
    """Return the loss on the batch (H,) with each unit in turn silenced: whatever reads its h_t reads 0.

    Subtract the loss of the intact net to get what a unit is worth (an ablation; Morcos et al. 2018).
    """
    parameters, (T, _, B) = precise(parameters), batch.x.shape
    if problem := not_finite(parameters=parameters.flat, x=batch.x):
        return problem
    if not batch.mask.any():
        return Undefined("no time step is scored")
    parts = list(pieces(B, model.numbers(T, 1)))
    traces = {size: model.trace(T, size) for size in {part.stop - part.start for part in parts}}
    weights = [float(batch.mask[:, part].sum()) for part in parts]
    found = np.zeros(parameters["W_hy"].shape[1])
    for unit in range(len(found)):
        silent = silenced(parameters, unit)
        for part, weight in zip(parts, weights, strict=True):
            y = model.forward(silent, batch.x[..., part], traces[part.stop - part.start])
            found[unit] += weight * loss.mean(y, batch.target[..., part], batch.mask[:, part])[0]
    found /= sum(weights)
    return not_finite(**{"the loss": found}) or found


def silenced(parameters: Parameters, unit: int) -> Parameters:
    """Return a copy of the parameters in which nothing reads h of the unit: its column of every W_h is zero."""
    silent = Parameters(parameters.layout, parameters.flat.copy())
    for name, view in silent.views.items():
        if name.startswith("W_h"):
            view[:, unit] = 0
    return silent
