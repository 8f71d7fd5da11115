"""Texts of the backward phase: the gradient at each hidden state in words, as a formula, and in numbers."""

from dataclasses import replace

import numpy as np

from rnn_tui.engine.activations import ACTIVATIONS
from rnn_tui.engine.architecture import Term, WeightedSum
from rnn_tui.number_format import brief, power_of_ten
from rnn_tui.session.frame import state_of
from rnn_tui.session.update_trace import UpdateTrace
from rnn_tui.ui.panels.equation_lines import Column, Line, fitted
from rnn_tui.ui.slow_motion.forward_text import PhaseText
from rnn_tui.ui.slow_motion.picture import decades

MOST_ROWS = 6  # of the numbers
VANISHED = 0.01  # relative norm of a vanished gradient; its inverse for an exploded one


def backward(
    slow: UpdateTrace, t: int, unit: int, width: int, rows: int = MOST_ROWS, in_ascii: bool = False
) -> PhaseText:
    architecture = slow.lane.settings.architecture
    numbers: list[Line] = [[(line, "")] for line in (_shares(slow, t, unit, width), _length(slow, t, width))]
    if architecture.single_sum and slow.recurrent and rows >= MOST_ROWS:
        numbers += _from_later(slow, t, unit, width, in_ascii)
    if slow.dz is not None:
        numbers += [[(line, "")] for line in (_through(slow, slow.dz, t, unit), _weight(slow, slow.dz, t, unit))]
    return PhaseText(_words(slow, t), architecture.backward_equations, tuple(numbers))


def of_last_answer(
    slow: UpdateTrace, t: int, unit: int, width: int, rows: int = MOST_ROWS, in_ascii: bool = False
) -> PhaseText:
    """Return the text for the gradient of the last scored answer alone, whose part of L is called L_T."""
    T, norms = slow.last_scored, slow.last.norms
    told = backward(slow.of_last_answer(), t, unit, width - 2 * len("_T"), rows, in_ascii)
    if t > T:
        here = f"It does not depend on h_t, since t > {T}: the gradient is 0."
    elif t == T or not norms[T]:
        here = f"‖∂L/∂h_t‖ is {brief(float(norms[t]))}."
    else:
        here = f"‖∂L/∂h_t‖ is {brief(float(norms[t] / norms[T]))} times that at t = {T}."
    words = f"The answer at T = {T} alone: L_T = l_T / N is the part of L that it adds. {here}"
    return replace(told, words=words).put(lambda text: text.replace("∂L/", "∂L_T/"))


def _words(slow: UpdateTrace, t: int) -> str:
    sentence, scored = slow.lane.settings.architecture.backward_sentence, bool(slow.frame.mask[t])
    if not slow.recurrent:
        return (
            "Right to left. Nothing is passed from t to t+1, so no gradient comes back: the gradient does not travel "
            "from t to t-1. The net cannot learn to keep anything for later."
        )
    if t == slow.length - 1:
        source = (
            "the gradient comes from its own answer, through W_hyᵀ"
            if scored
            else "its answer is not scored, so the gradient is 0"
        )
        return (
            "Backpropagation through time (BPTT), from right to left: ∂L/∂h_t says how much L changes if h_t changes a "
            f"little. No gradient comes from after the last time step: {source}."
        )
    if t == 0 and not slow.cuts:
        return _arrival(slow)
    if t in slow.cuts:
        return (
            f"Backpropagation through time (BPTT) is cut here (every {slow.cuts[0] + 1} time steps): the gradient of "
            f"errors after t = {t} does not reach h_t, so the net does not learn to keep anything for them."
        )
    if not scored:
        later = "No answer is scored here, but h_(t+1) depends on h_t: the gradient comes from h_(t+1)."
        return f"{later} It {sentence}"
    return f"h_t affects its own answer, and h_(t+1), which depends on it. The gradient from h_(t+1) {sentence}"


def _arrival(slow: UpdateTrace) -> str:
    """Return how much of the error of the last answer reaches the start of the sequence."""
    last, name = slow.last_scored, slow.lane.settings.architecture.gradient_path
    first, whole = float(slow.last.reach[0]), float(slow.last.reach[last])
    border = " The state from the previous batch counts as a constant." if slow.lane.before else ""
    if not last or not whole:
        return f"The backward pass ends here.{border}"
    times = f"{brief(first / whole)} times that at t = {last}"
    share = f"for the answer at t = {last} alone, ‖∂L/∂{name}_t‖ at t = 0 is {times}"
    if first / whole < VANISHED:
        end = "It has vanished: the weights hardly learn how the first inputs affect that answer."
    elif first / whole > 1 / VANISHED:
        clip = "The clip limits the step." if slow.frame.preset.training.clip_norm else "A clip would help."
        end = f"It has exploded. {clip}"
    else:
        end = "So the weights can learn how the first inputs affect that answer."
    return f"The backward pass ends: {share}. {end}{border} Panel 8 shows this by lag."


