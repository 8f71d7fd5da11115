"""When to look for what is wrong with the nets, and what to announce of it."""

from typing import TYPE_CHECKING

from rnn_tui.session.frame import Frame
from rnn_tui.session.lane_record import LaneRecord
from rnn_tui.ui.panels.view_state import ViewAccess
from rnn_tui.ui.training.findings_mark import FindingsMark
from rnn_tui.ui.training.findings_thread import FindingsThread

if TYPE_CHECKING:
    from rnn_tui.session.findings.report import Report


class FindingsRequests:
    """Keeps the findings thread up to date; belongs to the screen's thread.

    While the nets train, it looks at the steps at which the held-out loss is measured.  While they rest, the lab calls
    ``look`` after a moment.  At step 0 it looks only on request.

    Attributes:
        watches: whether it looks without a request.
        mark: what is announced.
    """

    def __init__(self, thread: FindingsThread, shown: ViewAccess) -> None:
        self._thread, self._shown = thread, shown
        self.watches = True
        self.mark = FindingsMark()
        self._name = ""  # of the preset that the mark is about
        self._frame: Frame | None = None  # the one that was followed last
        self._measured = 0  # the step of the measurement at which it looked last
        self._report: Report | None = None

    def follow(self) -> bool:
        """Look if the held-out loss was measured since; return whether to look after a moment of rest."""
        view = self._shown.seen
        frame = view.frame
        if frame is self._frame or not self.watches:
            return False
        self._frame = frame
        if view.name != self._name:
            self._name, self.mark = view.name, FindingsMark()
        if not frame.step:
            return False
        if not self._moving:
            return True
        measured = frame.lanes[0].held_out_losses.until(frame.step).steps
        if len(measured) and int(measured[-1]) != self._measured:
            self._measured = int(measured[-1])
            self.look(at_once=False)
        return False

    def look(self, at_once: bool = True) -> None:
        """Look at the lanes of the newest frame, unless their report is known."""
        records = self._records
        if records and (self._report is None or not self._report.is_of(records)):
            self._thread.look(records, at_once)

    def collect(self) -> "Report | None":
        """Return the newest report, and let the mark follow it."""
        found = self._thread.collect()
        if found is not None and found is not self._report:
            self._report = found
            self.mark = self.mark.after(found, at_rest=not self._moving)
        return found

    def read(self) -> None:
        """Announce nothing of the newest report any more."""
        self.mark = self.mark.read()

    @property
    def _moving(self) -> bool:
        view = self._shown.seen
        return view.playing or view.goal is not None

    @property
    def _records(self) -> list[LaneRecord]:
        return [lane.record for lane in self._shown.seen.frame.lanes if lane.record is not None]
