"""How a lane stands: its loss beside the floor of its inputs, and beside predictors without a net."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from math import inf, isfinite

from rnn_tui.engine.losses import Answer
from rnn_tui.session.frame import Frame, Lane
from rnn_tui.tasks import Floor, Reference

NEAR = 0.02  # of a floor: as near as a lane is at it, and as far as the luck of a sample takes one below it
ALIKE = 0.01  # losses that differ by a smaller part are alike
LEAST = 0.1  # nats: of a lower floor of probabilities, NEAR is this part
ROUNDING = 1e-9
SOLVED = 0.01  # of the worst predictor's squared error: numbers have no unit in which that much is little


class Standing(Enum):
    """What there is to say of a lane on its own."""

    DIVERGED = auto()  # its loss is not finite
    WORSE = auto()  # than the worst predictor without a net
    GUESSING = auto()  # not better than the best predictor without a net
    LEARNING = auto()  # better than that, and above its floor, if one is known
    AT_FLOOR = auto()  # its inputs carry no more information
    SOLVED = auto()  # its inputs carry all that is asked for, and it has found it
    BEHIND = auto()  # worse than the estimate that its floor is
    EVEN = auto()  # as good as that
    AHEAD = auto()  # better than that


@dataclass(frozen=True, eq=False)
class RankedLane:
    """A lane and its standing; ``best`` and ``worst`` are the predictors without a net."""

    lane: Lane
    standing: Standing
    best: Reference
    worst: Reference

    @property
    def label(self) -> str:
        return self.lane.label

    @property
    def loss(self) -> float:
        """For comparing: a loss that is not finite is the worst."""
        return self.lane.score.loss if isfinite(self.lane.score.loss) else inf

    @property
    def window(self) -> int | None:
        """How many inputs it sees; None: it has a memory for all of them."""
        return getattr(self.lane.settings, "window", None)

    @property
    def floor(self) -> Floor | None:
        return self.lane.floor

    @property
    def exact(self) -> float | None:
        """Its floor, where that is no estimate."""
        return _exact(self.floor)

    def beats(self, bound: float) -> bool:
        """Its loss is lower by more than the luck of a sample."""
        return self.loss < (1 - NEAR) * bound


def placed(frame: Frame) -> list[RankedLane]:
    """All lanes with their standings."""
    best, worst = (choose(frame.references, key=lambda reference: reference.loss) for choose in (min, max))
    numbers = frame.task.loss.answer is Answer.NUMBER
    return [RankedLane(lane, _standing(lane, best, worst, numbers), best, worst) for lane in frame.lanes]


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
    """The floor, where it is no estimate; 0 where it differs from it by rounding alone."""
    if floor is None or not floor.exact:
        return None
    return floor.loss if floor.loss > ROUNDING else 0.0


def _room(floor: float, worst: float, numbers: bool) -> float:
    """How far above its floor a lane is still at it."""
    if numbers:
        return NEAR * floor or SOLVED * worst
    return NEAR * max(floor, LEAST)


def _beside(loss: float, estimate: float) -> Standing:
    if abs(loss - estimate) <= NEAR * estimate:
        return Standing.EVEN
    return Standing.AHEAD if loss < estimate else Standing.BEHIND
