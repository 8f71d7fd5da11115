"""The sequence panel: input, target and each lane's answers on the probe."""

from collections.abc import Callable, Sequence

import numpy as np
from textual.app import ComposeResult

from rnn_tui.engine.losses import Answer
from rnn_tui.engine.models import OUTPUT_EQUATION
from rnn_tui.engine.parameters import Array
from rnn_tui.number_format import percent, significant
from rnn_tui.session.frame import RIGHT, WRONG, Demand, Frame, Lane
from rnn_tui.tasks import Task
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.declaration import (
    EVERY_PAGE,
    FRAME,
    TIME_KEYS,
    Contents,
    Extent,
    PanelDeclaration,
    PanelHelp,
    Region,
    time_columns,
)
from rnn_tui.ui.panels.view_state import ViewState, input_rows
from rnn_tui.ui.render.braille_plot import AHEAD, MARKS
from rnn_tui.ui.render.glyphs import NOTHING, bars, symbols
from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.widgets.series_plot import Series, SeriesPlot
from rnn_tui.ui.widgets.time_axis import GUTTER
from rnn_tui.ui.widgets.tracks import Track, Tracks

SIGNS = {RIGHT: "✓", WRONG: "✗"}


def _rows(contents: Contents, _: int) -> Extent:
    """Return the rows for the ruler, the inputs, the target, two for each lane, and the border; curves can use twice as
    many.
    """
    rows = 2 + contents.inputs + 2 * contents.lanes + FRAME[1]
    return Extent(rows, rows, (2 * rows,) if contents.curves else ())


class SequencePanel(Panel):
    declaration = PanelDeclaration(
        name="sequence",
        number=2,
        title="sequence",
        region=Region.UPPER,
        page=EVERY_PAGE,
        columns=time_columns(title=54),
        rows=_rows,
        demands=Demand.PROBE | Demand.FORECAST,
        help=PanelHelp(
            "The probe is a sequence that is not trained on: its inputs, the target, and the answers of each lane. "
            "✓ right, ✗ wrong, · not scored; a number is right within a quarter of the targets' standard deviation.",
            OUTPUT_EQUATION,
            "Forecasts of numbers are drawn over the true values; {look.drawing} shows free-running forecasts: after "
            "the dotted line, each net reads its own answers.",
            (*TIME_KEYS, "look.drawing"),
            mouse=(("click", "Go to that time step"),),
        ),
    )

    def demands(self, view: ViewState) -> Demand:
        return Demand.PROBE | (Demand.FORECAST if view.curves == "free-running" else Demand.NOTHING)

    def compose(self) -> ComposeResult:
        yield Tracks()
        yield SeriesPlot()

    def show(self, view: ViewState, before: ViewState | None) -> None:  # noqa: ARG002
        frame, curves = view.frame, view.curves
        tracks, chart = self.query_one(Tracks), self.query_one(SeriesPlot)
        tracks.display, chart.display = curves is None, curves is not None
        if curves is None:
            self.title(reading(view), (scored(frame), "dim"))
            tracks.show(self.tracks(frame), frame.length, view.t, view.lit, view.columns)
            return
        legend = [(f"  {AHEAD if self.canvas.ascii else '━'} target", self.palette.text)]
        legend += [(f"  {MARKS[i]} {lane.label}", self.palette.lane(i)) for i, lane in enumerate(frame.lanes)]
        free = (
            f"free-running from t = {frame.free_from}"
            if frame.free_from < frame.length
            else "too short for free-running"
        )
        free += ", with the true other inputs" if frame.task.input_size > 1 else ""
        how = f", {free}" if curves == "free-running" else ", from true inputs"
        other = f"{view.keys.printed('look.drawing')}: {'bars' if curves == 'free-running' else 'free-running'}"
        self.title(f"{reading(view)} · {other}", *legend, (how, "dim"))
        mark = frame.free_from if curves == "free-running" else -1
        chart.show(self.series(view), view.t, mark, lambda value: value_text(frame, value))

    def series(self, view: ViewState) -> list[Series]:
        """Return the true values and the lanes' forecasts, at the lit time steps."""
        frame = view.frame
        missing = (frame.mask == 0) & (np.maximum.accumulate(frame.mask) > 0)  # unscored values at the start are known
        drawn = [Series(np.where(missing, np.nan, frame.target), self.palette.text)]
        for index, lane in enumerate(frame.lanes):
            free = lane.forecast if view.curves == "free-running" else None
            values = lane.answers if free is None else free
            lit = np.where(np.isin(np.arange(frame.length), view.lit), values, np.nan)
            drawn.append(Series(lit, self.palette.lane(index), MARKS[index]))
        return drawn

    def tracks(self, frame: Frame) -> list[Track]:
        lanes = (answered(frame, lane, self.palette.lane(i), self.palette) for i, lane in enumerate(frame.lanes))
        return [*given(frame, self.palette), *(track for pair in lanes for track in pair)]


