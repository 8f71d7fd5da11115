"""The best linear predictor of the last rows, by least squares: the floor for series of numbers."""

import numpy as np

from rnn_tui.engine.parameters import Array

MOST_NUMBERS = 4_000_000  # in the linear system; more rows would change only the third digit and take seconds
RIDGE = 1e-9  # far above rounding errors, far below the precision of data


def held_out_error(
    earlier: Array, later: Array, window: int, ahead: int, known: tuple[Array, Array] | None = None
) -> float | None:
    """Return the mean squared error on ``later`` of the linear predictor fitted on ``earlier``.

    The target is column 0, ``ahead`` rows later.  With z_t the rows t − window + 1 … t (all columns) and a 1,
    w = argmin Σ (x_{t + ahead, 0} − w · z_t)² over the earlier rows, and the error is the mean of the same squares
    over the later ones.  Among equally good solutions the shortest is chosen, by adding r² |w|² to the sum, with r
    ``RIDGE`` times the norm of all z_t.  A threshold for singular values would do the same, but the result would depend
    on the BLAS library for values near the threshold.

    Args:
        earlier: (N, I) rows for fitting.
        later: (M, I) rows for scoring; no window contains rows of ``earlier``.
        known: (N,) and (M,) booleans, False where column 0 is missing; missing targets are neither fitted nor scored.

    Returns:
        The error in the square of column 0's units; None if fewer than two rows per weight can be fitted, none can be
        scored, or solving for so many weights would take seconds.  Of many rows only those nearest to the split are
        used, so that the system stays below about ``MOST_NUMBERS``.
    """
    weights = window * earlier.shape[1] + 1
    if 4 * weights**2 > MOST_NUMBERS:
        return None
    most = MOST_NUMBERS // weights + window - 1 + ahead
    fitted, scored = known or (np.ones(len(earlier), bool), np.ones(len(later), bool))
    seen, following = _lagged(earlier[-most:], fitted[-most:], window, ahead)
    if len(seen) < 2 * weights:
        return None
    ridge = RIDGE * np.sqrt(np.square(seen).sum()) * np.eye(weights)
    solution = np.linalg.lstsq(np.vstack([seen, ridge]), np.append(following, np.zeros(weights)), rcond=0)[0]
    seen, following = _lagged(later[:most], scored[:most], window, ahead)
    return float(np.square(seen @ solution - following).mean()) if len(seen) else None


def _lagged(rows: Array, known: Array, window: int, ahead: int) -> tuple[Array, Array]:
    """Return the z_t (R, window · I + 1) of all known targets, and those targets (R,)."""
    first, width = window - 1 + ahead, window * rows.shape[1]  # the first row that can be a target
    if not known[first:].any():
        return np.zeros((0, width + 1)), np.zeros(0)
    windows = np.lib.stride_tricks.sliding_window_view(rows, window, axis=0)[: len(rows) - first][known[first:]]
    return np.column_stack([windows.reshape(-1, width), np.ones(len(windows))]), rows[first:, 0][known[first:]]
