"""Diagnostics that panels show: which there are, and what has been found so far, of which step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.session.diagnosis import TrainedNet


class Diagnostic(NamedTuple):
    """A diagnostic.

    Attributes:
        name: says what is computed.
        compute: returns a frozen result or Undefined, for a net and the time step under the cursor.
        at_cursor: whether the result depends on that time step.
        shown_lane: whether it is computed for the lane under the cursor only.
    """

    name: str
    compute: Callable[[TrainedNet, int], Any]
    at_cursor: bool = False
    shown_lane: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Finding:
    """The result of a diagnostic, or Undefined; of ``net`` after ``step`` updates, and for time step ``t``."""

    net: TrainedNet
    step: int
    t: int
    result: Any

    def is_of(self, diagnostic: Diagnostic, net: TrainedNet, t: int) -> bool:
        """Return whether it is the result for this net and time step."""
        return self.net.parameters is net.parameters and (self.t == t or not diagnostic.at_cursor)


@dataclass(frozen=True, eq=False, slots=True)
class Diagnoses:
    """The newest findings by name of the diagnostic and number of the lane."""

    findings: Mapping[tuple[str, int], Finding] = field(default_factory=dict)

    def of(self, diagnostic: Diagnostic, lane: int, net: TrainedNet) -> Finding | None:
        """Return the newest finding of a lane; None before the first one, or if the lane has got another net."""
        found = self.findings.get((diagnostic.name, lane))
        if found is None or found.net.settings != net.settings or found.net.held_out is not net.held_out:
            return None
        return found


def defined(finding: Finding | None) -> Any:
    """Return the result of a finding; None if there is none, or if it is undefined."""
    return None if finding is None or isinstance(finding.result, Undefined) else finding.result
