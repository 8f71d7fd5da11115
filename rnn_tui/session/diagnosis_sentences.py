"""Say in a sentence what each diagnostic of a lane means; for panels, the description and the command line.

``who`` is the lane's label.  Each function also takes :class:`Undefined`, and then gives the reason.
"""

from math import exp

import numpy as np

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.number_format import brief, counted, percent, plural, power_of_ten, significant
from rnn_tui.session.diagnosis import (
    Diagnosis,
    FixedPoints,
    Gradient,
    Memory,
    Perturbations,
    Recurrence,
    Saliency,
    UnitRow,
    UnitTable,
)

KNOWN = 0.5  # R² from which an input counts as known
GROWN = 2.0  # a gradient that is greater than this at any lag, relative to lag 0, is said to grow
MANIFOLD = 10.0  # share from which it is told as a factor
SMALLEST = 1e-4  # share of a gradient below which it is told as a power of ten


def sentences(diagnosis: Diagnosis) -> dict[str, str]:
    """Return one sentence for each diagnostic, by its name; a feed-forward net has none on dynamics."""
    who = diagnosis.net.label
    said = {
        "memory": memory_sentence(who, diagnosis.memory),
        "gradient": gradient_sentence(who, diagnosis.gradient),
        "saliency": saliency_sentence(who, diagnosis.saliency),
        "units": units_sentence(who, diagnosis.units),
    }
    if diagnosis.net.is_recurrent:
        said |= {
            "spectrum": recurrence_sentence(who, diagnosis.recurrence),
            "lyapunov": perturbations_sentence(who, diagnosis.perturbations),
            "fixed points": fixed_points_sentence(who, diagnosis.fixed_points),
        }
    return said


def undefined_sentence(what: str, who: str, why: Undefined) -> str:
    """Return why there is no figure."""
    return f"No {what} for {who}: {why.reason}."


# What the state knows.


def memory_sentence(who: str, found: Memory | Undefined) -> str:
    """Return what a net knows of its past inputs, and how that compares with what the task asks for."""
    if isinstance(found, Undefined):
        return undefined_sentence("memory curve", who, found)
    r2, span, about = found.curve.r2, found.curve.span, "" if found.curve.enough else "≈ "
    if not span:
        return f"{who} does not even know x_t well: R² is {about}{_r2(r2[0])}{_asked_but(found)}."
    least = f"R² {'' if span == 1 else 'at least '}{about}{_r2(r2[:span].min())}"
    if span == len(r2):
        return f"{who} knows x_t and at least the {counted(span - 1, 'input')} before it ({least})."
    known = f"x_t and the {_inputs(span - 1)} before it" if span > 1 else "only x_t"
    return f"{who} knows {known} ({least}){_against_task(found)}{_beside(found)}."


def capacity_text(found: Memory) -> str:
    """Return the memory capacity in a few words: ``4.3 of at most 8``."""
    about = "" if found.curve.enough else "≈ "
    most = f" of at most {found.curve.units}" if found.independent else ""
    return f"{about}{found.curve.capacity:.1f}{most}"


def _against_task(found: Memory) -> str:
    """Return how the inputs known compare with what the task asks for; empty where that is not one lag."""
    asked, further = found.asked, found.curve.span - 1
    if asked is None:
        return ""
    if further == asked:
        return ", as the task asks"
    if further > asked:
        return f"; the task asks only for {_input_at(asked)}"
    return _asked_but(found)


def _asked_but(found: Memory) -> str:
    """Return what is known of the input that the task asks for, which is beyond the first gap."""
    asked = found.asked
    if asked is None or asked >= len(found.curve.r2) or asked < found.curve.span or not asked:
        return ""
    r2 = found.curve.r2[asked]
    if r2 >= KNOWN:
        return f", and also {_input_at(asked)}, which the task asks for (R² {_r2(r2)})"
    return f"; of {_input_at(asked)}, which the task asks for, R² is only {_r2(r2)}"


