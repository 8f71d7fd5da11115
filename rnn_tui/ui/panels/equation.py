"""The equation panel: the unit under the cursor at the time step under the cursor, with live numbers."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from rnn_tui.engine.models import OUTPUT_EQUATION
from rnn_tui.number_format import significant
from rnn_tui.session.frame import Demand
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.declaration import (
    READ_KEYS,
    TIME_KEYS,
    UNIT_KEYS,
    PanelDeclaration,
    PanelHelp,
    Region,
    always,
)
from rnn_tui.ui.panels.equation_lines import colored, cut_line, formula_line
from rnn_tui.ui.panels.equation_text import answer_pair, answer_text, formula_of, in_brief, in_full
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.panels.what_if_equation import on_unit, view_with
from rnn_tui.ui.widgets.text_page import TextPage
from rnn_tui.ui.widgets.text_widgets import BETWEEN

MOST_LINES = 4  # with more rows, every term has its own


class EquationPanel(Panel):
    DEFAULT_CSS = """
    EquationPanel {
        &.-bare, &.-bare.-framed { border: none; }
        &.-bare.-framed { background: $panel; text-style: bold; }
        &.-bare:focus, &.-bare.-framed:focus { border: none; background: $panel; }
    }
    """

    declaration = PanelDeclaration(
        name="equation",
        number=6,
        title="equation",
        region=Region.BOTTOM,
        columns=always(0),
        rows=always(2, 4, 6),
        demands=Demand.PROBE | Demand.WHAT_IF,
        keys=(
            Binding("enter", "screen.zoom", "Whole sum", show=False, tooltip="Show every term of the sum, or stop that",
                    id="equation.whole"),
        ),
        help=PanelHelp(
            "The value of the selected unit at this time step, and the answer that follows: names above, numbers below "
            "them in the same colors. The terms are in a fixed order: inputs first, then the units u0, u1, …; those "
            "without room are added up. {equation.whole} shows every term.",
            "z_t = W_xh x_t + W_hh h_(t-1) + b_h, h_t = f(z_t)\n" + OUTPUT_EQUATION,
            "h_(t-1)[u0] is the value of unit u0 at the previous time step; before the first one, it is 0.",
            ("equation.whole", *TIME_KEYS, *UNIT_KEYS, *READ_KEYS),
        ),
    )  # fmt: skip

    def compose(self) -> ComposeResult:
        yield TextPage()

    def demands(self, view: ViewState) -> Demand:
        return Demand.PROBE | view.needs_altered

    def drawn_of(self, view: ViewState) -> object:
        return view.frame, view.lane, view.t, view.unit, view.state, view.compared

    def show(self, view: ViewState) -> None:
        done, kind = on_unit(view), " with what if" if view_with(view) is not view else ""
        view = view_with(view)
        width, height = self.content_size.width or 80, self.content_size.height
        whole, in_ascii, colors = height > MOST_LINES, self.canvas.ascii, self.palette
        lines = in_full(view, width, in_ascii) if whole else in_brief(view, width, height, in_ascii)
        if done is not None:  # the unit is not computed from a sum
            value = significant(float(view.units[view.unit, view.t]))
            said = cut_line([(f"u{view.unit}, t = {view.t}: {done.said}; whatever reads it reads {value}", "")], width)
            lines = [said, *(answer_pair(view, width, in_ascii) or ())][:height]
        self.query_one(TextPage).say(Content("\n").join(colored(line, colors) for line in lines))
        title: list[Content | str] = [f" of {view.shown.label}{kind}"]
        if not whole:  # otherwise the text begins with it
            formula = self.canvas.spell(formula_of(view.shown, view.state))
            title.append(Content.assemble(":  ", colored(formula_line(formula), colors)))
        self.title(self._below(view, whole, height), *title)

    def _below(self, view: ViewState, whole: bool, height: int) -> str:
        """Return the text of the bottom border: the answer, if it has no lines, and the key that shows every term."""
        if whole:
            return view.keys.say("{panel.read_back} {panel.read_on} scroll")
        parts = [view.keys.say("{equation.whole} shows every term")] if self.has_focus else []
        parts = [self.canvas.spell(answer_text(view)), *parts] if height < MOST_LINES else parts
        return BETWEEN.join(parts)

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.redraw()
