"""A thread that computes diagnostics beside training, so that neither training nor a key waits for them."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Condition, Thread

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.engine.parameters import Parameters
from rnn_tui.experiments.blas_threads import limit_blas_threads
from rnn_tui.session.trained_net import TrainedNet
from rnn_tui.ui.input.bug_reports import BugReports
from rnn_tui.ui.panels.diagnoses import Diagnoses, Diagnostic, DiagnosticResult

SHARE = 0.06  # largest share of the time spent on diagnostics while the nets train


@dataclass(frozen=True, eq=False, slots=True)
class DiagnosisRequest:
    """What to compute.

    Attributes:
        wanted: the diagnostics, the most important first.
        nets: of all lanes, after ``step`` updates. altered: those with interventions; None for lanes without.
        past: of all lanes, the parameters at some steps of the history.
        lane, t: the cursor.
        training: whether the nets train meanwhile.
    """

    wanted: Sequence[Diagnostic]
    nets: Sequence[TrainedNet]
    past: Sequence[Mapping[int, Parameters]]
    step: int
    lane: int
    t: int
    training: bool
    altered: Sequence[TrainedNet | None] = ()

    def net(self, diagnostic: Diagnostic, lane: int) -> TrainedNet | None:
        """Return the net of which a diagnostic is wanted; None if there is none."""
        if not diagnostic.altered:
            return self.nets[lane]
        return self.altered[lane] if lane < len(self.altered) else None

    def missing(self, known: Diagnoses) -> list[tuple[Diagnostic, int]]:
        """Return the diagnostics and lanes without a result of these nets: first those that have none at all, then
        the oldest.
        """
        lacking = []
        for diagnostic in self.wanted:
            for lane in [self.lane] if diagnostic.shown_lane else range(len(self.nets)):
                net = self.net(diagnostic, lane)
                if net is None:
                    continue
                found = known.of(diagnostic, lane, net)
                if found is None or not found.is_of(diagnostic, net, self.t):
                    lacking.append((-1 if found is None else found.step, diagnostic, lane))
        return [(diagnostic, lane) for _, diagnostic, lane in sorted(lacking, key=lambda each: each[0])]

    def missing_past(self, known: Diagnoses) -> Iterator[tuple[Diagnostic, int, int]]:
        """Yield the diagnostics, lanes and steps of the history without a result; none while the nets train."""
        if self.training:
            return
        for diagnostic in self.wanted:
            for lane, past in enumerate(self.past if diagnostic.over_run else ()):
                for step, parameters in past.items():
                    if known.at(diagnostic, lane, step, parameters) is None:
                        yield diagnostic, lane, step

    def is_met(self, known: Diagnoses) -> bool:
        """Return whether nothing is missing."""
        return not self.missing(known) and next(self.missing_past(known), None) is None


class DiagnosisThread:
    """Computes what the screen requests; a request replaces the one before.

    The screen's thread calls ``request``, ``collect`` and ``stop``.  The thread starts with the first request, and ends
    with the process.  ``on_found`` is called in it when there is something to collect, once until it is collected.
    """

    def __init__(
        self, on_found: Callable[[], object], bugs: BugReports, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._on_found, self._bugs, self._clock = on_found, bugs, clock
        self._changed = Condition()  # guards the attributes that both threads use:
        self._request: DiagnosisRequest | None = None
        self._found = Diagnoses()
        self._told = self._stopped = False
        self._thread: Thread | None = None

    # The screen's thread.

    def request(self, request: DiagnosisRequest | None) -> None:
        """Compute what is requested from now on; None: nothing."""
        with self._changed:
            self._request = request
            self._changed.notify()
        if request is not None and self._thread is None:
            self._thread = Thread(target=self._run, name="diagnosis", daemon=True)
            self._thread.start()

    def collect(self) -> Diagnoses:
        """Return all results."""
        with self._changed:
            self._told = False
            return self._found

    def stop(self) -> None:
        """End the thread after the diagnostic that it computes."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    # The diagnosis thread.

    def _run(self) -> None:
        limit_blas_threads()
        rest = 0.0  # seconds in which training has the processor for itself
        while (request := self._next(rest)) is not None:
            begin = self._clock()
            self._add(self._with_next(request))
            rest = (self._clock() - begin) * (1 - SHARE) / SHARE

    def _next(self, rest: float) -> DiagnosisRequest | None:
        """Wait for a request of which something is missing; None at the end."""
        until = self._clock() + rest
        with self._changed:
            while not self._stopped:
                request, now = self._request, self._clock()
                if request is None or request.is_met(self._found):
                    self._changed.wait()
                elif request.training and now < until:
                    self._changed.wait(until - now)
                else:
                    return request
        return None

    def _with_next(self, request: DiagnosisRequest) -> Diagnoses:
        """Compute the next thing that is missing, and return all results."""
        for diagnostic, lane in request.missing(self._found):
            net = request.net(diagnostic, lane)
            assert net is not None
            return self._found.having(diagnostic, lane, self._computed(diagnostic, net, request.step, request.t))
        for diagnostic, lane, step in request.missing_past(self._found):
            past = request.past[lane]
            found = self._computed(diagnostic, request.nets[lane].at(past[step]), step, request.t)
            return self._found.having_past(diagnostic, lane, found, past)
        return self._found

    def _computed(self, diagnostic: Diagnostic, net: TrainedNet, step: int, t: int) -> DiagnosticResult:
        try:
            result = diagnostic.compute(net, t)
        except Exception as error:
            result = Undefined(self._bugs.sentence(error))
        return DiagnosticResult(diagnostic, net, step, t, result)

    def _add(self, found: Diagnoses) -> None:
        with self._changed:
            self._found = found
            tell, self._told = not self._told, True
        if tell and not self._stopped:
            self._on_found()
