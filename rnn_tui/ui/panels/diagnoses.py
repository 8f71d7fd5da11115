"""Diagnostics that panels show: which there are, and what has been found so far, of which step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.engine.parameters import Parameters
from rnn_tui.session.trained_net import TrainedNet

COMPUTING = "computing …"  # while there is no result


class Diagnostic(NamedTuple):
    """A diagnostic.

    Attributes:
        name: says what is computed.
        compute: returns a frozen result or Undefined, for a net and the time step under the cursor.
        sentences: returns what a result means, from the longest to the shortest text; takes the lane's name and the
            result or Undefined.
        at_cursor: whether the result depends on that time step.
        shown_lane: whether it is computed for the lane under the cursor only.
        over_run: whether it is computed at several steps of the history too, when nothing else is to do.
        altered: whether it is that of the lanes with interventions, as far as there are some.
    """

    name: str
    compute: Callable[[TrainedNet, int], Any]
    sentences: Callable[[str, Any], Sequence[str]] = lambda _, __: ()
    at_cursor: bool = False
    shown_lane: bool = False
    over_run: bool = False
    altered: bool = False

    @property
    def what_if(self) -> "Diagnostic":
        """The same diagnostic of the lanes with interventions."""
        return self._replace(name=f"{self.name}, what if", altered=True, over_run=False)


@dataclass(frozen=True, eq=False, slots=True)
class DiagnosticResult:
    """The result of a diagnostic, or Undefined; of ``net`` after ``step`` updates, and for time step ``t``."""

    diagnostic: Diagnostic
    net: TrainedNet
    step: int
    t: int
    value: Any

    def is_of(self, diagnostic: Diagnostic, net: TrainedNet, t: int) -> bool:
        """Return whether it is the result for this net and time step."""
        return self.net.parameters is net.parameters and (self.t == t or not diagnostic.at_cursor)


@dataclass(frozen=True, eq=False, slots=True)
class Diagnoses:
    """What has been found so far, by name of the diagnostic and number of the lane.

    Attributes:
        results: the newest ones.
        past: those of earlier or later steps of the history, by step.
    """

    results: Mapping[tuple[str, int], DiagnosticResult] = field(default_factory=dict)
    past: Mapping[tuple[str, int], Mapping[int, DiagnosticResult]] = field(default_factory=dict)

    def of(self, diagnostic: Diagnostic, lane: int, net: TrainedNet) -> DiagnosticResult | None:
        """Return the newest result of a lane; None before the first one, or if the lane has got another net."""
        found = self.results.get((diagnostic.name, lane))
        if found is None or found.net.settings != net.settings:
            return None
        if found.net.sequences != net.sequences:
            return None
        return found

    def said(self, lane: int, net: TrainedNet, label: str) -> list[str]:
        """Return a sentence for each result of this very net, in which the lane has the name ``label``."""
        found = [result for (_, of), result in self.results.items() if of == lane]
        return [
            variants[0]
            for result in found
            if result.net.parameters is net.parameters
            and (variants := result.diagnostic.sentences(label, result.value))
        ]

    def at(self, diagnostic: Diagnostic, lane: int, step: int, parameters: Parameters) -> DiagnosticResult | None:
        """Return the result at a step of the history; None if there is none of these parameters."""
        found = self.past.get((diagnostic.name, lane), {}).get(step)
        return found if found is not None and found.net.parameters is parameters else None

    def over_run(self, diagnostic: Diagnostic, lane: int, past: Mapping[int, Parameters]) -> dict[int, Any]:
        """Return the defined results at steps of the history, in order."""
        found = {step: defined(self.at(diagnostic, lane, step, parameters)) for step, parameters in past.items()}
        return {step: result for step, result in sorted(found.items()) if result is not None}

    def having(self, diagnostic: Diagnostic, lane: int, result: DiagnosticResult) -> "Diagnoses":
        """Return these and a new result."""
        return replace(self, results={**self.results, (diagnostic.name, lane): result})

    def having_past(
        self, diagnostic: Diagnostic, lane: int, result: DiagnosticResult, past: Mapping[int, Parameters]
    ) -> "Diagnoses":
        """Return these and a result of a step of the history; those of other histories than ``past`` are dropped."""
        key = diagnostic.name, lane
        kept = {step: known for step, known in self.past.get(key, {}).items() if known.net.parameters is past.get(step)}
        return replace(self, past={**self.past, key: {**kept, result.step: result}})


def defined(result: DiagnosticResult | None) -> Any:
    """Return the value of a result; None if there is none, or if it is undefined."""
    return None if result is None or isinstance(result.value, Undefined) else result.value
