"""How far learning reaches: the gradient of an answer with respect to earlier hidden states.

    g(τ, t) = ‖∂y_τ/∂h_t‖

It vanishes or explodes with the lag τ − t (Hochreiter 1991; Bengio, Simard and Frasconi 1994; Pascanu, Mikolov and
Bengio 2013).
"""

from dataclasses import dataclass

import numpy as np

from rnn_tui.engine.diagnostics.passes import answer_gradients, likeliest, precise
from rnn_tui.engine.diagnostics.undefined import Undefined, not_finite
from rnn_tui.engine.models import Model
from rnn_tui.engine.parameters import Array, Parameters

HORIZON = 0.01  # of the gradient at lag 0


@dataclass(frozen=True, eq=False, slots=True)
class GradientByLag:
    """The gradient of the answers with respect to the hidden states before them.

    Attributes:
        norms: (T, T) g(τ, t), zero for t > τ.
        by_lag: (K + 1,) geometric mean of g(τ, τ−k) / g(τ, τ) over the answers whose gradient arrives; 0 if none does.
        arrives: (K + 1,) share of the answers with a time step τ−k whose gradient is not zero there.  Truncated
            backpropagation through time makes it fall from 1 to 0.
    """

    norms: Array
    by_lag: Array
    arrives: Array

    @property
    def horizon(self) -> int | None:
        """The first lag with less than 1 % of the gradient; None if there is none in the sequence."""
        below = self.by_lag < HORIZON
        return int(below.argmax()) if below.any() else None


@np.errstate(all="ignore")
def gradient_by_lag(
    model: Model, parameters: Parameters, x: Array, scored: Array | None = None
) -> GradientByLag | Undefined:
    """Return g(τ, t) for all t ≤ τ and its mean by lag, as training sends it back: with the model's truncation.

    One backward pass over T copies of the sequence, copy τ scored at τ only.  Of several outputs the answer is the
    greatest one, the logit of the likeliest class.

    Args:
        x: (T, I), one sequence. scored: (T,), the time steps whose answers count for the mean; all if not given.
    """
    parameters, T = precise(parameters), len(x)
    if problem := not_finite(parameters=parameters.flat, x=x):
        return problem
    norms = np.zeros((T, T))
    for part, trace in answer_gradients(model, parameters, x, likeliest(model, parameters, x)):
        norms[part] = np.linalg.norm(trace.dh, axis=1).T
    return _by_lag(np.tril(norms), scored)


@np.errstate(all="ignore")
def gradient_through(jacobians: Array, readout: Array, scored: Array | None = None) -> GradientByLag | Undefined:
    """Return the same of a net whose time steps are given by their Jacobians: J_t is 0 where the gradient is cut.

        λ_τ = [∂y_τ/∂h_τ; 0]        λ_(t−1) = J_t' λ_t        g(τ, t) = ‖the part of λ_t that belongs to h_t‖

    Args:
        jacobians: (T, N, N) J_t = ∂s_t/∂s_(t−1). readout: (T, H) ∂y_τ/∂h_τ of the answers. scored: as above.
    """
    T, H = readout.shape
    sent, norms = np.zeros((T, jacobians.shape[1])), np.zeros((T, T))  # row τ of ``sent``: λ_t from the answer at τ
    for t in reversed(range(T)):
        sent[t, :H] = readout[t]
        norms[t:, t] = np.linalg.norm(sent[t:, :H], axis=1)
        sent[t:] = sent[t:] @ jacobians[t]
    return _by_lag(norms, scored)


def _by_lag(norms: Array, scored: Array | None) -> GradientByLag | Undefined:
    T = len(norms)
    if problem := not_finite(**{"the gradient": norms}):
        return problem
    taus = np.arange(T) if scored is None else np.flatnonzero(scored)
    if not len(taus):
        return Undefined("no time step is scored")
    taus = taus[norms[taus, taus] > 0]
    if not len(taus):
        return Undefined("the answer does not depend on the hidden state")
    return GradientByLag(norms, *_means(norms, taus))


def _means(norms: Array, taus: Array) -> tuple[Array, Array]:
    """Return the mean ratio and the share of non-zero ones by lag, for the answers at ``taus``."""
    most = int(taus.max())
    by_lag, arrives = np.zeros(most + 1), np.zeros(most + 1)
    for lag in range(most + 1):
        late = taus[taus >= lag]
        here, there = norms[late, late], norms[late, late - lag]
        reached = there > 0
        arrives[lag] = reached.mean()
        if reached.any():
            by_lag[lag] = np.exp(np.mean(np.log(there[reached]) - np.log(here[reached])))
    return by_lag, arrives
