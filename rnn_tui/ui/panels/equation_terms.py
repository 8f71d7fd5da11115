"""Terms of the sums behind one unit at one time step."""

import numpy as np

from rnn_tui.engine.architecture import Term, UnitStep
from rnn_tui.engine.parameters import Array
from rnn_tui.number_format import signed
from rnn_tui.session.frame import Frame, Lane
from rnn_tui.ui.render.glyphs import visible

LONGEST_NAME = 12  # of an input; a column of a file may have any name


def equations(lane: Lane) -> tuple[str, ...]:
    """Return the equations of a lane, one line each."""
    return lane.settings.architecture.equations


def at(values: Array, before: Array | None, t: int) -> Array:
    """Return ``values`` (T, features) at t as (features,); for t < 0 the value ``before``, or zeros."""
    if t >= 0:
        return np.asarray(values[t])
    return np.zeros(values.shape[1]) if before is None else np.asarray(before[t])


def inputs_at(frame: Frame, lane: Lane, t: int) -> list[tuple[str, int, float]]:
    """Return the name, column of W_x and value of each input that a lane sees at t; absent symbols are omitted."""
    found, inputs = [], frame.inputs.shape[1]
    symbols, channels = frame.task.alphabet, frame.task.channels
    for lag in range(getattr(lane.settings, "window", 1)):
        x = at(frame.inputs, lane.before.get("x"), t - lag)
        for i in np.flatnonzero(x).tolist() if symbols else range(inputs):
            name = f"x({t - lag})[{visible(symbols[i])!r}]" if symbols else f"{channels[i][:LONGEST_NAME]}({t - lag})"
            found.append((name, lag * inputs + i, float(x[i])))
    return found


def unit_step(frame: Frame, lane: Lane, unit: int, t: int) -> UnitStep:
    """Return what the architecture needs to compute one unit of a lane at t."""
    return UnitStep(
        unit=unit,
        t=t,
        weights=lane.weights,
        inputs=inputs_at(frame, lane, t),
        states={name: values[t] for name, values in lane.states.items()},
        before={name: at(values, lane.before.get(name), t - 1) for name, values in lane.states.items()},
    )


def summed(frame: Frame, lane: Lane, unit: int, t: int, state: str = "h") -> tuple[list[Term], float]:
    """Return the terms and the bias of a state that is a function of one sum."""
    return lane.settings.architecture.summed(state, unit_step(frame, lane, unit, t))


def composed(frame: Frame, lane: Lane, state: str, unit: int, t: int) -> str:
    """Return ``formula = numbers`` for a state that is composed of other states."""
    parts = lane.settings.architecture.composed(state, unit_step(frame, lane, unit, t))
    if not parts:
        return "composed of its other states"
    symbols = "".join(part if isinstance(part, str) else part.symbol.replace("-", "−") for part in parts)
    return f"{symbols} = {''.join(part if isinstance(part, str) else signed(part.value) for part in parts)}"


def answer_terms(lane: Lane, output: int, t: int) -> tuple[list[Term], float]:
    """Return the terms of an output at t, and the bias."""
    pairs = zip(lane.weights["W_hy"][output], lane.hidden[t], strict=True)
    terms = [Term(f"h{j}({t})", float(w), float(h)) for j, (w, h) in enumerate(pairs)]
    return terms, float(lane.weights["b_y"][output])
