"""What the numbers say, in one sentence: the lesson of the comparison."""

from math import inf, isfinite

from rnn_tui.session.frame import Frame, Lane

ALIKE = 0.01  # losses that differ by less are alike
NEAR = 0.02  # of the floor: as near as a lane sits on it


def verdict(frame: Frame) -> str:
    """About the lane with the narrowest window, the one with the widest, and the best lane without one.

    Keys stand in it by the names of their bindings, for :meth:`Keymap.say`.
    """
    windowed, best = _sides(frame)
    if frame.step == 0:
        return "Untrained: nobody knows anything yet. Press {run.play} to train, {look.later} to walk through time."
    if not windowed:
        return _baseline(frame)
    narrow, wide = windowed[0], windowed[-1]
    said = [_about(narrow), *((_beside(narrow, best), _disaster(frame, best)) if best else ())]
    if wide is not narrow:
        wins = best is not None and wide.score.loss < (1 - NEAR) * best.score.loss
        said.append(f"{wide.label} is at {_short(wide.score.loss)}{': here a window does better' if wins else ''}.")
    if narrow.floor is not None and not narrow.floor.exact:
        said.append(_baseline(frame))
    return " ".join(filter(None, said))


def in_short(frame: Frame) -> str:
    """The same in half a line, empty where there is no floor to speak of."""
    windowed, best = _sides(frame)
    if not windowed or best is None:
        return ""
    lane = windowed[0]
    assert lane.floor is not None
    bound, what = (lane.floor.loss, "the floor of ") if lane.floor.exact else (lane.score.loss, "")
    below = bound - best.score.loss
    if lane.floor.exact and below > 0 and not _beats(best, bound):
        return f"{best.label} is not below the floor of {lane.label} yet, {_short(bound)}"
    side = "below" if below > 0 else "above"
    return f"{best.label} is {_short(abs(below))} {side} {what}{lane.label}, {_short(bound)}"


def _sides(frame: Frame) -> tuple[list[Lane], Lane | None]:
    """The lanes with a window and a known floor, the narrowest first, and the best of the others."""
    windowed = [lane for lane in frame.lanes if hasattr(lane.settings, "window") and lane.floor is not None]
    others = [lane for lane in frame.lanes if not hasattr(lane.settings, "window")]
    return sorted(windowed, key=lambda lane: getattr(lane.settings, "window", 0)), min(others, key=_loss, default=None)


def _short(loss: float) -> str:
    """Three decimals, or a power of ten for what has blown up."""
    return f"{loss:.1e}" if isfinite(loss) and loss >= 1e6 else f"{loss:.3f}"


def _loss(lane: Lane) -> float:
    """For comparing: a loss that is not finite is the worst."""
    return lane.score.loss if isfinite(lane.score.loss) else inf


def _about(lane: Lane) -> str:
    assert lane.floor is not None
    gap = lane.score.loss - lane.floor.loss
    seen = "1 input" if getattr(lane.settings, "window", 1) == 1 else "its window"
    if not lane.floor.exact:
        than = f"{'better' if gap < 0 else 'worse'} than {lane.floor.by} with {seen}"
        return f"{lane.label} is {_short(abs(gap))} {than}."
    if gap <= NEAR * max(lane.floor.loss, 0.1):
        return f"{lane.label} sits on its floor {_short(lane.floor.loss)}: {seen} cannot tell more."
    return f"{lane.label} is {_short(gap)} above its floor {_short(lane.floor.loss)}."


def _beside(lane: Lane, best: Lane) -> str:
    assert lane.floor is not None
    if not lane.floor.exact:  # an estimate: what beats it need not be memory, so compare the nets
        gap = lane.score.loss - best.score.loss
        return f"{best.label} is {_short(abs(gap))} {'better' if gap > 0 else 'worse'} than {lane.label}."
    below = lane.floor.loss - best.score.loss
    if _beats(best, lane.floor.loss):
        return f"{best.label} is {_short(below)} below that floor: it remembers."
    if best.score.loss < lane.score.loss:
        return f"{best.label} is not below that floor yet."
    return f"{best.label} has not found more than that yet."


def _beats(lane: Lane, floor: float) -> bool:
    """Whether a lane is below a floor, by more than the luck of a sample."""
    return floor - lane.score.loss > NEAR * floor > 0


def _baseline(frame: Frame) -> str:
    """Whether the best lane beats the best predictor without a net."""
    best = min(frame.lanes, key=_loss)
    reference = min(frame.references, key=lambda r: r.loss)
    share = best.score.loss / reference.loss if reference.loss else inf
    verb = "is as good as" if abs(share - 1) < ALIKE else "beats" if share < 1 else "does not beat"
    return f"{best.label} {verb} {reference.name}, {_short(reference.loss)}."


def _disaster(frame: Frame, lane: Lane) -> str:
    """That a lane is worse than the simplest of all predictors without a net, where it is."""
    worst = max(frame.references, key=lambda r: r.loss)
    if not isfinite(lane.score.loss) or lane.score.loss <= (1 + ALIKE) * worst.loss:
        return ""
    return f"{lane.label} is worse than {worst.name}, {_short(worst.loss)}."
