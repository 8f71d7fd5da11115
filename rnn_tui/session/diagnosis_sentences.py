"""Say in words what each diagnostic of a lane means; for panels, the description and the command line.

Each function returns the same message several times, from the longest to the shortest: a panel shows the longest one
that it has room for.  ``who`` is the lane's label.  Instead of a result there may be :class:`Undefined`: then the
message gives its reason.
"""

from math import exp
from typing import TypeAlias

import numpy as np

from rnn_tui.engine.diagnostics import Undefined
from rnn_tui.number_format import counted, percent, plural, power_of_ten, significant
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
MOST_CARRIERS = 8  # inputs whose units are named
GROWN = 2.0  # a gradient that is greater than this at any lag, relative to lag 0, is said to grow
SMALLEST, LARGEST = 1e-4, 1e6  # shares of a gradient that are told as a power of ten beyond these

Variants: TypeAlias = tuple[str, ...]  # of a message, from the longest to the shortest


def sentences(diagnosis: Diagnosis) -> dict[str, str]:
    """Return one sentence for each diagnostic, by its name; a feed-forward net has none on dynamics."""
    who = diagnosis.net.label
    said = {
        "memory": memory_sentences(who, diagnosis.memory),
        "gradient": gradient_sentences(who, diagnosis.gradient),
        "saliency": saliency_sentences(who, diagnosis.saliency),
        "units": units_sentences(who, diagnosis.units),
    }
    if diagnosis.net.is_recurrent:
        said |= {
            "spectrum": recurrence_sentences(who, diagnosis.recurrence),
            "lyapunov": perturbations_sentences(who, diagnosis.perturbations),
            "fixed points": fixed_points_sentences(who, diagnosis.fixed_points),
        }
    return {name: variants[0] for name, variants in said.items()}


def undefined_sentences(what: str, who: str, why: Undefined) -> Variants:
    """Return why there is no figure."""
    return (f"No {what} for {who}: {why.reason}.",)


# What the state knows.


def memory_sentences(who: str, found: Memory | Undefined) -> Variants:
    """Return what a net knows of its past inputs, and how that compares with what the task asks for."""
    if isinstance(found, Undefined):
        return undefined_sentences("memory curve", who, found)
    r2, span, about = found.curve.r2, found.curve.span, "" if found.curve.enough else "≈ "
    whole, brief, least = _against_task(found)
    if not span:
        said = f"{who} does not know even x_t well"
        return f"{said} (R² {about}{_r2(r2[0])}){whole}.", f"{said}{brief}.", f"{said}{least}."
    lowest = f"(R² {'' if span == 1 else 'at least '}{about}{_r2(r2[:span].min())})"
    more = "at least " if span == len(r2) > 1 else ""
    known = f"x_t and {more}the {_inputs(span - 1)} before it" if span > 1 else "only x_t"
    symbols = f"{more}x_t {'and' if span == 2 else 'to'} {_x(span - 1)}" if span > 1 else "only x_t"
    return (
        f"{who} knows {known} {lowest}{whole}{_beside(found)}.",
        f"{who} knows {symbols} {lowest}{brief}.",
        f"{who} knows {symbols}{brief}.",
        f"{who} knows {symbols}{least}.",
    )


def capacity_text(found: Memory) -> str:
    """Return the memory capacity in a few words: ``4.3 of at most 8``."""
    about = "" if found.curve.enough else "≈ "
    most = f" of at most {found.curve.units}" if found.independent else ""
    return f"{about}{found.curve.capacity:.1f}{most}"


def _against_task(found: Memory) -> Variants:
    """Return how the inputs known compare with the one that the task asks for; empty if it asks for no single one."""
    asked, span, r2 = found.asked, found.curve.span, found.curve.r2
    if asked is None or asked >= len(r2):
        return "", "", ""
    if asked == span - 1:
        return ", as the task asks", ", as the task asks", ", as asked"
    if asked < span:
        return f"; the task asks only for {_input_at(asked)}", f"; the task asks for {_x(asked)}", ""
    is_known = r2[asked] >= KNOWN
    joint = (", but it knows" if is_known else ", nor") if not span else ", and also" if is_known else ", but not"
    return (
        f"{joint} {_input_at(asked)}, which the task asks for (R² {_r2(r2[asked])})",
        f"{joint} {_x(asked)}, which the task asks for",
        f"{joint} {_x(asked)}",
    )


def _beside(found: Memory) -> str:
    """Return what x_t alone tells, if inputs depend on each other."""
    if found.independent or len(found.reference) < 2:
        return ""
    return f"; x_t alone gives R² {_r2(found.reference[1])} for the input before it"


# How far learning reaches.


