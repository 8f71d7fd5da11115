"""The hidden-state panel: h_t of one lane, or another of its states, units × time."""

import numpy as np
from textual.app import ComposeResult
from textual.content import Content

from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.parameters import Array
from rnn_tui.number_format import loss_text, signed, significant
from rnn_tui.session.frame import Demand, Lane, state_of
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.declaration import (
    EVERY_PAGE,
    FRAME,
    TIME_KEYS,
    UNIT_KEYS,
    Contents,
    Extent,
    PanelDeclaration,
    PanelHelp,
    Region,
    time_columns,
)
from rnn_tui.ui.panels.diagnoses import COMPUTING, Diagnostic
from rnn_tui.ui.panels.sequence import scored_steps, tracks_of_inputs
from rnn_tui.ui.panels.unit_table import UNITS, found_units, rows_in_sight, table_lines
from rnn_tui.ui.panels.view_state import SENT_BACK, WITHOUT, ViewState
from rnn_tui.ui.widgets.heatmap import HeatMap
from rnn_tui.ui.widgets.text_widgets import TextLine
from rnn_tui.ui.widgets.time_axis import GUTTER, Columns, TimeAxis
from rnn_tui.ui.widgets.tracks import Tracks
from rnn_tui.ui.widgets.unit_axis import UnitAxis, tallest

SHOWN = {"with": "with what if", "without": "without what if", "difference": "difference, with − without"}
INPUT_SHARE = 4  # rows of inputs above the heat map take at most 1/INPUT_SHARE of the panel


