"""Ranking of lanes: the loss of each, compared with its floor and with predictors without a net."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from math import inf, isfinite

from rnn_tui.engine.losses import Loss
from rnn_tui.session.frame import Frame, Lane
from rnn_tui.tasks import Floor, Reference
from rnn_tui.tasks.solved import NEAR, exact_loss, is_solved

ALIKE = 0.01  # losses with a smaller relative difference are alike


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
        return exact_loss(self.floor)

    def beats(self, bound: float) -> bool:
        """Return whether the loss is below a bound by more than sampling noise."""
        return self.loss < (1 - NEAR) * bound


def placed(frame: Frame) -> list[RankedLane]:
    """Return all lanes with their standings."""
    by_loss = sorted(frame.references, key=lambda reference: reference.loss)
    best, worst = by_loss[0], by_loss[-1]
    ranked = []
    for index, lane in enumerate(frame.lanes):
        count = sum(not lane.score.loss < (1 - ALIKE) * reference.loss for reference in by_loss)
        beaten, unbeaten = by_loss[count:-1], by_loss[:count]
        ends = beaten[0] if beaten else None, unbeaten[-1] if unbeaten else None
        ranked.append(RankedLane(index, lane, _standing(lane, best, worst, frame.task.loss), best, worst, *ends))
    return ranked


def lowest(lanes: Iterable[RankedLane]) -> RankedLane | None:
    return min(lanes, key=lambda lane: lane.loss, default=None)


def _standing(lane: Lane, best: Reference, worst: Reference, of_task: Loss) -> Standing:
    loss, floor, exact = lane.score.loss, lane.floor, exact_loss(lane.floor)
    if not isfinite(loss):
        return Standing.DIVERGED
    if exact is not None and is_solved(of_task, exact, worst.loss, loss, lane.score.accuracy):
        return Standing.AT_FLOOR if exact else Standing.SOLVED
    if loss > (1 + ALIKE) * worst.loss:
        return Standing.WORSE
    if floor is not None and not floor.exact:
        return _beside(loss, floor.loss)
    return Standing.LEARNING if loss < (1 - ALIKE) * best.loss else Standing.GUESSING


def _beside(loss: float, estimate: float) -> Standing:
    if abs(loss - estimate) <= NEAR * estimate:
        return Standing.EVEN
    return Standing.AHEAD if loss < estimate else Standing.BEHIND
