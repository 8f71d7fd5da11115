"""Learning-rate schedules: the factor of the learning rate at each step, 1 at step 0.

``step`` and ``cosine`` are PyTorch's StepLR with γ = 0.1 and CosineAnnealingLR down to zero (Loshchilov and Hutter
2017, without restarts), except that the cosine stays at zero after its period.
"""

from collections.abc import Callable
from functools import partial
from math import cos, pi
from typing import TypeAlias

Schedule: TypeAlias = Callable[[int], float]

DROP = 0.1


def constant(_: int) -> float:
    """Return 1."""
    return 1.0


def step(period: int, n: int) -> float:
    """Return 0.1^(n // period)."""
    return float(DROP ** (n // period))


def cosine(period: int, n: int) -> float:
    """Return ½ (1 + cos(π n / period)): from 1 to 0 in ``period`` steps, then 0."""
    return 0.5 * (1 + cos(pi * min(n / period, 1)))


SCHEDULES: dict[str, Callable[[int], Schedule]] = {
    "constant": lambda _: constant,
    "step": lambda period: partial(step, period),
    "cosine": lambda period: partial(cosine, period),
}
