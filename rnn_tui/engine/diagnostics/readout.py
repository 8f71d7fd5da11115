"""What h_t still knows of the past: how well x_(t−k) can be read from it.

    read_t = A h_t + b        R²_k = 1 − Σ (x_(t−k) − read_t)² / Σ (x_(t−k) − mean)²

The memory function and the memory capacity are Jaeger's (2001, "Short term memory in echo state networks").
"""

from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.diagnostics.undefined import Undefined, not_finite
from rnn_tui.engine.parameters import Array

RIDGE = 1e-6  # λ for each row: added to the variance of every state
ROWS_PER_UNIT = 10  # with fewer, the score on other sequences is noise
MOST_COLUMNS = 8192  # W^j w of an exact curve; more means that the net forgets too slowly for it


@dataclass(frozen=True, eq=False, slots=True)
class MemoryCurve:
    """How much of the past is known, by lag.

    Attributes:
        r2: (K + 1,) R² of x_(t−k) for the lags k = 0 … K, within [0, 1]; 0 where x_(t−k) never varied.
        units: N, how many numbers were read from. rows: time steps of sequences that the readout was fitted on.
    """

    r2: Array
    units: int
    rows: int

    @property
    def capacity(self) -> float:
        """Σ_k R²_k; at most N for independent inputs."""
        return float(self.r2.sum())

    @property
    def enough(self) -> bool:
        """Were there enough rows for a figure without a ≈?"""
        return self.rows >= ROWS_PER_UNIT * self.units

    @property
    def span(self) -> int:
        """Number of lags, from 0 on, at which at least half of the variance is known."""
        known = self.r2 >= 0.5
        return len(known) if known.all() else int(known.argmin())


def default_lags(time: int) -> int:
    """Return K for sequences of T time steps: half of them, so that the other half can be fitted on."""
    return time // 2


