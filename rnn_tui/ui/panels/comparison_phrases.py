"""Phrases about lanes with the same standing: the part of a sentence after their names.

Names of lanes in them are given as ``RankedLane.mention``.
"""

from collections.abc import Callable, Sequence

from rnn_tui.number_format import percent, spoken_loss
from rnn_tui.session.frame import Frame
from rnn_tui.tasks import Reference
from rnn_tui.tasks.solved import NEAR
from rnn_tui.ui.panels.comparison_ranking import ALIKE, RankedLane, Standing

ALMOST = 0.95  # share of right answers: almost solved
BY_CHANCE = 0.05  # share of right answers beyond guessing
SPOKEN = {  # names of predictors without a net, if those of the table do not fit into a sentence
    "mean": "always predicting the mean",
    "unigram": "the unigram",
    "bigram": "the bigram",
    "always 1": "always answering 1",
    "when, not what": "guessing at the right time",
}


def listed(lanes: Sequence[RankedLane]) -> str:
    """Return ``A, B and C``."""
    return listed_words([lane.mention for lane in lanes])


def listed_words(words: Sequence[str]) -> str:
    """Join words with commas and an ``and``."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def almost(lane: RankedLane) -> bool:
    """Return whether the lane can solve the task, and nearly all of its answers are right."""
    return lane.exact == 0 and (lane.lane.score.accuracy or 0) >= ALMOST


def predicate(lanes: Sequence[RankedLane], frame: Frame) -> str:
    """Return the phrase that is true of all these lanes, such as ``is at its floor, 0.693: …``."""
    one, many = lanes[0], len(lanes) > 1
    be, have = ("are", "have") if many else ("is", "has")
    match one.standing:
        case Standing.DIVERGED:
            return f"{have} diverged: {'their losses are' if many else 'its loss is'} not finite"
        case Standing.SOLVED:
            return f"{have} solved it: {solved_by(lanes, frame)}"
        case Standing.AT_FLOOR:
            return f"{be} {_at_floor(lanes)}"
        case Standing.WORSE:
            return f"{be} worse than {spoken(one.worst)}"
        case Standing.EVEN | Standing.AHEAD | Standing.BEHIND:
            return f"{be} {beside(one.loss, one.floor.loss if one.floor else 0)} {_estimate(one)}"
        case Standing.LEARNING | Standing.GUESSING if one.exact and compared_with_floor(one):
            return f"{be} {above(one)} above {'their' if many else 'its'} floor, {spoken_loss(one.exact)}"
        case Standing.LEARNING if one.exact is None:
            return f"{'beat' if many else 'beats'} {spoken(one.best)}"
        case Standing.LEARNING if almost(one):
            shares = listed_words([percent(lane.lane.score.accuracy or 0) for lane in lanes])
            return f"{have} almost solved it: {shares} right"
        case Standing.LEARNING:
            return _part(lanes, frame)
    if one.exact:
        return f"{against(one, many)}; {'their' if many else 'its'} floor is {spoken_loss(one.exact)}"
    though = f", though {_covers(lanes, frame)}" if one.window is not None and one.exact == 0 and not many else ""
    return f"{against(one, many)}{though}"


def brief(lane: RankedLane, many: bool = False) -> str:
    """Return the predicate without reasons and without what a table can say, such as ``gets 75.0% right``."""
    be, have = ("are", "have") if many else ("is", "has")
    match lane.standing:
        case Standing.DIVERGED:
            return f"{have} diverged"
        case Standing.SOLVED:
            return f"{have} solved it"
        case Standing.AT_FLOOR:
            return f"{be} {_at_floor([lane, lane] if many else [lane]).partition(': ')[0]}"
        case Standing.WORSE:
            return f"{be} worse than {named(lane.worst)}"
        case Standing.LEARNING | Standing.GUESSING if compared_with_floor(lane):
            return f"{be} {above(lane)} above {'their' if many else 'its'} floor"
        case Standing.LEARNING if lane.exact == 0 and lane.lane.score.accuracy is not None:
            return f"{'get' if many else 'gets'} {percent(lane.lane.score.accuracy)} right"
    return against(lane, many, lambda reference: named(reference).partition(" with ")[0])


def against(lane: RankedLane, many: bool = False, say: Callable[[Reference], str] | None = None) -> str:
    """Return which predictors without a net the lane beats: ``beats persistence, 0.4, but not the …``.

    Args:
        say: how to write a predictor; by default with its loss.
    """
    say, beat = say or spoken, "beat" if many else "beats"
    if lane.unbeaten is None:
        return f"{beat} {say(lane.best)}"
    no_better = lane.loss <= (1 + NEAR) * lane.unbeaten.loss
    unable = f"{'are' if many else 'is'} no better than" if no_better else f"{'do' if many else 'does'} not beat"
    if lane.beaten is None:
        return f"{unable} {say(lane.unbeaten)}"
    return f"{beat} {say(lane.beaten)}, but {unable if no_better else 'not'} {say(lane.unbeaten)}"


def compared_with_floor(lane: RankedLane) -> bool:
    """Return whether the floor tells more of the lane than the best predictor without a net does.

    It does for a lane that beats this predictor, and for one whose window is too short to beat it.
    """
    return bool(lane.exact) and (lane.standing is Standing.LEARNING or (lane.exact or 0) >= lane.best.loss)


def above(lane: RankedLane) -> str:
    """Return how far the lane is above its exact floor."""
    return spoken_loss(lane.loss - (lane.exact or 0))


def alike(one: RankedLane, other: RankedLane) -> bool:
    """Return whether one predicate is true of both lanes."""
    return _told_by(one) == _told_by(other)


def _told_by(lane: RankedLane) -> tuple[Standing, object]:
    """Return the standing, and what else its predicate depends on: the lane itself, if it has a number of its own."""
    told: object = lane
    match lane.standing:
        case Standing.DIVERGED | Standing.WORSE | Standing.SOLVED:
            told = ""
        case Standing.AT_FLOOR:
            told = spoken_loss(lane.exact or 0), lane.beats(lane.exact or 0)
        case Standing.LEARNING | Standing.GUESSING if compared_with_floor(lane):
            told = above(lane), spoken_loss(lane.exact or 0)
        case Standing.LEARNING if lane.exact == 0 and lane.lane.score.accuracy is not None:
            told = almost(lane) or (lane.window is None, percent(lane.lane.score.accuracy))
        case Standing.LEARNING | Standing.GUESSING:
            told = brief(lane), lane.exact
    return lane.standing, told


def _not_below(lanes: Sequence[RankedLane]) -> str:
    """Return the phrase about lanes above the floor; those with interventions may never get below it."""
    return f"is not {'' if any(one.lane.settings.interventions for one in lanes) else 'yet '}below that floor"


def below(lanes: Sequence[RankedLane], narrow: RankedLane, frame: Frame) -> str:
    """Return the phrase about lanes with a memory and the floor that the sentence before has named.

    Such as ``is 0.310 below that floor: it remembers``.
    """
    one, many, floor = lanes[0], len(lanes) > 1, narrow.exact or 0
    if one.standing in (Standing.SOLVED, Standing.WORSE):
        return predicate(lanes, frame)
    gap, remember = spoken_loss(floor - one.loss), "they remember" if many else "it remembers"
    if not one.beats(floor):
        return predicate(lanes, frame) if one.standing is Standing.AT_FLOOR else _not_below(lanes)
    if one.standing is Standing.AT_FLOOR and one.beats(one.exact or 0):
        return predicate(lanes, frame)
    if one.standing is Standing.AT_FLOOR:
        own = "are at their own floor" if many else "is at its own floor"
        return f"{own}, {spoken_loss(one.exact or 0)}, which is below that of {narrow.mention}: {remember}"
    if one.exact == 0 and one.lane.score.accuracy is not None:
        steps = frame.task.steps_back
        some = f" some of the {steps} steps" if steps and steps > 1 and one.lane.score.accuracy < ALMOST else ""
        return f"is {gap} below that floor, {percent(one.lane.score.accuracy)} right: {remember}{some}"
    return f"is {gap} below that floor: {remember}"


def beside(loss: float, other: float) -> str:
    """Return ``0.012 better than``."""
    gap = abs(loss - other)
    if gap <= ALIKE * other or (gap < 0.0005 and other > 0.01):
        return "as good as"
    return f"{spoken_loss(gap)} {'better' if loss < other else 'worse'} than"


def spoken(reference: Reference) -> str:
    """Return the name of a predictor without a net, and its loss."""
    return f"{named(reference)}, {spoken_loss(reference.loss)}"


def named(reference: Reference) -> str:
    """Return the name of a predictor without a net, as in a sentence."""
    name = SPOKEN.get(reference.name, reference.name)
    if name.startswith("linear("):
        name = f"a linear predictor with {name.removeprefix('linear(').removesuffix(')')} inputs"
    return name


def solved_by(lanes: Sequence[RankedLane], frame: Frame, each: bool = False) -> str:
    """Return how the lanes have solved the task; ``each``: separately for memory and window."""
    memories, windowed = ([lane for lane in lanes if (lane.window is None) == kind] for kind in (True, False))
    if not windowed:
        return _remembered(len(memories) > 1, frame.task.steps_back)
    covers = _covers(windowed, frame)
    if memories and each:
        by = "their memories" if len(memories) > 1 else "its memory"
        wide = covers.removeprefix("its window ").removeprefix("their windows ")
        wide = wide.replace("reach ", "reaches ").replace("contain ", "contains ")
        return f"{listed(memories)} by {by}, {listed(windowed)} by a window that {wide}"
    if memories:
        covers = covers.replace("its window", f"the window of {listed(windowed)}").replace("their", "the")
    return f"{covers}; no memory is needed"


def _remembered(many: bool, steps: int | None) -> str:
    remember = "they remember" if many else "it remembers"
    if steps is None:
        return f"{remember} what {'they need' if many else 'it needs'}"
    if steps == 0:
        return "no memory is needed"
    return f"{remember} what came {'one step' if steps == 1 else f'{steps} steps'} ago"


def _covers(lanes: Sequence[RankedLane], frame: Frame) -> str:
    """Return what the lanes' windows cover, if their floor is 0."""
    many, steps = len(lanes) > 1, frame.task.steps_back
    whose = "their windows" if many else "its window"
    if steps is not None and steps > 1:
        return f"{whose} {'reach' if many else 'reaches'} {steps} steps back"
    whole = (
        "the whole sequence" if all((lane.window or 0) >= frame.length for lane in lanes) else "all the inputs needed"
    )
    what = whole if steps is None else ("the current input", "the previous input")[steps]
    return f"{whose} {'contain' if many else 'contains'} {what}"


