"""∂s_t/∂s_(t−1), s being all that a cell carries on (h; of an LSTM [h; c]), and what products of it do.

The Jacobian of any cell comes out of its own backward pass: a time step of N copies, copy i with the gradient 1 at
s_t's component i.  So a new cell needs nothing here.
"""

import numpy as np

from rnn_tui.engine.cells.base import Unrolled
from rnn_tui.engine.diagnostics.passes import hidden_states, pieces, precise, send_back
from rnn_tui.engine.diagnostics.undefined import Undefined, not_finite
from rnn_tui.engine.models import Model, RecurrentModel
from rnn_tui.engine.parameters import Array, Parameters
from rnn_tui.engine.training import Buffers

NO_STATE = Undefined("a feed-forward net carries no state from one time step to the next")


class StateMap:
    """The map s_t = F(s_(t−1), x_t) of a recurrent net, and its Jacobian ∂s_t/∂s_(t−1), at many points at once."""

    def __init__(self, model: RecurrentModel, parameters: Parameters) -> None:
        self.hidden = model.cell.hidden
        # The same cell with y = h, so that the gradient of y is that of h.
        self._model = RecurrentModel(model.cell, self.hidden)
        self._parameters = Parameters.zeros(self._model.layout, "float64")
        for name, view in self._parameters.views.items():
            if name not in ("W_hy", "b_y"):
                view[...] = parameters[name]
        self._parameters["W_hy"][...] = np.eye(self.hidden)
        self._buffers = Buffers()
        self.parts = len(self._model.trace(1, 1).carried)

    @property
    def size(self) -> int:
        """N, the length of s."""
        return self.parts * self.hidden

    def __call__(self, states: Array, x: Array) -> Array:
        """s_(t−1) (N, P) and x_t (I, P) -> s_t (N, P)."""
        following = [self._forward(states[:, part], x[:, part]).carried_states()[0]
                     for part in pieces(states.shape[1], self._model.numbers(1, 1))]  # fmt: skip
        return np.concatenate(following, axis=1)

    def jacobian(self, states: Array, x: Array) -> Array:
        """Return ∂s_t/∂s_(t−1) (P, N, N) at s_(t−1) (N, P) and x_t (I, P)."""
        N = self.size
        found = np.empty((states.shape[1], N, N))
        for part in pieces(len(found), N * self._model.numbers(1, 1)):
            points = part.stop - part.start
            trace = self._forward(np.repeat(states[:, part], N, axis=1), np.repeat(x[:, part], N, axis=1))
            unit = np.tile(np.eye(N), points)  # (N, P N): copy i has 1 at component i
            dh, *others = np.split(unit, self.parts)
            for carried, gradient in zip(trace.carried[1:], others, strict=True):
                assert carried.directly is not None
                carried.directly[-1] = gradient
            send_back(self._model, self._parameters, dh[None], trace)
            found[part] = trace.start_gradient(self._parameters.matrices).T.reshape(points, N, N)
        return found

    def _forward(self, states: Array, x: Array) -> Unrolled:
        trace = self._buffers.trace(self._model, 1, states.shape[1], self._parameters.dtype)
        assert isinstance(trace, Unrolled)
        self._model.forward(self._parameters, x[None], trace, states.reshape(self.parts, self.hidden, -1))
        return trace


@np.errstate(all="ignore")
def jacobians_along(model: Model, parameters: Parameters, x: Array) -> Array | Undefined:
    """Return ∂s_t/∂s_(t−1) (T, N, N) along the states of x (T, I), the first one from the state zero.

    Truncation is not regarded: this is what the net does, not what it learns from.
    """
    if not isinstance(model, RecurrentModel):
        return NO_STATE
    if problem := not_finite(parameters=parameters.flat, x=x):
        return problem
    states = hidden_states(model, parameters, x[..., None])[..., 0]  # (T, N)
    before = np.concatenate([np.zeros_like(states[:1]), states[:-1]])
    found = StateMap(model, precise(parameters)).jacobian(before.T, x.T)
    return not_finite(**{"the Jacobian": found}) or found


@np.errstate(all="ignore")
def largest_singular_values(jacobians: Array, time: int | None = None) -> Array | Undefined:
    """Return the largest singular value of ∂s_τ/∂s_(τ−k) = J_τ J_(τ−1) … J_(τ−k+1) for k = 0 … τ.

    It bounds how much of a gradient, or of a small change, is left after k time steps (Pascanu et al. 2013).

    Args:
        jacobians: (T, N, N), as ``jacobians_along`` returns them. time: τ; the last time step if not given.
    """
    if problem := not_finite(**{"the Jacobian": jacobians}):
        return problem
    tau = len(jacobians) - 1 if time is None else time
    N = jacobians.shape[1]
    products, logs = np.empty((tau + 1, N, N)), np.zeros(tau + 1)
    products[0] = np.eye(N)
    for lag in range(1, tau + 1):
        product = products[lag - 1] @ jacobians[tau - lag + 1]
        size = np.abs(product).max() or 1.0  # taken out, so that a long product neither overflows nor underflows
        products[lag], logs[lag] = product / size, logs[lag - 1] + np.log(size)
    return np.asarray(np.linalg.norm(products, 2, axis=(1, 2)) * np.exp(logs))


@np.errstate(all="ignore")
def lyapunov_exponents(jacobians: Array) -> Array | Undefined:
    """Return the finite-time Lyapunov exponents (N,), the largest first: mean growth of ln |δs| for each time step.

    By QR (Benettin et al. 1980): J_t Q_(t−1) = Q_t R_t, λ_i = 1/T Σ_t ln |R_t,ii|.  −∞ in directions that are lost
    within the sequence.

    Args:
        jacobians: (T, N, N), as ``jacobians_along`` returns them.
    """
    if not len(jacobians):
        return Undefined("there is no time step")
    if problem := not_finite(**{"the Jacobian": jacobians}):
        return problem
    Q = np.eye(jacobians.shape[1])
    growth = np.zeros(len(Q))
    for J in jacobians:
        Q, R = np.linalg.qr(J @ Q)
        growth += np.log(np.abs(np.diag(R)))
    return np.sort(growth / len(jacobians))[::-1]
