"""What interventions do to the loss of each lane, in a sentence; templates as in ``comparison_summary``."""

from math import isfinite

from rnn_tui.engine.losses import Answer
from rnn_tui.number_format import percent, spoken_loss
from rnn_tui.session.frame import Frame, Lane
from rnn_tui.ui.panels.comparison_phrases import SPOKEN

SAME = 0.01  # share of a loss below which a change is none worth telling
SURE = 1.05  # a loss above chance times this is worse than guessing


def what_if_verdicts(frame: Frame) -> list[str]:
    """Return templates of what the interventions do, from the longest to the shortest; none if no lane has any."""
    told = [(i, lane) for i, lane in enumerate(frame.lanes) if lane.altered is not None]
    if not told:
        return []
    whole = [_sentence(i, lane, frame, full=True) for i, lane in told]
    brief = [_sentence(i, lane, frame, full=False) for i, lane in told]
    return [" ".join(whole), " ".join(brief), brief[0]]


def _sentence(index: int, lane: Lane, frame: Frame, full: bool) -> str:
    """Return ``With recurrence cut, {0} is worse than chance: its loss goes from 0.02 to 5.1, above chance, 0.693.``"""
    assert lane.altered is not None
    before, after = lane.score, lane.altered.score
    done = " and ".join(each.said for each in lane.altered.interventions)
    if not isfinite(after.loss):
        return f"With {done}, the loss of {{{index}}} is not finite."
    change = after.loss - before.loss
    losses = [spoken_loss(before.loss), spoken_loss(after.loss)]
    if abs(change) <= SAME * max(before.loss, 1e-3):
        loss = f"stays at {losses[1]}" if losses[0] == losses[1] else f"is {losses[1]} instead of {losses[0]}"
        return f"With {done}, {{{index}}} answers about as well as without: its loss {loss}."
    if losses[0] == losses[1]:
        losses = [f"{before.loss:.3g}", f"{after.loss:.3g}"]
    moved = f"its loss {'rises' if change > 0 else 'falls'} from {losses[0]} to {losses[1]}"
    right = ""
    if full and before.accuracy is not None and after.accuracy is not None:
        now, then = percent(after.accuracy, 0), percent(before.accuracy, 0)
        right = f", and {now} of its answers are right{', as without' if now == then else f' instead of {then}'}"
    return f"With {done}, {{{index}}} {_judged(after.loss, change, frame)}; {moved}{right}."


def _judged(loss: float, change: float, frame: Frame) -> str:
    """Return how a lane is with interventions, compared with the best predictor without a net."""
    guess = min(frame.references, key=lambda each: each.loss, default=None)
    name = "" if guess is None else SPOKEN.get(guess.name, guess.name)
    if change < 0:
        return "is better"
    if guess is None:
        return "is worse"
    if loss > SURE * guess.loss:
        sure = "" if frame.task.loss.answer is Answer.NUMBER else ": it is sure and wrong"
        return f"is worse than {name}, {spoken_loss(guess.loss)}{sure}"
    if loss > guess.loss / SURE:
        return f"is no better than {name}, {spoken_loss(guess.loss)}"
    return "is worse"