def _beside(found: Memory) -> str:
    """Return what x_t alone tells, if inputs depend on each other."""
    if found.independent:
        return ""
    return f"; x_t alone gives R² {_r2(found.reference[1])} for the input before it"


# How far learning reaches.


def gradient_sentence(who: str, found: Gradient | Undefined) -> str:
    """Return how much of the gradient arrives from how far back.

    It never says that nothing beyond can be learned: the 1 % horizon is a ruler, not a limit.
    """
    if isinstance(found, Undefined):
        return undefined_sentence("gradient", who, found)
    by_lag, horizon = found.by_lag.by_lag, found.by_lag.horizon
    if len(by_lag) == 1:
        return f"The sequence of {who} has no earlier time step for the gradient to reach."
    if not by_lag[1:].any():
        if found.truncation == 1:
            return f"The gradient of {who} reaches no earlier time step, because training cuts it at every one."
        return f"The answers of {who} depend on no earlier hidden state, so no gradient goes back in time."
    if found.truncation and found.reach == found.truncation - 1:
        return (
            f"The gradient of {who} reaches at most {_steps(found.reach)} back, where training cuts it"
            f"{_share_asked(found)}."
        )
    if horizon is None:
        last = len(by_lag) - 1
        return f"From {_steps(last)} back, {_share(by_lag[last])} of the gradient arrives in {who}{_grows(found)}."
    return (
        f"From up to {_steps(horizon - 1)} back, at least 1% of the gradient arrives in {who}"
        f"{_share_asked(found) or _grows(found)}."
    )


def _share_asked(found: Gradient) -> str:
    """Return what arrives from the lag that the task asks for."""
    asked, by_lag = found.asked, found.by_lag.by_lag
    if not asked or asked >= len(by_lag):
        return ""
    arrives = f"{_share(by_lag[asked])} arrives" if by_lag[asked] else "nothing arrives"
    return f"; from the {_steps(asked)} that the task asks for, {arrives}"


def _grows(found: Gradient) -> str:
    """Return where the gradient is largest, if that is not said already."""
    by_lag = found.by_lag.by_lag
    lag = int(by_lag.argmax())
    return f"; most arrives from {_steps(lag)} back, {_share(by_lag[lag])}" if by_lag[lag] > GROWN else ""


def _share(part: float) -> str:
    """Return a part of the gradient at lag 0, as a percentage, a power of ten or a factor."""
    if part >= MANIFOLD:
        return (
            f"{brief(part)} times as much" if part < 1e6 else f"about {power_of_ten(int(np.log10(part)))} times as much"
        )
    if part >= SMALLEST:
        return f"{float(f'{100 * part:.2g}'):,g}%"
    return f"about {power_of_ten(round(np.log10(part)))} of it"


# Why.


def recurrence_sentence(who: str, found: Recurrence | Undefined) -> str:
    """Return spectral radius and norm, and what they mean for the gradient."""
    if isinstance(found, Undefined):
        return undefined_sentence("spectrum", who, found)
    radius, norm = found.spectrum.radius, found.spectrum.norm
    sizes = f"{_capital(found.matrix)} of {who} has spectral radius {_two(radius)} and norm {_two(norm)}"
    if found.gain is not None and abs(found.gain - 1) < 1e-6:
        return f"{sizes}: it is orthogonal, so only the slopes of the activation shrink the gradient."
    if found.gain is not None:
        return (
            f"{sizes}: it is {_two(found.gain)} times an orthogonal matrix, which multiplies the gradient by "
            f"{_two(found.gain)} at every step back."
        )
    if found.vanishes:
        limit = "1" if found.steepest == 1 else f"{1 / found.steepest:g}"
        return f"{sizes}: with a norm below {limit} the gradient must vanish."
    if radius < 1:
        return f"{sizes}: a change can grow for a few steps, but then it dies out."
    return (
        f"{sizes}: a change of a small state grows, until the activation limits it." if found.t is None else f"{sizes}."
    )