def _shares(slow: UpdateTrace, t: int, unit: int, width: int) -> str:
    output, later, whole = (brief(float(part[unit])) for part in (slow.from_output(t), slow.from_later(t), slow.dh[t]))
    name = f"u{unit}: ∂L/∂h_t"
    if not slow.recurrent:
        return f"{name} = {whole} from y_t, nothing from later"
    after = f"t = {t + 1}" if t + 1 < slow.length else "later"
    text = f"{name} = {output} from y_t + {later} from {after} = {whole}"
    if len(text) > width:
        text = f"{name} = {output} [y_t] + {later} [later] = {whole}"
    return text.replace("+ −", "− ")


def _length(slow: UpdateTrace, t: int, width: int) -> str:
    """Return the norm of the gradient, and the scale of its bars."""
    here = float(slow.norms[t])
    text = f"‖∂L/∂h_t‖ = {brief(here)}"
    after = float(slow.norms[t + 1]) if t + 1 < slow.length else 0.0
    whole = f"{text} over all units"
    if after and slow.recurrent:
        whole = f"{text}, {brief(here / after)} times that at t = {t + 1}"
    low, high = (power_of_ten(exponent) for exponent in decades(slow))
    scales = (
        f"; bars: logarithmic, {low} … {high}, the same for all lanes",
        f"; log bars {low} … {high}, all lanes",
        f"; log bars {low} … {high}",
    )
    texts = [*(f"{whole}{scale}" for scale in scales), f"{text}{scales[-1]}"]
    return next((said for said in texts if len(said) <= width), text)


def _from_later(slow: UpdateTrace, t: int, unit: int, width: int, in_ascii: bool) -> list[Line]:
    """Return the terms of the gradient that W_hhᵀ brings back: names over numbers."""
    if t + 1 >= slow.length or t in slow.cuts:
        why = "because the gradient is cut" if t in slow.cuts else "because this is the end"
        return [[(f"from later: nothing, {why}", "")]]
    assert slow.dz is not None
    (name,) = slow.lane.settings.architecture.recurrent
    pairs = zip(slow.lane.weights[name][:, unit], slow.dz[t + 1], strict=True)
    terms = [Term(f"{name}ᵀ", "∂L/∂z_(t+1)", f"u{j}", float(w), float(dz)) for j, (w, dz) in enumerate(pairs)]
    value = brief(float(slow.from_later(t)[unit]))
    head, tail = Column([("from later = ", "")], [("           = ", "")]), Column([], [(f" = {value}", "")])
    return list(fitted(head, WeightedSum(terms, 0.0, ""), [tail], width, in_ascii, brief) or [])


def _through(slow: UpdateTrace, dz: np.ndarray, t: int, unit: int) -> str:
    """Return the step from h back to z."""
    slope = np.zeros(1)
    ACTIVATIONS[state_of(slow.lane, "h").function].slope(slow.lane.hidden[t, unit : unit + 1], slope)
    product = f"{brief(float(slope[0]))}·{brief(float(slow.dh[t, unit]))}"
    return f"u{unit}: ∂L/∂z_t = f'(z_t)·∂L/∂h_t = {product} = {brief(float(dz[t, unit]))}"


def _weight(slow: UpdateTrace, dz: np.ndarray, t: int, unit: int) -> str:
    """Return what this time step adds to the gradient of one weight, which is a sum over all time steps."""
    own, seen, name, times = dz[:, unit], np.ones(slow.length), f"∂L/∂b_h[u{unit}]", ""
    if slow.recurrent:
        start = slow.lane.before.get("h")
        seen = np.concatenate([[0.0 if start is None else start[-1, unit]], slow.lane.hidden[:-1, unit]])
        name, times = (
            f"∂L/∂{slow.lane.settings.architecture.recurrent[0]}[u{unit},u{unit}]",
            f"·{brief(float(seen[t]))}",
        )
    added = f"{brief(float(own[t]))}{times}" + (f" = {brief(float(own[t] * seen[t]))}" if times else "")
    return f"{name} += {added}, sum so far {brief(float(own[t:] @ seen[t:]))}"