def given(frame: Frame, colors: Palette) -> list[Track]:
    """Return the tracks of the inputs and the target."""
    draw, solid = _drawing(frame)
    asked = np.where(frame.mask > 0, frame.target, np.nan)
    return [
        *(plain_track(name, colors.muted, cells, not frame.task.alphabet) for name, cells in _inputs(frame)),
        plain_track("target", colors.text, draw(asked), solid),
    ]


def answered(frame: Frame, lane: Lane, color: str, colors: Palette) -> tuple[Track, Track]:
    """Return the tracks of a lane's answers, and of whether they are right."""
    draw, solid = _drawing(frame)
    answer_colors = [color if mask > 0 else colors.muted for mask in frame.mask]
    signs = [SIGNS.get(int(verdict), NOTHING) for verdict in lane.verdicts]
    sign_colors = [{RIGHT: colors.right, WRONG: colors.wrong}.get(int(v), colors.muted) for v in lane.verdicts]
    return (
        Track(lane.label, color, draw(lane.answers), answer_colors, solid),
        Track(share_right(lane), colors.muted, signs, sign_colors, solid=False),
    )


def plain_track(label: str, color: str, cells: Sequence[str], solid: bool = True) -> Track:
    """Return a track in one color."""
    return Track(label, color, cells, [color] * len(cells), solid)


def reading(view: ViewState) -> str:
    """Return the numbers at the cursor."""
    frame, t, lane = view.frame, view.t, view.shown
    says = [f"t = {t}/{frame.length - 1}", *_said_of_inputs(frame, t)]
    if frame.mask[t] > 0:
        says.append(f"target {value_text(frame, frame.target[t])}")
    else:
        says.append("not scored")
    sign = SIGNS.get(int(lane.verdicts[t]), "")
    return " · ".join([*says, f"{lane.label} {value_text(frame, lane.answers[t])} {sign}".rstrip()])


def share_right(lane: Lane) -> str:
    """Return the share of right answers on the probe, short enough for the gutter."""
    scored, good = int((lane.verdicts != 0).sum()), int((lane.verdicts == RIGHT).sum())
    count = f"{good}/{scored}"
    return count if len(count) < GUTTER or not scored else percent(good / scored, 0)


def scored(frame: Frame) -> str:
    """Return which time steps are scored, if not all are."""
    steps = np.flatnonzero(frame.mask)
    if len(steps) == frame.length or not len(steps):
        return ""
    if len(steps) == 1:
        return f"  only t = {steps[0]} is scored"
    if steps[-1] - steps[0] == len(steps) - 1:
        return f"  scored from t = {steps[0]} on" if steps[-1] == frame.length - 1 else ""
    return f"  {len(steps)} of {frame.length} time steps are scored"


def _said_of_inputs(frame: Frame, t: int) -> list[str]:
    task, x = frame.task, frame.inputs[t]
    if task.alphabet:
        return [f"x {task.alphabet[int(x.argmax())]!r}"]
    value = significant(float(x[0])) if task.loss.answer is Answer.CLASS else value_text(frame, x[0])
    first = f"{task.channels[0]} {value}"
    others = ((i, name) for i, name in enumerate(task.channels[1:3], start=1))
    return [first, *(f"{name} {significant(float(task.input_in_units(x[i], i)))}" for i, name in others)]


def value_text(frame: Frame, value: Array | float) -> str:
    if frame.task.classes:
        return repr(frame.task.classes[int(value)])
    if frame.task.loss.answer is Answer.NUMBER:
        return significant(float(np.ravel(frame.task.in_units(np.asarray(value)))[0]))
    number = float(np.ravel(value)[0])
    return f"{number:.0f}" if number in (0.0, 1.0) else f"{number:.2f}"


def _inputs(frame: Frame) -> list[tuple[str, list[str]]]:
    """Return a track for the symbols, or for each of the first inputs; inputs after the first have their own scales."""
    task, x = frame.task, frame.inputs
    if task.alphabet:
        return [("x", symbols(task.alphabet, x.argmax(axis=1)))]
    rows = [bars(row, *_range(frame) if shares(task, i) else (row.min(), row.max())) for i, row in enumerate(x.T)]
    return list(zip(task.channels, rows, strict=True))[: input_rows(task)]


def shares(task: Task, channel: int) -> bool:
    """Return whether an input has the scale of the target: bits, and numbers whose later value is the target."""
    return channel == 0 and (task.predicts_numbers or task.loss.answer is Answer.BIT)


def _drawing(frame: Frame) -> tuple[Callable[[Array], list[str]], bool]:
    """Return a function that draws targets and answers, and whether its characters fill the width of a time step."""
    if frame.task.loss.answer is Answer.CLASS:
        return lambda values: symbols(frame.task.classes, values), False
    low, high = _range(frame)
    return lambda values: bars(values, low, high), True


def _range(frame: Frame) -> tuple[float, float]:
    if frame.task.loss.answer is not Answer.NUMBER:
        return 0.0, 1.0
    scored = frame.target[frame.mask > 0]
    values = np.concatenate([frame.inputs[:, 0], scored])
    return float(values.min()), float(values.max())