def perturbations_sentence(who: str, found: Perturbations | Undefined) -> str:
    """Return what becomes of a small change of the state, by the largest Lyapunov exponent."""
    if isinstance(found, Undefined):
        return undefined_sentence("Lyapunov exponent", who, found)
    largest = float(found.exponents[0])
    if not np.isfinite(largest):
        return f"A small change of {who}'s state is lost completely within the sequence."
    exponent = f"largest Lyapunov exponent {significant(largest, 2)}"
    if abs(largest) < 0.005:
        return f"A small change of {who}'s state keeps its size ({exponent})."
    if largest > 0:
        return f"A small change of {who}'s state grows by {_percent(exp(largest) - 1)} at each time step ({exponent})."
    return f"A small change of {who}'s state shrinks by {_percent(1 - exp(largest))} at each time step ({exponent})."


def fixed_points_sentence(who: str, found: FixedPoints | Undefined) -> str:
    """Return how many states a held input leaves as they are."""
    if isinstance(found, Undefined):
        return undefined_sentence("fixed points", who, found)
    count, stable = len(found.points), found.stable
    held = "x held at 0" if not found.held.any() else "the most frequent symbol held"
    if not count:
        return f"With {held}, no fixed point of {who} was found."
    if count == stable:
        return f"With {held}, {who} has {_kind(count, 'stable')}: {_rest(stable)}"
    if not stable:
        return f"With {held}, {who} has {_kind(count, 'unstable')}, and no stable one was found."
    return f"With {held}, {who} has {_kind(stable, 'stable')} and {count - stable} unstable: {_rest(stable)}"


def _kind(count: int, kind: str) -> str:
    return f"{count} {kind} fixed {plural('point', count)}"


def _rest(stable: int) -> str:
    if stable == 1:
        return "while its state comes to rest there, it forgets the past."
    return f"it can hold {stable} different states for any time."


# Inputs and units.


def saliency_sentence(who: str, found: Saliency | Undefined) -> str:
    """Return the lag of the input on which answers depend most."""
    if isinstance(found, Undefined):
        return undefined_sentence("saliency", who, found)
    if isinstance(found.peak, Undefined):
        return undefined_sentence("saliency", who, found.peak)
    agrees = found.asked is not None and found.peak == found.asked
    compared = ", as the task asks" if agrees else ""
    if found.asked is not None and not agrees:
        compared = f"; the task asks for {_input_at(found.asked)}"
    return f"The answers of {who} depend most on {_input_at(found.peak)}{compared}."


def units_sentence(who: str, found: UnitTable | Undefined) -> str:
    """Return what the most important unit carries, and what the loss becomes without it."""
    if isinstance(found, Undefined):
        return undefined_sentence("unit table", who, found)
    first = found.rows[0]
    change = f"the loss of {who} changes from {significant(found.loss, 3)} to {significant(first.loss_without, 3)}"
    return f"Without {unit_text(first)}, {change}."


def unit_text(row: UnitRow) -> str:
    """Return what a unit carries: ``u3 (x two steps ago, R² 0.93)``."""
    return f"u{row.unit} ({_ago(row.lag)}, R² {_r2(row.r2)})"


# Words and numbers.


def _ago(lag: int) -> str:
    return "x_t" if lag == 0 else f"x {_steps(lag)} ago"


def _input_at(lag: int) -> str:
    return "x_t" if lag == 0 else f"the input {_steps(lag)} back"


def _inputs(count: int) -> str:
    return "input" if count == 1 else counted(count, "input")


def _steps(count: int) -> str:
    return counted(count, "step")


def _r2(value: float) -> str:
    """Two decimals; 1.00 only if nothing is missing at that precision."""
    return f"{value:.2f}"


def _two(value: float) -> str:
    return f"{value:.2f}" if 0.01 <= abs(value) < 100 else significant(value, 2)


def _percent(share: float) -> str:
    return percent(share, 0) if share < 1 else f"{100 * share:,.0f}%"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
