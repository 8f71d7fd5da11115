"""When a task counts as solved: the same rule for the comparison in the lab, for seeds and for sweeps."""

from rnn_tui.engine.losses import Answer, Loss
from rnn_tui.tasks.base import Floor

NEAR = 0.02  # relative distance at which a loss is at its floor; sampling noise is smaller
LEAST = 0.1  # nats: NEAR is relative to at least this floor
ROUNDING = 1e-9
LEFT = 0.01  # share of the worst predictor's squared error at which a forecast of numbers counts as solved


def exact_loss(floor: Floor | None) -> float | None:
    """Return the floor if it is not an estimate; 0 if it differs from 0 only by rounding."""
    if floor is None or not floor.exact:
        return None
    return floor.loss if floor.loss > ROUNDING else 0.0


def is_solved(loss: Loss, floor: float, worst: float, held_out_loss: float, accuracy: float | None) -> bool:
    """Return whether a net has reached an exact floor: by its loss or, if the floor is 0, with all answers right.

    Args:
        loss: of the task.
        worst: the highest loss of a predictor without a net.
        held_out_loss: of the net. accuracy: likewise; None for numbers.
    """
    return held_out_loss - floor <= _room(loss, floor, worst) or (floor == 0 and accuracy == 1)


def _room(loss: Loss, floor: float, worst: float) -> float:
    """Return how far above its floor a net still counts as at the floor."""
    if loss.answer is Answer.NUMBER:
        return NEAR * floor or LEFT * worst
    return NEAR * max(floor, LEAST)
