"""The loss panel: training loss of every lane over the steps, with floors, and the bar of steps."""

from collections.abc import Sequence
from math import isclose

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content

from rnn_tui.checkpoints.pinned_run import PinnedRun
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.curve_labels import CurveLabels
from rnn_tui.ui.panels.declaration import Contents, Extent, PanelDeclaration, PanelHelp, always
from rnn_tui.ui.panels.pinned_legend import legend
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.braille_plot import MARKS
from rnn_tui.ui.widgets.loss_chart import Curve, Level, LossChart, last_step
from rnn_tui.ui.widgets.scrubber import Scrubber
from rnn_tui.ui.widgets.step_axis import LEAST, MARGIN, StepAxis, StepsFramed
from rnn_tui.ui.widgets.text_widgets import TextLine


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
            "The loss on the batch of each step; a dashed line is the floor of a lane, the lowest loss of any "
            "predictor with the same inputs, and a dotted line is a predictor without a net. The bar below shows the "
            "steps: ● current, ━ past, ─ later, ◆ a change of settings, ┴ saved in memory.",
            "L = −(1/N) Σ log p(target)\nL = (1/N) Σ (y − target)², of numbers",
            "Dimmed, numbered curves are runs kept for comparison ({run.pin}), or steps that a change of settings "
            "replaced.",
            ("look.log", "run.jump_back", "run.jump_on", "run.go_to", "look.fewer_steps", "look.more_steps",
             "look.all_steps", "run.pin", "run.unpin"),
            mouse=(("click", "Go to that step; drag to move through training"),
                   ("wheel", "Show fewer or more steps around the pointer; with shift: earlier or later steps")),
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

    def show(self, view: ViewState, before: ViewState | None) -> None:
        if before is not None and (before.frame, before.log, before.goal) == (view.frame, view.log, view.goal):
            return
        frame, colors, chart = view.frame, self.palette, self.query_one(LossChart)
        pins = [(str(number), pin) for number, pin in enumerate(frame.pinned_runs, 1)]
        pins += [("?", frame.undecided)] if frame.undecided else []
        names = [lane.name for lane in frame.lanes]
        ends = CurveLabels.of(names, pins, self.content_size.width - MARGIN - 1, self.canvas.marked)
        known = [lane.floor for lane in frame.lanes if lane.floor is not None]
        floors = "" if not known else "╌ floor" if all(floor.exact for floor in known) else "╌ floor ≈"
        entries = [(f"{ends.signs[i]} {lane.label}", colors.lane(i)) for i, lane in enumerate(frame.lanes)]
        entries += [(floors, "dim")]
        curves = [
            curve for (mark, pin), tags in zip(pins, ends.pins, strict=True) for curve in self._pinned(mark, pin, tags)
        ]
        curves += [
            Curve.of(
                lane.losses, 0, frame.step, colors.lane(i), ends.lanes[i], MARKS[i] if self.canvas.marked else ""
            )._replace(floor=None if lane.floor is None else lane.floor.loss)
            for i, lane in enumerate(frame.lanes)
        ]
        floors_there = [floor.loss for floor in known]
        levels = [
            Level(reference.loss, reference.name)
            for reference in frame.references
            if not any(isclose(reference.loss, floor, rel_tol=0.02) for floor in floors_there)  # one line is sufficient
        ]
        self._axis = self._axis.of(frame.last_step, last_step(curves)).following(self._step, frame.step)
        self._step = frame.step
        self.title(self._axes(view), *self._legend(entries))
        chart.show(curves, view.log, levels, self._axis)
        keys = view.keys.say("{run.jump_back} {run.jump_on}")
        self.query_one(Scrubber).show(frame.step, self._axis, view.goal, frame.edits, frame.keyframes, keys, chart.tags)
        self._say(view, pins)

    def _axes(self, view: ViewState) -> str:
        """Return what the chart shows, and the keys that change it."""
        axis, kind = self._axis, f"{'log' if view.log else 'linear'} ({view.keys.printed('look.log')})"
        unit = view.frame.task.loss.unit or "squared error"
        texts = [f"step · training, {unit}, {kind}", f"step · {unit}, {kind}", f"step · {kind}"]
        if axis.partial:
            steps, back = f"{axis.first:,} to {axis.last:,}", f"{view.keys.printed('look.all_steps')}: all"
            texts = [f"steps {steps} · {back} · {kind}", f"steps {steps} · {back}", f"{steps} · {back}", back]
        return self.fitting([Content(text) for text in texts]).plain

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
            Curve.of(losses, min(pin.since, len(losses)), len(losses), self.palette.pinned(i), tag, along)
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

        The entry of the floor is dropped first; then names are shortened while they differ, then replaced by the
        numbers of
        the lanes in the sequence.
        """
        room = self.size.width - 5 - len(f"{self.declaration.number} {self.heading}")
        lanes = entries[:-1]
        close = [[(text.replace(" ", "", 1)[:most], color) for text, color in lanes] for most in (99, 7, 5, 4)]
        close = [each for each in close if len({text[1:] for text, _ in each}) == len(lanes)]
        numbers = [(f"{text[0]}{number}", color) for number, (text, color) in enumerate(lanes, 1)]
        for shown, gap in ((entries, "  "), *((each, " ") for each in (entries, lanes, *close, numbers)), ([], "")):
            if sum(len(gap) + cell_len(text) for text, _ in shown) <= room:
                break
        return [part for entry in shown for part in (gap, entry)]
