"""Base class of the panels of the memory lab: a chart of diagnostics, and below it what they mean in words."""

from collections.abc import Callable, Sequence
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.declaration import FRAME, Contents, Extent
from rnn_tui.ui.panels.diagnoses import Diagnostic, Finding
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.braille_plot import MARKS
from rnn_tui.ui.widgets.line_widget import LineWidget
from rnn_tui.ui.widgets.text_widgets import TextPage

LEAST_CHART = 5  # rows
COMPUTING = "computing …"

Sentence = Callable[[str, Any], str]


def next_drawing(name: str, about: str) -> Binding:
    """Return the key that shows the next drawing of a panel."""
    return Binding("g", "drawing", "Next drawing", show=False, tooltip=about, id=f"{name}.drawing")


def rows(_: Contents, columns: int) -> Extent:  # noqa: ARG001
    """Return the rows for a chart, two to four lines of words, and the border."""
    return Extent(LEAST_CHART + 2 + FRAME[1], LEAST_CHART + 3 + FRAME[1], (LEAST_CHART + 8 + FRAME[1],))


class DiagnosisPanel(Panel):
    """A chart and a sentence for each lane, that under the cursor first.

    Subclasses return their chart's widget from ``chart``, and draw into it in ``draw``.
    """

    DEFAULT_CSS = """
    DiagnosisPanel {
        padding: 0 1;
        LagChart, PlaneChart { height: 1fr; }
        TextPage { height: auto; max-height: 50%; }
    }
    """

    class DrawingChanged(Message):
        """The panel needs other diagnostics."""

    def charts(self) -> Sequence[LineWidget]:
        """Return new widgets for the drawings; ``draw`` shows one of them."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield from self.charts()
        yield TextPage()

    def only(self, chart: type[LineWidget]) -> None:
        """Display a chart of this kind, and no other one."""
        for widget in self.query(LineWidget):
            widget.display = isinstance(widget, chart)

    def findings(self, view: ViewState, diagnostic: Diagnostic) -> list[tuple[int, Finding]]:
        """Return the newest findings by number of the lane."""
        found = [(i, view.diagnoses.of(diagnostic, i, lane.net)) for i, lane in enumerate(view.frame.lanes)]
        return [(i, finding) for i, finding in found if finding is not None]

    def color(self, lane: int) -> str:
        return self.palette.lane(lane)

    def mark(self, lane: int) -> str:
        """Return the mark along a lane's curve, where colors do not tell curves apart."""
        return MARKS[lane % len(MARKS)] if self.canvas.marked else ""

    def say(self, view: ViewState, diagnostic: Diagnostic, sentence: Sentence) -> None:
        """Say what was found for each lane, that under the cursor first."""
        found = dict(self.findings(view, diagnostic))
        order = sorted(range(len(view.frame.lanes)), key=lambda i: i != view.lane)
        if diagnostic.shown_lane:
            order = order[:1]
        lines = []
        for i in order:
            label = view.frame.lanes[i].label
            said = sentence(label, found[i].result) if i in found else f"{label}: {COMPUTING}"
            lines.append(self._colored(self.canvas.spell(said), label, self.color(i)))
        self.query_one(TextPage).say(Content("\n").join(lines))

    def _colored(self, said: str, label: str, color: str) -> Content:
        """Return a sentence in which the lane's name has its color."""
        before, name, after = said.partition(label)
        return Content.assemble((before, self.palette.text), (name, color), (after, self.palette.text))

    def fitting_text(self, texts: Sequence[str]) -> str:
        """Return the first text that fits into the border."""
        return self.fitting([Content(text) for text in texts]).plain

    def of_step(self, view: ViewState, diagnostic: Diagnostic) -> str:
        """Return ``of step N`` if what is shown is of another step than the frame."""
        steps = {finding.step for _, finding in self.findings(view, diagnostic)}
        return f" of step {min(steps):,}" if steps and steps != {view.frame.step} else ""


def reason(findings: Sequence[tuple[int, Finding]]) -> str:
    """Return why nothing can be drawn; empty if something can."""
    if not findings:
        return COMPUTING
    reasons = [finding.result.reason for _, finding in findings if isinstance(finding.result, Undefined)]
    return reasons[0] if len(reasons) == len(findings) else ""
