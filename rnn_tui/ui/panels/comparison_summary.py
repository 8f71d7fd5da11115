"""Summary of the comparison: a few sentences about every lane, and shorter ones where there is less room.

They are templates, in which ``{0}`` is the name of the first lane, ``{?}`` the question of the preset, and
``{run.play}`` the key of a binding.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from rnn_tui.number_format import counted, spoken_loss
from rnn_tui.session.frame import Frame
from rnn_tui.tasks.solved import NEAR
from rnn_tui.ui.panels.comparison_phrases import against, alike, below, beside, brief, listed, predicate, solved_by
from rnn_tui.ui.panels.comparison_ranking import RankedLane, Standing, lowest, placed

BEYOND = {Standing.LEARNING, Standing.AT_FLOOR, Standing.SOLVED}  # better than any predictor without a net
GUESS = "Not trained yet. {?} Guess the answer, then press {run.play} to train."
UNTRAINED = "Not trained yet. Press {run.play} to train, {look.later} to go through time."
MENTION = re.compile(r"\{([\d?])\}(\.?)")


def verdicts(frame: Frame, asked: bool = False) -> list[str]:
    """Return templates of the summary, from the longest to the shortest.

    The longest gives reasons for the most telling lanes, those at a floor and those below it; the others only say how
    far each lane has come.  The shortest names only the best lanes.

    Args:
        asked: whether to ask the preset's question before training.
    """
    if frame.step == 0:
        return [GUESS, UNTRAINED] if asked else [UNTRAINED]
    lanes = placed(frame)
    alive = [lane for lane in lanes if lane.standing is not Standing.DIVERGED]
    gone = [lane for lane in lanes if lane.standing is Standing.DIVERGED]
    told = _said(alive, frame) if alive else []
    rest = _unsaid(alive, told)
    told += [f"{'; '.join(_groups(rest))}."] if rest else []
    ends = [_sentence(gone, said) for said in (predicate(gone, frame), brief(gone[0], len(gone) > 1))] if gone else [""]
    groups = _groups(lanes)
    others = len(_unsaid(lanes, groups[:1]))
    best = f"{groups[0]}; {counted(others, 'more lane')} in panel 5." if others else f"{groups[0]}."
    return [*(" ".join([*told, end]).strip() for end in ends), f"{'; '.join(groups)}.", best]


def pieces(template: str, frame: Frame) -> Iterator[tuple[str, int | None]]:
    """Yield the parts of a template, each with the index of the lane that it names; None for other words."""
    end = 0
    for found in MENTION.finditer(template):
        yield template[end : found.start()], None
        lane = int(found[1]) if found[1].isdigit() else None
        name = frame.preset.question.strip() if lane is None else frame.lanes[lane].label
        yield name, lane
        yield ("" if name.endswith(".") else found[2]), None  # the name ends with the period of the sentence
        end = found.end()
    yield template[end:], None


def plain(template: str, frame: Frame) -> str:
    """Return the template with the names in it."""
    return "".join(text for text, _ in pieces(template, frame))


def verdict(frame: Frame) -> str:
    """Return the longest summary, with names of bindings in braces."""
    return plain(verdicts(frame)[0], frame)


def _unsaid(lanes: Iterable[RankedLane], said: Sequence[str]) -> list[RankedLane]:
    """Return the lanes that no sentence names."""
    return [lane for lane in lanes if not any(lane.mention in sentence for sentence in said)]


def _groups(lanes: Iterable[RankedLane]) -> list[str]:
    """Return brief phrases about lanes, the best first; lanes with the same standing share one."""
    ranked = sorted(lanes, key=lambda lane: (lane.standing is not Standing.SOLVED, lane.loss))
    groups: dict[str, list[RankedLane]] = {}
    for lane in ranked:
        groups.setdefault(brief(lane), []).append(lane)
    each = [sorted(group, key=lambda lane: lane.index) for group in groups.values()]
    return [f"{listed(group)} {brief(group[0], many=len(group) > 1)}" for group in each]


def _said(lanes: list[RankedLane], frame: Frame) -> list[str]:
    """Return sentences about the most telling lanes; none of them has diverged."""
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
        return [first, _sentence([wider], reason)]  # the memories follow in brief
    if wider is not None and wider.beats(best.loss) and best.standing not in (Standing.SOLVED, Standing.WORSE):
        at = f"{wider.mention} is at {spoken_loss(wider.loss)}, {best.mention} at {spoken_loss(best.loss)}"
        return [first, f"{at}: a window is better here."]
    return [first, _sentence(bests, below(bests, narrow, frame))]


def _estimated(narrow: RankedLane, best: RankedLane, lanes: list[RankedLane], frame: Frame) -> list[str]:
    """Return sentences about an estimated floor.

    Beating an estimate does not prove memory, so the nets are compared, and the best one with the best predictor
    without a net.
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
    gap, told = beside(lane.loss, other.loss), against(lane)
    if lane.beaten and lane.unbeaten:
        return f"{lane.mention} is {gap} {other.mention}; it {told}"
    link = "but" if ("better" if lane.unbeaten else "worse") in gap else "and"
    return f"{lane.mention} is {gap} {other.mention}, {link} {told.removeprefix('is ')}"


def _ranking(lanes: list[RankedLane], frame: Frame) -> list[str]:
    """Return sentences about the best lane and those like it, and about the worst of the others."""
    ranked = sorted(lanes, key=lambda lane: (lane.standing is not Standing.SOLVED, lane.loss))
    first = [lane for lane in lanes if alike(lane, ranked[0])]
    others = [lane for lane in ranked if lane not in first]
    last = [lane for lane in lanes if others and lane not in first and alike(lane, others[-1])]
    return [_sentence(group, predicate(group, frame)) for group in (first, last) if group]


def _sentence(lanes: list[RankedLane], said: str) -> str:
    return f"{listed(lanes)} {said}."
