"""The mark of new findings in the status line: which findings it announces."""

from collections.abc import Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rnn_tui.session.findings.report import Report

Key: TypeAlias = tuple[str, str]  # the rule, and the lane's name


@dataclass(frozen=True)
class FindingsMark:
    """Announces each finding once: it appears when two reports in a row have the finding, or one while nothing trains;
    it goes when the finding is read, or when a report no longer has it.  What is only done is not announced.

    Attributes:
        shown: what it announces. last: what the last report has. known: what was announced or read before.
    """

    shown: Set[Key] = frozenset()
    last: Set[Key] = frozenset()
    known: Set[Key] = frozenset()

    def after(self, report: "Report", at_rest: bool) -> "FindingsMark":
        """Return the mark after a report; ``at_rest``: nothing trains."""
        now = {(each.rule, report.label(each)) for each in report.found if each.kind != "done"}
        new = (now if at_rest else now & self.last) - self.known
        return FindingsMark((self.shown & now) | new, now, self.known | new)

    def read(self) -> "FindingsMark":
        """Return the mark when the last report is read."""
        return FindingsMark(frozenset(), self.last, self.known | self.last)

    @property
    def said(self) -> str:
        """What it announces, in words; empty if there is nothing."""
        if len(self.shown) == 1:
            ((rule, lane),) = self.shown
            return f"{lane}: {rule}"
        return f"{len(self.shown)} findings" if self.shown else ""
