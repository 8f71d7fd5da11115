"""A thread that applies the rules for findings beside training, so that neither training nor a key waits for them."""

import time
from collections.abc import Callable, Sequence
from threading import Condition, Thread
from typing import TYPE_CHECKING

from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.session.lane_record import LaneRecord
from rnn_tui.ui.input.bug_reports import BugReports

if TYPE_CHECKING:
    from rnn_tui.session.findings.report import Report

SHARE = 0.03  # largest share of the time spent on findings while the nets train


class FindingsThread:
    """Applies the rules to records; new records replace those that wait.

    The screen's thread calls ``look``, ``collect`` and ``stop``.  The thread starts with the first records, and ends
    with the process.  ``on_found`` is called in it when there is a new report.
    """

    def __init__(
        self, on_found: Callable[[], object], bugs: BugReports, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._on_found, self._bugs, self._clock = on_found, bugs, clock
        self._changed = Condition()  # guards the attributes that both threads use:
        self._waiting: tuple[LaneRecord, ...] = ()
        self._at_once = False
        self._report: Report | None = None
        self._problem = ""
        self._stopped = False
        self._thread: Thread | None = None

    # The screen's thread.

    def look(self, records: Sequence[LaneRecord], at_once: bool) -> None:
        """Apply the rules to records.  ``at_once``: someone waits for it, or nothing trains."""
        with self._changed:
            self._waiting, self._at_once = tuple(records), at_once
            self._changed.notify()
        if self._thread is None:
            self._thread = Thread(target=self._run, name="findings", daemon=True)
            self._thread.start()

    def collect(self) -> "Report | None":
        """Return the newest report; None before the first one."""
        with self._changed:
            return self._report

    def problem(self) -> str:
        """Return why there is no report, once."""
        with self._changed:
            problem, self._problem = self._problem, ""
            return problem

    def stop(self) -> None:
        """End the thread after the rules that it applies."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    # The findings thread.

    def _run(self) -> None:
        from rnn_tui.session.findings.report import report  # not needed for the first frame

        limit_blas_threads()
        rest = 0.0  # seconds in which training has the processor for itself
        while records := self._next(rest):
            begin, found, problem = self._clock(), None, ""
            try:
                found = report(records)
            except Exception as error:
                problem = self._bugs.sentence(error)
            with self._changed:
                self._report, self._problem = found or self._report, problem
                stopped = self._stopped
            if not stopped:
                self._on_found()
            rest = (self._clock() - begin) * (1 - SHARE) / SHARE

    def _next(self, rest: float) -> tuple[LaneRecord, ...]:
        """Wait for records; empty at the end."""
        until = self._clock() + rest
        with self._changed:
            while not self._stopped:
                now = self._clock()
                if self._waiting and (self._at_once or now >= until):
                    records, self._waiting = self._waiting, ()
                    return records
                self._changed.wait(until - now if self._waiting else None)
        return ()
