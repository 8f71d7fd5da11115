"""The comparison: per lane its parameters, loss, score, floor and distance to it, and the error by time step."""

from math import isfinite

import numpy as np
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from rnn_tui.engine.parameters import Array
from rnn_tui.session.frame import Frame, Lane
from rnn_tui.ui.panels.panel import Panel, loss_text, signed
from rnn_tui.ui.panels.verdict import verdict
from rnn_tui.ui.view import View
from rnn_tui.ui.widgets.text import Page

BARS = "▁▂▃▄▅▆▇█"
COLUMNS = (("lane", -9), ("net", -15), ("par", 6), ("loss", 8), ("acc", 7), ("floor", 8), ("above", 8))


class ComparePanel(Panel):
    number, heading = 5, "comparison, on held-out sequences"

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Page()

    def show(self, view: View, before: View | None) -> None:
        if before is None or before.frame is not view.frame:
            self.query_one(Page).say(self._content(view.frame))

    def _content(self, frame: Frame) -> Content:
        colours = self.colours
        width = max(20, self.content_size.width - 1)  # the scroll bar's column stays free
        graded = any(lane.score.accuracy is not None for lane in frame.lanes)
        names = [name if name != "acc" else ("acc" if graded else "R²") for name, _ in COLUMNS]
        lines = [Content.styled(verdict(frame), colours.text), Content.styled(_row(names, width), colours.muted)]
        highest = _highest(frame)
        strips = self.content_size.height >= 2 * len(frame.lanes) + 6  # else there is room for the numbers only
        for index, lane in enumerate(frame.lanes):
            lines.append(Content.styled(_row(_cells(lane), width), colours.lane(index)))
            if strips:
                lines.append(self._by_time(frame, lane, colours.lane(index), highest, width))
        without = " · ".join(f"{r.name} {loss_text(r.loss)}" for r in frame.references)
        lines.append(Content.styled(f"without a net: {without}", colours.muted))
        if frame.preset.expect and frame.step:  # before, it is for the learner to say
            lines.append(Content.styled(f"expected: {frame.preset.expect}", colours.muted))
        return Content("\n").join(lines)

    def _by_time(self, frame: Frame, lane: Lane, colour: str, highest: float, width: int) -> Content:
        phases, by_time = _phases(frame, lane), lane.score.loss_by_time
        room = max(1, width - 8 - len(phases))
        if phases:
            by_time = by_time[-room:]  # columns of several time steps would blur the phases
        strip = _strip(by_time, highest, room)
        return Content.assemble(("  by t  ", self.colours.muted), (strip, colour), phases)


def _row(cells: list[str], width: int) -> str:
    """Left- and right-aligned columns; a narrow panel leaves the net's kind out."""
    columns = [(cell, size) for cell, (name, size) in zip(cells, COLUMNS, strict=True) if width >= 61 or name != "net"]
    return "".join(cell[: -size - 1].ljust(-size) if size < 0 else cell.rjust(size) for cell, size in columns)


def _cells(lane: Lane) -> list[str]:
    settings, score = lane.settings, lane.score
    grade = (
        f"{score.accuracy:.1%}" if score.accuracy is not None else ("–" if score.r2 is None else signed(score.r2, 3))
    )
    floor = "–" if lane.floor is None else ("" if lane.floor.exact else "≈") + loss_text(lane.floor.loss)
    above = "–"
    if lane.to_floor is not None and isfinite(lane.to_floor):
        above = f"{lane.to_floor:+.4f}".replace("-0.0000", "+0.0000").replace("-", "−")
    net = f"{settings.activation} {settings.hidden_size}"
    return [lane.label, net, f"{lane.parameters:,}", loss_text(score.loss), grade, floor, above]


def _highest(frame: Frame) -> float:
    """The loss that the strips' full height stands for."""
    values = np.concatenate([lane.score.loss_by_time for lane in frame.lanes])
    finite = values[np.isfinite(values)]
    return float(finite.max()) if finite.size else 1.0


def _strip(by_time: Array, highest: float, width: int) -> str:
    """The loss by time step as bars, several time steps to a column where they do not fit."""
    width = max(1, min(width, len(by_time)))
    cells = []
    for part in np.array_split(by_time, width):
        finite = part[np.isfinite(part)]
        share = float(finite.mean()) / highest if finite.size and highest > 0 else 0
        cells.append(BARS[round(min(1.0, share) * (len(BARS) - 1))] if finite.size else "·")
    return "".join(cells)


def _phases(frame: Frame, lane: Lane) -> str:
    phases = frame.task.phases
    if phases < 2 or frame.length < phases:
        return ""
    return "  phases " + " ".join(f"{loss:.2f}" for loss in lane.score.by_phase(phases))
