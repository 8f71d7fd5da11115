"""Base class of the panels of the memory lab: a chart of diagnostics, and below it what they mean in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.engine.parameters import Array
from rnn_tui.session.frame import Demand
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.declaration import FRAME, Contents, Extent
from rnn_tui.ui.panels.diagnoses import COMPUTING, Diagnostic, DiagnosticResult, defined
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.render.braille_plot import MARKS
from rnn_tui.ui.widgets.lag_chart import LagChart, LagCurve, LagMark, ValueAxis
from rnn_tui.ui.widgets.line_widget import LineWidget
from rnn_tui.ui.widgets.step_axis import nice
from rnn_tui.ui.widgets.text_page import TextPage
from rnn_tui.ui.widgets.text_widgets import rows_of_text

LEAST_CHART, GOOD_CHART, MOST_CHART = 5, 8, 16  # rows
PLACES = 121  # of a curve over the steps of a run


def next_drawing(name: str, about: str) -> Binding:
    """Return the key that shows the next drawing of a panel."""
    return Binding("enter", "drawing", "Next drawing", show=False, tooltip=about, id=f"{name}.drawing")


BY_LAG, OVER_RUN = "lag", "run"  # names of the drawings of a LagPanel


def rows(_: Contents, columns: int) -> Extent:  # noqa: ARG001
    """Return the rows for a chart, two to four lines of words, and the border."""
    return Extent(LEAST_CHART + 2 + FRAME[1], GOOD_CHART + 3 + FRAME[1], (MOST_CHART + 6 + FRAME[1],))


class DiagnosisPanel(Panel):
    """A chart and a sentence for each lane, that under the cursor first.

    Subclasses return their charts' widgets from ``charts``, and draw into them in ``show``.
    """

    DEFAULT_CSS = """
    DiagnosisPanel {
        padding: 0 1;
        LagChart, PlaneChart { height: 1fr; }
    }
    """

    class DrawingChanged(Message):
        """The panel needs other diagnostics."""

    def __init__(self) -> None:
        super().__init__()
        self._for_size, self._most_rows = Size(), 0  # of the text, for one size of the panel
        self._key_used = False  # whether the key for the next drawing was pressed

    def action_drawing(self) -> None:
        """Show the next one of the declared drawings; after the last one, the first."""
        raise NotImplementedError

    def show_drawing(self, name: str) -> None:
        """Show the declared drawing of this name, if the first one is shown."""
        for _ in range(self.declaration.drawings.index(name)):
            self.action_drawing()

    def changed_drawing(self) -> None:
        """Draw another drawing, for which other diagnostics may be needed."""
        self._key_used = True
        self._most_rows = 0
        self.redraw()
        self.post_message(self.DrawingChanged())

    def charts(self) -> Sequence[LineWidget]:
        """Return new widgets for the drawings; ``draw`` shows one of them."""
        raise NotImplementedError

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.redraw()  # the border has other texts then

    def compose(self) -> ComposeResult:
        yield from self.charts()
        yield TextPage()

    def only(self, chart: type[LineWidget]) -> None:
        """Display a chart of this kind, and no other one."""
        for widget in self.query(LineWidget):
            widget.display = isinstance(widget, chart)

    def results(self, view: ViewState, diagnostic: Diagnostic) -> list[tuple[int, DiagnosticResult]]:
        """Return the newest results by number of the lane."""
        found = [(i, view.diagnoses.of(diagnostic, i, lane.net)) for i, lane in enumerate(view.frame.lanes)]
        return [(i, result) for i, result in found if result is not None]

    def drawn_of(self, view: ViewState) -> object:
        wanted, lanes = self.diagnostics(view), enumerate(view.frame.lanes)
        return view.frame, view.lane, [view.diagnoses.of(each, i, lane.net) for i, lane in lanes for each in wanted]

    def color(self, lane: int) -> str:
        return self.palette.lane(lane)

    def mark(self, lane: int) -> str:
        """Return the mark along a lane's curve, where colors do not tell curves apart."""
        return MARKS[lane % len(MARKS)] if self.canvas.marked else ""

    def say(self, view: ViewState, diagnostic: Diagnostic) -> None:
        """Say what was found for each lane, that under the cursor first."""
        found = dict(self.results(view, diagnostic))
        order = sorted(range(len(view.frame.lanes)), key=lambda i: i != view.lane)
        if diagnostic.shown_lane:
            order = order[:1]
        said = {i: diagnostic.sentences(view.frame.lanes[i].label, found[i].value) for i in order if i in found}
        told = [(i, said.get(i, (f"{view.frame.lanes[i].label}: {COMPUTING}",))) for i in order]
        for i, result in self.altered_results(view, diagnostic):
            if i in order:
                label = f"{view.frame.lanes[i].label} with what if"
                told.insert([lane for lane, _ in told].index(i) + 1, (i, diagnostic.sentences(label, result)))
        self._tell(view, told)

    def altered_results(self, view: ViewState, diagnostic: Diagnostic) -> list[tuple[int, Any]]:
        """Return the results of the lanes with interventions, by number of the lane, as far as they are wanted."""
        found = []
        for i, lane in enumerate(view.frame.lanes):
            net = lane.altered.trained if lane.altered is not None else None
            result = None if net is None else view.diagnoses.of(diagnostic.what_if, i, net)
            found += [(i, result.value)] if result is not None else []
        return found

    def tell(self, view: ViewState, said: Sequence[Sequence[str]]) -> None:
        """Say something for each lane, that under the cursor first; variants from the longest to the shortest text."""
        self._tell(view, sorted(enumerate(said), key=lambda each: each[0] != view.lane))

    def _tell(self, view: ViewState, said: Sequence[tuple[int, Sequence[str]]]) -> None:
        """Say the longest variants that fit for all lanes, else for the first one, with interventions and without.

        The key for lanes shows the rest.
        """
        variants = [[self._colored(text, view.frame.lanes[i].label, self.color(i)) for text in texts]
                    for i, texts in said]  # fmt: skip
        width, height = self.content_size
        room = text_rows(height)
        first = [texts for (i, _), texts in zip(said, variants, strict=True) if i == said[0][0]]
        for lines in (*_jointly(variants), *_jointly(first)):
            whole = Content("\n").join(lines)
            if rows_of_text(whole, width) <= room:
                break
        self._say(whole, room)

    def _say(self, said: Content, room: int) -> None:
        """Show the text below the chart, in at most ``room`` rows; more text scrolls.

        The text keeps the most rows that it has needed: each change lays out the whole screen, and moves the chart.
        """
        if self.content_size != self._for_size:
            self._for_size, self._most_rows = self.content_size, 0
        page = self.query_one(TextPage)
        rows = max(1, self._most_rows, min(rows_of_text(said, self.content_size.width), room))
        if rows != self._most_rows:
            self._most_rows = rows
            page.styles.height = rows
        page.say(said)

    def _colored(self, said: str, label: str, color: str) -> Content:
        """Return a sentence in which the lane's name has its color."""
        before, name, after = (self.canvas.spell(part) for part in said.partition(label))
        return Content.assemble((before, self.palette.text), (name, color), (after, self.palette.text))

    def with_hint(self, texts: Sequence[str], hint: str) -> str:
        """Return the first of the texts that fits into the border, with the hint if there is room for both.

        The hint goes before all texts that leave it no room, while the panel has the focus and its key is still unused.
        """
        both = [f"{text} · {hint}" for text in texts]
        choice = [*both, hint, *texts] if self.has_focus and not self._key_used else [*both[:1], *texts]
        return self.fitting([Content(text) for text in choice or [hint]]).plain

    def about(self, what: str) -> list[str | tuple[str, str]]:
        """Return what the chart shows, for the top border, and the names of marks that have no room in the chart.

        Without room for both, only those names, after a short title if need be.
        """
        marks = [(f" ┊ {mark.name}", mark.color) for mark in self.query_one(LagChart).unnamed]
        declared = self.declaration
        self.heading = declared.title
        for text in (what, "") if marks else ():
            whole = Content.assemble(f"{declared.number} {self.heading}{text}", *marks)
            if self.fitting([whole, Content()]) is whole:
                return [text, *marks]
        self.heading = declared.tab or declared.title if marks else declared.title
        return [*marks] or [what]

    def over_run(self, view: ViewState, diagnostic: Diagnostic, lane: int) -> dict[int, Any]:
        """Return the results of a lane that are known so far, by step of the history, in order."""
        shown = view.frame.lanes[lane]
        found = view.diagnoses.over_run(diagnostic, lane, shown.past)
        newest = view.diagnoses.of(diagnostic, lane, shown.net)
        if newest is not None and newest.step == view.frame.step and defined(newest) is not None:
            found[newest.step] = newest.value
        return dict(sorted(found.items()))

    def draw_over_run(
        self, view: ViewState, diagnostic: Diagnostic, value: Callable[[Any], float], axis: ValueAxis | None = None
    ) -> None:
        """Draw a value of each lane over the steps of the run; between the steps that are known, straight lines."""
        each = max(1, view.frame.last_step) / (PLACES - 1)
        curves = []
        for i, lane in enumerate(view.frame.lanes):
            results = self.over_run(view, diagnostic, i)
            values = _between({step: value(result) for step, result in results.items()}, each)
            curves.append(LagCurve(values, self.color(i), self.mark(i), lane.label))
        curves.sort(key=lambda curve: curve.tag != view.shown.label)
        marks = [LagMark(round(view.frame.step / each), "now", self.palette.muted)]
        values = np.concatenate([curve.values for curve in curves])
        self.query_one(LagChart).show(curves, axis or up_to(values), marks, "step", each)

    def of_step(self, view: ViewState, diagnostic: Diagnostic) -> str:
        """Return ``of step N`` if what is shown is of another step than the frame."""
        steps = {result.step for _, result in self.results(view, diagnostic)}
        return f" of step {min(steps):,}" if steps and steps != {view.frame.step} else ""