def gradient_sentences(who: str, found: Gradient | Undefined) -> Variants:
    """Return how much of the gradient is left how far back.

    They never say that nothing beyond can be learned: the 1 % horizon is a ruler, not a limit.
    """
    if isinstance(found, Undefined):
        return undefined_sentences("gradient", who, found)
    by_lag, horizon, last = found.by_lag.by_lag, found.by_lag.horizon, len(found.by_lag.by_lag) - 1
    if not last:
        return f"The sequence of {who} has no earlier time step for the gradient to reach.", f"{who}: one time step."
    if not by_lag[1:].any():
        return _no_gradient(who, found)
    if found.truncation and found.reach == found.truncation - 1:
        whole, brief, least = _left_for_task(found)
        return (
            f"Training cuts the gradient of {who}: it reaches at most {_steps(found.reach)} back{whole}.",
            f"Training cuts the gradient of {who} after {_steps(found.reach)}{brief}.",
            f"{who}: cut after {_steps(found.reach)}{least}.",
        )
    if horizon is None:
        return (
            f"The gradient of {who} reaches all {_steps(last)} back: {_left(by_lag[last])}{_grows(found)}.",
            f"The gradient of {who} reaches all {_steps(last)} back: {_left(by_lag[last])}.",
            f"{who}: still {_brief_share(by_lag[last])} at lag {last}.",
        )
    whole, brief, least = _left_for_task(found)
    far = f"for {_steps(horizon - 1)} back" if horizon > 1 else "at lag 0 only"
    return (
        f"The gradient of {who} keeps at least 1% of its size {far}{whole or _grows(found)}.",
        f"The gradient of {who} keeps at least 1% {far}{brief}.",
        f"{who}: ≥ 1% to lag {horizon - 1}{least}.",
    )


def _no_gradient(who: str, found: Gradient) -> Variants:
    if found.truncation == 1:
        return (
            f"The gradient of {who} reaches no earlier time step, because training cuts it at every one.",
            f"{who}: training cuts the gradient at every time step.",
        )
    return (
        f"The answers of {who} depend on no earlier hidden state, so no gradient goes back in time.",
        f"{who}: no gradient goes back in time.",
    )


def _left_for_task(found: Gradient) -> Variants:
    """Return what is left of the gradient at the lag that the task asks for; empty if it asks for no single one."""
    asked, by_lag = found.asked, found.by_lag.by_lag
    if not asked or asked >= len(by_lag):
        return "", "", ""
    left = _left(by_lag[asked])
    return (
        f"; at lag {asked}, which the task asks for, {left}",
        f"; at lag {asked}, {left}",
        f", {_brief_share(by_lag[asked]).removeprefix('about ')} at lag {asked}",
    )


def _grows(found: Gradient) -> str:
    """Return where the gradient is largest, unless that is lag 0 or hardly larger."""
    by_lag = found.by_lag.by_lag
    lag = int(by_lag.argmax())
    return f"; it is largest at lag {lag} ({_share(by_lag[lag])})" if by_lag[lag] > GROWN else ""


def _left(part: float) -> str:
    """Return a part of the gradient at lag 0, as the rest of a sentence."""
    return f"it is {_share(part)} as large as at lag 0" if part >= 1 else f"{_share(part)} of it is left"


def _share(part: float) -> str:
    """Return a part of the gradient at lag 0: as a percentage, a factor or a power of ten."""
    if not part:
        return "nothing"
    if part >= 1:
        return f"{significant(part, 2)} times" if part < 100 else f"{_large(part)} times"
    return _percentage(part) if part >= SMALLEST else f"about {power_of_ten(round(np.log10(part)))}"


def _brief_share(part: float) -> str:
    """Return the same where no words say what it is a part of: a percentage also somewhat above 100%."""
    return _percentage(part) if 1 <= part < 10 else _share(part)


def _percentage(part: float) -> str:
    return f"{float(f'{100 * part:.2g}'):,g}%"


def _large(part: float) -> str:
    return f"{part:,.0f}" if part < LARGEST else f"about {power_of_ten(int(np.log10(part)))}"


# Why.


def recurrence_sentences(who: str, found: Recurrence | Undefined) -> Variants:
    """Return spectral radius and norm, and what they mean for the gradient."""
    if isinstance(found, Undefined):
        return undefined_sentences("spectrum", who, found)
    radius, norm = found.spectrum.radius, found.spectrum.norm
    sizes = f"{_capital(found.matrix)} of {who} has spectral radius {_two(radius)} and norm {_two(norm)}"
    if found.gain is not None and abs(found.gain - 1) < 1e-6:
        return (
            f"{sizes}: it is orthogonal, so only the slopes of the activation shrink the gradient.",
            f"{_capital(found.matrix)} of {who} is orthogonal: only the slopes of the activation shrink the gradient.",
            f"{who}: W_hh is orthogonal, it shrinks nothing.",
        )
    if found.gain is not None:
        gain = _two(found.gain)
        return (
            f"{sizes}: it is {gain} times an orthogonal matrix, so every step back multiplies the gradient by {gain} "
            "and the slope of the activation.",
            f"Every step back multiplies the gradient of {who} by {gain} and the slope of the activation.",
            f"{who}: every step back multiplies the gradient by {gain}.",
        )
    if found.vanishes:
        limit = "1" if found.steepest == 1 else f"{1 / found.steepest:g}"
        return (
            f"{sizes}: with a norm below {limit} the gradient must vanish.",
            f"{who}: with σ below {limit} the gradient must vanish.",
            f"{who}: σ below {limit}, so the gradient vanishes.",
        )
    if found.t is not None:
        return (
            f"{sizes}: the step to t = {found.t} multiplies a change of the state by at most {_two(norm)}.",
            f"{who}: this step multiplies a change by at most {_two(norm)}.",
        )
    if radius < 1:
        return (
            f"{sizes}: near h = 0 a change can grow for a few steps, but in the long run it shrinks to {_two(radius)} "
            "of its size at every step.",
            f"With ρ below 1, a change near h = 0 shrinks in {who} to {_two(radius)} of its size at every step in "
            "the long run.",
            f"{who}: in the long run a change shrinks to {_two(radius)} of its size at every step.",
            f"{who}: a change shrinks to {_two(radius)} a step in the long run.",
            f"{who}: ρ is below 1, changes fade.",
        )
    return (
        f"{sizes}: near h = 0 a change grows; only the activation can limit it.",
        f"With ρ above 1, a change near h = 0 grows in {who}; only the activation can limit it.",
        f"{who}: ρ is above 1, small changes grow.",
    )


