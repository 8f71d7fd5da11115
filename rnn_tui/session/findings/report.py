"""What the rules have found in all lanes, of which step."""

from collections.abc import Sequence
from dataclasses import dataclass

from rnn_tui.session.description import Paragraph
from rnn_tui.session.findings import findings
from rnn_tui.session.findings.base import Finding
from rnn_tui.session.findings.sentences import NOTHING, sentence
from rnn_tui.session.lane_record import LaneRecord


@dataclass(frozen=True, eq=False)
class Report:
    """The findings in all lanes at one step; ``records``: what they were found in."""

    found: tuple[Finding, ...]
    records: tuple[LaneRecord, ...]

    @property
    def step(self) -> int:
        return self.records[0].step

    def label(self, finding: Finding) -> str:
        """Return the name of its lane."""
        return self.records[finding.lane].label

    def is_of(self, records: Sequence[LaneRecord]) -> bool:
        """Return whether these are lanes with the same weights and the same settings."""
        return [(each.state, each.preset, each.diverged) for each in records] == [
            (each.state, each.preset, each.diverged) for each in self.records
        ]

    @property
    def sentences(self) -> list[str]:
        """A sentence on each finding, or one that nothing is wrong."""
        return [f"{self.label(each)}: {each.rule}. {sentence(each)}" for each in self.found] or [NOTHING]

    @property
    def paragraph(self) -> Paragraph:
        """The paragraph of a description."""
        return Paragraph(f"Findings at step {self.step:,}", self.sentences)


def report(records: Sequence[LaneRecord]) -> Report:
    """Return what the rules find in the lanes of a session."""
    return Report(tuple(findings(records)), tuple(records))
