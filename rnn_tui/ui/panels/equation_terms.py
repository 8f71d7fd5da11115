"""What is summed, and to what: the numbers behind one unit at one time step, term by term."""

from typing import NamedTuple

import numpy as np

from rnn_tui.engine.cells import CELLS
from rnn_tui.engine.parameters import Array
from rnn_tui.number_format import signed, with_minus
from rnn_tui.session.frame import Frame, Lane
from rnn_tui.ui.render.glyphs import visible

LONGEST_NAME = 12  # of an input; a column of a file may be called anything


class Term(NamedTuple):
    """A weight times what it weighs, under the field's name for that."""

    name: str
    weight: float
    value: float

    @property
    def product(self) -> float:
        return self.weight * self.value


def equations(lane: Lane) -> tuple[str, ...]:
    """The lane's equations, in one line each."""
    cell = CELLS.get(lane.settings.kind)
    return cell.equations if cell else ("h_t = f(W_xh [x_t, x_(t-1), …] + b_h)",)


def at(values: Array, before: Array | None, t: int) -> Array:
    """(features,) of ``values`` (T, features) at t; of a t below 0, what was there ``before``, or zeros."""
    if t >= 0:
        return np.asarray(values[t])
    return np.zeros(values.shape[1]) if before is None else np.asarray(before[t])


def input_terms(frame: Frame, lane: Lane, state: str, unit: int, t: int) -> list[Term]:
    """The weighted inputs of a unit; symbols that are not there are left out."""
    weights, terms, inputs = lane.weights[f"W_x{state}"], [], frame.inputs.shape[1]
    symbols, channels = frame.task.alphabet, frame.task.channels
    for lag in range(getattr(lane.settings, "window", 1)):
        x = at(frame.inputs, lane.before.get("x"), t - lag)
        for i in np.flatnonzero(x).tolist() if symbols else range(inputs):
            name = f"x({t - lag})[{visible(symbols[i])!r}]" if symbols else f"{channels[i][:LONGEST_NAME]}({t - lag})"
            terms.append(Term(name, float(weights[unit, lag * inputs + i]), float(x[i])))
    return terms


def hidden_terms(lane: Lane, state: str, unit: int, t: int) -> list[Term]:
    """The weighted hidden states before t; silent units are left out, as all are where a sequence begins."""
    if f"W_h{state}" not in lane.weights:
        return []
    before = at(lane.hidden, lane.before.get("h"), t - 1)
    pairs = zip(lane.weights[f"W_h{state}"][unit], before, strict=True)
    return [Term(f"h{j}({t - 1})", float(w), float(h)) for j, (w, h) in enumerate(pairs) if h]


def state_terms(frame: Frame, lane: Lane, unit: int, t: int, state: str = "h") -> tuple[list[Term], float]:
    """What is summed to z of a unit at t, and the bias; of h, or of the gate that ``state`` names."""
    terms = input_terms(frame, lane, state, unit, t) + hidden_terms(lane, state, unit, t)
    return terms, float(lane.weights[f"b_{state}"][unit])


def candidate_terms(frame: Frame, lane: Lane, unit: int, t: int) -> tuple[list[Term], float]:
    """What is summed to the candidate n of a GRU: the reset gate r weighs the hidden states, and one of the biases."""
    r = float(lane.states["r"][t, unit])
    from_h = hidden_terms(lane, "n", unit, t)
    terms = input_terms(frame, lane, "n", unit, t) + [Term(f"r·{h.name}", h.weight, r * h.value) for h in from_h]
    return terms, float(lane.weights["b_xn"][unit]) + r * float(lane.weights["b_hn"][unit])


def summed(frame: Frame, lane: Lane, unit: int, t: int, state: str) -> tuple[list[Term], float]:
    """The terms and the bias of any state that is a function of one sum."""
    if (lane.settings.kind, state) == ("gru", "n"):
        return candidate_terms(frame, lane, unit, t)
    return state_terms(frame, lane, unit, t, state)


def answer_terms(lane: Lane, output: int, t: int) -> tuple[list[Term], float]:
    """What is summed to an output at t, and the bias."""
    pairs = zip(lane.weights["W_hy"][output], lane.hidden[t], strict=True)
    terms = [Term(f"h{j}({t})", float(w), float(h)) for j, (w, h) in enumerate(pairs)]
    return terms, float(lane.weights["b_y"][output])


def composed(lane: Lane, state: str, unit: int, t: int) -> str:
    """A state that is made of others and not of a sum: ``formula = numbers``, as far as it is known how."""
    now = {name: signed(float(values[t, unit])) for name, values in lane.states.items()}
    before = {
        name: signed(float(at(values, lane.before.get(name), t - 1)[unit])) for name, values in lane.states.items()
    }
    past = with_minus(f"{unit}({t - 1})")
    match lane.settings.kind, state:
        case "gru", "h":
            kept = signed(1 - float(lane.states["z"][t, unit]))
            return f"(1 − z)·n + z·h{past} = {kept}·{now['n']} + {now['z']}·{before['h']}"
        case "lstm", "c":
            return f"f·c{past} + i·g = {now['f']}·{before['c']} + {now['i']}·{now['g']}"
        case "lstm", "h":
            return f"o·tanh(c) = {now['o']}·tanh({now['c']})"
    return "made of its other states"