def _at_floor(lanes: Sequence[RankedLane]) -> str:
    floor, its = lanes[0].exact or 0, "their" if len(lanes) > 1 else "its"
    if lanes[0].beats(floor):
        return f"below {its} floor, {spoken_loss(floor)}, by chance"
    return f"at {its} floor, {spoken_loss(floor)}: {_why_no_lower(lanes)}"


def _why_no_lower(lanes: Sequence[RankedLane]) -> str:
    if any(lane.window is None for lane in lanes):
        return "no net can get lower"
    if len(lanes) > 1:
        return "their windows carry no more information"
    return f"{'one input' if lanes[0].window == 1 else 'its window'} carries no more information"


def _estimate(lane: RankedLane) -> str:
    """Return what the estimated floor is: a method, and the inputs that it uses."""
    by = lane.floor.by if lane.floor else ""
    if by == "counting":
        return f"counting what follows {'each symbol' if lane.window == 1 else 'the same window'}"
    seen = "with one input" if lane.window == 1 else "with the same window" if lane.window else "with all inputs"
    return f"{by} {seen}"


def _part(lanes: Sequence[RankedLane], frame: Frame) -> str:
    """Return how far lanes have come that could solve the task."""
    one, many, steps = lanes[0], len(lanes) > 1, frame.task.steps_back
    share = one.lane.score.accuracy
    if share is None:
        return f"{against(one, many)}, but {'have' if many else 'has'} not solved it yet"
    if one.window is not None:
        return f"{brief(one, many)} so far; {_covers(lanes, frame)}"
    if steps and steps > 1 and share > 1 / max(2, len(frame.task.classes)) + BY_CHANCE:
        return f"{brief(one, many)}: {'they remember' if many else 'it remembers'} some of the {steps} steps"
    return f"{brief(one, many)} so far"
