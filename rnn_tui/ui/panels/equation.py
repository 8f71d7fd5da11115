"""The equation panel: the unit under the cursor at the time step under the cursor, with live numbers."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.architecture import Term
from rnn_tui.engine.losses import Answer
from rnn_tui.number_format import signed, significant
from rnn_tui.session.frame import RIGHT, UNSCORED, Demand, Frame, Lane, state_of
from rnn_tui.ui.panels.base import Panel
from rnn_tui.ui.panels.declaration import (
    EVERY_PAGE,
    READ_KEYS,
    TIME_KEYS,
    UNIT_KEYS,
    PanelDeclaration,
    PanelHelp,
    Region,
    always,
)
from rnn_tui.ui.panels.equation_terms import answer_terms, composed, equations, summed
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.widgets.text_widgets import TextPage

Number: TypeAlias = Callable[[float], str]

SHORTEST = len("0.00·0.00 + ")  # a term in the line


class EquationPanel(Panel):
    DEFAULT_CSS = """
    EquationPanel {
        &.-bare { border: none; }
        &.-bare:focus { border: none; background: $panel; }
    }
    """

    declaration = PanelDeclaration(
        name="equation",
        number=6,
        title="equation",
        region=Region.BOTTOM,
        page=EVERY_PAGE,
        columns=always(0),
        rows=always(2, 4, 6),
        demands=Demand.PROBE,
        help=PanelHelp(
            "The sum that gives the selected unit its value, term by term, and the answer at this time step. The "
            "largest terms are listed, and the others are added up; {look.zoom} shows every term.",
            "z = Σ_j W_hh[i,j] h_j(t-1) + Σ_k W_xh[i,k] x_k(t) + b_i\nh_i(t) = f(z)",
            "",
            (*TIME_KEYS, *UNIT_KEYS, "look.zoom", *READ_KEYS),
        ),
    )

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield TextPage()

    def show(self, view: ViewState, before: ViewState | None) -> None:  # noqa: ARG002
        width, height = self.content_size.width or 80, self.content_size.height
        lines = in_full(view) if height > 4 else [line(view, width) for line in (state_line, answer_line)]
        spelt = [self.canvas.spell(line) for line in lines]
        self.query_one(TextPage).say(Content("\n".join(spelt if height > 4 else [cut(line, width) for line in spelt])))


def state_line(view: ViewState, width: int) -> str:
    lane, unit, t, state = view.shown, view.unit, view.t, view.state
    value, f = signed(float(lane.states[state][t, unit])), state_of(lane, state).function
    if not f:
        return cut(f"{state}{unit}({t}) = {composed(view.frame, lane, state, unit, t)} = {value}", width)
    terms, bias = summed(view.frame, lane, unit, t, state)
    z = sum(term.product for term in terms) + bias
    head, tail = f"{state}{unit}({t}) = {f}( ", f" ) = {f}({signed(z)}) = {value}"
    recurrent = f"W_h{state}" in lane.weights
    return _line(head, terms, bias, int(recurrent and view.frame.inputs.shape[1] == 1), tail, width)


def answer_line(view: ViewState, width: int) -> str:
    frame, lane, t = view.frame, view.shown, view.t
    output = int(lane.answers[t]) if frame.task.classes else 0
    terms, bias = answer_terms(lane, output, t)
    name = f"y({t})" if not frame.task.classes else f"y({t})[{frame.task.classes[output]!r}]"
    tail = f" = {signed(float(lane.logits[t, output]))}{_conclusion(frame, lane, t)}"
    head = f"{name} = "
    return _line(head, terms, bias, 0, tail, width)


def in_full(view: ViewState) -> list[str]:
    """Return every term on its own line, for the zoomed panel; or every state, if the shown one is composed."""
    lane, unit, t, state = view.shown, view.unit, view.t, view.state
    shown, answer = state_of(lane, state), answer_line(view, 10_000)
    title, f = _equations(lane), shown.function
    title += [f"{state}, the {shown.title}: {shown.meaning}"] if shown.meaning else []
    if not f:
        made_of = [replace(view, wanted=name) for name in lane.settings.architecture.states]
        return [*title, *(state_line(seen, 10_000) for seen in made_of), answer]
    terms, bias = summed(view.frame, lane, unit, t, state)
    z = sum(term.product for term in terms) + bias
    rows = [f"  {term.name:<10} {signed(term.weight, 4):>9} · {signed(term.value, 4):>8} = {signed(term.product, 4):>9}"
            for term in terms]  # fmt: skip
    name = "z" if state == "h" else "sum"
    return [
        *title,
        f"{name} of unit {unit} at t = {t}:" if state == "h" else f"{name} of {state}{unit} at t = {t}:",
        *rows,
        f"  {'bias':<10} {'':>9}   {'':>8}   {signed(bias, 4):>9}",
        f"  {name:<10} {'':>9}   {'':>8} = {signed(z, 4):>9}",
        f"{state}{unit}({t}) = {f}({name}) = {signed(float(lane.states[state][t, unit]), 4)}",
        answer,
    ]


def _equations(lane: Lane) -> list[str]:
    """Return the equations of the lane; with the formula of f if they contain an f."""
    f = ACTIVATIONS.get(state_of(lane, "h").function)
    return [f"{lane.label}: {line}{f', f(z) = {f.formula}' if f else ''}" for line in equations(lane)]


def _line(head: str, terms: list[Term], bias: float, first: int, tail: str, width: int) -> str:
    text = head + sum_text(terms, bias, width - cell_len(head) - cell_len(tail), first) + tail
    return cut(text, width)


def cut(text: str, width: int) -> str:
    return text if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}…"


def sum_text(terms: list[Term], bias: float, room: int, first: int = 0, number: Number = signed) -> str:
    """Return as many terms as fit, the largest first after the ``first`` ones, and the sum of the others."""
    order = terms[:first] + sorted(terms[first:], key=lambda term: -abs(term.product))
    most = max(0, room) // SHORTEST
    for shown in range(min(most, len(order)), -1, -1):
        rest = sum(term.product for term in order[shown:])
        parts = [f"{number(term.weight)}·{number(term.value)}" for term in order[:shown]]
        if shown < len(order):
            parts.append(f"{number(rest)} [{len(order) - shown} more]")
        text = " + ".join([*parts, number(bias)] if bias or not parts else parts).replace("+ −", "− ")
        if len(text) <= room:
            return text
    return "…"


def _conclusion(frame: Frame, lane: Lane, t: int) -> str:
    """Return the answer that follows from the output, and whether it is right."""
    answer, verdict = lane.answers[t], int(lane.verdicts[t])
    which = int(answer) if frame.task.classes else 0
    probability, says = frame.task.loss.probability(lane.logits[t], which), ""
    if probability is not None:
        says = f" → P{'(1)' if frame.task.loss.answer is Answer.BIT else ''} = {probability:.2f}"
    if verdict == UNSCORED:
        return f"{says}   not scored"
    classes = frame.task.classes
    if frame.task.loss.answer is Answer.NUMBER:
        says = f" → {significant(float(frame.task.in_units(answer)))}"
    target = classes[int(frame.target[t])] if classes else frame.task.in_units(frame.target[t])
    shown = repr(target) if isinstance(target, str) else significant(float(target))
    return f"{says}   target {shown} {'✓' if verdict == RIGHT else '✗'}"
