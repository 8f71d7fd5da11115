"""Ranking of lanes: the loss of each, compared with its floor and with predictors without a net."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from math import inf, isfinite

from rnn_tui.engine.losses import Answer
from rnn_tui.session.frame import Frame, Lane
from rnn_tui.tasks import Floor, Reference

NEAR = 0.02  # relative distance at which a lane is at its floor; sampling noise is smaller
ALIKE = 0.01  # losses with a smaller relative difference are alike
LEAST = 0.1  # nats: NEAR is relative to at least this floor
ROUNDING = 1e-9
SOLVED = 0.01  # share of the worst predictor's squared error at which a forecast of numbers counts as solved


class Standing(Enum):
    """Rank of a single lane by its loss."""

    DIVERGED = auto()  # loss is not finite
    WORSE = auto()  # than the worst predictor without a net
    GUESSING = auto()  # not better than the best predictor without a net
    LEARNING = auto()  # better than that, and above its floor if it is known
    AT_FLOOR = auto()  # its inputs carry no more information
    SOLVED = auto()  # floor 0, and reached
    BEHIND = auto()  # worse than its estimated floor
    EVEN = auto()  # as good as its estimated floor
    AHEAD = auto()  # better than its estimated floor


@dataclass(frozen=True, eq=False)
class RankedLane:
    """A lane and its standing; ``best`` and ``worst`` are the predictors without a net.

    Attributes:
        index: its number among the lanes, from 0.
        beaten: the best predictor without a net that the lane beats; None if it beats at most the worst.
        unbeaten: the worst one that it does not beat; None if it beats all.
    """

    index: int
    lane: Lane
    standing: Standing
    best: Reference
    worst: Reference
    beaten: Reference | None
    unbeaten: Reference | None

    @property
    def mention(self) -> str:
        """The place of the lane's name in a sentence, ``{0}``; :func:`comparison_summary.pieces` puts the name in."""
        return f"{{{self.index}}}"

    @property
    def loss(self) -> float:
        """The loss for comparisons; infinite if it is not finite."""
        return self.lane.score.loss if isfinite(self.lane.score.loss) else inf

    @property
    def window(self) -> int | None:
        """Number of inputs that the lane sees; None if it has a memory."""
        return getattr(self.lane.settings, "window", None)

    @property
    def floor(self) -> Floor | None:
        return self.lane.floor

    @property
    def exact(self) -> float | None:
        """The floor, if it is not an estimate."""
        return _exact(self.floor)

    def beats(self, bound: float) -> bool:
        """Return whether the loss is below a bound by more than sampling noise."""
        return self.loss < (1 - NEAR) * bound


def placed(frame: Frame) -> list[RankedLane]:
    """Return all lanes with their standings."""
    numbers = frame.task.loss.answer is Answer.NUMBER
    by_loss = sorted(frame.references, key=lambda reference: reference.loss)
    best, worst = by_loss[0], by_loss[-1]
    ranked = []
    for index, lane in enumerate(frame.lanes):
        count = sum(not lane.score.loss < (1 - ALIKE) * reference.loss for reference in by_loss)
        beaten, unbeaten = by_loss[count:-1], by_loss[:count]
        ends = beaten[0] if beaten else None, unbeaten[-1] if unbeaten else None
        ranked.append(RankedLane(index, lane, _standing(lane, best, worst, numbers), best, worst, *ends))
    return ranked


def lowest(lanes: Iterable[RankedLane]) -> RankedLane | None:
    return min(lanes, key=lambda lane: lane.loss, default=None)


def _standing(lane: Lane, best: Reference, worst: Reference, numbers: bool) -> Standing:
    loss, floor, exact = lane.score.loss, lane.floor, _exact(lane.floor)
    if not isfinite(loss):
        return Standing.DIVERGED
    if exact is not None and loss - exact <= _room(exact, worst.loss, numbers):
        return Standing.AT_FLOOR if exact else Standing.SOLVED
    if exact == 0 and lane.score.accuracy == 1:
        return Standing.SOLVED
    if loss > (1 + ALIKE) * worst.loss:
        return Standing.WORSE
    if floor is not None and not floor.exact:
        return _beside(loss, floor.loss)
    return Standing.LEARNING if loss < (1 - ALIKE) * best.loss else Standing.GUESSING


def _exact(floor: Floor | None) -> float | None:
    """Return the floor if it is not an estimate; 0 if it differs from 0 only by rounding."""
    if floor is None or not floor.exact:
        return None
    return floor.loss if floor.loss > ROUNDING else 0.0


def _room(floor: float, worst: float, numbers: bool) -> float:
    """Return how far above its floor a lane still counts as at the floor."""
    if numbers:
        return NEAR * floor or SOLVED * worst
    return NEAR * max(floor, LEAST)


def _beside(loss: float, estimate: float) -> Standing:
    if abs(loss - estimate) <= NEAR * estimate:
        return Standing.EVEN
    return Standing.AHEAD if loss < estimate else Standing.BEHIND
