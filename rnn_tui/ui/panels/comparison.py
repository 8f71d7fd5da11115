"""The comparison panel: parameters, loss, score, floor and loss by time step of each lane."""

import numpy as np
from rich.cells import set_cell_size
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from rnn_tui.engine.parameters import Array
from rnn_tui.errors import escaped
from rnn_tui.number_format import difference, loss_text, percent, short_count, signed
from rnn_tui.session.frame import Demand, Frame, Lane
from rnn_tui.tasks import Task
from rnn_tui.tasks.metrics import by_role, in_units
from rnn_tui.ui.input.keymap import Keymap
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.comparison_summary import verdict
from rnn_tui.ui.panels.declaration import FRAME, READ_KEYS, Contents, Extent, PanelDeclaration, PanelHelp, always
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.glyphs import BARS, NOTHING
from rnn_tui.ui.widgets.text_widgets import TextPage

WRITES = "  writes "
LEAST_STRIP = 12  # least useful columns of the loss by time step
COLUMNS = (("lane", -9), ("kind", -5), ("net", -15), ("par", 6), ("loss", 8), ("acc", 7), ("floor", 8), ("above", 8))


def _rows(contents: Contents, _: int) -> Extent:
    """Return the rows for a sentence of two lines, a heading, the lanes, the loss without a net, and the border.

    With more rows, also for the expected result, and the loss by time step of each lane.
    """
    least = 4 + contents.lanes + FRAME[1]
    return Extent(least, least + 3, (least + 3 + contents.lanes,))


class ComparisonPanel(Panel):
    declaration = PanelDeclaration(
        name="comparison",
        number=5,
        title="comparison",
        tab="compare",
        columns=always(56, 56, 72),
        rows=_rows,
        demands=Demand.SCORE | Demand.TEXT,
        help=PanelHelp(
            "On held-out sequences: parameters, loss, accuracy or R², floor, the distance above it, and the loss by "
            "time step or by the role of a position. ≈ marks an estimated floor, which a net may beat.",
            "above = loss − floor\nR² = 1 − MSE / variance",
            "In tasks that predict symbols, each net writes a text of its own; the row 'writes at' of the controls is "
            "its temperature, and 0 always takes the most likely symbol.",
            ("net.match", "look.describe", *READ_KEYS),
        ),
    )
    heading = "comparison, on held-out sequences"

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield TextPage()

    def show(self, view: ViewState, before: ViewState | None) -> None:
        if before is None or before.frame is not view.frame or before.unsaved != view.unsaved:
            self.query_one(TextPage).say(self.page(view.frame, view.keys, view.unsaved))

    def page(self, frame: Frame, keys: Keymap, changed: bool = False) -> Content:
        colors = self.palette
        width = max(20, self.content_size.width - 1)  # the column of the scroll bar stays free
        graded = any(lane.score.accuracy is not None for lane in frame.lanes)
        names = [name if name != "acc" else ("acc" if graded else frame.task.shown_as) for name, _ in COLUMNS]
        said = self.canvas.spell(keys.say(verdict(frame)))
        lines = [Content.styled(said, colors.text), Content.styled(_row(names, width), colors.muted)]
        highest = _highest(frame)
        others = (
            4 if frame.task.predicts_symbols else 5 + frame.task.has_units
        )  # lines; the last one, with the expected result, may need scrolling
        more = (self.content_size.height - others) // len(frame.lanes) - 1  # rows of each lane beside its numbers
        for index, lane in enumerate(frame.lanes):
            lines.append(Content.styled(_row(_cells(lane, frame.task), width), colors.lane(index)))
            strip = self._by_time(frame, lane, colors.lane(index), highest, width)
            lines += [*self._written(lane, width, more), strip][: max(0, more)]
        if errors := _errors(frame):
            lines.append(Content.styled(errors, colors.muted))
        lines += [Content.styled(f"data: {escaped(note)}", colors.muted) for note in frame.task.notes]
        if frame.preset.expect and frame.step:  # at step 0, the learner should guess first
            expected = "expected with the original settings" if changed else "expected"
            lines.append(Content.styled(f"{expected}: {frame.preset.expect}", colors.muted))
        if self._height(lines) != self.content_size.height:  # otherwise only this line would not fit
            without = " · ".join(f"{r.name} {loss_text(r.loss)}" for r in frame.references)
            lines.append(Content.styled(f"without a net: {without}", colors.muted))
        return Content("\n").join(lines)

    def _height(self, lines: list[Content]) -> int:
        """Return the number of rows that the lines take without a scroll bar."""
        return Content("\n").join(lines).get_height({}, max(1, self.content_size.width))

    def _written(self, lane: Lane, width: int, most: int) -> list[Content]:
        """Return the text that the net writes, in at most ``most`` lines."""
        text, room = escaped((lane.writing or "").replace("\n", "↵")), width - len(WRITES)
        parts = [text[at : at + room] for at in range(0, len(text), room)][: max(1, most - 1)]
        return [
            Content.assemble((WRITES if i == 0 else " " * len(WRITES), self.palette.muted), (part, ""))
            for i, part in enumerate(parts)
        ]

    def _by_time(self, frame: Frame, lane: Lane, color: str, highest: float, width: int) -> Content:
        roles, by_time = _by_role(frame, lane), lane.score.loss_by_time
        room = width - 8 - len(roles)
        if room < LEAST_STRIP:
            return Content.assemble(("  by ", self.palette.muted), (roles.strip(), color))
        if roles:
            by_time = by_time[-room:]  # columns of several time steps would mix the roles
        strip = _strip(by_time, highest, room)
        return Content.assemble(("  by t  ", self.palette.muted), (strip, color), roles)


