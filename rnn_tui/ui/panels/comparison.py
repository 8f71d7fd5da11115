"""The comparison panel: a sentence, and below it weights, loss, score, floor and loss by time step of each lane."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.content import Content

from rnn_tui.engine.parameters import Array
from rnn_tui.errors import escaped
from rnn_tui.number_format import difference, loss_text, percent, short_count, signed
from rnn_tui.session.frame import Demand, Frame, Lane
from rnn_tui.tasks import Task
from rnn_tui.tasks.metrics import by_role, in_units, rmse_without_net
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.comparison_sentence import luck, proposal, sentence
from rnn_tui.ui.panels.declaration import FRAME, READ_KEYS, Contents, Extent, PanelDeclaration, PanelHelp, always
from rnn_tui.ui.panels.seed_sentences import spread_texts
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.glyphs import BARS, NOTHING
from rnn_tui.ui.widgets.text_page import TextPage
from rnn_tui.ui.widgets.text_widgets import TextLine, rows_of_text

WRITES, AT_EACH, IF_AT_EACH = "  writes ", " loss at t ", " if   at t "
LEAST_STRIP = 12  # least useful columns of the loss by time step
SENTENCE = (2, 4)  # least and most rows of the sentence
LUCK = 3  # most rows of what further seeds say
# Headings, their columns (negative: aligned to the left), and the columns of the panel from which they are shown.
WHAT_IF = (
    ("lane", -9, 0), ("kind", -6, 79), ("loss", 8, 0), ("right", 8, 0), ("what if", 8, 0), ("right", 8, 0),
    ("change", 9, 0), ("floor", 8, 68),
)  # fmt: skip
COLUMNS = (
    ("lane", -9, 0), ("kind", -6, 57), ("net", -15, 72), ("weights", 8, 0), ("loss", 8, 0), ("right", 8, 0),
    ("floor", 8, 0), ("above it", 10, 0),
)  # fmt: skip


def _rows(contents: Contents, _: int) -> Extent:
    """Return the rows for a sentence of three lines, a heading, the lanes, and the border.

    With more rows, also for longer sentences, the loss by time step of each lane, and the expected result.
    """
    least = 4 + contents.lanes + FRAME[1]
    return Extent(least, least + 3, (least + 5 + contents.lanes,))


class ComparisonPanel(Panel):
    declaration = PanelDeclaration(
        name="comparison",
        number=5,
        title="comparison",
        tab="compare",
        columns=always(56, 56, 72),
        rows=_rows,
        demands=Demand.SCORE | Demand.TEXT | Demand.WHAT_IF,
        strip=True,
        help=PanelHelp(
            "A sentence about the lanes, and below it, on held-out sequences, the numbers that it tells: weights and "
            "biases, loss, right answers or R², the floor and the distance above it, and the loss at each time step or "
            "by the role of a position. ≈ marks an estimated floor, which a net may beat.",
            "above it = loss − floor\nR² = 1 − MSE / variance",
            "In tasks that predict symbols, each net writes a text of its own; the row 'writes at' of the controls is "
            "its temperature, and 0 always takes the most likely symbol. {run.seeds} trains further seeds: the panel "
            "then also says with how many of them each lane has solved the task, whether that is luck, and the median "
            "and the range of the loss.",
            ("net.match", "run.seeds", "run.open_seed", "look.describe", *READ_KEYS),
        ),
    )
    heading = "comparison, on held-out sequences"

    def demands(self, view: ViewState) -> Demand:
        return Demand.SCORE | Demand.TEXT | view.needs_altered

    def compose(self) -> ComposeResult:
        yield TextLine()
        yield TextPage()

    def drawn_of(self, view: ViewState) -> object:
        return view.frame, view.edits, view.successor, view.seeds

    def show(self, view: ViewState) -> None:
        said, rows = self.said(view), self.content_size.height
        height = rows_of_text(said, self.content_size.width)
        page = self.page(view, rows - height)
        free = rows - height - self._height(page)
        line = self.query_one(TextLine)
        line.styles.height = height + (free > 0)  # with an empty line below it
        line.say(said)
        self.query_one(TextPage).say(page)
        highest, unit = _highest(view.frame), view.frame.task.loss.unit
        in_bits = f" · loss in {unit}, 1 bit = 0.693" if unit == "nats" else f" · loss in {unit}" if unit else ""
        self.title(f"tallest bar {loss_text(highest)}{in_bits}" if AT_EACH in page.plain else in_bits[3:])

    def said(self, view: ViewState) -> Content:
        """Return the sentence, what further seeds say about luck, and the proposal of the next preset."""
        width, left = self.content_size.width, self.content_size.height - 1 - len(view.frame.lanes)
        least, most = SENTENCE
        room = left + 1  # for the whole sentence, one lane may have to be scrolled to
        lucky = luck(view, self.palette, self.canvas, width, LUCK)
        room -= rows_of_text(lucky, width) if lucky else 0
        said = sentence(view, self.palette, self.canvas, width, max(least, min(most, room)))
        if lucky:
            said = Content("\n").join([said, lucky])
        free = left - rows_of_text(said, width)
        offered = proposal(view, self.palette, self.canvas, width, max(0, min(2, free)))
        return Content("\n").join([said, offered]) if offered else said

    def page(self, view: ViewState, rows: int) -> Content:
        """Return what is below the sentence; ``rows``: of the panel for it."""
        colors, frame = self.palette, view.frame
        width = max(20, self.content_size.width - 1)  # the column of the scroll bar stays free
        graded = any(lane.score.accuracy is not None for lane in frame.lanes)
        columns = WHAT_IF if any(lane.altered for lane in frame.lanes) else COLUMNS
        names = [name if name != "right" or graded else frame.task.shown_as for name, *_ in columns]
        lines = [Content.styled(_row(names, width, columns), colors.muted)]
        highest = _highest(frame)
        others = 1 + frame.task.has_units  # rows; what follows may need scrolling
        spread = bool(view.seeds and view.seeds.spreads)
        more = (rows - others) // len(frame.lanes) - 1 - spread  # rows of each lane beside its numbers
        for index, lane in enumerate(frame.lanes):
            cells = _cells_with(lane, frame.task) if columns is WHAT_IF else _cells(lane, frame.task)
            lines.append(Content.styled(_row(cells, width, columns), colors.lane(index)))
            lines += self._spread(view, index, width)
            strips = [self._by_time(frame, lane, colors.lane(index), highest, width)]
            if lane.altered is not None:
                changed = replace(lane, held_out=lane.altered.score)
                strips.append(self._by_time(frame, changed, colors.lane(index), highest, width, IF_AT_EACH))
            lines += [*self._written(lane, width, more), *strips][: max(0, more)]
        if errors := _errors(frame):
            lines.append(Content.styled(errors, colors.muted))
        lines += [Content.styled(f"data: {escaped(note)}", colors.muted) for note in frame.task.notes]
        if frame.preset.expect and frame.step:  # at step 0, the learner should guess first
            expected = "expected with the original settings" if view.edits else "expected"
            lines.append(Content.styled(f"{expected}: {frame.preset.expect}", colors.muted))
        if self._height(Content("\n").join(lines)) != rows:  # otherwise only this line would not fit
            without = " · ".join(f"{r.name} {loss_text(r.loss)}" for r in frame.references)
            lines += [Content.styled(line, colors.muted) for line in (f"without a net: {without}", *_rmse(frame))]
        return Content("\n").join(lines)

    def _height(self, page: Content) -> int:
        """Return the number of rows that the page takes without a scroll bar."""
        return rows_of_text(page, self.content_size.width)

    def _written(self, lane: Lane, width: int, most: int) -> list[Content]:
        """Return the text that the net writes, in at most ``most`` lines."""
        text, room = escaped((lane.writing or "").replace("\n", "↵")), width - len(WRITES)
        parts = [text[at : at + room] for at in range(0, len(text), room)][: max(1, most - 1)]
        return [
            Content.assemble((WRITES if i == 0 else " " * len(WRITES), self.palette.muted), (part, ""))
            for i, part in enumerate(parts)
        ]

    def _spread(self, view: ViewState, lane: int, width: int) -> list[Content]:
        """Return the line with the results of further seeds; none before the first has finished."""
        if view.seeds is None or not view.seeds.spreads:
            return []
        texts = spread_texts(view.seeds, lane)
        said = next((text for text in texts if 2 + cell_len(text) <= width), texts[-1])
        return [Content.styled(f"  {said}", self.palette.tint(lane))]

    def _by_time(
        self, frame: Frame, lane: Lane, color: str, highest: float, width: int, name: str = AT_EACH
    ) -> Content:
        roles, by_time = _by_role(frame, lane), lane.score.loss_by_time
        room = width - len(AT_EACH) - len(roles)
        if room < LEAST_STRIP:
            start = "  loss by " if name == AT_EACH else "  if      "
            return Content.assemble((start, self.palette.muted), (roles.strip(), color))
        if roles:
            by_time = by_time[-room:]  # columns of several time steps would mix the roles
        strip = _strip(by_time, highest, room)
        return Content.assemble((name, self.palette.muted), (strip, color), roles)


def _row(cells: list[str], width: int, columns: Sequence[tuple[str, int, int]] = COLUMNS) -> str:
    """Return aligned columns; a narrow panel omits some."""
    shown = [(cell, size) for cell, (_, size, least) in zip(cells, columns, strict=True) if width >= least]
    return "".join(f"{set_cell_size(cell, -size - 1)} " if size < 0 else cell.rjust(size) for cell, size in shown)


def _cells_with(lane: Lane, task: Task) -> list[str]:
    """Return the numbers of a lane without and with interventions."""
    label, kind, _, _, loss, grade, floor, _ = _cells(lane, task)
    if lane.altered is None:
        return [label, kind, loss, grade, "–", "–", "–", floor]
    *_, loss_with, grade_with, _, _ = _cells(replace(lane, held_out=lane.altered.score), task)
    change = difference(lane.altered.score.loss - lane.score.loss)
    return [label, kind, loss, grade, loss_with, grade_with, change, floor]


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


def _rmse(frame: Frame) -> list[str]:
    """Return a line with the RMSE of each predictor without a net; none if the data have no unit."""
    told = [(reference.name, rmse_without_net(frame.task, reference)) for reference in frame.references]
    said = [f"{name} {rmse:.3g}" for name, rmse in told if rmse is not None]
    return [f"RMSE without a net: {' · '.join(said)}"] if said else []


def _r2(r2: float | None) -> str:
    return "–" if r2 is None else "<−10" if r2 < -10 else signed(r2, 3)


def _highest(frame: Frame) -> float:
    """Return the loss at full height of the strips."""
    altered = [lane.altered.score for lane in frame.lanes if lane.altered is not None]
    values = np.concatenate([score.loss_by_time for score in (*(lane.score for lane in frame.lanes), *altered)])
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
