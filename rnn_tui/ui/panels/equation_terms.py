"""Terms of the sums behind one unit at one time step."""

import numpy as np

from rnn_tui.engine.architecture import Formula, Input, Term, UnitStep, WeightedSum
from rnn_tui.engine.parameters import Array
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


def inputs_at(frame: Frame, lane: Lane, t: int) -> list[Input]:
    """Return the inputs that a lane sees at t; absent symbols are omitted."""
    found, inputs = [], frame.inputs.shape[1]
    symbols, channels = frame.task.alphabet, frame.task.channels
    for lag in range(getattr(lane.settings, "window", 1)):
        x = at(frame.inputs, lane.before.get("x"), t - lag)
        vector = f"x_(t-{lag})" if lag else "x_t"
        for i in np.flatnonzero(x).tolist() if symbols else range(inputs):
            entry = repr(visible(symbols[i])) if symbols else channels[i][:LONGEST_NAME] if inputs > 1 else ""
            found.append(Input(vector, entry, lag * inputs + i, float(x[i])))
    return found


def unit_step(frame: Frame, lane: Lane, unit: int, t: int) -> UnitStep:
    """Return what the architecture needs to compute one unit of a lane at t."""
    return UnitStep(
        unit=unit,
        weights=lane.weights,
        inputs=inputs_at(frame, lane, t),
        states={name: values[t] for name, values in lane.states.items()},
        before={name: at(values, lane.before.get(name), t - 1) for name, values in lane.states.items()},
    )


def summed(frame: Frame, lane: Lane, unit: int, t: int, state: str = "h") -> WeightedSum:
    """Return the sum that a state is a function of."""
    return lane.settings.architecture.summed(state, unit_step(frame, lane, unit, t))


def composed(frame: Frame, lane: Lane, state: str, unit: int, t: int) -> Formula:
    """Return the formula of a state that is composed of other states; empty if it does not fit into a line."""
    return lane.settings.architecture.composed(state, unit_step(frame, lane, unit, t))


def answer_sum(lane: Lane, output: int, t: int) -> WeightedSum:
    """Return the sum of an output at t."""
    pairs = zip(lane.weights["W_hy"][output], lane.hidden[t], strict=True)
    terms = [Term("W_hy", "h_t", f"u{j}", float(w), float(h)) for j, (w, h) in enumerate(pairs)]
    return WeightedSum(terms, float(lane.weights["b_y"][output]), "b_y")