def _row(cells: list[str], width: int) -> str:
    """Return aligned columns; a narrow panel omits the column of the net."""
    columns = [(cell, size) for cell, (name, size) in zip(cells, COLUMNS, strict=True) if width >= 66 or name != "net"]
    return "".join(f"{set_cell_size(cell, -size - 1)} " if size < 0 else cell.rjust(size) for cell, size in columns)


def _cells(lane: Lane, task: Task) -> list[str]:
    settings, score = lane.settings, lane.score
    fit = _r2(score.r2) if task.shown_as == "R²" or score.nrmse is None else loss_text(score.nrmse)
    grade = fit if score.accuracy is None else percent(score.accuracy)
    floor = "–" if lane.floor is None else ("" if lane.floor.exact else "≈") + loss_text(lane.floor.loss)
    parameters, loss = short_count(lane.parameters), loss_text(score.loss)
    return [lane.label, settings.kind, settings.net, parameters, loss, grade, floor, difference(lane.to_floor)]


def _errors(frame: Frame) -> str:
    """Return RMSE and MAE of each lane in the unit of the user's data; empty if the data have no unit."""
    told = [(lane.label, in_units(frame.task, lane.score)) for lane in frame.lanes]
    said = [f"{label} {errors[0]:.3g} / {errors[1]:.3g}" for label, errors in told if errors]
    return f"RMSE / MAE in the unit of {frame.task.channels[0]}: {' · '.join(said)}" if said else ""


def _r2(r2: float | None) -> str:
    return "–" if r2 is None else "<−10" if r2 < -10 else signed(r2, 3)


def _highest(frame: Frame) -> float:
    """Return the loss at full height of the strips."""
    values = np.concatenate([lane.score.loss_by_time for lane in frame.lanes])
    finite = values[np.isfinite(values)]
    return float(finite.max()) if finite.size else 1.0


def _strip(by_time: Array, highest: float, width: int) -> str:
    """Return the loss by time step as bars, with several time steps per column if they do not fit."""
    width = max(1, min(width, len(by_time)))
    cells = []
    for part in np.array_split(by_time, width):
        finite = part[np.isfinite(part)]
        share = float(finite.mean()) / highest if finite.size and highest > 0 else 0
        cells.append(BARS[round(min(1.0, share) * (len(BARS) - 1))] if finite.size else NOTHING)
    return "".join(cells)


def _by_role(frame: Frame, lane: Lane) -> str:
    """Return the loss by the role of a position, if the task has roles."""
    losses = by_role(frame.task, lane.score)
    said = " ".join(f"{role} {signed(loss).removeprefix('0')}" for role, loss in losses.items())
    return f"  {frame.task.split_by}: {said}" if said else ""
