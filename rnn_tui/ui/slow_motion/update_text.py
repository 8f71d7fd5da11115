"""Texts of the clip and apply phases: the gradient of each parameter, and one weight in all digits."""

import numpy as np

from rnn_tui.number_format import brief, signed, significant
from rnn_tui.session.update_trace import UpdateTrace
from rnn_tui.ui.panels.hidden_state import greatest
from rnn_tui.ui.slow_motion.forward_text import PhaseText

LONGEST_BAR = 20  # columns


def clip(slow: UpdateTrace, width: int) -> PhaseText:
    limit, norm = slow.frame.preset.training.clip_norm, brief(slow.norm)
    shorter = (
        "If it is longer than the clip, it is shortened and keeps its direction."
        if limit
        else "A clip would shorten a long gradient; none is set."
    )
    words = (
        "The weights are the same at every t, so each has one gradient: a sum over all t and all sequences. g contains "
        f"all of them. {shorter}"
    )
    squares = sorted((change.gradient for change in slow.changes), reverse=True)
    shown = max(1, min(len(squares), (width - 30) // 10))
    parts = " + ".join(f"{brief(value)}²" for value in squares[:shown])
    rest = " + …" if len(squares) > shown else ""
    if slow.share < 1:
        result = f"{norm} > {limit:g}, the clip: g ← {brief(slow.share)}·g; now ‖g‖ = {brief(slow.clipped)}"
    else:
        result = f"{norm} ≤ {limit:g}, the clip: g is unchanged" if limit else "no clip is set: g is unchanged"
    formula = ("‖g‖ = √(Σ of all squared gradients)", "if ‖g‖ > clip: g ← g · clip / ‖g‖")
    return PhaseText.of(words, formula, f"‖g‖ = √({parts}{rest}) = {norm}", result)


def apply(slow: UpdateTrace, unit: int) -> PhaseText:
    training, decay = slow.frame.preset.training, slow.frame.preset.training.weight_decay
    rule = type(slow.optimizer).__name__
    rest = "Enter makes the update in all lanes; escape cancels it."
    words = f"{slow.optimizer.sentence} η is the learning rate. {rest}"
    name, place = weight_of(slow, unit)
    before, after = float(slow.lane.weights[name][place]), float(slow.after[name][place])
    raw, rate = float(slow.gradient[name][place]), slow.learning_rate
    here = f"{name}[{weight_names(slow, place)}]"
    clipped = f"·{brief(slow.share)}" if slow.share < 1 else ""
    decayed = f" + {decay:g}·{signed(before, 3)}" if decay else ""
    whole = f" = {brief(raw * slow.share + decay * before)}" if clipped or decayed else ""
    scheduled = f", the schedule's value for {training.learning_rate:g}" if training.schedule != "constant" else ""
    g = f"g of {here} = {brief(raw)}{clipped}{decayed}{whole}"
    if rate:
        moved = significant((before - after) / rate, 5)  # as many digits as the line needs to add up
        made = (f"{g}; {rule} turns it into {moved}",
                f"{here} ← {signed(before, 5)} − {brief(rate)}·{moved} = {signed(after, 5)}")  # fmt: skip
    else:
        made = g, f"{here} stays {signed(before, 5)}, because the learning rate is 0"
    decay_term = (f"g ← g + λ θ, λ = {decay:g}",) if decay else ()
    formula = (f"{rule}: {slow.optimizer.formula}", *decay_term)
    return PhaseText.of(words, formula, *made, f"η = {brief(rate)}{scheduled}")


def weight_of(slow: UpdateTrace, unit: int) -> tuple[str, tuple[int, int]]:
    """Return a weight of the unit: from itself, or from the first input if the lane has no recurrent weights."""
    recurrent = slow.lane.settings.architecture.recurrent
    return (recurrent[0], (unit, unit)) if recurrent else ("W_xh", (unit, 0))


def weight_names(slow: UpdateTrace, place: tuple[int, int]) -> str:
    """Return the unit to which a weight leads, and the unit or the input from which it comes."""
    to, come = place
    return f"u{to},{'u' if slow.recurrent else 'x'}{come}"


def table(slow: UpdateTrace, applying: bool, rows: int, width: int) -> list[tuple[str, str]]:
    """Return a header, and for each parameter numbers and a bar; only the largest ones if ``rows`` is too small."""
    if applying:
        header = f"{'θ':<6} {'size':>11} {'‖θ‖':>9} {'‖Δθ‖':>9} {'share':>7}", ""
    else:
        header = f"{'θ':<6} {'size':>11} {'‖∂L/∂θ‖':>9} {'clipped':>9}", ""
    values = [change.moved if applying else change.gradient for change in slow.changes]
    most, lines = greatest(np.array(values)), [header]
    for change, value in zip(slow.changes, values, strict=True):
        share = f"{value / change.norm:.1%}" if change.norm and np.isfinite(value / change.norm) else "–"
        numbers = (
            f"{brief(change.norm):>9} {brief(value):>9} {share:>7}"
            if applying
            else f"{brief(value):>9} {brief(value * slow.share):>9}"
        )
        text = f"{change.name:<6} {'×'.join(map(str, change.shape)):>11} {numbers}  "
        length = min(1.0, value / most) if np.isfinite(value) else 1.0
        lines.append((text, "━" * round(min(LONGEST_BAR, width - len(text)) * length)))
    if len(lines) <= rows:
        return lines
    largest = sorted(np.argsort(values)[::-1][: rows - 2].tolist())
    return [header, *(lines[i + 1] for i in largest), (f"… and {len(values) - len(largest)} smaller ones", "")]
