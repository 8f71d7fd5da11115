"""The sequence panel: input, target and each lane's answers on the probe."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from textual.app import ComposeResult

from rnn_tui.engine.losses import Answer
from rnn_tui.engine.models import OUTPUT_EQUATION
from rnn_tui.engine.parameters import Array
from rnn_tui.number_format import percent, signed, significant
from rnn_tui.session.frame import Demand, Frame, Lane
from rnn_tui.session.probe_reading import RIGHT, WRONG
from rnn_tui.session.what_if import AlteredLane
from rnn_tui.tasks import Task
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.declaration import (
    EVERY_PAGE,
    FRAME,
    REMEMBER,
    TIME_KEYS,
    Contents,
    Extent,
    PanelDeclaration,
    PanelHelp,
    Region,
    time_columns,
)
from rnn_tui.ui.panels.diagnoses import Diagnostic
from rnn_tui.ui.panels.saliency_track import SALIENCY, saliency_track, strongest
from rnn_tui.ui.panels.view_state import MOST_INPUT_ROWS, Compared, ViewState, input_rows
from rnn_tui.ui.panels.what_if_tracks import IF, other_answers, other_inputs, read_with, with_interventions
from rnn_tui.ui.render.braille_plot import AHEAD, MARKS
from rnn_tui.ui.render.glyphs import NOTHING, high_bars, symbols
from rnn_tui.ui.render.palette import Palette
from rnn_tui.ui.widgets.series_plot import Series, SeriesPlot
from rnn_tui.ui.widgets.time_axis import GUTTER, Columns, TimeAxis
from rnn_tui.ui.widgets.tracks import Track, Tracks

SIGNS = {RIGHT: "✓", WRONG: "✗"}
IF_MARKS = "#@%&"  # of the lanes with interventions, likewise
MOST_HIGH = 4  # rows of bars if the panel is alone


def _rows(contents: Contents, _: int) -> Extent:
    """Return the rows for the ruler, the inputs, the target, two for each lane, and the border; curves can use twice as
    many.
    """
    rows = 2 + contents.inputs + contents.saliency + 2 * contents.lanes + contents.altered + FRAME[1]
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
        demands=Demand.PROBE | Demand.FORECAST | Demand.NETS | Demand.WHAT_IF,
        diagnostics=(SALIENCY,),
        help=PanelHelp(
            "The probe is a sequence that is not trained on: its inputs, the target, and the answers of each lane. "
            "✓ right, ✗ wrong, · not scored; a number is right within a quarter of the targets' standard deviation.",
            OUTPUT_EQUATION,
            "Forecasts of numbers are drawn over the true values; {look.drawing} shows free-running forecasts: after "
            "the dotted line, each net reads its own answers. On the second page ({look.page}) the row ∂y/∂x shows on "
            "which inputs the answer at the cursor rests: the derivative of y_t with respect to each input.",
            (*TIME_KEYS, "look.drawing", "lens.menu", "lens.compare"),
            mouse=(("click", "Go to that time step"), ("right click", "Ask what if, at that time step")),
        ),
    )

    def demands(self, view: ViewState) -> Demand:
        nets = Demand.NETS if view.page == REMEMBER or view.frame.own else Demand.NOTHING  # what if needs held-out x
        forecast = Demand.FORECAST if view.curves == "free-running" else Demand.NOTHING
        return Demand.PROBE | nets | forecast | view.needs_altered

    def diagnostics(self, view: ViewState) -> tuple[Diagnostic, ...]:
        return (SALIENCY,) if view.page == REMEMBER else ()

    def compose(self) -> ComposeResult:
        yield Tracks()
        yield SeriesPlot()
        below = Tracks()
        below.id, below.styles.height = "saliency", 1
        yield below

    def show(self, view: ViewState) -> None:
        frame, curves = view.frame, view.curves
        tracks, chart, below = self.query(Tracks)[0], self.query_one(SeriesPlot), self.query_one("#saliency", Tracks)
        tracks.display, chart.display = curves is None, curves is not None
        below.display = curves is not None and view.page == REMEMBER
        if curves is None:
            self._show_tracks(view)
            return
        legend = [(f"  {AHEAD if self.canvas.ascii else '━'} target", self.palette.text)]
        for i, lane in enumerate(frame.lanes):
            altered = _altered_forecast(view, lane)
            legend.append((f"  {MARKS[i]} {lane.label}", self._forecast_color(i, altered)))
            legend += [(f"  {IF_MARKS[i]} if", self.palette.lane(i))] if altered else []
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
        if below.display:
            row = saliency_track(view, self.palette, self.canvas)
            below.show([row], frame.length, view.t, range(frame.length), ruler=False)

    def series(self, view: ViewState) -> list[Series]:
        """Return the true values and the lanes' forecasts, at the lit time steps."""
        frame = view.frame
        missing = (frame.mask == 0) & (np.maximum.accumulate(frame.mask) > 0)  # unscored values at the start are known
        drawn = [Series(np.where(missing, np.nan, frame.target), self.palette.text)]
        for index, lane in enumerate(frame.lanes):
            free = lane.forecast if view.curves == "free-running" else None
            values = lane.answers if free is None else free
            lit = np.where(np.isin(np.arange(frame.length), view.lit), values, np.nan)
            altered = _altered_forecast(view, lane)
            drawn.append(Series(lit, self._forecast_color(index, altered), MARKS[index]))
            if altered is not None:
                changed = np.where(np.isin(np.arange(frame.length), view.lit), altered.probe.answers, np.nan)
                drawn.append(Series(changed, self.palette.lane(index), IF_MARKS[index]))
        return drawn

    def _forecast_color(self, lane: int, altered: AlteredLane | None) -> str:
        """Return the color of the forecasts of a lane without interventions: paler beside those with them."""
        return self.palette.lane(lane) if altered is None else self.palette.pinned(lane)

    def _show_tracks(self, view: ViewState) -> None:
        frame, rows = view.frame, self.size.height
        inputs = input_rows(frame.task, None if self.alone else MOST_INPUT_ROWS)
        rows -= view.page == REMEMBER
        inputs = max(1, min(inputs, rows - 4))  # the ruler, the target and a lane
        both = rows >= 2 + inputs + 2 * len(frame.lanes) + altered_rows(frame)
        lanes = lanes_shown(len(frame.lanes), view.lane, (rows - 2 - inputs) // 2)
        hidden = [*hidden_inputs(frame, inputs), *hidden_lanes(frame, lanes)]
        said = strongest(view) if view.page == REMEMBER else ""
        self.title(
            " · ".join(filter(None, [said, reading(view)])), *((f"  {text}", "") for text in hidden),
            (scored(frame), "dim"),
        )  # fmt: skip
        tracks = self.tracks(frame, inputs, lanes, rows - 1 if self.alone else 0, view.compared, both)
        if view.page == REMEMBER:
            target = next(i for i, track in enumerate(tracks) if track.label == "target")
            tracks.insert(target, saliency_track(view, self.palette, self.canvas))
        each = view.columns.alone if self.alone else view.columns
        self.query(Tracks)[0].show(tracks, frame.length, view.t, view.lit, each, scored_steps(frame))

    def tracks(
        self,
        frame: Frame,
        inputs: int = MOST_INPUT_ROWS,
        lanes: Sequence[int] | None = None,
        room: int = 0,
        compared: Compared = "with",
        both: bool = True,
    ) -> list[Track]:
        """Return the tracks of the inputs, the target and the lanes.

        Args:
            inputs: number of inputs.
            lanes: numbers of the lanes; None: all.
            room: rows; if there are enough, bars are higher and the lanes are apart.
            compared: what is shown of lanes with interventions.
            both: whether there is room for these lanes with and without them.
        """
        lanes = range(len(frame.lanes)) if lanes is None else lanes
        numeric = frame.task.loss.answer is not Answer.CLASS
        bars_drawn = (0 if frame.task.alphabet else inputs) + (1 + len(lanes) if numeric else 0)
        others = inputs + 1 + 2 * len(lanes) - bars_drawn
        room -= altered_rows(frame)
        high = max(1, min(MOST_HIGH, (room - others) // bars_drawn)) if bars_drawn else 1
        groups = [given(frame, self.palette, inputs, high, compared != "without" and both)]
        groups += [self._answers(frame, i, high, compared, both) for i in lanes]
        apart = room >= sum(map(len, groups)) + len(groups) - 1
        blank = [plain_track("", self.palette.muted, [" "] * frame.length)] if apart else []
        return [track for i, group in enumerate(groups) for track in (*(blank if i else ()), *group)]

    def _answers(self, frame: Frame, index: int, high: int, compared: Compared, both: bool) -> list[Track]:
        """Return the tracks of a lane's answers without interventions, and with them if some act on it."""
        lane, color, colors = frame.lanes[index], self.palette.lane(index), self.palette
        without = list(answered(frame, lane, color, colors, high))
        if lane.altered is None or compared == "without":
            return without
        changed = list(answered(frame, with_interventions(lane), color, colors, high))
        changed[-2] = changed[-2]._replace(label=IF if both else f"{lane.label[: GUTTER - 4]} if")
        if compared == "difference":
            changed = other_answers(frame, lane, changed, color, colors)
        return [*without, *changed] if both else changed


def _altered_forecast(view: ViewState, lane: Lane) -> AlteredLane | None:
    """Return the lane with interventions, if its forecasts are drawn beside those of the lane without them."""
    free = view.curves == "free-running" and lane.forecast is not None
    return None if free or view.compared == "without" else lane.altered


def lanes_shown(lanes: int, current: int, room: int) -> range:
    """Return the lanes that are shown if there is room for ``room`` of them: the first ones, or those up to the
    current one.
    """
    count = max(1, min(lanes, room))
    first = max(0, min(current - count + 1, lanes - count))
    return range(first, first + count)


def hidden_lanes(frame: Frame, shown: range) -> list[str]:
    """Return a text on the lanes out of sight; none if all are visible."""
    count = len(frame.lanes)
    arrows = f"{'↑' if shown.start else ''}{'↓' if shown.stop < count else ''}"
    return [f"{count} lanes, {len(shown)} shown {arrows}"] if arrows else []


def hidden_inputs(frame: Frame, shown: int) -> list[str]:
    """Return a text on the inputs out of sight; none if all are visible."""
    count = 1 if frame.task.alphabet else frame.task.input_size
    return [f"{count} inputs, {shown} shown"] if shown < count else []


def altered_rows(frame: Frame) -> int:
    """Return how many more rows show the lanes with interventions, and what they read, beside the intact ones."""
    return 2 * sum(lane.altered is not None for lane in frame.lanes) + (read_with(frame) is not None)


def given(
    frame: Frame, colors: Palette, most: int = MOST_INPUT_ROWS, rows: int = 1, altered: bool = False
) -> list[Track]:
    """Return the tracks of the inputs, at most ``most``, and the target; bars have several ``rows``.

    ``altered``: with a row for inputs that an intervention has changed.
    """
    draw, solid = _drawing(frame)
    asked = np.where(frame.mask > 0, frame.target, np.nan)
    target = _stacked("target", colors.text, draw(asked, rows), [colors.text] * frame.length, solid)
    return [*tracks_of_inputs(frame, colors, most, rows), *(_altered_input(frame, colors) if altered else ()), *target]


def _altered_input(frame: Frame, colors: Palette) -> list[Track]:
    """Return the track of the first input that an intervention has changed; none if there is none."""
    after, before = read_with(frame), frame.inputs
    if after is None:
        return []
    tracks = tracks_of_inputs(replace(frame, inputs=after), colors)
    if frame.task.alphabet:
        return [other_inputs(tracks[0], before, after, colors)]
    i = int((before != after).any(axis=0).argmax())
    return [other_inputs(tracks[i], before[:, i], after[:, i], colors)] if i < len(tracks) else []


def tracks_of_inputs(frame: Frame, colors: Palette, most: int = MOST_INPUT_ROWS, rows: int = 1) -> list[Track]:
    """Return the tracks of the first inputs; inputs after the first have their own scales."""
    task, x, ink = frame.task, frame.inputs, [colors.muted] * frame.length
    if task.alphabet:
        return [Track("x", colors.muted, symbols(task.alphabet, x.argmax(axis=1)), ink, solid=False)]
    tracks = []
    for i in range(input_rows(task, most)):
        low, high = _range(frame) if shares(task, i) else (x[:, i].min(), x[:, i].max())
        tracks += _stacked(task.channels[i], colors.muted, high_bars(x[:, i], low, high, rows), ink, solid=True)
    return tracks


def answered(frame: Frame, lane: Lane, color: str, colors: Palette, rows: int = 1) -> tuple[Track, ...]:
    """Return the tracks of a lane's answers, of several ``rows`` if they are bars, and of whether they are right."""
    draw, solid = _drawing(frame)
    answer_colors = [color if mask > 0 else colors.muted for mask in frame.mask]
    signs = [SIGNS.get(int(verdict), NOTHING) for verdict in lane.verdicts]
    sign_colors = [{RIGHT: colors.right, WRONG: colors.wrong}.get(int(v), colors.muted) for v in lane.verdicts]
    return (
        *_stacked(lane.label, color, draw(lane.answers, rows), answer_colors, solid),
        Track(share_right(lane), colors.muted, signs, sign_colors, solid=False),
    )


def _stacked(
    label: str, color: str, rows: Sequence[Sequence[str]], colors: Sequence[str], solid: bool
) -> list[Track]:  # fmt: skip
    """Return a track for each row, the top row first, with the label at the lowest one."""
    labels = [*[""] * (len(rows) - 1), label]
    return [Track(name, color, cells, colors, solid) for name, cells in zip(labels, rows, strict=True)]


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
    says.append(f"{lane.label} {value_text(frame, lane.answers[t])} {sign}".rstrip())
    if lane.altered is not None:
        changed = lane.altered.probe
        sign = SIGNS.get(int(changed.verdicts[t]), "")
        says.append(f"if {value_text(frame, changed.answers[t])} {sign}".rstrip())
    if frame.task.has_units:  # the value in the equation
        says.append(f"normalized: x {signed(float(frame.inputs[t, 0]))}")
    return " · ".join(says)


def share_right(lane: Lane) -> str:
    """Return the share of right answers on the probe, short enough for the gutter."""
    scored, good = int((lane.verdicts != 0).sum()), int((lane.verdicts == RIGHT).sum())
    count = f"{good}/{scored}"
    return count if len(count) < GUTTER or not scored else percent(good / scored, 0)


def scored_steps(frame: Frame) -> list[int]:
    """Return the time steps at which answers are scored."""
    return [int(t) for t in np.flatnonzero(frame.mask)]


def first_view(frame: Frame, t: int, columns: int, each: Columns) -> int:
    """Return t if a scored time step is visible with the cursor there, otherwise the first scored time step.

    Args:
        columns: for the time steps.
        each: possible columns of a time step.
    """
    steps, visible = scored_steps(frame), TimeAxis.fit(frame.length, columns, t, each).steps
    return t if not steps or any(step in visible for step in steps) else steps[0]


def scored(frame: Frame) -> str:
    """Return which time steps are scored, if not all are."""
    steps = scored_steps(frame)
    if len(steps) == frame.length or not steps:
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


def shares(task: Task, channel: int) -> bool:
    """Return whether an input has the scale of the target: bits, and numbers whose later value is the target."""
    return channel == 0 and (task.predicts_numbers or task.loss.answer is Answer.BIT)


def _drawing(frame: Frame) -> tuple[Callable[[Array, int], list[list[str]]], bool]:
    """Return a function that draws targets and answers, and whether its characters fill the width of a time step.

    It gets the values and the number of rows of bars, and returns rows of characters.
    """
    if frame.task.loss.answer is Answer.CLASS:
        return lambda values, _: [symbols(frame.task.classes, values)], False
    low, high = _range(frame)
    return lambda values, rows: high_bars(values, low, high, rows), True


def _range(frame: Frame) -> tuple[float, float]:
    if frame.task.loss.answer is not Answer.NUMBER:
        return 0.0, 1.0
    scored = frame.target[frame.mask > 0]
    values = np.concatenate([frame.inputs[:, 0], scored])
    return float(values.min()), float(values.max())
