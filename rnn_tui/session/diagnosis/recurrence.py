"""Why a lane's memory fades or explodes: the eigenvalues of its recurrence."""

from dataclasses import dataclass

from rnn_tui.engine import diagnostics
from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.diagnostics import Spectrum, Undefined
from rnn_tui.session.diagnosis.jacobians import has_one_matrix, jacobians_along_probe
from rnn_tui.session.trained_net import TrainedNet


@dataclass(frozen=True, eq=False, slots=True)
class Recurrence:
    """Eigenvalues and norm of the recurrence.

    Attributes:
        t: the time step of a Jacobian ∂s_t/∂s_(t−1); None: they are those of W_hh.
        steepest: γ, the largest slope of the activation; 1 for a Jacobian, which includes it.
        gain: g if W_hh is g times an orthogonal matrix; otherwise None.
    """

    spectrum: Spectrum
    t: int | None
    steepest: float
    gain: float | None

    @property
    def matrix(self) -> str:
        """What the eigenvalues are those of."""
        return "W_hh" if self.t is None else f"the Jacobian at t = {self.t}"

    @property
    def vanishes(self) -> bool:
        """Is the gradient certain to vanish: σ < 1/γ?  Only W_hh, which is the same at all time steps, tells."""
        return self.t is None and self.spectrum.vanishes(self.steepest)


def recurrence(net: TrainedNet, t: int | None = None) -> Recurrence | Undefined:
    """Return the eigenvalues of W_hh, or of the Jacobian at time step ``t`` of the probe (1 ms; a Jacobian 10 ms).

    Without ``t``, a gated cell has those of the Jacobian at the last time step.
    """
    if not net.is_recurrent:
        return diagnostics.NO_STATE
    if t is None and has_one_matrix(net):
        W, steepest = net.parameters["W_hh"], ACTIVATIONS[net.settings.options["activation"]].steepest
        found = diagnostics.spectrum(W)
        return (
            found if isinstance(found, Undefined) else Recurrence(found, None, steepest, diagnostics.orthogonal_gain(W))
        )
    t = len(net.probe) - 1 if t is None else t
    jacobians = jacobians_along_probe(net)
    if isinstance(jacobians, Undefined):
        return jacobians
    found = diagnostics.spectrum(jacobians[t])
    return found if isinstance(found, Undefined) else Recurrence(found, t, 1.0, None)
