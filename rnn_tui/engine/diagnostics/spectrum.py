"""Eigenvalues and norm of a recurrent matrix: W_hh, or the Jacobian ∂s_t/∂s_(t−1) of a gated cell."""

from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.diagnostics.undefined import Undefined, not_finite
from rnn_tui.engine.parameters import Array


@dataclass(frozen=True, eq=False, slots=True)
class Spectrum:
    """Of a square matrix.

    Attributes:
        eigenvalues: (N,) complex, the largest first; of a pair, the one with the positive imaginary part.
        norm: σ, the largest singular value.  A vector can grow by that in one step even if ρ < 1.
    """

    eigenvalues: Array
    norm: float

    @property
    def radius(self) -> float:
        """ρ, the largest |λ|: growth of a vector for each step in the long run."""
        return float(np.abs(self.eigenvalues[0]))

    def vanishes(self, steepest: float = 1.0) -> bool:
        """Return whether a gradient is certain to vanish: σ < 1 / γ, γ being the greatest slope of the activation
        (1 for tanh, ¼ for the logistic sigmoid; Pascanu et al. 2013).
        """
        return self.norm * steepest < 1


@np.errstate(all="ignore")
def spectrum(matrix: Array) -> Spectrum | Undefined:
    """Return the eigenvalues and the norm of a matrix (N, N)."""
    if problem := not_finite(**{"the matrix": matrix}):
        return problem
    values = np.linalg.eigvals(np.asarray(matrix, float)).astype(complex)
    order = np.lexsort((-values.imag, -values.real, -np.round(np.abs(values), 12)))
    return Spectrum(values[order], float(np.linalg.norm(matrix, 2)))


@np.errstate(all="ignore")
def orthogonal_gain(matrix: Array, tolerance: float = 1e-6) -> float | None:
    """Return g if the matrix (N, N) is g times an orthogonal one, so that a linear net's gradient is g^k; else None."""
    if not_finite(**{"the matrix": matrix}):
        return None
    gain = float(np.sqrt(np.mean(np.square(matrix, dtype=float)) * len(matrix)))
    if not np.isfinite(gain):
        return None
    fits = np.allclose(matrix.T @ matrix, gain**2 * np.eye(len(matrix)), rtol=0, atol=tolerance * gain**2)
    return gain if gain and fits else None