def sequences_needed(units: int, time: int, lags: int | None = None) -> int:
    """Return how many sequences of T time steps it takes for enough rows to read N units."""
    rows = max(1, time - (default_lags(time) if lags is None else lags))
    return 2 * -(-ROWS_PER_UNIT * units // rows)


@np.errstate(all="ignore")
def memory_curve(states: Array, x: Array, lags: int | None = None) -> MemoryCurve | Undefined:
    """Return how well x_(t−k) can be read from the state at t, for k = 0 … ``lags``.

    Ridge regression with intercept, λ = 1e-6 n for n rows, fitted on the first half of the sequences and scored on the
    others; of a single sequence, on the earlier half of its time steps.  The rows are the time steps t ≥ K, the same
    for all lags, so that one factorization serves them all.  Symbols are one-hot; the sums go over all components.

    What x_t alone tells of its past is the curve with x in place of the states: the reference for inputs that are not
    independent.

    Args:
        states: (T, N, B). x: (T, I, B). lags: K, at most T − 1; half of T if not given.
    """
    (T, N, _), I = states.shape, x.shape[1]
    K = min(default_lags(T) if lags is None else lags, T - 1)
    if problem := not_finite(h=states, x=x):
        return problem
    seen, cut = _rows(states, K, 0), _cut(T - K, states.shape[2])
    if not cut:
        return Undefined("one sequence of one time step cannot be split into a part to fit and a part to score")
    fit, score = seen[:, :cut], seen[:, cut:]
    center = fit.mean(axis=1, keepdims=True)
    fit, score = fit - center, score - center

    targets = [_rows(x, K, lag) for lag in range(K + 1)]
    means = [target[:, :cut].mean(axis=1, keepdims=True) for target in targets]
    gram = fit @ fit.T + RIDGE * cut * np.eye(N)
    products = [fit @ (target[:, :cut] - mean).T for target, mean in zip(targets, means, strict=True)]
    readouts = np.linalg.solve(gram, np.concatenate(products, axis=1)).T.reshape(K + 1, I, N)

    r2 = np.zeros(K + 1)
    varies = False
    for lag, (target, mean, readout) in enumerate(zip(targets, means, readouts, strict=True)):
        known = target[:, cut:]
        total = _squares(known - known.mean(axis=1, keepdims=True))
        if total > 1e-24 * _squares(known):
            varies = True
            r2[lag] = 1 - _squares(known - mean - readout @ score) / total
    if not varies:
        return Undefined("x never varies")
    if problem := not_finite(R2=r2):
        return problem
    return MemoryCurve(np.clip(r2, 0, 1), N, cut)


def _rows(array: Array, most: int, lag: int) -> Array:
    """(T, F, B) -> (F, B (T − K)): what there is ``lag`` before the time steps t ≥ K, sequence after sequence."""
    part = array[most - lag : len(array) - lag]
    return part.transpose(1, 2, 0).reshape(part.shape[1], -1)


def _cut(time: int, sequences: int) -> int:
    """Return how many rows are fitted on: those of half of the sequences, or the earlier half of a single one."""
    return time * (sequences // 2) if sequences > 1 else time // 2


def _squares(array: Array) -> float:
    return float(np.vdot(array, array))


@np.errstate(all="ignore")
def linear_memory_curve(
    W_hh: Array, W_xh: Array, lags: int, covariance: Array | None = None
) -> MemoryCurve | Undefined:
    """Return the exact curve of h_t = W_hh h_(t−1) + W_xh x_t + b for independent inputs: the floor of forgetting.

    With v_j = W_hh^j W_xh and the states' covariance R = Σ_j v_j v_j', the best linear readout has
    R²_k = v_k' R⁻¹ v_k, and Σ_k R²_k is the number of dimensions that the inputs reach (Jaeger 2001; White, Lee and
    Sompolinsky 2004).  R is never formed: with V = [v_0 v_1 …], R²_k is the leverage of column k, the squared length of
    that row of V's right singular vectors.  Directions below rounding count as not reached.

    Args:
        W_hh: (H, H). W_xh: (H, I). lags: K.
        covariance: (I, I) of x_t; the identity if not given.  With several inputs R² is weighted by their variances.
    """
    H, I = W_xh.shape
    if problem := not_finite(W_hh=W_hh, W_xh=W_xh):
        return problem
    root = np.eye(I) if covariance is None else _root(covariance)
    total = _squares(root)
    if not total:
        return Undefined("x never varies")
    columns = _powers(np.asarray(W_hh, float), W_xh @ root, lags)
    if isinstance(columns, Undefined):
        return columns
    V = np.concatenate(columns, axis=1)
    if not V.any():
        return Undefined("x does not reach the hidden state")
    _, sizes, right = np.linalg.svd(V, full_matrices=False)
    reached = right[sizes > sizes[0] * max(V.shape) * np.finfo(float).eps]
    by_lag = reached[:, : (lags + 1) * I].reshape(len(reached), lags + 1, I)
    explained = np.einsum("rki,rkj,il,jl->k", by_lag, by_lag, root, root, optimize=True)
    return MemoryCurve(np.clip(explained / total, 0, 1), H, V.shape[1])


def _root(covariance: Array) -> Array:
    """Return the symmetric square root of a covariance."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)


def _powers(W: Array, w: Array, lags: int) -> list[Array] | Undefined:
    """Return W^j w (H, I) for j = 0, 1, … until nothing is left of it, for all lags at least."""
    radius = float(np.abs(np.linalg.eigvals(W)).max())
    if radius >= 1:
        return Undefined(f"W_hh has spectral radius {radius:.4g}: without squashing its state grows without end")
    columns, least = [w], 1e-17 * np.sqrt(_squares(w))
    while len(columns) <= lags or np.sqrt(_squares(columns[-1])) > least:
        columns.append(W @ columns[-1])
        if len(columns) * w.shape[1] > MOST_COLUMNS:
            return Undefined(f"W_hh has spectral radius {radius:.4g}: it forgets too slowly for the exact curve")
    return columns
