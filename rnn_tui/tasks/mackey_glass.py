"""Mackey-Glass (Mackey and Glass 1977): a chaotic series from an equation with a delay; predict some steps ahead."""

from functools import cache
from itertools import accumulate
from typing import Annotated, Literal, TypeVar

import numpy as np
from pydantic import Field

from rnn_tui.engine.parameters import Array
from rnn_tui.tasks.forecast import Forecast
from rnn_tui.tasks.holdout import HoldoutSplit

Value = TypeVar("Value", float, Array)

DELAY = 17
FINE = 10  # integration steps in a unit of time
SAMPLES = 12_500
TRANSIENT = 500  # units of time that the first values, all 1.2, need to be forgotten
DECAY = 0.1


@cache
def solution(samples: int) -> Array:
    """(samples,) x at t = 0, 1, 2, …, with x' = 0.2 x(t - 17) / (1 + x(t - 17)^10) - 0.1 x, and x = 1.2 before.

    The series is chaotic, so that a difference in the last bit would be all of the value after some hundred units of
    time: here are only +, −, × and ÷, each a step of its own, which every machine rounds alike.

    Solved delay by delay: what comes in, f(t) = 0.2 x(t - 17) / (1 + x(t - 17)^10), is known for the next 17 units of
    time.  In the middle of a step the delayed value is that of the cubic through both ends and their slopes.
    """
    count, h = DELAY * FINE, 1 / FINE
    a = runge_kutta(
        1.0, 0.0, 0.0, 0.0, h
    )  # the equation is linear: a step takes x to a x + b, with b what becomes of 0
    x, slope, found = np.full(count + 1, 1.2), np.zeros(count + 1), []
    for _ in range(samples // DELAY + 1):
        middle = (x[:-1] + x[1:]) / 2 + h / 8 * (slope[:-1] - slope[1:])
        feed, between = inflow(x), inflow(middle)
        b = runge_kutta(0.0, feed[:-1], between, feed[1:], h).tolist()
        x = np.array(list(accumulate(b, lambda now, gain: a * now + gain, initial=float(x[-1]))))
        slope = feed - DECAY * x
        found.append(x[:-1:FINE])
    return np.concatenate(found)[:samples]


def inflow(x: Array) -> Array:
    """0.2 x / (1 + x^10) of the delayed value, the power by products."""
    x2 = x * x
    x4 = x2 * x2
    return np.asarray(0.2 * x / (1 + x4 * x4 * x2))


def runge_kutta(x: float, before: Value, between: Value, after: Value, h: float) -> Value:
    """One classical step of x' = f(t) - 0.1 x from x, with f at the step's beginning, its middle and its end."""
    k1 = before - DECAY * x
    k2 = between - DECAY * (x + h / 2 * k1)
    k3 = between - DECAY * (x + h / 2 * k2)
    k4 = after - DECAY * (x + h * k3)
    return x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


class MackeyGlass(Forecast):
    """The series at whole times, normalised by its mean and deviation; the target is the value ``horizon`` later.  Its
    last fifth is held out.  Time steps at which the delay has not yet been heard are not scored.
    """

    shown_as = "NRMSE"

    kind: Literal["mackey-glass"] = "mackey-glass"
    horizon: Annotated[int, Field(ge=1, le=100)] = 6

    @property
    def ahead(self) -> int:
        return self.horizon

    def warming(self, length: int) -> int:  # noqa: ARG002
        return DELAY + 1

    @property
    def whole(self) -> int:
        return DELAY + 2

    def problems(self, length: int) -> list[str]:
        most = HoldoutSplit.fits(SAMPLES) - self.horizon
        if length <= most:
            return super().problems(length)
        return [f"training.sequence_length = {length}: must be at most {most} for task.kind = 'mackey-glass'"]

    @property
    def series(self) -> HoldoutSplit:
        return _normalised()

    def in_units(self, values: Array) -> Array:
        mean, deviation = _scale()
        return np.asarray(mean + deviation * values)


def _raw() -> Array:
    return solution(TRANSIENT + SAMPLES)[TRANSIENT:]


@cache
def _scale() -> tuple[float, float]:
    """Mean and standard deviation."""
    return float(_raw().mean()), float(_raw().std())


@cache
def _normalised() -> HoldoutSplit:
    mean, deviation = _scale()
    return HoldoutSplit(np.column_stack([(_raw() - mean) / deviation, np.ones(SAMPLES)]))
