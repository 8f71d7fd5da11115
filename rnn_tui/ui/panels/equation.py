"""The equation line: the unit under the cursor at the time step under the cursor, with live numbers."""

from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.losses import binary_cross_entropy, sigmoid
from rnn_tui.session.frame import RIGHT, UNSCORED, Frame, Lane
from rnn_tui.ui.panels.panel import Panel, signed
from rnn_tui.ui.view import View
from rnn_tui.ui.widgets.text import Page

SHORTEST = len("0.00·0.00 + ")  # a term in the line


@dataclass(frozen=True)
class Term:
    """A weight times what it weighs, under the field's name for that."""

    name: str
    weight: float
    value: float

    @property
    def product(self) -> float:
        return self.weight * self.value

    def __str__(self) -> str:
        return f"{signed(self.weight)}·{signed(self.value)}"


class EquationPanel(Panel):
    number, heading = 6, "equation"

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Page()

    def show(self, view: View, before: View | None) -> None:  # noqa: ARG002
        width, height = self.content_size.width or 80, self.content_size.height
        text = (
            "\n".join(in_full(view))
            if height > 4
            else "\n".join(line(view, width) for line in (state_line, answer_line))
        )
        self.query_one(Page).say(Content(text))


def state_terms(frame: Frame, lane: Lane, unit: int, t: int) -> tuple[list[Term], float]:
    """What is summed to z of a unit at t: weighted inputs, weighted earlier hidden states, and the bias.

    What is zero is left out: symbols that are not there, silent units, and all units before the first time step.
    """
    weights, terms = lane.weights, []
    window = getattr(lane.settings, "window", 1)
    inputs = frame.inputs.shape[1]
    for lag in range(window):
        x = frame.inputs[t - lag] if t >= lag else np.zeros(inputs)
        for i in range(inputs):
            if inputs == 1 or x[i]:
                name = f"x({t - lag})" if inputs == 1 else f"x({t - lag})[{i}]"
                terms.append(Term(name, float(weights["W_xh"][unit, lag * inputs + i]), float(x[i])))
    if "W_hh" in weights:
        before = lane.hidden[t - 1] if t else np.zeros(lane.hidden.shape[1])
        terms += [
            Term(f"h{j}({t - 1})", float(w), float(h))
            for j, (w, h) in enumerate(zip(weights["W_hh"][unit], before, strict=True))
            if h
        ]
    return terms, float(weights["b_h"][unit])


def answer_terms(lane: Lane, output: int, t: int) -> tuple[list[Term], float]:
    """What is summed to an output at t."""
    pairs = zip(lane.weights["W_hy"][output], lane.hidden[t], strict=True)
    return [Term(f"h{j}({t})", float(w), float(h)) for j, (w, h) in enumerate(pairs)], float(
        lane.weights["b_y"][output]
    )


def state_line(view: View, width: int) -> str:
    lane, unit, t = view.shown, view.unit, view.t
    terms, bias = state_terms(view.frame, lane, unit, t)
    z = sum(term.product for term in terms) + bias
    f = lane.settings.activation
    head, tail = f"h{unit}({t}) = {f}( ", f" ) = {f}({signed(z)}) = {signed(float(lane.hidden[t, unit]))}"
    keep = 0 if "W_hh" not in lane.weights else view.frame.inputs.shape[1] == 1
    return _line(head, terms, bias, int(keep), tail, width)


def answer_line(view: View, width: int) -> str:
    frame, lane, t = view.frame, view.shown, view.t
    output = int(lane.answers[t]) if frame.task.symbols else 0
    terms, bias = answer_terms(lane, output, t)
    name = f"y({t})" if not frame.task.symbols else f"y({t})[{frame.task.symbols[output]!r}]"
    tail = f" = {signed(float(lane.logits[t, output]))}{_conclusion(frame, lane, t)}"
    head = f"{name} = "
    return _line(head, terms, bias, 0, tail, width)


def in_full(view: View) -> list[str]:
    """Every term on a line of its own, for the zoomed panel."""
    lane, unit, t = view.shown, view.unit, view.t
    terms, bias = state_terms(view.frame, lane, unit, t)
    z = sum(term.product for term in terms) + bias
    formula = ACTIVATIONS[lane.settings.activation].formula
    rows = [f"  {term.name:<10} {signed(term.weight, 4):>9} · {signed(term.value, 4):>8} = {signed(term.product, 4):>9}"
            for term in terms]  # fmt: skip
    return [
        f"{lane.label}: h_t = f(W_hh h_(t-1) + W_xh x_t + b_h), f(z) = {formula}"
        if "W_hh" in lane.weights
        else f"{lane.label}: h_t = f(W_xh [x_t, x_(t-1), …] + b_h), f(z) = {formula}",
        f"z of unit {unit} at t = {t}:",
        *rows,
        f"  {'bias':<10} {'':>9}   {'':>8}   {signed(bias, 4):>9}",
        f"  {'z':<10} {'':>9}   {'':>8} = {signed(z, 4):>9}",
        f"h{unit}({t}) = f(z) = {signed(float(lane.hidden[t, unit]), 4)}",
        answer_line(view, 10_000),
    ]


def _line(head: str, terms: list[Term], bias: float, first: int, tail: str, width: int) -> str:
    text = head + _sum(terms, bias, width - cell_len(head) - cell_len(tail), first) + tail
    return text if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}…"


def _sum(terms: list[Term], bias: float, room: int, first: int) -> str:
    """As many terms as there is room for, the largest first (after the ``first`` ones); the others as one number."""
    order = terms[:first] + sorted(terms[first:], key=lambda term: -abs(term.product))
    most = max(0, room) // SHORTEST
    for shown in range(min(most, len(order)), -1, -1):
        rest = sum(term.product for term in order[shown:])
        parts = [str(term) for term in order[:shown]]
        if shown < len(order):
            parts.append(f"{signed(rest)} [{len(order) - shown} more]")
        text = " + ".join([*parts, signed(bias)]).replace("+ −", "− ")
        if len(text) <= room:
            return text
    return "…"


def _conclusion(frame: Frame, lane: Lane, t: int) -> str:
    """From the output to the answer, and whether it is right."""
    answer, verdict = lane.answers[t], int(lane.verdicts[t])
    says = ""
    if frame.task.loss is binary_cross_entropy:
        says = f" → P(1) = {float(sigmoid(lane.logits[t, 0])):.2f}"
    elif frame.task.symbols:
        with np.errstate(invalid="ignore"):  # of a lane that diverged
            p = np.exp(lane.logits[t] - lane.logits[t].max())
        says = f" → P = {float(p[int(answer)] / p.sum()):.2f}"
    if verdict == UNSCORED:
        return f"{says}   not scored"
    if frame.task.is_data and not frame.task.symbols:
        says = f" → {frame.task.in_units(answer):.4g}".replace("-", "−")
    target = frame.task.symbols[int(frame.target[t])] if frame.task.symbols else frame.task.in_units(frame.target[t])
    shown = repr(target) if isinstance(target, str) else f"{float(target):.4g}".replace("-", "−")
    return f"{says}   target {shown} {'✓' if verdict == RIGHT else '✗'}"