def text_rows(height: int) -> int:
    """Return how many of the rows of a panel the words below its chart may take."""
    return max(2, min(-(-height // 3), height - LEAST_CHART))


def _jointly(variants: Sequence[Sequence[Content]]) -> Iterator[list[Content]]:
    """Yield a text of each lane, from the longest variants of all to the shortest ones."""
    for count in range(max(map(len, variants))):
        yield [texts[min(count, len(texts) - 1)] for texts in variants]


class LagPanel(DiagnosisPanel):
    """A diagnostic by lag; the key for the next drawing shows a number of it over the steps of the run instead.

    Attributes:
        diagnostic: what the panel shows.
        by_step: whether it is shown over the run.
    """

    diagnostic: ClassVar[Diagnostic]

    def __init__(self) -> None:
        super().__init__()
        self.by_step = False

    def charts(self) -> Sequence[LineWidget]:
        return [LagChart()]

    def demands(self, view: ViewState) -> Demand:
        return Demand.NETS | (Demand.NOTHING if self.by_step else view.needs_altered)

    def diagnostics(self, view: ViewState) -> tuple[Diagnostic, ...]:
        altered = (self.diagnostic.what_if,) if view.frame.what_if and not self.by_step else ()
        return (self.diagnostic._replace(over_run=self.by_step), *altered)

    def found_altered(self, view: ViewState) -> list[tuple[int, Any]]:
        """Return the defined results of the lanes with interventions, by number of the lane."""
        found = self.altered_results(view, self.diagnostic)
        return [(i, result) for i, result in found if not isinstance(result, Undefined)]

    def drawn_of(self, view: ViewState) -> object:
        return super().drawn_of(view), view.diagnoses if self.by_step else None

    def action_drawing(self) -> None:
        """Show the other drawing: by lag, or over the run."""
        self.by_step = not self.by_step
        self.changed_drawing()

    def other_drawing(self, view: ViewState) -> str:
        """Return the key for the other drawing, and what it shows."""
        key = view.keys.say(f"{{{self.declaration.name}.drawing}}: ")
        return key + ("by lag" if self.by_step else "over the run")

    def found(self, view: ViewState) -> list[tuple[int, Any]]:
        """Return the defined results by number of the lane, that under the cursor first."""
        results = [(i, defined(result)) for i, result in self.results(view, self.diagnostic)]
        return sorted(((i, result) for i, result in results if result), key=lambda each: each[0] != view.lane)


def _between(values: Mapping[int, float], each: float) -> Array:
    """Return values by step at PLACES, one for each ``each`` steps; NaN beyond the steps that are known."""
    if not values:
        return np.full(PLACES, np.nan)
    steps, places = list(values), np.arange(PLACES) * each
    drawn = np.interp(places, steps, list(values.values()))
    return np.where((places > steps[0] - each) & (places < steps[-1] + each), drawn, np.nan)


def up_to(values: Array) -> ValueAxis:
    """Return an axis from 0 to the greatest value, with round labels."""
    high = max(1.0, float(values[np.isfinite(values)].max(initial=0)))
    ticks = nice(0, high, 4)
    return ValueAxis(0.0, max(high, *ticks), [(tick, f"{tick:g}") for tick in ticks])
