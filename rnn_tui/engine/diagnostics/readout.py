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
        units: N, how many numbers were read from. rows: that the readout was fitted on, at lag K.
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


def default_lags(time: int, units: int) -> int:
    """Return K for sequences of T time steps and N units: twice as many as a linear net could know, up to half of T."""
    return min(time // 2, max(16, 2 * units))


def sequences_needed(units: int, time: int, lags: int | None = None) -> int:
    """Return how many sequences of T time steps it takes for enough rows to read N units, at the last lag too."""
    rows = max(1, time - (default_lags(time, units) if lags is None else lags))
    return 2 * -(-ROWS_PER_UNIT * units // rows)


@np.errstate(all="ignore")
def memory_curve(states: Array, x: Array, lags: int | None = None) -> MemoryCurve | Undefined:
    """Return how well x_(t−k) can be read from the state at t, for k = 0 … ``lags``.

    Ridge regression with intercept, λ = 1e-6 n for n rows, over the time steps t ≥ k; fitted on the first half of the
    sequences and scored on the others.  A single sequence is cut into two of half the length.  Symbols are one-hot; the
    sums go over all components.

    What x_t alone tells of its past is the curve with x in place of the states: the reference for inputs that are not
    independent.

    Args:
        states: (T, N, B). x: (T, I, B). lags: K, less than T; by default 2 N, but 16 at least and T / 2 at most.
    """
    if problem := not_finite(h=states, x=x):
        return problem
    if states.shape[2] == 1:
        states, x = _two_halves(states), _two_halves(x)
    (T, N, B), half = states.shape, states.shape[2] // 2
    if not T:
        return Undefined("one sequence of one time step cannot be split into a part to fit and a part to score")
    K = min(default_lags(T, N) if lags is None else lags, T - 1)
    fit, score = _side_by_side(states[..., :half]), _side_by_side(states[..., half:])
    center = fit.mean(axis=1, keepdims=True)
    fit, score = fit - center, score - center
    inputs, answers = _side_by_side(x[..., :half]), _side_by_side(x[..., half:])

    # From the last time step back: at lag k the time steps t ≥ k have joined the sums.
    r2, gram, total = np.zeros(K + 1), np.zeros((N, N)), np.zeros((N, 1))
    for lag in range(T - 1, -1, -1):
        joining = fit[:, lag * half : (lag + 1) * half]
        gram += joining @ joining.T
        total += joining.sum(axis=1, keepdims=True)
        if lag <= K:
            rows = fit[:, lag * half :]
            known, asked = inputs[:, : rows.shape[1]], answers[:, : (T - lag) * (B - half)]
            readout, constant = _ridge(gram, total, rows, known)
            r2[lag] = _explained(asked, readout @ score[:, lag * (B - half) :] + constant)
    if not x.size or not np.ptp(x, axis=(0, 2)).any():
        return Undefined("x never varies")
    return not_finite(R2=r2) or MemoryCurve(np.clip(r2, 0, 1), N, (T - K) * half)


def _ridge(gram: Array, total: Array, rows: Array, known: Array) -> tuple[Array, Array]:
    """Return the readout (I, N) and its constant (I, 1) of ``known`` (I, n) from the rows (N, n), whose products with
    each other are ``gram`` (N, N), and whose sum is ``total`` (N, 1).
    """
    n = rows.shape[1]
    mean, middle = known.mean(axis=1, keepdims=True), total / n
    centered = gram - total @ middle.T
    readout = np.linalg.solve(centered + RIDGE * n * np.eye(len(gram)), rows @ (known - mean).T).T
    return readout, mean - readout @ middle


def _explained(known: Array, read: Array) -> float:
    """Return R² (I, n); 0 where there is nothing to explain."""
    total = _squares(known - known.mean(axis=1, keepdims=True))
    return 1 - _squares(known - read) / total if total > 1e-24 * _squares(known) else 0.0


def _two_halves(sequence: Array) -> Array:
    """(T, F, 1) -> (T / 2, F, 2)"""
    half = len(sequence) // 2
    return np.concatenate([sequence[:half], sequence[half : 2 * half]], axis=2)


def _side_by_side(array: Array) -> Array:
    """(T, F, B) -> (F, T B), one time step after another."""
    return array.transpose(1, 0, 2).reshape(array.shape[1], -1).astype(float)


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
