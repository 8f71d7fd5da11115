"""The best linear predictor of the last rows, by least squares: what a network has to beat on numbers."""

import numpy as np

from rnn_tui.engine.parameters import Array

MOST_NUMBERS = 4_000_000  # in the system that is solved; more rows would change the third digit and cost seconds
RIDGE = 1e-9  # far above rounding errors, far below what data tell


def held_out_error(
    earlier: Array, later: Array, window: int, ahead: int, known: tuple[Array, Array] | None = None
) -> float | None:
    """The mean squared error on ``later`` of the predictor that is best on ``earlier``.

    The target is column 0, ``ahead`` rows on.  With z_t the rows t − window + 1 … t (all columns) and a 1,
    w = argmin Σ (x_{t + ahead, 0} − w · z_t)² over the earlier rows, and the error is the mean of the same squares
    over the later ones.  Of two solutions that fit as well the shorter one is taken: to the sum comes r² |w|², with r
    ``RIDGE`` times the norm of all z_t.  A cut at small singular values would do so too, but one that is near the cut
    would be on one side of it with one BLAS, and on the other side with another.

    Args:
        earlier: (N, I) rows that are fitted.
        later: (M, I) rows that are scored; no window reaches back into ``earlier``.
        known: (N,) and (M,) booleans, whether column 0 of a row is known; a target that is not is neither fitted
            nor scored.

    Returns:
        The error in the square of column 0's units; None where fewer than two rows per weight can be fitted, or none
        scored, or where there are so many weights that solving for them would take seconds.  Of long stretches the
        rows nearest to the cut between them count, so that the system stays below about ``MOST_NUMBERS``.
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
    """(R, window · I + 1) the z_t of all known targets, and (R,) those targets."""
    first, width = window - 1 + ahead, window * rows.shape[1]  # the first row that can be a target
    if not known[first:].any():
        return np.zeros((0, width + 1)), np.zeros(0)
    windows = np.lib.stride_tricks.sliding_window_view(rows, window, axis=0)[: len(rows) - first][known[first:]]
    return np.column_stack([windows.reshape(-1, width), np.ones(len(windows))]), rows[first:, 0][known[first:]]
