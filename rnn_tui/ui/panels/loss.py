"""The loss panel: training and held-out loss of every lane over the steps, or gradient norms, and the bar of steps."""

from collections.abc import Sequence
from math import isclose

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content

from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.number_format import counted, loss_text
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.curve_labels import CurveLabels
from rnn_tui.ui.panels.declaration import Contents, Extent, PanelDeclaration, PanelHelp, always
from rnn_tui.ui.panels.pinned_legend import legend
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.braille_plot import FILL, MARKS
from rnn_tui.ui.widgets.loss_chart import BEST, Curve, Level, LossChart, last_step
from rnn_tui.ui.widgets.scrubber import Scrubber
from rnn_tui.ui.widgets.step_axis import LEAST, MARGIN, StepAxis, StepsFramed
from rnn_tui.ui.widgets.text_widgets import TextLine

BANDS = ("▒", FILL)  # the sign of further seeds in the legend, and in ASCII


def _rows(contents: Contents, _: int) -> Extent:
    """Return the rows for the chart, the bar of steps and the border; each lane can use one more row."""
    return Extent(8, 9, (9 + contents.lanes,))


class LossPanel(Panel):
    DEFAULT_CSS = "LossPanel { padding: 0; TextLine { height: 1; text-wrap: nowrap; text-overflow: ellipsis; } }"

    declaration = PanelDeclaration(
        name="loss",
        number=4,
        title="loss",
        columns=always(26, 39),
        rows=_rows,
        help=PanelHelp(
            "A line is the training loss of a lane, on the batch of each step, and a dotted curve is its held-out "
            "loss, on sequences that no net trains on; ▾ marks the lowest. A dashed line is the floor of a lane, the "
            "lowest loss of any predictor with the same inputs, and a named gray line is a predictor without a net.",
            "L = (1/N) Σ l_t, the mean over the N scored answers of all sequences",
            "If the held-out loss rises while the training loss falls, the net overfits. The held-out loss is measured "
            "at fixed steps: every step up to 10, every second up to 20, every fifth up to 50, every tenth up to 100, "
            "and so on. From 100 steps on the training loss is smoothed: the line is its mean over a fiftieth of the "
            "steps shown (on the log axis, the mean of the logarithms), and the raw loss is faint behind it. In ASCII "
            "the raw loss is : and the held-out loss is a dot. {look.norm} shows the gradient norm of each update "
            "before clipping, and the clip norm as a line. The bar below shows the steps: ● current, ━ past, ─ later, "
            "◆ a change of settings, ┴ saved in memory. Dimmed, numbered curves are runs kept for comparison "
            "({run.pin}), or steps that a change of settings replaced. {run.seeds} trains further seeds: a shaded band "
            "is the middle half of their held-out losses, from the lower to the upper quartile, at the same steps as "
            "the dotted curve, and a dashed line is their median (in ASCII ' and -); the raw loss is then hidden.",
            ("look.norm", "look.log", "run.jump_back", "run.jump_on", "run.go_to", "look.fewer_steps",
             "look.more_steps", "look.all_steps", "run.pin", "run.unpin", "run.seeds", "run.open_seed"),
            mouse=(("click", "Go to that step; drag to move through training"),
                   ("wheel", "Show fewer or more steps around the pointer; with shift: earlier or later steps")),
            of_task=lambda task: f"{task.loss.formulas[0]}{f', in {task.loss.unit}' if task.loss.unit else ''}",
        ),
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._axis = StepAxis.all_of(0, LEAST)
        self._step = 0

    def compose(self) -> ComposeResult:
        yield LossChart()
        yield Scrubber()
        yield TextLine()

    def drawn_of(self, view: ViewState) -> object:
        return view.frame, view.log, view.norms, view.goal, view.lane, view.seeds

    def show(self, view: ViewState) -> None:
        self.heading = "gradient norm" if view.norms else self.declaration.title
        frame, colors, chart = view.frame, self.palette, self.query_one(LossChart)
        pins = [(str(number), pin) for number, pin in enumerate(frame.pinned_runs, 1)]
        pins += [("?", frame.undecided)] if frame.undecided else []
        pins = [] if view.norms else pins  # their gradient norms are not stored
        names = [lane.name for lane in frame.lanes]
        ends = CurveLabels.of(names, pins, self.content_size.width - MARGIN - 1, self.canvas.marked)
        known = [lane.floor for lane in frame.lanes if lane.floor is not None and not view.norms]
        floors = "" if not known else "╌ floor" if all(floor.exact for floor in known) else "╌ floor ≈"
        entries = [(f"{ends.signs[i]} {lane.label}", colors.lane(i)) for i, lane in enumerate(frame.lanes)]
        measured = not view.norms and any(len(lane.held_out_losses) for lane in frame.lanes)
        entries += [(_of_seeds(view, self.canvas.ascii), ""), ("·· held-out" if measured else "", ""), (floors, "dim")]
        curves = [
            curve for (mark, pin), tags in zip(pins, ends.pins, strict=True) for curve in self._pinned(mark, pin, tags)
        ]
        curves += [self._curve(view, i, ends.lanes[i]) for i in range(len(frame.lanes))]
        levels = _levels(view, [floor.loss for floor in known])
        self._axis = self._axis.of(frame.last_step, last_step(curves)).following(self._step, frame.step)
        self._step = frame.step
        self.title(self._axes(view), *self._legend(entries))
        chart.show(curves, view.log, levels, self._axis)
        keys = view.keys.say("{run.jump_back} {run.jump_on}")
        self.query_one(Scrubber).show(frame.step, self._axis, view.goal, frame.edits, frame.keyframes, keys, chart.tags)
        self._say(view, pins)

    def _curve(self, view: ViewState, index: int, tag: str) -> Curve:
        """Return the curve of a lane: its losses with floor and held-out losses, or its gradient norms."""
        lane, color = view.frame.lanes[index], self.palette.lane(index)
        mark = MARKS[index] if self.canvas.marked else ""
        history = lane.norms if view.norms else lane.losses
        curve = Curve.of(history, 0, view.frame.step, color, tag, mark)._replace(raw=self.palette.pinned(index))
        if view.norms:
            return curve
        floor = None if lane.floor is None else lane.floor.loss
        curve = curve._replace(floor=floor, held_out=lane.held_out_losses, tint=self.palette.tint(index))
        if view.seeds is None or not len(view.seeds.quartiles[index]):
            return curve
        # the band takes the place of the raw losses, which look like one
        return curve._replace(raw="", quartiles=view.seeds.quartiles[index], shade=self.palette.pinned(index))

    def _axes(self, view: ViewState) -> Content:
        """Return the best step of the lane under the cursor, the part of the run, the unit, and keys."""
        axis, keys = self._axis, view.keys.printed
        kind = f"{'log' if view.log else 'linear'} ({keys('look.log')})"
        unit = view.frame.task.loss.unit or "squared error"
        unit, other = ("before clipping", "loss") if view.norms else (unit, "gradient norm")
        wider = [f"{unit}, {kind} · {keys('look.norm')}: {other}", f"{unit}, {kind}", kind]
        if axis.partial:
            steps, back = f"{axis.first:,} to {axis.last:,}", f"{keys('look.all_steps')}: all"
            wider = [f"steps {steps} · {back} · {kind}", f"steps {steps} · {back}", f"{steps} · {back}", back]
        best = None if view.norms else view.shown.held_out_losses.until(view.frame.step).best
        if best is None:
            return self.fitting([Content(text) for text in (f"step · {wider[0]}", *wider)])
        at = f"{loss_text(best.loss)} at step {best.step:,}"
        whose = f"{BEST} {view.shown.label}'s best held-out {at}"
        short = [f"{BEST} best held-out {at}", f"{BEST} best held-out {at.replace(' at', ',')}", f"{BEST} {at}"]
        if axis.partial:  # then it is most important to say that, and the way back
            said = [f"{text} · {part}" for part in wider[:2] for text in (whose, *short)] + wider[1:]
        else:
            said = [*(f"{whose} · {text}" for text in wider[:2]), whose, *short]
        color = self.palette.lane(view.lane)
        return self.fitting(
            [
                Content.assemble((text[:1], color if text.startswith(BEST) else ""), text[1:])
                for text in (*said, wider[-1])
            ]
        )

    def on_steps_framed(self, event: StepsFramed) -> None:
        event.stop()
        self._frame(event.axis)

    def magnify(self, factor: float) -> None:
        """Show ``factor`` times as many steps around the current one; 0: all steps."""
        axis = self._axis
        self._frame(axis.zoomed(factor, axis.around(self._step)) if factor else StepAxis.all_of(axis.reach, axis.whole))

    def _frame(self, axis: StepAxis) -> None:
        self._axis = axis
        self.redraw()

    def _pinned(self, mark: str, pin: PinnedRun, tags: Sequence[str]) -> list[Curve]:
        """Return the dimmed curves of a pinned run, drawn from the step at which they differ."""
        along = mark if self.canvas.marked else ""
        return [
            Curve.of(losses, min(pin.since, len(losses)), len(losses), self.palette.pinned(i), tag, along)._replace(
                raw=""
            )
            for i, (losses, tag) in enumerate(zip(pin.losses, tags, strict=True))
        ]

    def _say(self, view: ViewState, pins: list[tuple[str, PinnedRun]]) -> None:
        line = self.query_one(TextLine)
        line.display = bool(pins)
        said: dict[str, str] = {}  # text → marks of all runs with this text
        for mark, pin in pins:
            text = legend(pin, view.frame.preset)
            said[text] = said.get(text, "") + mark
        line.say(
            Content.styled(" " + " · ".join(f"{marks} {text}" for text, marks in said.items()), self.palette.muted)
        )

    def _legend(self, entries: list[tuple[str, str]]) -> list[str | tuple[str, str]]:
        """Return the entries with as much space as fits.

        The last two entries are not of lanes: the floor is dropped first, then the held-out loss; then names are
        shortened while they differ, then replaced by the numbers of the lanes in the sequence.
        """
        entries = [entry for entry in entries if entry[0]]
        lanes = [entry for entry in entries if entry[0][0] in {*MARKS, "━"}]
        seeds = [(text.partition(":")[0], color) for text, color in entries if text.startswith(BANDS)]
        held_out = [entry for entry in entries if entry[0].startswith("··")]
        room = self.size.width - 5 - len(f"{self.declaration.number} {self.heading}")
        tight = [(text.replace(" ", "", 1), color) for text, color in (*lanes, *seeds, *held_out)]
        shorter = tight[: len(lanes) + len(seeds)]
        close = [[(text.replace(" ", "", 1)[:most], color) for text, color in lanes] for most in (99, 7, 5, 4)]
        close = [each for each in close if len({text[1:] for text, _ in each}) == len(lanes)]
        numbers = [(f"{text[0]}{number}", color) for number, (text, color) in enumerate(lanes, 1)]
        fits = (
            entries,
            [*lanes, *seeds, *held_out],
            tight,
            shorter,
            lanes,
            *close,
            [*numbers, *shorter[len(lanes) :]],
            numbers,
        )
        for shown, gap in ((entries, "  "), *((each, " ") for each in fits), ([], "")):
            if sum(len(gap) + cell_len(text) for text, _ in shown) <= room:
                break
        return [part for entry in shown for part in (gap, entry)]


def _of_seeds(view: ViewState, in_ascii: bool) -> str:
    """Return the entry of further seeds in the legend; what follows the colon is omitted first."""
    results = view.seeds
    begun = 0 if results is None or view.norms else sum(bool(run.lanes) for run in results.runs.values())
    return f"{BANDS[in_ascii]} {counted(begun, 'seed')}: held-out quartiles, ╍ median" if begun else ""


def _levels(view: ViewState, floors: Sequence[float]) -> list[Level]:
    """Return the clip norm, or the losses of predictors without a net, except those that a floor already shows."""
    if view.norms:
        clip = view.frame.preset.training.clip_norm
        return [Level(clip, f"clip {clip:g}")] if clip else []
    references = view.frame.references
    return [
        Level(reference.loss, reference.name)
        for reference in references
        if not any(isclose(reference.loss, floor, rel_tol=0.02) for floor in floors)
    ]