def _rows(contents: Contents, columns: int) -> Extent:
    """Return the rows for the border, a ruler, and units with cells of a good height, or else two units per row."""
    above = FRAME[1] + 1
    cell = TimeAxis.fit(contents.steps, columns - GUTTER - FRAME[0], 0, contents.each).width
    highest = min(tallest(cell), 2) if contents.curves else tallest(cell)
    better = tuple(above + high * contents.units for high in range(highest, 0, -1))
    return Extent(5, above + (contents.units + 1) // 2, better)


class HiddenStatePanel(Panel):
    declaration = PanelDeclaration(
        name="hidden_state",
        number=3,
        title="hidden state",
        tab="hidden",
        region=Region.UPPER,
        page=EVERY_PAGE,
        columns=time_columns(title=54),
        rows=_rows,
        demands=Demand.PROBE | Demand.NETS | Demand.GRADIENT | Demand.WHAT_IF,
        diagnostics=(UNITS,),
        help=PanelHelp(
            "The memory of one lane: a row per unit, a column per time step, violet negative and yellow positive. "
            "Before training, {look.later} shows the forward pass: each column is computed from the previous column "
            "and the input.",
            CELLS["rnn"].equations[0],
            "An FNN has no memory: its hidden layer is computed from the inputs in its window only. {look.state} shows "
            "c and the gates of a gated cell, and ∂L/∂h: what the next update sends back through the first training "
            "sequence, as in slow motion. {look.unit_table} lists what each unit carries, the most important one "
            "first: the past input that explains it best, and the held-out loss if nothing reads it. Numbers and "
            "arrows in the border and at the ruler count what is out of sight; {look.zoom} shows the panel alone, "
            "with the inputs above it.",
            (*TIME_KEYS, *UNIT_KEYS, "look.unit_table", "lens.menu", "lens.compare"),
            mouse=(("click", "Go to that time step and unit"), ("right click", "Ask what if, at that place")),
        ),
    )

    def compose(self) -> ComposeResult:
        tracks = Tracks()
        tracks.display = False
        yield tracks
        yield HeatMap()
        table = TextLine()
        table.display, table.styles.height = False, "1fr"
        yield table

    def demands(self, view: ViewState) -> Demand:
        nets = Demand.NETS if view.unit_table else Demand.NOTHING
        sent = Demand.GRADIENT if view.wanted == SENT_BACK else Demand.NOTHING
        return Demand.PROBE | nets | sent | view.needs_altered

    def diagnostics(self, view: ViewState) -> tuple[Diagnostic, ...]:
        return (UNITS,) if view.unit_table else ()

    def show(self, view: ViewState) -> None:
        self.query_one(TextLine).display = view.unit_table
        self.query_one(HeatMap).display = not view.unit_table
        if view.unit_table:
            self._show_table(view)
            return
        values, (middle, reach) = shown_values(view)
        shifted = values - middle if middle else values  # the array may be large
        each, asked = view.columns.alone if self.alone else view.columns, scored_steps(view.frame)
        above = self._show_inputs(view, each)
        columns = TimeAxis.fit(view.frame.length, self.size.width - GUTTER, view.t, each).width
        highest, rows = tallest(columns, self.alone), self.size.height - above - 1
        units = UnitAxis.fit(len(values), rows, view.unit, highest, not self.canvas.glyphs)
        self._say(view, values, units, f"{significant(middle - reach, 3)} to {significant(middle + reach, 3)}")
        self.query_one(HeatMap).show(
            shifted, reach, view.t, view.unit, view.lit, "u", each, scored=asked, alone=self.alone
        )

    def _show_table(self, view: ViewState) -> None:
        """Show the table of units, as much as fits, with that under the cursor."""
        self.query_one(Tracks).display = False
        result, page = view.diagnoses.of(UNITS, view.lane, view.shown.net), self.query_one(TextLine)
        table, back = found_units(view), view.keys.say("{look.unit_table}: heat map")
        self.heading = "units"
        step = "" if result is None or result.step == view.frame.step else f" of step {result.step:,}"
        loss = "" if table is None else f"loss with all of them {loss_text(table.loss)} · "
        of, order = f" of {view.shown.label}{WITHOUT if view.frame.what_if else ''}", ", by importance"
        if table is None:
            self.title(back, of, order)
            page.say(Content(COMPUTING if result is None else result.value.reason))
            return
        visible = rows_in_sight(table, view.unit, self.size.height - 1)
        arrows = f"{'↑' if visible.start else ''}{'↓' if visible.stop < len(table.rows) else ''}"
        counted = f", {len(visible)} of {len(table.rows)} shown {arrows}" if arrows else ""
        self.title(f"{loss}{back}", of, counted, order, (step, "dim"))
        page.say(Content("\n").join(table_lines(table, view.unit, visible, self.palette, self.size.width)))

    def _show_inputs(self, view: ViewState, each: Columns) -> int:
        """Show what the net reads above its states, if the panel is alone; return the number of rows."""
        rows = (self.size.height - 1) // INPUT_SHARE if self.alone else 0
        tracks = tracks_of_inputs(view.frame, self.palette)[:rows]
        shown = self.query_one(Tracks)
        shown.display, shown.styles.height = bool(tracks), len(tracks)
        shown.show(tracks, view.frame.length, view.t, range(view.frame.length), each, ruler=False)
        return len(tracks)

    def _say(self, view: ViewState, values: Array, units: UnitAxis, scale: str) -> None:
        """Show in the border what is shown, how many units are out of sight, and the value at the cursor."""
        lane, name = view.shown, SENT_BACK if view.wanted == SENT_BACK else view.state
        number = float(values[view.unit, view.t])
        value = significant(number, 3) if name == SENT_BACK else signed(number)
        altered = view.altered if name != SENT_BACK else None
        if altered is not None:
            both = (signed(float(states[name][view.t, view.unit])) for states in (altered.probe.states, lane.states))
            value = "{} with, {} without".format(*both)
        others = [other for other in (*lane.states, SENT_BACK) if other != name]
        more = view.keys.say(f" ({{look.state}}: {' '.join(others)})")
        reading = f"{name} of u{view.unit} at t = {view.t}: {value} · {self.canvas.scale} from {scale}"
        self.heading = "gradient ∂L/∂h_t" if name == SENT_BACK else f"{state_of(lane, name).title} {name}_t"
        where = " in a training sequence" if name == SENT_BACK else ""
        kind = f" {SHOWN[view.compared]}" if altered is not None else ""
        key = view.keys.say(" ({lens.compare})") if kind else ""
        self.title(
            reading, f" of {lane.label}{where}", (kind, "bold"), (key, "dim"), f", {units.counts}", (more, "dim")
        )


def shown_values(view: ViewState) -> tuple[Array, tuple[float, float]]:
    """Return the values (H, T) that the heat map shows, and its color scale as in ``color_scale``.

    A training sequence that is shorter than the probe leaves later time steps empty.
    """
    lane = view.shown
    if view.wanted != SENT_BACK or lane.sent_back is None:
        return _compared_values(view)
    values = np.full((lane.sent_back.shape[1], view.frame.length), np.nan)
    length = min(view.frame.length, len(lane.sent_back))
    values[:, :length] = lane.sent_back[:length].T
    return values, (0.0, greatest(values))


def _compared_values(view: ViewState) -> tuple[Array, tuple[float, float]]:
    """Return the values of the state and their scale: with interventions, without them, or the difference."""
    lane, name, without, altered = view.shown, view.state, view.units, view.altered
    if altered is None or view.compared == "without":
        return without, color_scale(without, lane, name)
    changed = altered.probe.states[name].T
    if view.compared == "difference":
        difference = changed - without
        return difference, (0.0, greatest(difference))
    return changed, color_scale(changed, lane, name)


def color_scale(values: Array, lane: Lane, name: str) -> tuple[float, float]:
    """Return the middle of the color scale, and the distance of its strongest colors.

    Both follow from the limits of the gate or activation; without limits, from the values.
    """
    state = state_of(lane, name)
    if state.function == "σ":
        return 0.5, 0.5
    return 0.0, max(map(abs, state.limits)) if state.limits else greatest(values)


def greatest(values: Array) -> float:
    """Return the greatest finite absolute value; 1 if there is none above 0."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size and finite.max() > 0 else 1.0
