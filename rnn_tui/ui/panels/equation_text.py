"""Texts of the equation panel: the unit and the answer at one time step, in brief or with every term."""

import re
from dataclasses import replace

from rich.cells import cell_len, set_cell_size

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.architecture import WeightedSum
from rnn_tui.engine.losses import Answer
from rnn_tui.engine.models import OUTPUT_EQUATION
from rnn_tui.number_format import signed, significant
from rnn_tui.session.frame import Frame, Lane, state_of
from rnn_tui.session.probe_reading import RIGHT, UNSCORED
from rnn_tui.ui.panels.equation_lines import (
    Column,
    Line,
    Pair,
    composed_lines,
    cut_line,
    fitted,
    formula_line,
    in_letters,
    vector_part,
    weights_part,
)
from rnn_tui.ui.panels.equation_terms import answer_sum, composed, equations, summed
from rnn_tui.ui.panels.view_state import ViewState
from rnn_tui.ui.widgets.text_widgets import BETWEEN

EQUATIONS = re.compile(r"[,;] (?=\w_t = )")  # between two equations of a line

# A line of names over a line of numbers.


def in_brief(view: ViewState, width: int, rows: int, in_ascii: bool = False) -> list[Line]:
    """Return what fits into ``rows`` rows: names over numbers for the unit, then for the answer.

    Without the columns for that, one line for each without terms.
    """
    state, answer = state_pair(view, width, in_ascii), answer_pair(view, width, in_ascii)
    lines: list[Line] = list(state) if state and rows > 1 else [cut_line([(state_text(view), "")], width)]
    if rows - len(lines) > 1 and answer:
        return [*lines, *answer]
    return [*lines, cut_line([(answer_text(view), "")], width)][:rows]


def state_pair(view: ViewState, width: int, in_ascii: bool = False) -> Pair | None:
    """Return names over numbers for the shown state of the unit; None if even the shortest form is too wide."""
    lane, unit, t, state = view.shown, view.unit, view.t, view.state
    value, f = signed(float(lane.states[state][t, unit])), state_of(lane, state).function
    head = [(f"u{unit}: {state}_t", "")], [(f"t = {t}:", "")]
    if not f:
        formula = composed(view.frame, lane, state, unit, t) or ["composed of its other states"]
        pair = composed_lines(Column(*_plus(head, " = ")), formula, Column([], [(f" = {value}", "")]), in_ascii)
        return pair if pair.width <= width else None
    whole = summed(view.frame, lane, unit, t, state)
    z = signed(whole.value)
    tails = (
        Column([(f") = {f}({sum_name(state)})", "")], [(f") = {f}({z}) = {value}", "")]),
        Column([(")", "")], [(f") = {value}", "")]),
    )
    return fitted(Column(*_plus(head, f" = {f}(")), whole, tails, width, in_ascii)


def answer_pair(view: ViewState, width: int, in_ascii: bool = False) -> Pair | None:
    """Return names over numbers for the answer; None if even the shortest form is too wide."""
    whole, name, value = _answer(view)
    head = [(name, "")], [(f"t = {view.t}:", "")]
    says, verdict = _conclusion(view.frame, view.shown, view.t)
    tails = [Column([], [(f" = {value}{said}", "")]) for said in (f"{says}   {verdict}", says, "")]
    return fitted(Column(*_plus(head, " = ")), whole, tails, width, in_ascii)


def _plus(head: tuple[Line, Line], text: str) -> tuple[Line, Line]:
    """Return both lines of a head, padded to the same width, with a text after each."""
    width = max(len(line[0][0]) for line in head)
    names, numbers = ([(f"{line[0][0]:<{width}}{text}", "")] for line in head)
    return names, numbers


def _answer(view: ViewState) -> tuple[WeightedSum, str, str]:
    """Return the sum of the answered output, its name, and its value."""
    frame, lane, t = view.frame, view.shown, view.t
    output = int(lane.answers[t]) if frame.task.classes else 0
    name = f"y_t[{frame.task.classes[output]!r}]" if frame.task.classes else "y_t"
    return answer_sum(lane, output, t), name, signed(float(lane.logits[t, output]))


# One line without terms.


def state_text(view: ViewState) -> str:
    """Return the value of the unit without terms."""
    lane, unit, t, state = view.shown, view.unit, view.t, view.state
    value, f = signed(float(lane.states[state][t, unit])), state_of(lane, state).function
    through = f"{f}({signed(summed(view.frame, lane, unit, t, state).value)}) = " if f else ""
    return f"u{unit}, t = {t}: {state}_t = {through}{value}"


