"""Requests of diagnostics: what the visible panels show, of the nets in the newest frame."""

from collections.abc import Callable

from rnn_tui.session.frame import Demand
from rnn_tui.ui.panels.diagnoses import Diagnostic
from rnn_tui.ui.panels.view_state import ViewAccess, ViewState
from rnn_tui.ui.training.diagnosis_thread import DiagnosisRequest, DiagnosisThread


class DiagnosisRequests:
    """Keeps the diagnosis thread up to date; belongs to the screen's thread.

    Args:
        wanted: returns the diagnostics of the visible panels.
    """

    def __init__(
        self, thread: DiagnosisThread, shown: ViewAccess, wanted: Callable[[], tuple[Diagnostic, ...]]
    ) -> None:
        self._thread, self._shown, self._wanted = thread, shown, wanted
        self._idle = True

    def follow(self) -> None:
        """Request what is visible now; nothing if no panel shows diagnostics."""
        view, wanted = self._shown.seen, self._wanted()
        if wanted and Demand.NETS in view.frame.demands:
            self._thread.request(_request(view, wanted))
            self._idle = False
        elif not wanted and not self._idle:
            self._thread.request(None)
            self._idle = True

    @property
    def are_met(self) -> bool:
        """Return whether the view has all that the visible panels show."""
        view, wanted = self._shown.seen, self._wanted()
        known = Demand.NETS in view.frame.demands and _request(view, wanted).is_met(view.diagnoses)
        return known or not wanted


def _request(view: ViewState, wanted: tuple[Diagnostic, ...]) -> DiagnosisRequest:
    lanes, training = view.frame.lanes, view.playing or view.goal is not None
    nets, past = [lane.net for lane in lanes], [lane.past for lane in lanes]
    altered = [lane.altered.trained if lane.altered is not None else None for lane in lanes]
    return DiagnosisRequest(wanted, nets, past, view.frame.step, view.lane, view.t, training, altered)