def perturbations_sentences(who: str, found: Perturbations | Undefined) -> Variants:
    """Return what becomes of a small change of the state, by the largest Lyapunov exponent."""
    if isinstance(found, Undefined):
        return undefined_sentences("Lyapunov exponent", who, found)
    largest = float(found.exponents[0])
    if not np.isfinite(largest):
        return f"A small change of {who}'s state is lost completely within the sequence.", f"{who} loses every change."
    exponent = f"largest Lyapunov exponent {significant(largest, 2)}"
    if abs(largest) < 0.005:
        fate = "keeps its size"
    elif largest > 0:
        fate = f"grows by {_percent(exp(largest) - 1)} at each time step"
    else:
        fate = f"shrinks by {_percent(1 - exp(largest))} at each time step"
    return (
        f"A small change of {who}'s state {fate} ({exponent}).",
        f"A small change of {who}'s state {fate}.",
        f"{who}: a change {fate.replace('at each time step', 'a time step')}.",
    )


def fixed_points_sentences(who: str, found: FixedPoints | Undefined) -> Variants:
    """Return how many states a held input leaves as they are."""
    if isinstance(found, Undefined):
        return undefined_sentences("fixed points", who, found)
    count, stable = len(found.points), found.stable
    held = "x held at 0" if not found.held.any() else "the most frequent symbol held"
    if not count:
        return f"With {held}, no fixed point of {who} was found.", f"{who}: no fixed point found."
    if not stable:
        return (
            f"With {held}, {who} has {_kind(count, 'unstable')}, and no stable one was found.",
            f"{who}: no stable fixed point found.",
        )
    others = f" and {count - stable} unstable" if count > stable else ""
    rest = (
        "its state comes to rest there and forgets the past."
        if stable == 1
        else f"it can hold {stable} different states for any time."
    )
    return (
        f"With {held}, {who} has {_kind(stable, 'stable')}{others}: {rest}",
        f"{who} has {_kind(stable, 'stable')}{others}: {rest}",
        f"{who} has {_kind(stable, 'stable')}{others}.",
        f"{who} has {_kind(stable, 'stable')}.",
    )


def _kind(count: int, kind: str) -> str:
    return f"{count} {kind} fixed {plural('point', count)}"


# Inputs and units.


def saliency_sentences(who: str, found: Saliency | Undefined) -> Variants:
    """Return the lag of the input on which answers depend most."""
    if isinstance(found, Undefined):
        return undefined_sentences("saliency", who, found)
    if isinstance(found.peak, Undefined):
        return undefined_sentences("saliency", who, found.peak)
    agrees = found.asked is not None and found.peak == found.asked
    compared = ", as the task asks" if agrees else ""
    if found.asked is not None and not agrees:
        compared = f"; the task asks for {_input_at(found.asked)}"
    return (f"The answers of {who} depend most on {_input_at(found.peak)}{compared}.",)


def units_sentences(who: str, found: UnitTable | Undefined) -> Variants:
    """Return what the most important unit carries, and what the loss becomes without it."""
    if isinstance(found, Undefined):
        return undefined_sentences("unit table", who, found)
    first = found.rows[0]
    change = f"the loss of {who} changes from {significant(found.loss, 3)} to {significant(first.loss_without, 3)}"
    return (f"Without {unit_text(first)}, {change}.",)


def unit_text(row: UnitRow) -> str:
    """Return what a unit carries: ``u3 (x two steps ago, R² 0.93)``."""
    return f"u{row.unit} ({_ago(row.lag)}, R² {_r2(row.r2)})"


def delay_line_text(table: UnitTable) -> str:
    """Return which unit follows which input: ``x_t u3 0.79, x_(t−1) u5 0.33``; empty if they follow only x_t."""
    line = table.delay_line
    shown = [f"{_x(lag)} u{each.unit} {_r2(each.r2)}" for lag, each in enumerate(line[:MOST_CARRIERS])]
    return ", ".join([*shown, *(["…"] if len(line) > MOST_CARRIERS else [])]) if len(line) > 1 else ""


# Words and numbers.


def _x(lag: int) -> str:
    return f"x_(t−{lag})" if lag else "x_t"


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