def answer_text(view: ViewState) -> str:
    """Return the answer without terms."""
    _, name, value = _answer(view)
    says, verdict = _conclusion(view.frame, view.shown, view.t)
    return f"{name} = {value}{says}{BETWEEN}{verdict}"


# Every term in a line of its own.


def in_full(view: ViewState, width: int, in_ascii: bool = False) -> list[Line]:
    """Return the equations, and every term on its own line; or every state, if the shown one is composed of others."""
    lane, unit, t, state = view.shown, view.unit, view.t, view.state
    shown = state_of(lane, state)
    lines = [formula_line(line) for line in (*_equations(lane), OUTPUT_EQUATION)]
    lines += [[(f"{state}, the {shown.title}: {shown.meaning}", "")]] if shown.meaning else []
    if shown.function:
        whole, name = summed(view.frame, lane, unit, t, state), sum_name(state)
        value = signed(float(lane.states[state][t, unit]), 4)
        lines += [[], [(f"{name} of u{unit} at t = {t}:", "")], *term_lines(whole, name)]
        lines += [[(f"{state}_t[u{unit}] = {shown.function}({name}) = {value}", "")]]
    else:
        for other in lane.settings.architecture.states:
            lines += [[], *in_brief(replace(view, wanted=other), width, 2, in_ascii)]
    answer, name, _ = _answer(view)
    says, verdict = _conclusion(view.frame, lane, t)
    lines += [[], [(f"{name} at t = {t}:", "")], *term_lines(answer, name)]
    lines += [[(f"{says.removeprefix(' → ')}{'   ' if says else ''}{verdict}", "")]]
    return [in_letters(line) for line in lines] if in_ascii else lines


def term_lines(whole: WeightedSum, name: str) -> list[Line]:
    """Return a line for each term, one for the bias, and one for the sum."""
    names = [f"{term.matrix}·{term.vector}{f'[{term.entry}]' if term.entry else ''}" for term in whole.terms]
    width = max(map(cell_len, (*names, whole.bias_name, name)))
    lines: list[Line] = []
    for term, text in zip(whole.terms, names, strict=True):
        weights, vector = weights_part(term.matrix), vector_part(term.vector)
        rest = set_cell_size(text, width).removeprefix(term.matrix)
        lines.append([
            (f"  {term.matrix}", weights), (rest, vector), ("  ", ""), (f"{signed(term.weight, 4):>9}", weights),
            (" · ", ""), (f"{signed(term.value, 4):>8}", vector), (f" = {signed(term.product + 0.0, 4):>9}", ""),
        ])  # fmt: skip
    for text, value in ((whole.bias_name, whole.bias), (name, whole.value)):
        lines.append([(f"  {set_cell_size(text, width)}  {'':>9}   {'':>8} = {signed(value, 4):>9}", "")])
    return lines


def sum_name(state: str) -> str:
    """Return the name of the sum that a state is a function of; z is also a gate, so only h's sum has this name."""
    return "z" if state == "h" else "sum"


def formula_of(lane: Lane, state: str) -> str:
    """Return the equation of a state, of all equations of the lane."""
    found = [part for line in equations(lane) for part in EQUATIONS.split(line)]
    own = [part for part in found if part.startswith(f"{state}_t = ")]
    return (
        own[0].partition(", likewise")[0] if own else f"{state}_t = σ(W_h{state} h_(t-1) + W_x{state} x_t + b_{state})"
    )


def _equations(lane: Lane) -> list[str]:
    """Return the equations of the lane; with the formula of f if they contain an f."""
    f = ACTIVATIONS.get(state_of(lane, "h").function)
    return [f"{lane.label}: {line}{f', f(z) = {f.formula}' if f else ''}" for line in equations(lane)]


def _conclusion(frame: Frame, lane: Lane, t: int) -> tuple[str, str]:
    """Return the answer that follows from the output, and whether it is right."""
    answer, verdict = lane.answers[t], int(lane.verdicts[t])
    which = int(answer) if frame.task.classes else 0
    probability, says = frame.task.loss.probability(lane.logits[t], which), ""
    if probability is not None:
        says = f" → P{'(1)' if frame.task.loss.answer is Answer.BIT else ''} = {probability:.2f}"
    if verdict == UNSCORED:
        return says, "not scored"
    classes = frame.task.classes
    if frame.task.loss.answer is Answer.NUMBER:
        says = f" → {significant(float(frame.task.in_units(answer)))}"
    target = classes[int(frame.target[t])] if classes else frame.task.in_units(frame.target[t])
    shown = repr(target) if isinstance(target, str) else significant(float(target))
    return says, f"target {shown} {'✓' if verdict == RIGHT else '✗'}"
