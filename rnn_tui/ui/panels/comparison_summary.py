"""Summary of the comparison: one or two sentences about the numbers."""

from collections.abc import Iterable
from math import inf

from rnn_tui.number_format import spoken_loss
from rnn_tui.session.frame import Frame
from rnn_tui.ui.panels.comparison_phrases import alike, below, beside, listed, predicate, solved_by, spoken
from rnn_tui.ui.panels.comparison_ranking import ALIKE, NEAR, RankedLane, Standing, lowest, placed

BEYOND = {Standing.LEARNING, Standing.AT_FLOOR, Standing.SOLVED}  # better than any predictor without a net
UNTRAINED = "Not trained yet. Press {run.play} to train, {look.later} to go through time."


def verdict(frame: Frame) -> str:
    """Return one or two sentences about the most telling lanes: those at a floor, and those below it.

    Keys are given by binding names in braces, for :meth:`Keymap.say`.
    """
    if frame.step == 0:
        return UNTRAINED
    lanes = placed(frame)
    diverged = [lane for lane in lanes if lane.standing is Standing.DIVERGED]
    alive = [lane for lane in lanes if lane not in diverged]
    if diverged:
        best = _ranking(alive, frame)[:1] if alive else []
        return " ".join([*best, _sentence(diverged, predicate(diverged, frame))])
    return " ".join(_said(lanes, frame))


def in_short(frame: Frame) -> str:
    """Return half a line about the best lane with a memory and the narrowest window; empty without either."""
    lanes = placed(frame)
    narrow, best = _narrowest(lanes), lowest(lane for lane in lanes if lane.window is None)
    if narrow is None or best is None or narrow.floor is None:
        return ""
    for standing, what in ((Standing.DIVERGED, "diverged"), (Standing.SOLVED, "solved it")):
        if group := [lane for lane in (best, narrow) if lane.standing is standing]:
            return f"{listed(group)} {'has' if len(group) == 1 else 'have'} {what}"
    bound, whose = (narrow.exact, "the floor of ") if narrow.exact is not None else (narrow.loss, "")
    if abs(bound - best.loss) <= NEAR * bound:
        how = "is not yet below" if whose else "is as good as"
        return f"{best.label} {how} {whose}{narrow.label}, {spoken_loss(bound)}"
    side = "below" if best.loss < bound else "above"
    return f"{best.label} is {spoken_loss(abs(bound - best.loss))} {side} {whose}{narrow.label}, {spoken_loss(bound)}"


def _said(lanes: list[RankedLane], frame: Frame) -> list[str]:
    """Return sentences about lanes of which none has diverged."""
    narrow, best = _narrowest(lanes), lowest(lane for lane in lanes if lane.window is None)
    if narrow is None or best is None or narrow.floor is None or narrow.standing is Standing.WORSE:
        return _ranking(lanes, frame)
    if narrow.exact is None and all(lane.standing is not Standing.SOLVED for lane in lanes):
        return _estimated(narrow, best, lanes, frame)
    if narrow.exact and (best.exact is None or best.exact < (1 - NEAR) * narrow.exact):
        return _contrast(narrow, best, lanes, frame)
    return _ranking(lanes, frame)


def _narrowest(lanes: Iterable[RankedLane]) -> RankedLane | None:
    """Return the lane with the shortest window, preferably one with a floor."""
    windowed = [lane for lane in lanes if lane.window is not None]
    return min(windowed, key=lambda lane: (lane.floor is None, lane.window), default=None)


def _contrast(narrow: RankedLane, best: RankedLane, lanes: list[RankedLane], frame: Frame) -> list[str]:
    """Return sentences about a window that does not cover everything needed, and a memory or wider window that does."""
    stuck = [lane for lane in lanes if lane.window is not None and alike(lane, narrow)]
    first = _sentence(stuck, predicate(stuck, frame))
    bests = [best]
    if best.standing in (
        Standing.SOLVED,
        Standing.AT_FLOOR,
        Standing.WORSE,
    ):  # other standings have numbers of their own
        bests = [lane for lane in lanes if lane.window is None and alike(lane, best)]
    wider = lowest(lane for lane in lanes if lane.window and lane not in stuck and lane.standing in BEYOND)
    if wider is not None and wider.standing is best.standing is Standing.SOLVED:
        both = [*bests, wider]
        return [first, _sentence(both, f"have solved it: {solved_by(both, frame, each=True)}")]
    if wider is not None and wider.standing is Standing.SOLVED:
        reason = predicate([wider], frame).partition(";")[0]
        return [first, f"{wider.label} {reason}; {best.label} {below([best], narrow, frame, brief=True)}."]
    if wider is not None and wider.beats(best.loss) and best.standing not in (Standing.SOLVED, Standing.WORSE):
        at = f"{wider.label} is at {spoken_loss(wider.loss)}, {best.label} at {spoken_loss(best.loss)}"
        return [first, f"{at}: a window is better here."]
    return [first, _sentence(bests, below(bests, narrow, frame))]


def _estimated(narrow: RankedLane, best: RankedLane, lanes: list[RankedLane], frame: Frame) -> list[str]:
    """Return sentences about an estimated floor.

    Beating an estimate does not prove memory, so the nets are compared, and the best one with the best predictor
    without
    a net.
    """
    first = _sentence([narrow], predicate([narrow], frame))
    if best.standing is Standing.WORSE:
        return [first, _sentence([best], predicate([best], frame))]
    wider = lowest(lane for lane in lanes if lane.window is not None and lane is not narrow)
    if wider is not None and wider.beats(best.loss):
        return [first, f"{_compared(wider, best)}: a window is better here."]
    return [first, f"{_compared(best, narrow)}."]


def _compared(lane: RankedLane, other: RankedLane) -> str:
    """Return ``RNN is 0.020 better than FNN(1), and beats persistence, 0.373``."""
    worth = lane.loss / lane.best.loss if lane.best.loss else inf
    verb = "beats" if worth < 1 - ALIKE else "is no better than" if worth < 1 + ALIKE else "does not beat"
    gap = beside(lane.loss, other.loss)
    link = "but" if ("worse" if verb == "beats" else "better") in gap else "and"
    return f"{lane.label} is {gap} {other.label}, {link} {verb} {spoken(lane.best)}"


def _ranking(lanes: list[RankedLane], frame: Frame) -> list[str]:
    """Return sentences about the best lane and those like it, and about the worst of the others."""
    ranked = sorted(lanes, key=lambda lane: (lane.standing is not Standing.SOLVED, lane.loss))
    first = [lane for lane in lanes if alike(lane, ranked[0])]
    others = [lane for lane in ranked if lane not in first]
    last = [lane for lane in lanes if others and lane not in first and alike(lane, others[-1])]
    return [_sentence(group, predicate(group, frame)) for group in (first, last) if group]


def _sentence(lanes: list[RankedLane], said: str) -> str:
    return f"{listed(lanes)} {said}."
