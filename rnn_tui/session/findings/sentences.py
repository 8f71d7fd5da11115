"""Findings in words."""

from collections.abc import Sequence

from rnn_tui.presets.command_line import spelled
from rnn_tui.session.findings.base import Finding

NOTHING = "The rules find nothing wrong."


def observed(finding: Finding) -> str:
    """Return the evidence and the reason as sentences."""
    return f"{finding.evidence[0].upper()}{finding.evidence[1:]}. {finding.reason}"


def sentence(finding: Finding) -> str:
    """Return the evidence and the reason as sentences, and what may help."""
    remedy = f" Try {finding.remedy.said}." if finding.remedy else ""
    return f"{observed(finding)}{remedy}"


def settings(finding: Finding) -> list[str]:
    """Return the remedy as options of the command line."""
    changes = finding.remedy.changes if finding.remedy else {}
    return [f"--set {key}={spelled(value)}" for key, value in changes.items()]


def lines(found: Sequence[Finding], labels: Sequence[str]) -> list[str]:
    """Return findings as lines of text; ``labels``: of the lanes."""
    if not found:
        return [NOTHING]
    said = []
    for each in found:
        said.append(f"{labels[each.lane]}: {each.rule}")
        said.append(f"  {sentence(each)}")
        if options := settings(each):
            said.append(f"  {' '.join(options)}")
    return said
