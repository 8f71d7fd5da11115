"""Which past inputs an answer is based on: by the derivative (Simonyan, Vedaldi and Zisserman 2013), and by
occlusion (Zeiler and Fergus 2014).
"""

import numpy as np

from rnn_tui.engine.diagnostics.passes import answer_gradients, likeliest, pieces, precise, untruncated
from rnn_tui.engine.diagnostics.undefined import Undefined, not_finite
from rnn_tui.engine.models import Model
from rnn_tui.engine.parameters import Array, Parameters


@np.errstate(all="ignore")
def saliency(model: Model, parameters: Parameters, x: Array) -> Array | Undefined:
    """Return ∂y_τ/∂x_t (T, T, I), signed, with τ first; zero for t > τ.

    Of several outputs the answer is the greatest one.  For one-hot symbols, the sum over I of its product with x_t is
    the share of the symbol that is present.  Truncation is not regarded.

    Args:
        x: (T, I), one sequence.
    """
    parameters, (T, I) = precise(parameters), x.shape
    if problem := not_finite(parameters=parameters.flat, x=x):
        return problem
    found = np.zeros((T, T, I))
    answers = likeliest(model, parameters, x)
    for part, trace in answer_gradients(untruncated(model), parameters, x, answers):
        found[part] = trace.input_gradient(parameters.matrices).transpose(2, 0, 1)
    return not_finite(**{"the gradient": found}) or found


@np.errstate(all="ignore")
def occlusion(model: Model, parameters: Parameters, x: Array, replacement: Array) -> Array | Undefined:
    """Return y_τ minus y_τ with x_t replaced (T, T), with τ first; zero for t > τ.

    Of several outputs the answer is the greatest one for the sequence as it is.

    Args:
        x: (T, I), one sequence. replacement: (I,), as ``typical_input`` returns it.
    """
    parameters, T = precise(parameters), len(x)
    if problem := not_finite(parameters=parameters.flat, x=x, replacement=replacement):
        return problem
    answers = likeliest(model, parameters, x)
    whole = model.forward(parameters, x[..., None], model.trace(T, 1))[np.arange(T), answers, 0]
    found = np.zeros((T, T))
    for part in pieces(T, model.numbers(T, 1)):
        times = np.arange(T)[part]
        occluded = np.repeat(x[..., None], len(times), axis=2).astype(float)
        occluded[times, :, np.arange(len(times))] = replacement
        y = model.forward(parameters, occluded, model.trace(T, len(times)))
        found[:, part] = whole[:, None] - y[np.arange(T), answers]
    found = np.tril(found)
    return not_finite(**{"the answer": found}) or found


def typical_input(x: Array, symbols: bool) -> Array:
    """Return the mean (I,) of x (T, I, B), or if these are one-hot ``symbols`` the most frequent one."""
    mean = x.mean(axis=(0, 2), dtype=float)
    return np.eye(len(mean))[mean.argmax()] if symbols else np.asarray(mean)


def peak_lag(saliencies: Array, scored: Array | None = None) -> int | Undefined:
    """Return the lag τ − t at which the answers most often depend most on an input; of equal ones the smallest.

    Args:
        saliencies: (T, T, I) or (T, T), as the functions above return them.
        scored: (T,), the time steps τ whose answers count; all if not given.
    """
    T = len(saliencies)
    with np.errstate(over="ignore", invalid="ignore"):  # of a net that has diverged
        sizes = np.linalg.norm(saliencies.reshape(T, T, -1), axis=2)
    taus = np.arange(T) if scored is None else np.flatnonzero(scored)
    taus = taus[sizes[taus].any(axis=1)]
    if not len(taus):
        return Undefined("no scored answer depends on an input")
    # seen from τ backward, so that of equal peaks the latest is found
    lags = [int(sizes[tau, tau::-1].argmax()) for tau in taus]
    return int(np.bincount(lags).argmax())
